"""Texts that were examined whole, kept in the store: one that is checked again needs neither the model nor the decoder."""
from __future__ import annotations

from typing import NamedTuple

from artifactscan.candidates import Candidate, Option
from artifactscan.deep.questions import Answer
from artifactscan.deep.store import Store
from artifactscan.text import Passage, Text


class Asked(NamedTuple):
    """A candidate and what the model said of its originals; None if it was not asked."""

    passage: Passage
    candidate: Candidate
    answer: Answer | None


class Kept:
    """The candidates of texts with their answers.  `origin`: whatever they depend on beside the text and what the store knows of."""

    def __init__(self, store: Store, origin: str) -> None:
        self._store, self._kind = store, f"examined {origin}"

    def get(self, text: Text) -> list[Asked] | None:
        """Those of a text; None if it is not kept."""
        rows = self._store.get(self._kind, text.text)
        if rows is None:
            return None
        passages = {passage.offset: passage for passage in text.passages()}
        found = []
        for offset, (first, last, spun, options, *others), answer in rows:
            candidate = Candidate(first, last, spun, [Option(original, tuple(features), nats) for original, features, nats in options], *others)
            found.append(Asked(passages[offset], candidate, Answer.stored(*answer)))
        return found

    def put(self, text: Text, asked: list[Asked]) -> None:
        """Keep those of a text."""
        self._store.put([(a.passage.offset, a.candidate, a.answer) for a in asked], self._kind, text.text)
