"""Clean documents from the data folder, one string each, for the tools that count in them or measure on them."""
from __future__ import annotations

import csv
import lzma
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path


def documents(data: Path) -> Iterator[str]:
    """Government prose, MASC, presidential speeches and arXiv abstracts, in this order."""
    yield from general(data)
    yield from abstracts(data)


def general(data: Path) -> Iterator[str]:
    """Those that are not science."""
    yield from government(data)
    yield from masc(data)
    yield from speeches(data)


def government(data: Path) -> Iterator[str]:
    """Pages of US government web sites."""
    with lzma.open(data / "gov_prose.txt.xz", "rt", encoding="utf-8") as f:
        yield from filter(None, f.read().split("\n\n"))


def masc(data: Path) -> Iterator[str]:
    """MASC's written texts, put together again from their tokens."""
    with zipfile.ZipFile(data / "masc_tagged.zip") as z:
        for name in sorted(z.namelist()):
            if "/written/" in name and name.endswith(".txt"):
                words = " ".join(token.rpartition("_")[0] for token in z.read(name).decode("utf-8", "replace").split())
                yield re.sub(r" ([,.;:!?%)]|'s|n't|'re|'ve|'ll|'d|'m)(?=\s|$)", r"\1", words)


def speeches(data: Path) -> Iterator[str]:
    """State of the Union and inaugural addresses."""
    for archive in ("state_union.zip", "inaugural.zip"):
        with zipfile.ZipFile(data / archive) as z:
            for name in sorted(z.namelist()):
                if name.endswith(".txt") and "README" not in name:
                    yield z.read(name).decode("utf-8", "replace")


def abstracts(data: Path) -> Iterator[str]:
    """arXiv records: title and abstract; a record listed under several categories comes once."""
    csv.field_size_limit(1 << 24)
    seen: set[str] = set()
    for path in sorted((data / "arxiv").glob("*.tsv.xz")):
        with lzma.open(path, "rt", encoding="utf-8", newline="") as f:
            for row in csv.DictReader(f, delimiter="\t"):
                if row["arxiv_id"] not in seen:
                    seen.add(row["arxiv_id"])
                    yield f"{row['title']}.\n{row['abstract']}"
