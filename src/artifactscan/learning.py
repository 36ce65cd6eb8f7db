"""What a text and its spun copy teach: which words stand for which, and the known phrases that follow.

A spinner that wrote "strange ministers" for foreign ministers teaches that strange stands for foreign.  The phrase is
an entry for the lexicon; since "strange" alone is a word like any other, a lone content word is taken together with a
neighbour that both texts share.  Start reading at `substitutions`.
"""
from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from artifactscan.changes import WORDS_OF_GRAMMAR
from artifactscan.lexicon import Entry, new_id
from artifactscan.model import Change, Comparison, Row, Span
from artifactscan.text import words_of
from artifactscan.vocabulary import Vocabulary

# How far an entry is trusted: several content words, one with its neighbour, one alone.  Below 0.5 an entry counts in
# company only: "desk" for table says nothing by itself.
PHRASE, WITH_NEIGHBOUR, ALONE = 0.9, 0.7, 0.4
NEXT = re.compile(r"\s+([^\W\d_]+)(?![\w'’-])")
PREVIOUS = re.compile(r"(?<![\w'’-])([^\W\d_]+)\s+$")


class Example(NamedTuple):
    """One place where a substitution stands."""

    spun: str  # the phrase that an entry would hold, in folded words
    original: str
    reliability: float
    spun_sentence: str
    original_sentence: str


class Substitution(NamedTuple):
    """Words that stand for others, as lemmas if they are single words."""

    spun: str
    original: str
    likeness: float  # 0-1, of the spelling: high for what may be one word in two forms
    examples: tuple[Example, ...]


def substitutions(comparison: Comparison, vocabulary: Vocabulary) -> list[Substitution]:
    """The words replaced by others, most frequent first, then those least alike."""
    from rapidfuzz.distance import Indel

    places: dict[tuple[str, str], list[Example]] = defaultdict(list)
    for row in comparison.rows:
        for change in row.changes:
            spun, original = (words_of(d.text[slice(*span)]) for d, span in ((comparison.copy, change.copy), (comparison.original, change.original)))
            if change.kind == "synonym" and _of_interest(spun) and _of_interest(original):
                places[_lemma(spun, vocabulary), _lemma(original, vocabulary)].append(_example(comparison, row, change, spun, original))
    found = [Substitution(spun, original, Indel.normalized_similarity(spun, original), tuple(examples)) for (spun, original), examples in places.items()]
    return sorted(found, key=lambda s: (-len(s.examples), round(s.likeness, 2), s.spun, s.original))


def entries(learned: Iterable[Substitution], taken: Collection[str]) -> Iterator[Entry]:
    """An entry for each phrase; `taken` are the ids that there are already."""
    names = set(taken)
    phrases: set[tuple[str, str]] = set()
    for example in (e for s in learned for e in s.examples):
        if (example.spun, example.original) not in phrases:
            phrases.add((example.spun, example.original))
            name = new_id(example.spun, example.original, names)
            names.add(name)
            flags, passes = (example.spun_sentence,), (example.original_sentence,)
            yield Entry(name, (example.spun,), (example.original,), example.reliability, flags=flags, passes=passes, place=name)


def _of_interest(words: list[str]) -> bool:
    """Whether content words are among them and no figures."""
    return any(w not in WORDS_OF_GRAMMAR for w in words) and not any(c.isdigit() for w in words for c in w)


def _lemma(words: list[str], vocabulary: Vocabulary) -> str:
    return vocabulary.lemma(words[0]) if len(words) == 1 else " ".join(words)


def _example(comparison: Comparison, row: Row, change: Change, spun: list[str], original: list[str]) -> Example:
    assert row.original and row.copy  # a row with changes has both sides
    old, new = comparison.original.text, comparison.copy.text
    reliability = PHRASE
    if sum(w not in WORDS_OF_GRAMMAR for w in spun) == 1:
        following = _shared(NEXT.match(old, change.original.end, row.original.end), NEXT.match(new, change.copy.end, row.copy.end))
        preceding = _shared(PREVIOUS.search(old, row.original.start, change.original.start), PREVIOUS.search(new, row.copy.start, change.copy.start))
        if following:
            spun, original = [*spun, following], [*original, following]
        elif preceding:
            spun, original = [preceding, *spun], [preceding, *original]
        reliability = WITH_NEIGHBOUR if following or preceding else ALONE
    return Example(" ".join(spun), " ".join(original), reliability, _on_one_line(new, row.copy), _on_one_line(old, row.original))


def _shared(in_old: re.Match[str] | None, in_new: re.Match[str] | None) -> str:
    """The content word that stands there in both texts, folded; else nothing."""
    old, new = ("".join(words_of(m[1])) if m else "" for m in (in_old, in_new))
    return new if new == old and new not in WORDS_OF_GRAMMAR else ""


def _on_one_line(text: str, span: Span) -> str:
    return " ".join(text[slice(*span)].split())
