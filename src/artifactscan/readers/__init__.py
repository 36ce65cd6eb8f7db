"""Readers: a path or bytes in, a Document out.  One explicit table: suffix -> reader, imported when a file needs it."""
from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from artifactscan.model import Document
from artifactscan.readers import plain
from artifactscan.readers.plain import Unreadable


class Reader(NamedTuple):
    """A module of this package with `read(raw: bytes, name: str) -> Document`, and what it reads in words."""

    module: str
    kind: str


MARKDOWN, HTML, LATEX, JATS = Reader("markdown", "a Markdown"), Reader("html", "an HTML"), Reader("latex", "a LaTeX"), Reader("jats", "an XML")
SUBTITLES = Reader("subtitles", "a subtitle")

# Suffixes with a reader of their own; every other file is plain text.
READERS: dict[str, Reader] = {
    ".docx": Reader("docx", "a Word"),
    ".eml": Reader("email", "an e-mail"),
    ".epub": Reader("epub", "an EPUB"),
    ".htm": HTML,
    ".html": HTML,
    ".latex": LATEX,
    ".markdown": MARKDOWN,
    ".md": MARKDOWN,
    ".nxml": JATS,
    ".odt": Reader("odt", "an OpenDocument"),
    ".pdf": Reader("pdf", "a PDF"),
    ".rst": Reader("rst", "a reStructuredText"),
    ".srt": SUBTITLES,
    ".tex": LATEX,
    ".vtt": SUBTITLES,
    ".xhtml": HTML,
    ".xml": JATS,
}

# Walking a folder leaves these out: program code and data, in which there is no prose to judge.
NOT_PROSE = frozenset(
    ".bib .c .cc .cfg .conf .cpp .cs .css .csv .go .h .hpp .ini .ipynb .java .jl .js .json .jsonl .kt .lock .lua .map .mjs "
    ".php .pl .ps1 .py .pyi .r .rb .rs .scss .sh .sql .svg .swift .toml .ts .tsv .tsx .xml .yaml .yml".split()
)


def read(path: Path) -> Document:
    """The document in a file.  Raises Unreadable, whose message says why, for one that cannot be read."""
    return read_bytes(plain.content(path), str(path))


def read_bytes(raw: bytes, name: str, suffix: str | None = None) -> Document:
    """The document in bytes, of the kind that the suffix (by default its name's) says.  Whatever a parsing library raises over them is said in words: Unreadable."""
    reader = READERS.get(Path(name).suffix.lower() if suffix is None else suffix)
    if reader is None:
        return plain.read(raw, name)
    try:
        document: Document = import_module(f"artifactscan.readers.{reader.module}").read(raw, name)
    except Unreadable:
        raise
    except ModuleNotFoundError as error:
        raise Unreadable(f"reading {reader.kind} file needs {error.name}: pip install 'artifactscan[documents]'") from error
    except RecursionError as error:
        raise Unreadable(f"damaged or not {reader.kind} file: nested too deeply") from error
    except MemoryError as error:
        raise Unreadable(f"damaged or not {reader.kind} file: it needs more memory than there is") from error
    except Exception as error:
        raise Unreadable(f"damaged or not {reader.kind} file: {' '.join(str(error).split())[:160] or type(error).__name__}") from error
    return document
