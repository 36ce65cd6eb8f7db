"""What is asked of the language model: how surprising every word is, how much better another one would fit, what it would write itself.

A text is read in windows of `WINDOW` tokens that overlap, so that every token has at least `LEFT` tokens before it in its window
(or all that there are).  A replacement is judged by

    log P(replacement and what follows | what stands before) - log P(what stands there and what follows | what stands before)

in nats, where "what follows" is some `AHEAD` tokens and "a" or "an" before either wording is made to fit it: that slip is judged
elsewhere.  Start reading at `Reader`.
"""
from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from artifactscan.deep.gguf import Floats, Gguf
from artifactscan.deep.network import Memory, Network
from artifactscan.deep.tokens import Piece, Tokenizer
from artifactscan.detectors.agreement import _vowel_sound as vowel_sound
from artifactscan.model import Span

WINDOW = 512  # tokens
LEFT = 96  # tokens of a window that the one before it has too
AHEAD = 16  # tokens after a replacement that are read with it


class Question(NamedTuple):
    """A place in a text and what may have stood there."""

    span: Span
    replacements: tuple[str, ...]


class Answer(NamedTuple):
    """What the model says to a question, in nats."""

    log_odds: tuple[float, ...]  # of each replacement against what stands there
    surprisal: float  # of what stands there, after what stands before


class Window(NamedTuple):
    """A stretch of a text's tokens, half-open, that is read at once; from `own` on it is answered for."""

    first: int
    own: int
    last: int


class Wording(NamedTuple):
    """Tokens that follow the first tokens of a text."""

    branch: int
    tokens: tuple[int, ...]


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
        self.tokens = [t for p in self.pieces for t in p.tokens]

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

    def wordings(self, question: Question, ahead: int) -> list[Wording]:
        """What stands there, then each replacement, with what follows; all from the same place to the same place."""
        inside = self.around(question.span)
        begin, end = inside.start, inside.stop
        article = self._article(begin)
        if article:
            begin -= 1
        while end < len(self.pieces) and self.firsts[end] < self.firsts[inside.stop] + ahead:
            end += 1
        before = self.text[self.pieces[begin].start : question.span.start]
        after = self.text[question.span.end : self.pieces[end - 1].end]
        wordings = (self.text[slice(*question.span)], *question.replacements)
        return [Wording(self.firsts[begin], tuple(self.tokenizer.tokens((_fitted(before, w) if article else before) + w + after))) for w in wordings]

    def _article(self, piece: int) -> bool:
        """Whether "a" or "an" stands before a piece."""
        return piece > 0 and self.text[slice(*self.pieces[piece - 1][:2])].strip().lower() in ("a", "an")


class Reader:
    """A language model that reads.  Answers depend on the text, the question and the model alone."""

    def __init__(self, file: Gguf, threads: int = 0) -> None:
        self.tokenizer = Tokenizer(file)
        self.network = Network(file, threads)

    def surprisal(self, text: str) -> list[tuple[Span, float]]:
        """Every token's span and its surprisal in nats, given what stands before it."""
        tokens = Tokens(text, self.tokenizer)
        spans = [s for p in tokens.pieces for s in self.tokenizer.spans(text, p)]
        nats = [-float(x) for window, _, log_p in self._read(tokens) for x in log_p[window.own - window.first :]]
        return list(zip(spans, nats, strict=True))

    def log_odds(self, text: str, span: Span, replacements: Sequence[str], ahead: int = AHEAD) -> list[float]:
        """How much better each replacement fits than what stands there, in nats."""
        (answer,) = self.answers(text, [Question(span, tuple(replacements))], ahead)
        return list(answer.log_odds)

    def answers(self, text: str, questions: Iterable[Question], ahead: int = AHEAD) -> list[Answer]:
        """The answer to each question about a text."""
        tokens = Tokens(text, self.tokenizer)
        asked = list(questions)
        places = [tokens.firsts[tokens.around(q.span).start] for q in asked]
        results: dict[int, Answer] = {}
        for window, memory, log_p in self._read(tokens):
            here = [i for i, place in enumerate(places) if i not in results and place < window.last]
            if here:
                results |= zip(here, self._answers(tokens, window, memory, log_p, [asked[i] for i in here], ahead), strict=True)
        return [results[i] for i in range(len(asked))]

    def _read(self, tokens: Tokens) -> Iterator[tuple[Window, Memory, Floats]]:
        """Each window, read, with the log-probabilities of its tokens."""
        for window in tokens.windows():
            inside = tokens.tokens[window.first : window.last]
            memory = self.network.read([self.tokenizer.start, *inside])
            yield window, memory, self.network.log_p(memory.hidden[:-1], np.array(inside, np.int64))

    def _answers(self, tokens: Tokens, window: Window, memory: Memory, read: Floats, questions: list[Question], ahead: int) -> Iterator[Answer]:
        wordings = [tokens.wordings(q, ahead) for q in questions]
        spans = [Wording(tokens.firsts[r.start], tuple(tokens.tokens[tokens.firsts[r.start] : tokens.firsts[r.stop]])) for r in (tokens.around(q.span) for q in questions)]
        log_p: dict[Wording, float] = {}
        wanted = []
        for wording in dict.fromkeys([*spans, *(w for ws in wordings for w in ws)]):
            begin, end = wording.branch, wording.branch + len(wording.tokens)
            if end <= window.last and wording.tokens == tuple(tokens.tokens[begin:end]):  # the text itself: read already
                log_p[wording] = float(read[begin - window.first : end - window.first].sum(dtype=np.float64))
            else:
                wanted.append(wording)
        log_p |= self._log_p(window, memory, wanted)
        for span, (spun, *others) in zip(spans, wordings, strict=True):
            yield Answer(tuple(log_p[w] - log_p[spun] for w in others), -log_p[span])

    def _log_p(self, window: Window, memory: Memory, wordings: Iterable[Wording]) -> dict[Wording, float]:
        """The log-probability of each wording, after as much of the window as it follows."""
        by_length: dict[int, list[Wording]] = defaultdict(list)
        for wording in wordings:
            by_length[len(wording.tokens)].append(wording)
        results: dict[Wording, float] = {}
        for length, group in sorted(by_length.items()):
            branches = [w.branch - window.first for w in group]
            hidden = memory.hidden[branches][:, None]
            if length > 1:
                hidden = np.concatenate([hidden, self.network.go_on(memory, [b + 1 for b in branches], [list(w.tokens[:-1]) for w in group])], axis=1)
            log_p = self.network.log_p(hidden.reshape(-1, hidden.shape[-1]), np.array([w.tokens for w in group]).reshape(-1))
            results |= zip(group, log_p.reshape(-1, length).sum(axis=1, dtype=np.float64).tolist(), strict=True)
        return results


def _fitted(before: str, word: str) -> str:
    """A text that ends in "a " or "an ", with the article that fits a word."""
    first = word.split()[0].lower() if word.split() else ""
    vowel = vowel_sound(first)
    if vowel is None:
        return before
    article = before.rstrip()
    stem = article[: -len(article.split()[-1])] + article.split()[-1][0]
    return stem + ("n" if vowel else "") + before[len(article) :]
