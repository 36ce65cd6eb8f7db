"""Known phrases in the form in which they are matched.

A phrase is found through its key: the pair of neighbouring words with the rarest one (or the rarest word) of each wording, folded
to lemmas.  Scanning looks every pair of a text up in one dictionary, so its cost does not depend on how many phrases
there are; only where a key stands is the entry read and the whole wording compared.

Start reading at `compile_entries` (what is written) and `Phrasebook` (what is read).
"""
from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from artifactscan.packing import Pieces
from artifactscan.text import words_of
from artifactscan.vocabulary import Vocabulary

if TYPE_CHECKING:
    from artifactscan.lexicon import Entry

GAP, NUMBER = "*", "#"
POSSESSIVE = "'s"
NATS_PER_ZIPF = 0.15  # weight of the frequency term: a weak hint, since a sense is rarer than its word
MOST_FREQUENCY_NATS = 0.75


class Phrasebook:
    """Compiled phrases: `pairs` and `words` lead from a key to its places, as `places_of` reads them.

    A pair is unpacked when its rarest word is met: most texts need few of them.  `fold`: form -> lemma.  `rows`: the rarest word of pairs -> the
    other words, with the places (">river=1,0,2|<old=7,1,0;9,0,0").  `beside`: a word of a pair -> those that follow it in one ("bank|river"),
    and -> those that stand before it.  `entries`: JSON, parsed where a key stands.
    """

    def __init__(self, fold: dict[str, str], words: dict[str, str], rows: dict[str, str], beside: Sequence[dict[str, str]], entries: Sequence[bytes]) -> None:
        self.fold = fold
        self.words = words
        self.pairs: dict[tuple[str, str], str] = {}
        self.after, self.before = map(Partners, beside)
        self._waiting = {*words, *rows}  # what may be met: the words of `words`, and those whose pairs are packed
        self._rows = rows
        self._entries = entries
        self.entry = lru_cache(maxsize=4096)(self._entry)

    @classmethod
    def load(cls, index: bytes, phrases: memoryview, ends: memoryview) -> Phrasebook:
        """The phrasebook in three sections of a compiled lexicon."""
        rows = (row.split(" ") if row else [] for row in index.decode("utf-8").split("\n"))
        fold, words, pairs, after, before = (dict(zip(keys, values, strict=True)) for keys, values in zip(rows, rows, strict=True))
        return cls(fold, words, pairs, (after, before), Pieces(phrases, ends))

    def meet(self, tokens: Sequence[str]) -> bool:
        """Unpack the pairs whose rarest word is among these folded tokens; whether one of the tokens is a key by itself."""
        if self._waiting.isdisjoint(tokens):  # as nearly always, in a long text
            return False
        met = self._waiting.intersection(tokens)
        for word in met:
            for key in filter(None, self._rows.get(word, "").split("|")):
                other, places = key.split("=")
                self.pairs[(word, other[1:]) if other[0] == ">" else (other[1:], word)] = places
            if word not in self.words:
                self._waiting.discard(word)
        return not self.words.keys().isdisjoint(met)

    def places(self, a: str, b: str) -> str:
        """Where a pair leads; nowhere if it is no key."""
        self.meet((a, b))
        return self.pairs.get((a, b), "")

    def _entry(self, number: int) -> dict[str, Any]:
        entry: dict[str, Any] = json.loads(self._entries[number])
        for wording in entry["spun"]:
            wording["words"] = [w if isinstance(w, str) else frozenset(w) for w in wording["words"]]
        for condition in ("near", "unless"):
            entry[condition] = _by_first(entry[condition])
        return entry

    def extended(self, other: Phrasebook) -> Phrasebook:
        """A phrasebook with the phrases of both."""
        shift = len(self._entries)

        def moved(places: str) -> str:
            return _written((entry + shift, wording, at) for entry, wording, at in places_of(places))

        words = self.words | {word: _both(self.words.get(word), moved(places), ";") for word, places in other.words.items()}
        rows = dict(self._rows)
        for word, row in other._rows.items():
            keys = dict(key.split("=") for key in rows[word].split("|")) if word in rows else {}
            for key in row.split("|"):
                pair, places = key.split("=")
                keys[pair] = _both(keys.get(pair), moved(places), ";")
            rows[word] = "|".join(map("=".join, keys.items()))
        beside = [one.rows | {word: _both(one.rows.get(word), row, "|") for word, row in more.rows.items()} for one, more in ((self.after, other.after), (self.before, other.before))]
        return Phrasebook(self.fold | other.fold, words, rows, beside, [*self._entries, *other._entries])


def _both(one: str | None, other: str, between: str) -> str:
    return f"{one}{between}{other}" if one else other


def _by_first(terms: list[list[list[str]]]) -> dict[str, list[list[list[str]]]]:
    """A condition's terms by the tokens that they may begin with: what must follow."""
    found: dict[str, list[list[list[str]]]] = {}
    for first, *rest in terms:
        for token in first:
            found.setdefault(token, []).append(rest)
    return found


class Partners(dict[str, dict[str, list[str]]]):
    """A word of `rows` -> first and last letters, which a slip of spelling leaves as they are -> the words with them that stand beside it in a key, from "bank|river"."""

    def __init__(self, rows: dict[str, str]) -> None:
        self.rows = rows

    def __missing__(self, word: str) -> dict[str, list[str]]:
        found = self[word] = {}
        for other in self.rows[word].split("|"):
            found.setdefault(other[0] + other[-1], []).append(other)
        return found

    def like(self, letters: str, word: str) -> list[str]:
        """The words with these first and last letters that stand beside a word, of any."""
        return self[word].get(letters, []) if word in self.rows else []


@lru_cache(maxsize=4096)
def places_of(places: str) -> list[tuple[int, int, int]]:
    """What a key leads to: (entry, wording, place of the key in the wording), from "1,0,2;7,1,0"."""
    return [(int(e), int(w), int(at)) for e, w, at in (place.split(",") for place in places.split(";") if place)]


def compile_entries(entries: Iterable[Entry], vocabulary: Vocabulary) -> dict[str, bytes]:
    """Entries as the sections `phrase-index`, `phrases` and `phrase-ends` of a compiled lexicon."""
    fold: dict[str, str] = {}
    words: dict[str, list[list[int]]] = {}
    pairs: dict[tuple[str, str], list[list[int]]] = {}
    phrases: list[bytes] = []

    def folded(forms: list[str]) -> set[str]:
        lemmas = {form: vocabulary.lemma(form) for form in (f.removesuffix(POSSESSIVE) for f in forms)}  # a text's possessives are folded where they are met
        fold.update((form, lemma) for form, lemma in lemmas.items() if lemma != form)
        return set(lemmas.values())

    for number, entry in enumerate(sorted(entries)):
        wordings = []
        for which, text in enumerate(entry.spun):
            wording, raw = _wording(text, entry, vocabulary)
            wordings.append(wording)
            paired = entry.within is None and "loose" not in wording
            at, length = _key(raw, vocabulary, paired)
            place = [number, which, at]
            if length == 2:
                for a in sorted(folded(wording["words"][at])):
                    for b in sorted(folded(wording["words"][at + 1])):
                        pairs.setdefault((a, b), []).append(place)
            else:
                for a in sorted(folded(wording["words"][at])):
                    words.setdefault(a, []).append(place)
        compiled = {
            "id": entry.id,
            "spun": wordings,
            "originals": entry.originals,
            "reliability": entry.reliability,
            "near": _terms(entry.near, vocabulary),
            "unless": _terms(entry.unless, vocabulary),
            "in_document": [_terms(t.split(" | "), vocabulary) for t in entry.in_document],
            "not_in_document": _terms(entry.not_in_document, vocabulary),
            "within": entry.within,
        }
        phrases.append(json.dumps(compiled, ensure_ascii=False).encode())
    rows: defaultdict[str, list[str]] = defaultdict(list)
    after: defaultdict[str, list[str]] = defaultdict(list)
    before: defaultdict[str, list[str]] = defaultdict(list)
    for a, b in sorted(pairs):
        rare, other = (a, f">{b}") if (vocabulary.zipf(a), a) < (vocabulary.zipf(b), b) else (b, f"<{a}")
        rows[rare].append(f"{other}={_written(pairs[a, b])}")
        after[a].append(b)
        before[b].append(a)
    forms = sorted(fold, key=lambda form: (-vocabulary.zipf(form), form))  # as in vocabulary.hot_table
    tables = (
        {form: fold[form] for form in forms},
        {word: _written(words[word]) for word in sorted(words)},
        *({word: "|".join(row) for word, row in table.items()} for table in (rows, after, before)),
    )
    index = "\n".join(" ".join(row) for table in tables for row in (table, table.values()))
    return {"phrase-index": index.encode(), **dict(zip(("phrases", "phrase-ends"), Pieces.pack(phrases), strict=True))}


def _written(places: Iterable[Sequence[int]]) -> str:
    return ";".join(",".join(map(str, place)) for place in places)


def _forms(word: str, exact: bool, vocabulary: Vocabulary) -> list[str]:
    """The folded tokens that a word of a phrase matches."""
    if exact or not word.isalpha():
        return [word]
    forms = vocabulary.inflections(word)
    return forms + [form + POSSESSIVE for form in forms]


def _wording(text: str, entry: Entry, vocabulary: Vocabulary) -> tuple[dict[str, Any], list[str]]:
    """One wording compiled, and its plain words."""
    raw: list[str] = []
    capitals: list[int] = []
    for part in text.split():
        tokens = [part] if part in (GAP, NUMBER) else words_of(part)
        if tokens and part.lstrip("\"'“‘(")[:1].isupper():
            capitals.append(sum(word != GAP for word in raw))  # a match leaves gaps out
        raw += tokens
    words: list[str | list[str]] = [w if w in (GAP, NUMBER) else _forms(w, entry.exact, vocabulary) for w in raw]
    originals = tuple(sorted(entry.originals, key=lambda o: -sum(w in raw for w in words_of(o))))  # what it shares words with is likelier its own
    wording: dict[str, Any] = {"words": words, "frequency": _frequency(raw, originals[0], vocabulary)}
    if originals != entry.originals:
        wording["originals"] = originals
    if capitals:
        wording["capitals"] = capitals
    if any(not c.isalnum() and c not in " -'’*#\u2010\u2011" for c in text):
        wording["loose"] = True  # it holds punctuation itself, so punctuation may stand between its words
    plural = _plural_originals(raw[-1], originals, vocabulary)
    if plural and not entry.exact:
        wording["plural"] = plural
    return wording, raw


def _plural_originals(last: str, originals: tuple[str, ...], vocabulary: Vocabulary) -> dict[str, list[str]]:
    """For the plurals of a phrase's last word, the originals in the plural: "frontrunners" stands for "leaders"."""

    def plurals(word: str) -> list[str]:
        if vocabulary.classes.get(word, "n") not in "nkumao" or word in (GAP, NUMBER):
            return []
        return [f for f in vocabulary.inflections(word) if f != word and vocabulary.classes.get(f, "s") in "sxo" and f.endswith("s")]

    changed = []
    for original in originals:
        *rest, noun = original.split(" ")
        many = plurals(noun) if noun.islower() else []
        changed.append(" ".join([*rest, many[0]]) if many else original)
    return dict.fromkeys(plurals(last), changed) if tuple(changed) != originals else {}


def _key(raw: list[str], vocabulary: Vocabulary, paired: bool) -> tuple[int, int]:
    """(where the key begins, its length): the pair of neighbouring words with the rarest one, for want of a pair the rarest word.

    Not the pair whose words are both rather rare: "united states" stands in many texts, "captain the" in few.
    """
    plain = [w not in (GAP, NUMBER) for w in raw]
    zipf = [max(vocabulary.zipf(w), vocabulary.zipf(vocabulary.lemma(w))) for w in raw]
    pairs = [i for i in range(len(raw) - 1) if paired and plain[i] and plain[i + 1]]
    if pairs:
        return min(pairs, key=lambda i: (min(zipf[i : i + 2]), sum(zipf[i : i + 2]))), 2
    return min((i for i in range(len(raw)) if plain[i]), key=zipf.__getitem__), 1


def _terms(terms: Iterable[str], vocabulary: Vocabulary) -> list[list[list[str]]]:
    """Terms of a condition: each a list of words, each word a list of the tokens it matches."""
    return [[_forms(w, False, vocabulary) for w in words_of(term)] for term in terms if words_of(term)]


def _frequency(raw: list[str], original: str, vocabulary: Vocabulary) -> float:
    """Nats for how much more frequent the rarest word of the original is than that of the spun phrase (wordfreq)."""

    def rarest(words: list[str]) -> float:
        return min((vocabulary.zipf(w) for w in words if w.isalpha()), default=0.0)

    spun, wanted = rarest(raw), rarest(words_of(original))
    if not spun or not wanted:
        return 0.0
    nats = NATS_PER_ZIPF * (wanted - spun) * math.log(10)
    return round(max(-MOST_FREQUENCY_NATS, min(MOST_FREQUENCY_NATS, nats)), 3)
