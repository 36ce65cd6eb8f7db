"""A document, and each of its passages, as the language model reads them.  Start reading at `read`."""
from __future__ import annotations

from collections import Counter
from functools import cached_property
from itertools import islice

from artifactscan.language import NEAR, TOPIC, Language
from artifactscan.text import Passage, Text

WINDOW = 12  # words on either side that make up what is near
SAMPLE = 4_000  # tokens from which the document's topic and register are read
FITTED = 600  # of these, the ones to which the mixture of models is fitted


def read(whole: Text, language: Language) -> Reading:
    """What is known of the whole document; read once."""
    found: Reading | None = whole.known.get(Reading)
    if found is None:
        found = whole.known[Reading] = Reading(whole, language)
    return found


class Reading:
    """What the language model knows of a whole document: its register, topic and words."""

    def __init__(self, whole: Text, language: Language) -> None:
        tokens = islice((t for p in whole.passages() for t in p.tokens), SAMPLE)
        self._language = language
        self._numbers = [n for t in tokens if (n := language.numbers[t]) > 0]
        self.mixture = language.fitted(self._numbers[:FITTED])
        self.lemmas = Counter(map(language.lemma, self._numbers))

    @cached_property
    def topic(self) -> list[int]:
        """The mean of its words as context."""
        return self._language.context_of(self._numbers, TOPIC)


class Line:
    """A passage as the language model reads it: numbers with the tokens they come from, marks left out."""

    def __init__(self, passage: Passage, language: Language) -> None:
        self._language = language
        self.numbers: list[int] = [0, language.start]
        self.tokens: list[int] = [-1, -1]
        for i, n in enumerate(map(language.numbers.__getitem__, passage.tokens)):
            if n == language.stop:
                self.numbers += (n, language.start)
                self.tokens += (i, -1)
            elif n >= 0:
                self.numbers.append(n)
                self.tokens.append(i)
        self.numbers += (language.stop, 0, 0)
        self.tokens += (-1, -1, -1)

    @cached_property
    def at(self) -> dict[int, int]:
        """Token index -> its place."""
        return {i: k for k, i in enumerate(self.tokens)}

    def near(self, first: int, last: int) -> list[int]:
        """The mean of the words around places first..last, drawn towards zero where they are few."""
        n = self.numbers
        return self._language.context_of([*n[max(2, first - WINDOW) : first], *n[last + 1 : last + 1 + WINDOW]], NEAR)
