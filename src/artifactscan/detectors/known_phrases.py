"""Known phrases: what people have catalogued as a spinner's work, with the conditions under which it is fine.

Matching is over tokens: case, inflection, hyphens, line breaks, ligatures and quotes are folded, gaps are reached
through, a slip of spelling inside a longer phrase is forgiven, and no match crosses a sentence end.
"""
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from artifactscan.model import KNOWN_PHRASE, Evidence, Finding, logit
from artifactscan.phrasebook import GAP, NUMBER, POSSESSIVE, Phrasebook, places_of
from artifactscan.text import UNKNOWN, Passage, standing

LONGEST_GAP = 3  # words
PHRASE_STOPS = frozenset(".!?;:")
CLOSE_NATS = 0.6  # most that a condition's word adds, when it stands next to the phrase
CLOSE_WORDS = 15  # where it adds nothing any more
MISSPELT_NATS = -0.7
SHORTEST_MISSPELT = 5  # letters; in shorter words one slip makes another word
WEAK_BELOW = 0.5  # an entry of lower reliability counts only in company
UNKNOWNS = re.compile(re.escape(UNKNOWN))
TELL_STRONG, TELL_WEAK = 2.6, 1.6  # nats for the document; judgements, not yet learned


def detect(passage: Passage, book: Phrasebook) -> Iterator[Finding]:
    """Every match of a known phrase in the passage."""
    tokens = passage.tokens
    folded = list(map(book.fold.get, tokens, tokens))
    unknown = [m.start() for m in UNKNOWNS.finditer(passage.letters)]
    for i in unknown:
        if tokens[i].endswith(POSSESSIVE):
            base = tokens[i].removesuffix(POSSESSIVE)
            folded[i] = book.fold.get(base, base)
    alone = book.meet(folded)
    for i in standing(zip(folded, folded[1:]), book.pairs):  # noqa: B905 (one shorter by intent)
        for place in places_of(book.pairs[folded[i], folded[i + 1]]):
            yield from _match(passage, tokens, book, place, i)
    for i in standing(folded, book.words) if alone else ():
        for place in places_of(book.words[folded[i]]):
            yield from _match(passage, tokens, book, place, i)
    for i in unknown:
        if len(tokens[i]) >= SHORTEST_MISSPELT and tokens[i].isalpha() and (beside := _beside(folded, book, i)):
            yield from _misspelt(passage, folded, book, i, beside)


def _match(passage: Passage, tokens: list[str], book: Phrasebook, place: Sequence[int], i: int, spelling: str = "") -> Iterator[Finding]:
    """The wording whose key stands at token i, if all of it stands there and the entry's conditions hold."""
    number, which, at = place
    entry = book.entry(number)
    wording = entry["spun"][which]
    found = _any_order(tokens, wording, at, i, entry["within"]) if entry["within"] is not None else _in_order(tokens, wording, at, i)
    if not found or not all(passage.surface(found[n])[0].isupper() for n in wording.get("capitals", ())):
        return
    held = _conditions(passage, entry, found)
    if held is None:
        return
    originals = wording.get("plural", {}).get(tokens[found[-1]], wording.get("originals", entry["originals"]))
    percent = round(100 * entry["reliability"])
    evidence = [Evidence("reliability", logit(entry["reliability"]), f"listed as {entry['id']}: {percent}% of such matches are a spinner's"), *held]
    if wording["frequency"]:
        more = "more" if wording["frequency"] > 0 else "less"
        evidence.append(Evidence("frequency", wording["frequency"], f"'{originals[0]}' has {more} common words than this phrase"))
    if spelling:
        evidence.append(Evidence("spelling", MISSPELT_NATS, f"one word read as '{spelling}'"))
    tell = TELL_STRONG if entry["reliability"] >= WEAK_BELOW else TELL_WEAK
    yield Finding(KNOWN_PHRASE, *passage.span(found[0], found[-1]), tuple(originals), tuple(evidence), tell)


def _beside(folded: list[str], book: Phrasebook, i: int) -> list[str]:
    """The words that a phrase holds beside a neighbour of token i, with the first and last letters of that token."""
    letters = folded[i][0] + folded[i][-1]
    found = book.after.like(letters, folded[i - 1]) if i else []
    return found + book.before.like(letters, folded[i + 1]) if i + 1 < len(folded) else found


def _misspelt(passage: Passage, folded: list[str], book: Phrasebook, i: int, beside: list[str]) -> Iterator[Finding]:
    """Matches at an unknown word that is one slip away from one of these words."""
    token = folded[i]
    half = (len(token) - 2) // 2  # of the letters: one slip changes the first half or the last one
    near = (c for c in beside if abs(len(c) - len(token)) <= 1 and (c[:half] == token[:half] or c[-half:] == token[-half:]))
    candidates = {c for c in near if len(set(c) ^ set(token)) <= 2}
    if not candidates:
        return
    from rapidfuzz.distance import OSA  # here, because few texts need it

    for candidate in sorted(candidates):
        if len(candidate) >= SHORTEST_MISSPELT and OSA.distance(token, candidate, score_cutoff=1) == 1:
            mended = folded[:i] + [candidate] + folded[i + 1 :]
            read = passage.tokens[:i] + [candidate] + passage.tokens[i + 1 :]
            for j in (i - 1, i):
                for place in places_of(book.places(mended[j], mended[j + 1])) if 0 <= j < len(mended) - 1 else ():
                    yield from _match(passage, read, book, place, j, candidate)


def _in_order(tokens: list[str], wording: dict[str, Any], at: int, i: int) -> list[int]:
    """The indices of the tokens that a wording matches when its word `at` stands at token i; empty if it does not."""
    words, loose = wording["words"], wording.get("loose", False)
    after = _walk(tokens, words[at:], i, 1, loose)
    before = _walk(tokens, words[at::-1], i, -1, loose) if after else []
    return before[:0:-1] + after if before else []


def _walk(tokens: list[str], words: Sequence[Any], i: int, step: int, loose: bool) -> list[int]:
    """Match words one after the other from token i, forwards or backwards; the first must stand at i itself."""
    found: list[int] = []
    for n, word in enumerate(words):
        if word == GAP:
            for skipped in range(LONGEST_GAP + 1):
                rest = _walk(tokens, words[n + 1 :], i + step * skipped, step, loose)
                if rest:
                    return found + rest
                if not _is_word(tokens, i + step * skipped):
                    return []
            return []
        while loose and 0 <= i < len(tokens) and not tokens[i][0].isalnum() and tokens[i] not in PHRASE_STOPS and tokens[i][0] != "\n":
            i += step
        if not 0 <= i < len(tokens):
            return []
        if not (tokens[i][0].isdigit() if word == NUMBER else tokens[i] in word):
            return []
        found.append(i)
        i += step
    return found


def _any_order(tokens: list[str], wording: dict[str, Any], at: int, i: int, within: int) -> list[int]:
    """The indices of a wording's words in any order around token i, with at most `within` other words among them."""
    words = wording["words"]
    reach = within + len(words)
    window = []
    for step in (-1, 1):
        j = i if step < 0 else i + 1
        while 0 <= j < len(tokens) and abs(j - i) < reach and tokens[j] not in PHRASE_STOPS and tokens[j][0] != "\n":
            window.append(j)
            j += step
    found = [i]
    for n, word in enumerate(words):
        if n != at:
            places = [j for j in window if tokens[j] in word and j not in found]
            if not places:
                return []
            found.append(min(places, key=lambda j: abs(j - i)))
    return sorted(found) if max(found) - min(found) < reach else []


def _is_word(tokens: list[str], i: int) -> bool:
    return 0 <= i < len(tokens) and tokens[i][0].isalnum()


def _conditions(passage: Passage, entry: dict[str, Any], found: list[int]) -> list[Evidence] | None:
    """The evidence of the entry's conditions, or None if one does not hold."""
    evidence = []
    if entry["near"] or entry["unless"]:
        around = [j for j in passage.sentence(found[0]) if j not in found]
        if next(_standing_terms(passage.tokens, entry["unless"], around), None) is not None:
            return None
        if entry["near"]:
            near = ((min(abs(j - found[0]), abs(j - found[-1])), j) for j in _standing_terms(passage.tokens, entry["near"], around))
            if (closest := min(near, default=None)) is None:
                return None
            distance, j = closest
            nats = CLOSE_NATS * max(0.0, 1 - distance / CLOSE_WORDS)
            evidence.append(Evidence("condition", round(nats, 3), f"{passage.surface(j)!r} stands in the same sentence"))
    if not all(any(_in_text(passage, term) for term in either) for either in entry["in_document"]):
        return None
    if any(_in_text(passage, term) for term in entry["not_in_document"]):
        return None
    return evidence


def _standing_terms(tokens: list[str], terms: dict[str, list[list[list[str]]]], where: Sequence[int]) -> Iterator[int]:
    """The indices at which a condition's terms begin, within the given indices."""
    for j in where:
        for rest in terms.get(tokens[j], ()):
            if all(j + n in where and tokens[j + n] in word for n, word in enumerate(rest, 1)):
                yield j


def _in_text(passage: Passage, term: list[list[str]]) -> bool:
    """Whether a condition's term stands anywhere in the text."""
    return any(f" {' '.join(forms)} " in passage.whole.folded for forms in product(*term))
