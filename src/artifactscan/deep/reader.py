"""What is asked of the language model: how surprising every word is, how much better another one would fit, what it would write itself.

A text is read in windows of `WINDOW` tokens that overlap, so that every token has at least `LEFT` tokens before it in its window
(or all that there are).  A replacement is judged by

    log P(replacement and what follows | what stands before) - log P(what stands there and what follows | what stands before)

in nats, where "what follows" is some `AHEAD` tokens and "a" or "an" before either wording is made to fit it: that slip is judged
elsewhere.  Of many replacements only the `ASKED` likeliest are read; which these are shows what the model makes of their first token.

Start reading at `Reader.answers`.
"""
from __future__ import annotations

import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from heapq import nlargest
from pathlib import Path
from typing import NamedTuple

import numpy as np

from artifactscan.deep.gguf import Floats, Gguf
from artifactscan.deep.network import Memory, Network
from artifactscan.deep.questions import Answer, Question
from artifactscan.deep.tokens import Piece, Tokenizer
from artifactscan.model import Span
from artifactscan.vocabulary import vowel_sound

WINDOW = 512  # tokens
LEFT = 96  # tokens of a window that the one before it has too
KEPT = 4  # windows that stay in memory once they are read, 25 MB each
AHEAD = 5  # tokens after a replacement that are read with it; 24 give nearly the same order (correlation 0.95)
ASKED = 5  # replacements of one place that are read
TOGETHER = 32  # questions answered at once

LOOKED_AT = 400  # likeliest tokens among which the model's own words are sought
LIKENESS = 8.0  # nats for words that are used alike: of 0, 4, 8, 12 and 20 the one that found most originals
OWN = 4  # of the model's own words that are asked about


class Window(NamedTuple):
    """A stretch of a text's tokens, half-open, that is read at once; from `own` on it is answered for."""

    first: int
    own: int
    last: int


class Wording(NamedTuple):
    """Tokens that follow the first `branch` tokens of a text."""

    branch: int
    tokens: tuple[int, ...]


class Reading(NamedTuple):
    """A window that has been read, with the log-probability of each of its tokens."""

    memory: Memory
    log_p: Floats


class Tokens:
    """A text as the model's tokens."""

    def __init__(self, text: str, tokenizer: Tokenizer) -> None:
        self.text = text
        self.tokenizer = tokenizer
        self.pieces: list[Piece] = list(tokenizer.pieces(text))
        self.starts = [p.start for p in self.pieces]
        self.firsts = [0]  # index of each piece's first token, and one past the last token
        for piece in self.pieces:
            self.firsts.append(self.firsts[-1] + len(piece.tokens))
        self.tokens = tuple(t for p in self.pieces for t in p.tokens)

    def windows(self) -> list[Window]:
        """The windows over the whole text, in order."""
        windows, first = [], 0
        while True:
            last = min(first + WINDOW, len(self.tokens))
            windows.append(Window(first, first + LEFT if first else 0, last))
            if last == len(self.tokens):
                return windows
            first = last - LEFT

    def around(self, span: Span) -> range:
        """The pieces in which a span stands."""
        return range(bisect_right(self.starts, span.start) - 1, bisect_right(self.starts, span.end - 1))

    def place(self, question: Question) -> int:
        """The first token of what a question is about."""
        return self.firsts[self.around(question.span).start]

    def spun(self, question: Question) -> Wording:
        """What stands there, alone."""
        inside = self.around(question.span)
        return Wording(self.firsts[inside.start], self.tokens[self.firsts[inside.start] : self.firsts[inside.stop]])

    def wordings(self, question: Question, ahead: int) -> list[Wording]:
        """What stands there, then each replacement, with what follows; all from the same place to the same place."""
        span = question.span
        inside = self.around(span)
        begin, end = inside.start, inside.stop
        article = begin > 0 and self.text[slice(*self.pieces[begin - 1][:2])].strip().lower() in ("a", "an")
        if article:
            begin -= 1
        while end < len(self.pieces) and self.firsts[end] < self.firsts[inside.stop] + ahead:
            end += 1
        before = self.text[self.pieces[begin].start : span.start]
        after = self.text[span.end : self.pieces[end - 1].end]
        words = (self.text[slice(*span)], *question.replacements)
        return [Wording(self.firsts[begin], tuple(self.tokenizer.tokens((_fitted(before, w) if article else before) + w + after))) for w in words]


class Reader:
    """A language model that reads.  Answers depend on the text, the question and the model alone, not on what is asked with it."""

    def __init__(self, path: Path, threads: int = 0) -> None:
        self.path = path
        file = Gguf(path)
        self.tokenizer = Tokenizer(file)
        self.network = Network(file, threads)
        self._read = lru_cache(KEPT)(self._reading)
        spellings = ((t, self.tokenizer.text(t)) for t in range(len(self.tokenizer.spellings)))
        self._whole = {t: s[1:] for t, s in spellings if s[:1] == " " and s[1:].isalpha() and s.islower()}  # tokens that may be a word

    def surprisal(self, text: str, deadline: float | None = None) -> list[tuple[Span, float]]:
        """Every token's span and its surprisal in nats, given what stands before it; windows that the deadline (time.monotonic) comes before are left out."""
        tokens = Tokens(text, self.tokenizer)
        spans = (s for p in tokens.pieces for s in self.tokenizer.spans(text, p))
        nats: list[float] = []
        for window in tokens.windows():
            if deadline is not None and time.monotonic() >= deadline:
                break
            nats += (-float(x) for x in self._read(tokens.tokens[window.first : window.last]).log_p[window.own - window.first :])
        return list(zip(spans, nats, strict=False))

    def log_odds(self, text: str, span: Span, replacements: Sequence[str], ahead: int = AHEAD) -> list[float]:
        """How much better each replacement fits than what stands there, in nats."""
        ((_, answer),) = self.answers(text, [Question(span, tuple(replacements))], ahead, most=len(replacements))
        return [odds for odds in answer.log_odds if odds is not None]

    def answers(
        self, text: str, questions: Sequence[Question], ahead: int = AHEAD, *, most: int = ASKED, deadline: float | None = None,
    ) -> Iterator[tuple[int, Answer]]:  # fmt: skip
        """(index of a question, its answer): window by window, higher priorities first.

        Of each question the `most` likeliest replacements are answered.  From `deadline` (time.monotonic) on no more come; until then every
        window gets time by the priority of its questions.
        """
        tokens = Tokens(text, self.tokenizer)
        by_window: dict[Window, list[int]] = defaultdict(list)
        windows = tokens.windows()
        for i, question in enumerate(questions):
            place = tokens.place(question)
            by_window[next(w for w in windows if place < w.last)].append(i)
        left = sum(q.priority for q in questions)
        for window, here in sorted(by_window.items()):
            weight = sum(questions[i].priority for i in here)
            until = None if deadline is None else time.monotonic() + (deadline - time.monotonic()) * weight / left
            left -= weight
            here.sort(key=lambda i: -questions[i].priority)
            for first in range(0, len(here), TOGETHER):
                if until is not None and time.monotonic() >= until:
                    break
                some = here[first : first + TOGETHER]
                yield from zip(some, self._answered(tokens, window, [questions[i] for i in some], ahead, most), strict=True)

    def likely(self, text: str, spans: Sequence[Span], likeness: Callable[[str, str], float]) -> list[list[str]]:
        """For each word the OWN that the model would rather write there, by what stands before and by their likeness to what stands there.

        `likeness`: of two words in small letters, from -1 to 1; -inf for a word that is not wanted.
        """
        tokens = Tokens(text, self.tokenizer)
        windows = tokens.windows()
        found: list[list[str]] = []
        for first in range(0, len(spans), TOGETHER):
            some = spans[first : first + TOGETHER]
            places = [tokens.firsts[tokens.around(span).start] for span in some]
            hidden = []
            for place in places:
                window = next(w for w in windows if place < w.last)
                hidden.append(self._read(tokens.tokens[window.first : window.last]).memory.hidden[place - window.first])
            for span, log_p in zip(some, self.network.all_log_p(np.stack(hidden)), strict=True):
                word = text[slice(*span)].lower()
                words = ((x, w) for x, t in _best(log_p, LOOKED_AT) if (w := self._whole.get(t)) and w != word)
                values = {w: value for x, w in words if (value := x + LIKENESS * likeness(word, w)) > -np.inf}
                found.append(sorted(values, key=lambda w: (-values[w], w))[:OWN])
        return found

    def _reading(self, tokens: tuple[int, ...]) -> Reading:
        memory = self.network.read([self.tokenizer.start, *tokens])
        return Reading(memory, self.network.log_p(memory.hidden[:-1], np.array(tokens, np.int64)))

    def _answered(self, tokens: Tokens, window: Window, questions: list[Question], ahead: int, most: int) -> Iterator[Answer]:
        spun = [tokens.spun(q) for q in questions]
        whole = [tokens.wordings(q, ahead) for q in questions]
        likeliest = [nlargest(most, range(len(v)), key=v.__getitem__) for v in self._at_first_sight(tokens, window, questions, whole)]
        log_p = self._log_p(tokens, window, [*spun, *(w for ws, kept in zip(whole, likeliest, strict=True) if kept for w in (ws[0], *(ws[i + 1] for i in kept)))])
        for wording, ws, kept in zip(spun, whole, likeliest, strict=True):
            yield Answer(tuple(log_p[w] - log_p[ws[0]] if i in kept else None for i, w in enumerate(ws[1:])), -log_p[wording])

    def _at_first_sight(self, tokens: Tokens, window: Window, questions: list[Question], wordings: list[list[Wording]]) -> list[list[float]]:
        """For each question and replacement: what was thought of it before, and the log-probability of the first token that is new."""
        memory = self._read(tokens.tokens[window.first : window.last]).memory
        places, firsts = [], []
        for branch, replacement in ((w.branch, w.tokens) for _, *others in wordings for w in others):
            at = next((i for i, t in enumerate(replacement) if branch + i == len(tokens.tokens) or t != tokens.tokens[branch + i]), 0)
            places.append(min(branch + at - window.first, memory.length - 1))  # beyond the window its end must do
            firsts.append(replacement[at])
        log_p = iter(self.network.log_p(memory.hidden[places], np.array(firsts, np.int64)).tolist() if places else ())
        return [[thought + next(log_p) for thought in q.thoughts or [0.0] * len(q.replacements)] for q in questions]

    def _log_p(self, tokens: Tokens, window: Window, wordings: Iterable[Wording]) -> dict[Wording, float]:
        """The log-probability of each wording, after as much of the window as it follows."""
        memory, read = self._read(tokens.tokens[window.first : window.last])
        results: dict[Wording, float] = {}
        by_length: dict[int, list[Wording]] = defaultdict(list)
        for wording in dict.fromkeys(wordings):
            begin, length = wording.branch - window.first, len(wording.tokens)
            if begin + length <= len(read) and wording.tokens == tokens.tokens[wording.branch : wording.branch + length]:
                results[wording] = float(read[begin : begin + length].sum(dtype=np.float64))  # the text itself
            else:
                by_length[length].append(wording)
        for length, group in sorted(by_length.items()):
            branches = [w.branch - window.first for w in group]
            hidden = memory.hidden[branches][:, None]
            if length > 1:
                hidden = np.concatenate([hidden, self.network.go_on(memory, [b + 1 for b in branches], [w.tokens[:-1] for w in group])], axis=1)
            log_p = self.network.log_p(hidden.reshape(-1, hidden.shape[-1]), np.array([w.tokens for w in group], np.int64).reshape(-1))
            results |= zip(group, log_p.reshape(-1, length).sum(axis=1, dtype=np.float64).tolist(), strict=True)
        return results


def _best(values: Floats, count: int) -> Iterator[tuple[float, int]]:
    """The greatest values with their places, greatest first."""
    places = np.argsort(-values, kind="stable")[:count]
    return zip(values[places].tolist(), places.tolist(), strict=True)


def _fitted(before: str, word: str) -> str:
    """A text that ends in "a " or "an ", with the article that fits a word."""
    vowel = vowel_sound(word.split()[0].lower()) if word.split() else None
    if vowel is None:
        return before
    head = before.rstrip()
    stem = head[:-1] if head[-1] in "nN" else head
    return stem + ("n" if vowel else "") + before[len(head) :]
