"""What is asked of the language model: how surprising every word is, how much better another one would fit, what it would write itself.

A text is read in windows of `WINDOW` tokens that overlap, so that every token has at least `LEFT` tokens before it in its window
(or all that there are).  A replacement is judged by

    log P(replacement and what follows | what stands before) - log P(what stands there and what follows | what stands before)

in nats, itself and what follows apart (`Odds`), where "what follows" is some `AHEAD` tokens and "a" or "an" before either wording is
made to fit it: that slip is judged elsewhere.  What the model makes of a replacement's first token alone costs nearly nothing, and with
what was thought of it beforehand shows which are likely at first sight.  Only the `ASKED` likeliest get an answer; those that are far less
likely than the first of them are not read, and where not even that one is likely, the first sight is the answer.

Start reading at `Reader.answers`.
"""
from __future__ import annotations

import math
import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from heapq import nlargest
from itertools import islice, takewhile
from operator import eq, sub
from pathlib import Path
from typing import NamedTuple

import numpy as np

from artifactscan.deep.gguf import Floats, Gguf
from artifactscan.deep.network import Ints, Memory, Network
from artifactscan.deep.questions import Answer, Odds, Question
from artifactscan.deep.tokens import Piece, Tokenizer
from artifactscan.model import Span
from artifactscan.vocabulary import vowel_sound

WINDOW = 512  # tokens
LEFT = 96  # tokens of a window that the one before it has too
KEPT = 4  # windows that stay in memory once they are read, 25 MB each
AHEAD = 5  # tokens after a replacement that are read with it; 24 give nearly the same order (correlation 0.95)
ASKED = 5  # replacements of one place that get an answer
UNLIKELY = -2.0  # nats that the likeliest has at first sight, below which none is read
BEHIND = 4.0  # nats behind the likeliest at first sight, from which a replacement is not read
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
    """Tokens that follow the first `branch` tokens of a text: so many of the words asked about, then what follows."""

    branch: int
    tokens: tuple[int, ...]
    words: int


class Reading(NamedTuple):
    """A window that has been read, with the log-probability of each of its tokens."""

    memory: Memory
    log_p: Floats


class Sight(NamedTuple):
    """What replacements are at first sight: the log-odds of their first tokens, which are likeliest, and which of those are worth reading."""

    odds: list[float]
    likeliest: list[int]
    worth: list[int]


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
        first, last = self.firsts[inside.start], self.firsts[inside.stop]
        return Wording(first, self.tokens[first:last], last - first)

    def shared(self, wording: Wording) -> int:
        """How many tokens a wording begins with that stand there too."""
        return sum(1 for _ in takewhile(bool, map(eq, wording.tokens, islice(self.tokens, wording.branch, None))))

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
        words = ((_fitted(before, w) if article else before) + w for w in (self.text[slice(*span)], *question.replacements))
        return [Wording(self.firsts[begin], tuple(self.tokenizer.tokens(w + after)), len(self.tokenizer.tokens(w))) for w in words]


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
        ((_, answer),) = self.answers(text, [Question(span, tuple(replacements))], ahead, every=True)
        return [math.fsum(odds) for odds in answer.odds if odds is not None]

    def answers(
        self, text: str, questions: Sequence[Question], ahead: int = AHEAD, *, every: bool = False, deadline: float | None = None,
    ) -> Iterator[tuple[int, Answer]]:  # fmt: skip
        """(index of a question, its answer): window by window, higher priorities first.

        `every`: all replacements are read, however unlikely.  From `deadline` (time.monotonic) on no more answers come; until then every window
        gets time by the priority of its questions.
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
                yield from zip(some, self._answered(tokens, window, [questions[i] for i in some], ahead, every), strict=True)

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

    def _answered(self, tokens: Tokens, window: Window, questions: list[Question], ahead: int, every: bool) -> Iterator[Answer]:
        spun = [tokens.spun(q) for q in questions]
        whole = [tokens.wordings(q, ahead) for q in questions]
        sights = [seen(q, odds) for q, odds in zip(questions, self._at_first_sight(tokens, window, whole), strict=True)]
        read = [range(len(sight.odds)) if every else sight.worth for sight in sights]
        log_p = self._log_p(tokens, window, [*spun, *(w for ws, worth in zip(whole, read, strict=True) if worth for w in (ws[0], *(ws[i + 1] for i in worth)))])
        for wording, ws, sight, worth in zip(spun, whole, sights, read, strict=True):
            odds = {i: Odds(*map(sub, log_p[ws[i + 1]], log_p[ws[0]])) for i in worth} or {i: Odds(sight.odds[i], 0.0) for i in sight.likeliest}
            yield Answer(tuple(odds.get(i) for i in range(len(sight.odds))), -log_p[wording].word)

    def _at_first_sight(self, tokens: Tokens, window: Window, wordings: list[list[Wording]]) -> list[list[float]]:
        """For each question and replacement: how much likelier the first token that is new is than the one that stands there."""
        memory, read = self._read(tokens.tokens[window.first : window.last])
        places, firsts = [], []
        for wording in (w for _, *others in wordings for w in others):
            at = min(tokens.shared(wording), len(wording.tokens) - 1)
            places.append(min(wording.branch + at - window.first, memory.length - 1))  # beyond the window its end must do
            firsts.append(wording.tokens[at])
        stands = [float(read[place]) if place < len(read) else 0.0 for place in places]
        odds = iter(np.subtract(self._next(memory, places, firsts), stands).tolist())
        return [[next(odds) for _ in others] for _, *others in wordings]

    def _log_p(self, tokens: Tokens, window: Window, wordings: Iterable[Wording]) -> dict[Wording, Odds]:
        """The log-probability of each wording's words and of what follows, after as much of the window as it follows; what it has in common with the text has been read."""
        memory, read = self._read(tokens.tokens[window.first : window.last])
        log_p: dict[Wording, Floats] = {}
        by_length: dict[int, list[tuple[Wording, int]]] = defaultdict(list)
        for wording in dict.fromkeys(wordings):
            begin = wording.branch - window.first
            branch = min(begin + tokens.shared(wording), len(read))
            log_p[wording] = read[begin:branch]
            if rest := len(wording.tokens) - (branch - begin):
                by_length[rest].append((wording, branch))
        for length, group in sorted(by_length.items()):
            branches = [branch for _, branch in group]
            new = np.array([w.tokens[-length:] for w, _ in group], np.int64)
            found = self._next(memory, branches, new[:, 0])[:, None]
            if length > 1:
                hidden = self.network.go_on(memory, [b + 1 for b in branches], new[:, :-1])
                found = np.concatenate([found, self.network.log_p(hidden.reshape(-1, hidden.shape[-1]), new[:, 1:].reshape(-1)).reshape(len(group), -1)], axis=1)
            for (wording, _), nats in zip(group, found, strict=True):
                log_p[wording] = np.concatenate([log_p[wording], nats])
        return {w: Odds(*(float(part.sum(dtype=np.float64)) for part in (x[: w.words], x[w.words :]))) for w, x in log_p.items()}

    def _next(self, memory: Memory, places: Sequence[int], tokens: Sequence[int] | Ints) -> Floats:
        """The log-probability of each token after as many tokens of the text as its place says."""
        rows, of = np.unique(np.array(places, np.int64), return_inverse=True)
        return self.network.log_p(memory.hidden[rows], np.array(tokens, np.int64), of)


def seen(question: Question, odds: list[float]) -> Sight:
    """A question's replacements at first sight, with what was thought of them beforehand; `odds`: of their first tokens."""
    likely = [thought + x for thought, x in zip(question.thoughts or [0.0] * len(odds), odds, strict=True)]
    likeliest = nlargest(ASKED, range(len(odds)), key=likely.__getitem__)
    least = max(UNLIKELY, max(likely, default=0.0) - BEHIND)
    return Sight(odds, likeliest, [i for i in likeliest if likely[i] >= least])


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
