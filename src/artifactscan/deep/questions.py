"""Questions to the language model and its answers: from the store if they have been asked before, else from the reader.

The reader, and with it the network, is loaded when the first question cannot be answered from the store.
"""
from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from artifactscan.model import Span

if TYPE_CHECKING:
    from artifactscan.deep.reader import Reader
    from artifactscan.deep.store import Store


class Question(NamedTuple):
    """A place in a text and what may have stood there.  A higher priority (above 0) gets more of a limited time.

    `thoughts`: what is thought of each replacement beforehand, in nats; it helps to choose the ones that are read.
    """

    span: Span
    replacements: tuple[str, ...]
    priority: float = 1.0
    thoughts: tuple[float, ...] = ()


class Odds(NamedTuple):
    """How much better a replacement fits than what stands there, in nats."""

    word: float  # itself, after what stands before
    after: float  # what follows, after it; 0 where first sight was enough


class Answer(NamedTuple):
    """What the model says to a question, in nats."""

    odds: tuple[Odds | None, ...]  # of each replacement; None for those that are unlikely at first sight
    surprisal: float  # of what stands there, after what stands before

    @classmethod
    def stored(cls, odds: Sequence[Sequence[float] | None], surprisal: float) -> Answer:
        """An answer as it comes out of the store."""
        return cls(tuple(None if o is None else Odds(*o) for o in odds), surprisal)


class Judge:
    """Answers questions about texts, each once: the store keeps what was answered."""

    def __init__(self, model: Path, store: Store | None = None, threads: int = 0) -> None:
        self._model = model
        self._store = store
        self._threads = threads
        self._reader: Reader | None = None

    @property
    def name(self) -> str:
        """The model's name, as reports give it."""
        return self._model.stem

    @property
    def reader(self) -> Reader:
        """The reader, loaded."""
        if self._reader is None:
            from artifactscan.deep.reader import Reader

            self._reader = Reader(self._model, self._threads)
        return self._reader

    def surprisal(self, text: str, seconds: float | None = None) -> list[tuple[Span, float]]:
        """Every token's span and its surprisal in nats, given what stands before it; after `seconds` no more are read."""
        known = self._store.get("surprisal", text) if self._store else None
        if known is None:
            known = self.reader.surprisal(text, None if seconds is None else time.monotonic() + seconds)
            if self._store and (not known or known[-1][0].end == len(text)):
                self._store.put(known, "surprisal", text)
        return [(Span(*span), nats) for span, nats in known]

    def likely(self, text: str, spans: Sequence[Span], likeness: Callable[[str, str], float]) -> list[list[str]]:
        """The words that the model would rather write in each place (see `Reader.likely`)."""
        kept = (self._store.get("likely", text) if self._store else None) or {}
        missing = [span for span in spans if f"{span.start}-{span.end}" not in kept]
        if missing:
            kept |= {f"{span.start}-{span.end}": words for span, words in zip(missing, self.reader.likely(text, missing, likeness), strict=True)}
            if self._store:
                self._store.put(kept, "likely", text)
        return [kept[f"{span.start}-{span.end}"] for span in spans]

    def answers(self, text: str, questions: Sequence[Question], seconds: float | None = None) -> Iterator[tuple[int, Answer]]:
        """(index of a question, its answer), in the order in which they are found.

        After `seconds` no more come.  What was answered is stored also if the caller stops earlier, or is interrupted.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        kept = (self._store.get("odds", text) if self._store else None) or {}
        found = {i: kept[key] for i, q in enumerate(questions) if (key := _key(q)) in kept}
        for i, answer in found.items():
            yield i, Answer.stored(*answer)
        missing = [i for i in range(len(questions)) if i not in found]
        if not missing:
            return
        try:
            for at, answer in self.reader.answers(text, [questions[i] for i in missing], deadline=deadline):
                kept[_key(questions[missing[at]])] = answer
                yield missing[at], answer
        finally:
            if self._store:
                self._store.put(kept, "odds", text)


def _key(question: Question) -> str:
    """A question's name in the store; what is thought beforehand decides what is read."""
    return "\0".join((*map(str, question.span), *question.replacements, *(f"{nats:.3f}" for nats in question.thoughts)))
