"""Readers: a path or bytes in, a Document out.  One explicit table: suffix -> reader."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from artifactscan.model import Document
from artifactscan.readers import plain

Reader = Callable[[bytes, str], Document]

# Suffixes with a reader of their own; every other file is plain text.
READERS: dict[str, Reader] = {}

# Walking a folder leaves these out: program code and data, in which there is no prose to judge.
NOT_PROSE = frozenset(
    ".bib .c .cc .cfg .conf .cpp .cs .css .csv .go .h .hpp .ini .ipynb .java .jl .js .json .jsonl .kt .lock .lua .map .mjs "
    ".php .pl .ps1 .py .pyi .r .rb .rs .scss .sh .sql .svg .swift .toml .ts .tsv .tsx .xml .yaml .yml".split()
)


def read(path: Path, name: str | None = None) -> Document:
    """The document in a file.  Raises Unreadable, whose message says why, for one that cannot be read."""
    return READERS.get(path.suffix.lower(), plain.read)(plain.content(path), name or str(path))


def read_bytes(content: bytes, name: str) -> Document:
    """The document in bytes that came from elsewhere (standard input)."""
    return plain.read(content, name)
