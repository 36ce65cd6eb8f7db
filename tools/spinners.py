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
from thesauri import WORD, moby, ppdb, published, rewordings, wordnet

PHRASE = re.compile(r"(?<![\w'’-])(?=([A-Za-z][a-z]*(?: [A-Za-z][a-z]*){0,3})(?![\w'’]))[A-Za-z][a-z]*")  # a word; group 1: up to three more with it
PHRASE_RATE = 0.7  # share of the phrases a spinner knows that it swaps
LEAST_ZIPF = 2.8  # of a word that is swapped, and of each word that is written for it


class Swap(NamedTuple):
    """A stretch of the spun text, in code points, and what stood there."""

    start: int
    end: int
    original: str


class Spinner(NamedTuple):
    """How one kind of spinner works: `synonyms` of a lemma, what stands for `phrases` and words as they are, the share of words swapped, and how it chooses."""

    name: str
    synonyms: dict[str, list[str]]
    phrases: dict[str, list[str]]
    rate: float
    taste: float  # for common words: a synonym's weight is 10 ** (taste * Zipf frequency)
    minds_articles: bool
    minds_names: bool  # leaves alone what is written with a capital

    def spin(self, text: str, vocabulary: Vocabulary, forms: Callable[[str, str], list[str]], chance: random.Random) -> tuple[str, list[Swap]]:
        """The spun text and its swaps."""
        out: list[str] = []
        swaps: list[Swap] = []
        length = at = 0
        for match in PHRASE.finditer(text):
            if match.start() < at or (self.minds_names and match[0][0].isupper()):
                continue
            original, spun = self._swapped(match[1], vocabulary, forms, chance)
            if spun == original:
                continue
            before = text[at : match.start()]
            if self.minds_articles and (article := re.search(r"\b(an?) $", before)) and (vowel := vowel_sound(spun.split()[0])) is not None:
                before = before[: article.start(1)] + ("an " if vowel else "a ")
            out += (before, spun)
            length += len(before)
            swaps.append(Swap(length, length + len(spun), original.lower()))
            length += len(spun)
            at = match.start() + len(original)
        out.append(text[at:])
        return "".join(out), swaps

    def _swapped(self, words: str, vocabulary: Vocabulary, forms: Callable[[str, str], list[str]], chance: random.Random) -> tuple[str, str]:
        """(the longest phrase from here, or the first word, what is written for it): the same if it is left alone."""
        parts = words.split(" ")
        for n in range(len(parts), 0, -1):
            phrase = " ".join(parts[:n])
            found = self.phrases.get(phrase.lower()) if phrase.islower() or not self.minds_names else None
            if found and chance.random() < (PHRASE_RATE if n > 1 else self.rate):
                return phrase, _written_like(phrase, chance.choice(found))
        word = parts[0]
        small = word.lower()
        choices = self.synonyms.get(vocabulary.lemma(small), []) if len(word) > 2 and chance.random() < self.rate else []
        if not choices:
            return word, word
        base = chance.choices(choices, [10 ** (self.taste * vocabulary.zipf(c.split()[0])) for c in choices])[0]
        return word, _written_like(word, next(iter(forms(small, base)), small))


def _written_like(original: str, spun: str) -> str:
    """With the original's capitals."""
    if original[0].islower():
        return spun
    return spun.title() if all(word[0].isupper() for word in original.split()) else spun[0].upper() + spun[1:]


def spinners(data: Path, vocabulary: Vocabulary) -> list[Spinner]:
    """One of each make."""

    def usable(word: str) -> bool:
        return bool(WORD.fullmatch(word)) and vocabulary.zipf(word) >= LEAST_ZIPF

    def kept(source: Iterable[tuple[str, set[str]]]) -> dict[str, list[str]]:
        lists = ((root, sorted(w for w in near if w.strip() and w != root and w.count(" ") < 2 and all(map(usable, w.split())))) for root, near in source if usable(root))
        return {root: fine for root, fine in lists if fine}

    pairs: dict[str, set[str]] = defaultdict(set)
    terms: dict[str, set[str]] = defaultdict(set)
    reworded: dict[str, set[str]] = defaultdict(set)
    for spun, expected in published(data):
        if len(expected) > 1 and len(spun) > 1:
            terms[" ".join(expected)].add(" ".join(spun))
        if len(spun) == len(expected):
            for s, o in zip(spun, expected, strict=True):
                if s != o and WORD.fullmatch(s) and WORD.fullmatch(o):
                    pairs[vocabulary.lemma(o)].add(vocabulary.lemma(s))
    for phrase, (original, *_) in rewordings():
        reworded[original].add(phrase)
    everyday = {o: sorted(s) for o, s in reworded.items()}
    of_list = {o: sorted(s) for o, s in pairs.items()}
    roget, synsets = kept(moby()), kept(wordnet(data))
    return [
        Spinner("moby", roget, {}, 0.14, 0.4, False, True),
        Spinner("moby-plain", roget, everyday, 0.30, 0.7, True, False),
        Spinner("wordnet", synsets, {}, 0.25, 0.2, False, True),
        Spinner("ppdb", kept(ppdb(data)), {}, 0.16, 0.2, True, True),
        Spinner("published", of_list, {o: sorted(s) for o, s in terms.items()} | everyday, 0.35, 0.0, False, False),
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
