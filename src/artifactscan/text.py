"""Offset-preserving tokens.

A text is cut into passages (whole paragraphs where possible) so that memory stays flat however long it is; a
passage is tokenised once, by one regular expression, and every detector reads the same list.  A token is a word,
a single mark of punctuation, or a paragraph break.  Hyphens are spaces here ("anti-aircraft" is two tokens), an
apostrophe inside a word belongs to it ("hasn't" is one).  Start reading at `Text`.
"""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator
from functools import cached_property
from itertools import compress, count
from typing import Any, TypeVar

from artifactscan.model import Span

PASSAGE_LENGTH = 1 << 11  # code points: spans are found by passage, and most passages hold nothing to locate
CUTS = ("\n\n", "\r\n\r\n", ".\n", ".\r\n", ". ", "\n", " ")  # where a text is cut, rather the earlier: lines may be wrapped inside a sentence

# soft hyphens, and a hyphen at a line's end, may stand inside a word: see `_unbroken`; what few texts need is compiled where it is used
BREAK = re.compile(r"\n\s*\n\s*")
TOKEN = re.compile(rf"\w+(?:'\w+|[.,]\d+)*|{BREAK.pattern}|[^\w\s\u2010\u2011-]")  # of a text as `_plain` gives it
PARAGRAPH = "\n\n"  # the token of a paragraph break, however it is written
ODD = "\u00ad\u2010\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06"
BROKEN_TOKEN = r"[^\W_]+(?:(?:['’]|\u00ad(?:\r?\n[^\S\n]*)?|[-\u2010]\r?\n[^\S\n]*)[^\W_]+|[.,]\d+)*|\n[^\S\n]*\n\s*|[^\w\s\u2010\u2011\u00ad-]"
JOINT = r"\u00ad(?:\r?\n[^\S\n]*)?|[-\u2010]\r?\n[^\S\n]*"

PIECE = 1 << 16  # code points in which words are counted at a time

Key = TypeVar("Key")

UNKNOWN = "?"

ENDS = frozenset(".!?")
CLOSERS = frozenset("\"'”’)]»")
ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof st sen rep gov gen col lt capt sgt jr sr vs etc inc ltd co corp no nos fig figs eq eqs ref refs vol "
    "pp ed eds al approx dept est jan feb mar apr jun jul aug sep sept oct nov dec cf ca e.g i.e".split()
)


class Classes(dict[str, str]):
    """Token -> class letter, asked for with [], which looks further than `get`; UNKNOWN for a token that it does not know, which is not in it."""

    def __missing__(self, token: str) -> str:
        return UNKNOWN

    def __contains__(self, token: object) -> bool:
        return self[token] != UNKNOWN  # type: ignore[index]


NO_WORDS = Classes()


class Text:
    """A whole text: its passages, and what can only be seen over all of it.

    `vocabulary` gives the class letter of each token; a word broken by a hyphen at a line's end is rejoined if it is there.
    """

    def __init__(self, text: str, vocabulary: Classes = NO_WORDS) -> None:
        self.text = text
        self.vocabulary = vocabulary
        self.known: dict[object, Any] = {}  # what detectors have found out about the whole text

    def passages(self) -> Iterator[Passage]:
        """Cut the text: after a paragraph if its end is near, else after a sentence, a line or a space, else anywhere."""
        start, length = 0, len(self.text)
        while start < length:
            end = min(start + PASSAGE_LENGTH, length)
            if end < length:
                half = start + PASSAGE_LENGTH // 2
                cuts = (self.text.rfind(mark, half, end) + len(mark) for mark in CUTS)
                end = next((cut for cut in cuts if cut > half), end)
            yield Passage(self, start, end)
            start = end

    @cached_property
    def folded(self) -> str:
        """All tokens with a space around each, for asking whether a phrase stands anywhere."""
        return f" {' '.join(' '.join(p.tokens) for p in self.passages())} "


class Passage:
    """A stretch of a text, tokenised.

    `offset` is where it begins in the text; `tokens` are folded (lower case, straight apostrophes, no ligatures or
    soft hyphens); `spans` are in code points of the passage.
    """

    def __init__(self, whole: Text, start: int, end: int) -> None:
        self.whole = whole
        self.offset = start
        self.text = whole.text[start:end]

    @cached_property
    def broken(self) -> bool:
        """Whether words are broken by hyphens, or hold ligatures, so that tokens are not as they are written."""
        return (not self.text.isascii() and any(map(self.text.__contains__, ODD))) or "-\n" in self.text or "-\r\n" in self.text

    @cached_property
    def tokens(self) -> list[str]:
        return self._read[0]

    @cached_property
    def letters(self) -> str:
        """The class letter of every token; "?" for those that are not in the vocabulary."""
        return self._read[1]

    @cached_property
    def _read(self) -> tuple[list[str], str]:
        lowered = self.text.lower()
        if len(lowered) == len(self.text) and not self.broken:
            return _parted(_plain(lowered), self.whole.vocabulary)
        tokens = [_folded(self.text[s:e]) for s, e in self.spans]
        return tokens, _letters(tokens, self.whole.vocabulary)

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        if self.broken:
            return [span for m in re.finditer(BROKEN_TOKEN, self.text) for span in self._unbroken(m)]
        return [m.span() for m in TOKEN.finditer(_plain(self.text))]

    def _unbroken(self, match: re.Match[str]) -> list[tuple[int, int]]:
        """A match of BROKEN_TOKEN as one token, or as its parts if its hyphen is a real one."""
        joints = [j.span() for j in re.finditer(JOINT, match[0]) if j[0][0] != "\u00ad"]
        if not joints or _folded(match[0]) in self.whole.vocabulary:
            return [match.span()]
        edges = [0, *(edge for joint in joints for edge in joint), len(match[0])]
        return [(match.start() + s, match.start() + e) for s, e in zip(edges[::2], edges[1::2], strict=True)]

    def span(self, first: int, last: int) -> Span:
        """The span, in the document, of tokens first..last (both included)."""
        return Span(self.offset + self.spans[first][0], self.offset + self.spans[last][1])

    def surface(self, index: int) -> str:
        """A token as it is written."""
        start, end = self.spans[index]
        return self.text[start:end]

    def ends_sentence(self, index: int) -> bool:
        """Whether the token at index ends a sentence: a paragraph break, or . ! ? before a new beginning."""
        token = self.tokens[index]
        if token[0] == "\n":
            return True
        if token not in ENDS:
            return False
        if index + 1 == len(self.tokens):
            return True
        following = index + 1
        while following < len(self.tokens) and self.tokens[following] in CLOSERS:
            following += 1
        if following == len(self.tokens):
            return True
        if self.spans[following][0] == self.spans[index][1]:
            return False  # "3.1", "U.S", "example.org"
        before = self.tokens[index - 1] if index else ""
        if token == "." and (before in ABBREVIATIONS or (len(before) == 1 and before.isalpha() and before != "i")):
            return False
        return not self.text[self.spans[following][0]].islower()

    def sentence(self, index: int) -> range:
        """The indices of the tokens of the sentence in which the token at index stands."""
        first = index
        while first > 0 and not self.ends_sentence(first - 1):
            first -= 1
        last = index
        while last < len(self.tokens) - 1 and not self.ends_sentence(last):
            last += 1
        return range(first, last + 1)


def words_of(phrase: str) -> list[str]:
    """The folded words of a short phrase, punctuation left out."""
    return [t for p in Text(phrase).passages() for t in p.tokens if t[0].isalnum()]


def standing(keys: Iterable[Key], known: Container[Key]) -> Iterator[int]:
    """Where known keys stand among these."""
    return compress(count(), map(known.__contains__, keys))


def count_words(text: str) -> int:
    """How many words a text has, as parted by white space; counted piece by piece, since a list of all words takes many times the text's memory."""
    pieces = ((start, text[start : start + PIECE]) for start in range(0, len(text), PIECE))
    return sum(len(piece.split()) - (start > 0 and not (piece[0].isspace() or text[start - 1].isspace())) for start, piece in pieces)


def _parted(text: str, vocabulary: Classes) -> tuple[list[str], str]:
    """The tokens that TOKEN finds, and their class letters.

    What stands between spaces is mostly a word of the vocabulary, and so a token; only the rest is taken apart, which is faster.
    """
    tokens: list[str] = []
    for n, part in enumerate(BREAK.split(text)):
        tokens += [PARAGRAPH] * (n > 0) + part.replace("-", " ").replace(", ", " , ").replace(". ", " . ").split()
    letters = _letters(tokens, vocabulary)
    at = letters.rfind(UNKNOWN)
    while at >= 0:
        if not tokens[at].isalnum():
            tokens[at : at + 1] = found = TOKEN.findall(tokens[at])
            letters = letters[:at] + _letters(found, vocabulary) + letters[at + 1 :]
        at = letters.rfind(UNKNOWN, 0, at)
    return tokens, letters


def _letters(tokens: Iterable[str], vocabulary: Classes) -> str:
    """The class letters of tokens, UNKNOWN where they are not in the vocabulary."""
    return "".join(map(vocabulary.__getitem__, tokens))


def _plain(text: str) -> str:
    """A text of the same length with straight apostrophes and without underscores."""
    return text.replace("’", "'").replace("_", " ")


def _folded(token: str) -> str:
    """A token in lower case, with ligatures opened, soft hyphens dropped and a word broken at a line's end rejoined."""
    if token.isspace():
        return PARAGRAPH
    return unicodedata.normalize("NFKC", re.sub(JOINT, "", token)).lower().replace("’", "'")
