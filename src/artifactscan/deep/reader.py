"""What is asked of the language model: how surprising every word is, how much better another one would fit, what it would write itself.

A text is read in windows of `WINDOW` tokens that overlap, so that every token has at least `LEFT` tokens before it in its window
(or all that there are).  A replacement is judged by

    log P(replacement and what follows | what stands before) - log P(what stands there and what follows | what stands before)

in nats, where "what follows" is some `AHEAD` tokens and "a" or "an" before either wording is made to fit it: that slip is judged
elsewhere.  Most replacements are hopeless, and `GLANCE` tokens ahead show it; only the best are read on.

Start reading at `Reader.answers`.
"""
from __future__ import annotations

import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
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
AHEAD = 8  # tokens after a replacement that are read with it; 24 give the same order (correlation 0.98)
GLANCE = 2  # tokens after a replacement by which it is seen whether it is worth more
MARGIN = 5.0  # nats below the best replacement at which one is given up
HOPELESS = -4.0  # nats below what stands there at which one is given up
TOGETHER = 32  # questions answered at once

BRANCHES = 12  # beginnings of words that are tried for the model's own
WORD_TOKENS = 3  # tokens that a word of the model's own may have


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

    def surprisal(self, text: str) -> list[tuple[Span, float]]:
        """Every token's span and its surprisal in nats, given what stands before it."""
        tokens = Tokens(text, self.tokenizer)
        spans = [s for p in tokens.pieces for s in self.tokenizer.spans(text, p)]
        nats = [-float(x) for w in tokens.windows() for x in self._read(tokens.tokens[w.first : w.last]).log_p[w.own - w.first :]]
        return list(zip(spans, nats, strict=True))

    def log_odds(self, text: str, span: Span, replacements: Sequence[str], ahead: int = AHEAD) -> list[float]:
        """How much better each replacement fits than what stands there, in nats."""
        ((_, answer),) = self.answers(text, [Question(span, tuple(replacements))], ahead, glance=None)
        return list(answer.log_odds)

    def answers(
        self, text: str, questions: Sequence[Question], ahead: int = AHEAD, *, glance: int | None = GLANCE, deadline: float | None = None,
    ) -> Iterator[tuple[int, Answer]]:  # fmt: skip
        """(index of a question, its answer): window by window, higher priorities first.

        A replacement given up at a glance is answered by that glance; without `glance` all are read to the end.  From
        `deadline` (time.monotonic) on no more come; until then every window gets time by the priority of its questions.
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
                yield from zip(some, self._answered(tokens, window, [questions[i] for i in some], ahead, glance), strict=True)

    def likely(self, text: str, span: Span) -> list[str]:
        """The words that the model itself would write in a place, by what stands before it, likeliest first; some dozens.

        They take the capital of what stands there.  Questions about those that fit show which of them go on well.
        """
        tokens = Tokens(text, self.tokenizer)
        word = text[slice(*span)]
        place = tokens.place(Question(span, ()))
        window = next(w for w in tokens.windows() if place < w.last)
        memory = self._read(tokens.tokens[window.first : window.last]).memory
        lead = text[tokens.pieces[tokens.around(span).start].start : span.start]
        found = [w for w in self._words(memory, place - window.first, lead) if w != word.lower()]
        return [w.capitalize() for w in found] if word[:1].isupper() else found

    def _reading(self, tokens: tuple[int, ...]) -> Reading:
        memory = self.network.read([self.tokenizer.start, *tokens])
        return Reading(memory, self.network.log_p(memory.hidden[:-1], np.array(tokens, np.int64)))

    def _answered(self, tokens: Tokens, window: Window, questions: list[Question], ahead: int, glance: int | None) -> Iterator[Answer]:
        spun = [tokens.spun(q) for q in questions]
        whole = [tokens.wordings(q, ahead) for q in questions]
        log_p = self._log_p(tokens, window, spun)
        if glance is None:
            results = self._odds(tokens, window, whole)
        else:
            results = self._odds(tokens, window, [tokens.wordings(q, glance) for q in questions])
            kept = [[i for i, x in enumerate(odds) if x >= max(HOPELESS, max(odds) - MARGIN)] for odds in results]
            read_on = self._odds(tokens, window, [[ws[0], *(ws[i + 1] for i in k)] for ws, k in zip(whole, kept, strict=True)])
            for odds, k, better in zip(results, kept, read_on, strict=True):
                for i, x in zip(k, better, strict=True):
                    odds[i] = x
        for wording, odds in zip(spun, results, strict=True):
            yield Answer(tuple(odds), -log_p[wording])

    def _odds(self, tokens: Tokens, window: Window, wordings: list[list[Wording]]) -> list[list[float]]:
        """The log-odds of each wording but the first against the first."""
        log_p = self._log_p(tokens, window, [w for ws in wordings if len(ws) > 1 for w in ws])
        return [[log_p[w] - log_p[spun] for w in others] for spun, *others in wordings]

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

    def _words(self, memory: Memory, branch: int, lead: str) -> list[str]:
        """Whole words that may follow the first tokens of a window, in small letters, likeliest first; `lead` is the space before them."""
        log_p = self.network.all_log_p(memory.hidden[[branch]])
        starts: list[tuple[float, tuple[int, ...]]] = [(x, (t,)) for x, t in _best(log_p[0], 8 * BRANCHES) if _letters(self.tokenizer.text(t), lead)]
        found: dict[str, float] = {}
        for length in range(1, WORD_TOKENS + 1):
            starts = sorted(starts, reverse=True)[: BRANCHES if length > 1 else 3 * BRANCHES]
            if not starts:
                break
            hidden = self.network.go_on(memory, [branch + 1] * len(starts), [tokens for _, tokens in starts])[:, -1]
            longer: list[tuple[float, tuple[int, ...]]] = []
            for (so_far, tokens), after in zip(starts, self.network.all_log_p(hidden), strict=True):
                word = "".join(map(self.tokenizer.text, tokens))[len(lead) :].lower()
                inner = [(x, t) for x, t in _best(after, BRANCHES) if _letters(self.tokenizer.text(t), "")]
                ends = max(1e-6, 1 - sum(np.exp(x) for x, _ in inner))
                found[word] = max(found.get(word, -np.inf), so_far + float(np.log(ends)))
                longer += [(so_far + x, (*tokens, t)) for x, t in inner]
            starts = longer
        return sorted(found, key=lambda w: -found[w])


def _best(values: Floats, count: int) -> Iterator[tuple[float, int]]:
    """The greatest values with their places, greatest first."""
    places = np.argsort(-values, kind="stable")[:count]
    return zip(values[places].tolist(), places.tolist(), strict=True)


def _letters(spelling: str, lead: str) -> bool:
    """Whether a token is the given lead and letters."""
    return spelling.startswith(lead) and spelling[len(lead) :].isalpha()


def _fitted(before: str, word: str) -> str:
    """A text that ends in "a " or "an ", with the article that fits a word."""
    vowel = vowel_sound(word.split()[0].lower()) if word.split() else None
    if vowel is None:
        return before
    head = before.rstrip()
    stem = head[:-1] if head[-1] in "nN" else head
    return stem + ("n" if vowel else "") + before[len(head) :]
