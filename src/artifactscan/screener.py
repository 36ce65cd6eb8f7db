"""Reads the Problematic Paper Screener's list of tortured phrases into lexicon entries.

The list is the CSV export of its fingerprints: a query, the expected text, how many papers it retrieves.  A query is
a quoted phrase, possibly with "~N" (its words in any order with up to N others among them) and guards:

    "bosom" AND "breast"                  the document must also hold the second phrase
    "kind cancer" AND ("a" OR "b")        ... one of these
    "attractive stirrer" NOT "repulsive"  ... must not hold it
    "odd thing" NOT ("a" OR "b")          ... neither of these
    ("odd thing" OR "odd item")           each is a phrase of its own

Everything a guard says is about the whole document.
"""
from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from artifactscan.lexicon import Entry, Problem
from artifactscan.model import ArtifactscanError
from artifactscan.text import words_of

GUARDED, UNGUARDED, ONE_WORD = 0.97, 0.9, 0.6  # reliability: by the screener's own account a guarded phrase is near certain
TERM = re.compile(r'"(?P<phrase>[^"]+)"(?:~(?P<within>\d+))?|(?P<mark>[()])|(?P<word>(?:AND|OR|NOT)\b)|(?P<bare>[^\s()"]+)')


def read_export(path: Path) -> tuple[list[Entry], list[Problem]]:
    """The entries of an export, and the rows that cannot be used.  Raises ArtifactscanError if it is no such file."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as f:
            rows = list(csv.reader(f))
    except OSError as error:
        raise ArtifactscanError(f"{path}: the list cannot be read ({error.strerror}); name the CSV file that the screener exports") from error
    except (UnicodeDecodeError, csv.Error) as error:
        reason = f"not CSV: {error}" if isinstance(error, csv.Error) else "not UTF-8"
        raise ArtifactscanError(f"{path}: the list cannot be read ({reason}); export it from the screener as CSV, UTF-8") from error
    if not rows or len(rows[0]) < 2:
        raise ArtifactscanError(f"{path}: this is not the screener's export; expected a header and the columns query, expected text")
    entries: list[Entry] = []
    problems: list[Problem] = []
    ids: Counter[str] = Counter()
    for number, row in enumerate(rows[1:], 2):
        place = f"{path}:{number}"
        if len(row) < 2 or not row[0].strip():
            problems.append(Problem(place, "a row without a query and an expected text", "left out"))
            continue
        found = list(_entries(row[0], row[1], place))
        if not found:
            problems.append(Problem(place, "a query without a phrase to look for", "left out"))
        for entry in found:
            stem = "-".join(re.findall(r"[a-z0-9]+", " ".join(entry.spun).lower())) or "phrase"
            ids[stem] += 1
            entries.append(entry._replace(id=f"pps-{stem}" + (f"-{ids[stem]}" if ids[stem] > 1 else "")))
    return entries, problems


def _entries(query: str, expected: str, place: str) -> Iterator[Entry]:
    """The entries of one row: one, or several for alternatives at its head."""
    phrases: list[tuple[str, int | None]] = []
    required: list[list[str]] = []
    forbidden: list[str] = []
    operator, nested = "", False
    for term in TERM.finditer(query):
        if term["word"]:
            operator = operator if nested else term["word"]
        elif term["mark"]:
            nested = term["mark"] == "("
            if nested:
                operator = operator or ("AND" if phrases else "")
                required.append([])
        elif phrase := (term["phrase"] or term["bare"] or "").rstrip("*"):
            if not words_of(phrase):
                continue
            if operator == "NOT":
                forbidden.append(phrase)
            elif operator == "AND" and nested:
                required[-1].append(phrase)
            elif operator == "AND" or (operator == "" and phrases and not nested):
                required.append([phrase])
            else:
                phrases.append((phrase, int(term["within"]) if term["within"] else None))
    required = [group for group in required if group]
    original = re.sub(r"\s*\(.*?\)", "", expected).strip() or expected.strip()
    originals = (original,) if original.strip("?") else ("(not given)",)
    reliability = GUARDED if required else UNGUARDED if all(len(words_of(p)) > 1 for p, _ in phrases) else ONE_WORD
    for phrase, within in phrases:
        yield Entry(
            id="", spun=(_literal(phrase),), originals=originals, reliability=reliability, within=within,
            in_document=tuple(" | ".join(g) for g in required), not_in_document=tuple(forbidden), place=place,
        )  # fmt: skip


def _literal(phrase: str) -> str:
    """A phrase without what would be a gap or a number in a lexicon, in lower case since the list is not about names."""
    return " ".join(p for p in phrase.lower().split() if p not in ("*", "#"))
