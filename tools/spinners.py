"""Spinners of different make, to train on: each takes a clean text and leaves what its kind leaves.

A spinner has a thesaurus, a rate, a taste for common words, and may or may not mind its articles.  What it writes is drawn
from its own list alone.
"""
from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from artifactscan.vocabulary import Vocabulary, vowel_sound
from thesauri import WORD, moby, ppdb, published, wordnet

PHRASE = re.compile(r"(?<![\w'’-])(?=([a-z]+(?: [a-z]+){0,3})(?![\w'’]))[a-z]+")  # a word in small letters; group 1: up to three more with it
PHRASE_RATE = 0.7  # share of the phrases a spinner knows that it swaps
LEAST_ZIPF = 2.8  # of a word that is swapped, and of each word that is written for it


class Swap(NamedTuple):
    """A stretch of the spun text, in code points, and what stood there."""

    start: int
    end: int
    original: str


class Spinner(NamedTuple):
    """How one kind of spinner works: `synonyms` of a lemma or of a whole phrase, the share of words swapped, and how it chooses."""

    name: str
    synonyms: dict[str, list[str]]
    rate: float
    taste: float  # for common words: a synonym's weight is 10 ** (taste * Zipf frequency)
    minds_articles: bool

    def spin(self, text: str, vocabulary: Vocabulary, forms: Callable[[str, str], list[str]], chance: random.Random) -> tuple[str, list[Swap]]:
        """The spun text and its swaps."""
        out: list[str] = []
        swaps: list[Swap] = []
        length = at = 0
        for match in PHRASE.finditer(text):
            if match.start() < at:
                continue
            original, spun = self._swapped(match[1], vocabulary, forms, chance)
            if spun == original:
                continue
            before = text[at : match.start()]
            if self.minds_articles and (article := re.search(r"\b(an?) $", before)) and (vowel := vowel_sound(spun.split()[0])) is not None:
                before = before[: article.start(1)] + ("an " if vowel else "a ")
            out += (before, spun)
            length += len(before)
            swaps.append(Swap(length, length + len(spun), original))
            length += len(spun)
            at = match.start() + len(original)
        out.append(text[at:])
        return "".join(out), swaps

    def _swapped(self, words: str, vocabulary: Vocabulary, forms: Callable[[str, str], list[str]], chance: random.Random) -> tuple[str, str]:
        """(the longest phrase from here, or the first word, what is written for it): the same if it is left alone."""
        parts = words.split(" ")
        for n in range(len(parts), 1, -1):
            phrase = " ".join(parts[:n])
            if found := self.synonyms.get(phrase):
                return phrase, chance.choice(found) if chance.random() < PHRASE_RATE else phrase
        word = parts[0]
        choices = self.synonyms.get(vocabulary.lemma(word), []) if len(word) > 2 and chance.random() < self.rate else []
        if not choices:
            return word, word
        base = chance.choices(choices, [10 ** (self.taste * vocabulary.zipf(c.split()[0])) for c in choices])[0]
        return word, next(iter(forms(word, base)), word)


def spinners(data: Path, vocabulary: Vocabulary) -> list[Spinner]:
    """One of each make."""

    def usable(word: str) -> bool:
        return bool(WORD.fullmatch(word)) and vocabulary.zipf(word) >= LEAST_ZIPF

    def kept(source: Iterable[tuple[str, set[str]]]) -> dict[str, list[str]]:
        lists = ((root, sorted(w for w in near if w != root and w.count(" ") < 2 and all(map(usable, w.split())))) for root, near in source if usable(root))
        return {root: fine for root, fine in lists if fine}

    pairs: dict[str, set[str]] = defaultdict(set)
    phrases: dict[str, set[str]] = defaultdict(set)
    for spun, expected in published(data):
        if len(expected) > 1 and len(spun) > 1:
            phrases[" ".join(expected)].add(" ".join(spun))
        if len(spun) == len(expected):
            for s, o in zip(spun, expected, strict=True):
                if s != o and WORD.fullmatch(s) and WORD.fullmatch(o):
                    pairs[vocabulary.lemma(o)].add(vocabulary.lemma(s))
    roget, synsets = kept(moby()), kept(wordnet(data))
    return [
        Spinner("moby", roget, 0.14, 0.4, False),
        Spinner("moby-plain", roget, 0.30, 0.7, True),
        Spinner("wordnet", synsets, 0.25, 0.2, False),
        Spinner("ppdb", kept(ppdb(data)), 0.16, 0.2, True),
        Spinner("published", {o: sorted(s) for o, s in (pairs | phrases).items()}, 0.35, 0.0, False),
    ]


def inflector(rows: Iterable[tuple[str, list[str], frozenset[str]]]) -> Callable[[str, str], list[str]]:
    """forms(word, lemma): the lemma inflected as the word is; of a phrase the first word is inflected."""
    by_lemma: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    tags_of: dict[str, dict[str, list[str]]] = defaultdict(dict)
    base = frozenset({"NN", "VB", "JJ", "RB"})
    for form, lemmas, tags in rows:
        for lemma in lemmas:
            kept = [t for t in sorted(tags) if (t in base) == (form == lemma)]
            tags_of[form][lemma] = kept
            for tag in kept:
                by_lemma[lemma][tag].append(form)

    def forms(word: str, lemma: str) -> list[str]:
        head, _, rest = lemma.partition(" ")
        tags = [t for found in tags_of.get(word, {}).values() for t in found]
        inflected = [f for t in tags for f in (by_lemma[head].get(t, ()) if head in by_lemma else ())]
        return [f"{f} {rest}" if rest else f for f in dict.fromkeys(inflected)]

    return forms
