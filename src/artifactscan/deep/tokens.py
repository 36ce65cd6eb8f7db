"""Text as the model reads it: byte-pair tokens, each with its place in the text.

A text is first cut into words with the space before them, single digits, runs of marks and of white space; nothing ever joins
two of these.  Each is then spelled in bytes, and neighbouring pieces are merged, most frequent pair first, as long as the
model's list of merges has the pair.  Start reading at `Tokenizer`.
"""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from artifactscan.deep.gguf import Gguf
from artifactscan.model import ArtifactscanError, Span

# Of a text in which every other letter is "a", every other digit "0", every other mark "." (`_plain`).
PIECE = re.compile(r"[0-9]|'(?:s|t|re|ve|m|ll|d)| ?[A-Za-z]+| ?[^\sA-Za-z0-9]+|\s+(?=[0-9]|\Z)|\s+(?!\S)|\s+")
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
CUTTERS = frozenset({"smollm", "smollm2"})  # values of tokenizer.ggml.pre for which PIECE holds
REMEMBERED = 1 << 16  # pieces whose tokens are kept


class Piece(NamedTuple):
    """A stretch of text that is tokenised by itself."""

    start: int
    end: int
    tokens: tuple[int, ...]


class Tokenizer:
    """The model's own tokenizer, from its file."""

    def __init__(self, file: Gguf) -> None:
        settings = file.settings
        try:
            self.spellings: list[str] = settings["tokenizer.ggml.tokens"]
            merges: list[str] = settings["tokenizer.ggml.merges"]
            if settings["tokenizer.ggml.model"] != "gpt2" or settings["tokenizer.ggml.pre"] not in CUTTERS:
                raise KeyError
        except KeyError as error:
            raise ArtifactscanError(
                f"{file.path}: the model's tokenizer is of another kind; deep mode reads models of the SmolLM family, such as the one that `artifactscan model install` gets"
            ) from error
        self._rank = {tuple(pair.split(" ")): i for i, pair in enumerate(merges)}
        self._number = {spelling: i for i, spelling in enumerate(self.spellings)}
        self.start = int(settings.get("tokenizer.ggml.bos_token_id", 0))
        self.tokens_of = lru_cache(REMEMBERED)(self._merged)

    def pieces(self, text: str) -> Iterator[Piece]:
        """The text's pieces, in order, without gaps."""
        for match in PIECE.finditer(_plain(text)):
            start, end = match.span()
            yield Piece(start, end, self.tokens_of(text[start:end]))

    def tokens(self, text: str) -> list[int]:
        """The text's tokens."""
        return [t for piece in self.pieces(text) for t in piece.tokens]

    def spans(self, text: str, piece: Piece) -> list[Span]:
        """The place of each of a piece's tokens; a token that ends inside a character reaches to its end."""
        places = [i for i in range(piece.start, piece.end) for _ in text[i].encode("utf-8", "surrogatepass")]
        spans, at = [], 0
        for token in piece.tokens:
            width = len(self.spellings[token])
            spans.append(Span(places[at], places[at + width - 1] + 1))
            at += width
        return spans

    def text(self, token: int) -> str:
        """What a token spells; a part of a character as U+FFFD."""
        return bytes(BYTES[c] for c in self.spellings[token] if c in BYTES).decode("utf-8", "replace")

    def _merged(self, piece: str) -> tuple[int, ...]:
        parts = [LETTERS[b] for b in piece.encode("utf-8", "surrogatepass")]
        while len(parts) > 1:
            best = min(zip(parts, parts[1:], strict=False), key=lambda pair: self._rank.get(pair, 1 << 30))
            if best not in self._rank:
                break
            merged, i = [], 0
            while i < len(parts):
                if i + 1 < len(parts) and (parts[i], parts[i + 1]) == best:
                    merged.append(parts[i] + parts[i + 1])
                    i += 2
                else:
                    merged.append(parts[i])
                    i += 1
            parts = merged
        return tuple(self._number[p] for p in parts)


def _byte_letters() -> list[str]:
    """The printable character that stands for each byte in GPT-2's vocabulary: itself, or one from U+0100 on."""
    plain = {*range(33, 127), *range(161, 173), *range(174, 256)}
    others = iter(range(256, 512))
    return [chr(b) if b in plain else chr(next(others)) for b in range(256)]


LETTERS = _byte_letters()
BYTES = {letter: byte for byte, letter in enumerate(LETTERS)}


def _plain(text: str) -> str:
    """A text of the same length in ASCII, with a letter for a letter, a digit for a digit, a mark for a mark."""
    return text if text.isascii() else NOT_ASCII.sub(_class_mark, text)


def _class_mark(match: re.Match[str]) -> str:
    category = unicodedata.category(match[0])[0]
    return "a" if category == "L" else "0" if category == "N" else "\t" if match[0].isspace() else "."
