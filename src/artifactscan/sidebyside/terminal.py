"""A text and its copy in two columns; what changed stands in brackets, and below with its kind.  Without colour nothing is lost."""
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest

from artifactscan.model import Change, Comparison, Document, Row, Span
from artifactscan.painting import Line, counted, painted, printable
from artifactscan.sidebyside import NOTE

COLOURS = {"synonym": "bold red", "residue": "bold yellow", "reordered": "bold cyan", "cut": "bold magenta", "added": "bold green"}
MARGIN = 11  # columns for the kind of a row
BETWEEN = " | "


def render(comparison: Comparison, *, width: int = 80, colour: bool = False, **_: object) -> str:
    """The comparison in at most `width` columns (paths are not cut)."""
    lines: list[Line] = [[(" " * MARGIN + f"{printable(comparison.original.path)}{BETWEEN}{printable(comparison.copy.path)}", "bold")], []]
    lines += [line for row in comparison.rows for line in _row(comparison, row, width)]
    lines += _summary(comparison, width)
    return painted(lines, colour)


def _row(comparison: Comparison, row: Row, width: int) -> Iterator[Line]:
    column = (width - MARGIN - len(BETWEEN)) // 2
    left = _column(comparison.original, row.original, [(c.kind, c.original) for c in row.changes], column)
    right = _column(comparison.copy, row.copy, [(c.kind, c.copy) for c in row.changes], column)
    head = f"{row.kind:<{MARGIN}}"
    empty: Line = []
    for one, other in zip_longest(left, right, fillvalue=empty):
        pad = column - sum(len(text) for text, _ in one)
        yield [(head, COLOURS.get(row.kind, "dim")), *one, (" " * pad + BETWEEN, "dim"), *other]
        head = " " * MARGIN
    for c in row.changes:
        yield from _change(comparison, c, width)
    yield []


def _change(comparison: Comparison, change: Change, width: int) -> Iterator[Line]:
    """Kind, words of the original, words of the copy."""
    old, new = (printable(" ".join(d.text[slice(*s)].split())) for d, s in ((comparison.original, change.original), (comparison.copy, change.copy)))
    text = f"{old} -> {new}" if old and new else old or new
    for n, (start, end) in enumerate(_wrapped(text, max(20, width - 2 * MARGIN))):
        yield [(" " * MARGIN, ""), (f"{change.kind if n == 0 else '':<{MARGIN}}", COLOURS[change.kind]), (text[start:end], "")]


def _column(document: Document, span: Span | None, marked: Sequence[tuple[str, Span]], width: int) -> list[Line]:
    """A side of a row in lines of at most the width, with brackets around what changed."""
    if span is None:
        return []
    pieces: Line = []
    at = span.start
    for kind, (start, end) in sorted(marked, key=lambda mark: mark[1]):
        if start < end:
            pieces += [(document.text[at:start], ""), (f"[{document.text[start:end]}]", COLOURS[kind])]
            at = end
    pieces.append((document.text[at : span.end], ""))
    text = printable(re.sub(r"\s", " ", "".join(piece for piece, _ in pieces)))
    styles = [style for piece, style in pieces for _ in piece]
    return [list(_styled(text[s:e], styles[s:e])) for s, e in _wrapped(text, width)]


def _styled(text: str, styles: Sequence[str]) -> Iterator[tuple[str, str]]:
    """A line in runs of one style; `styles` has one for each code point."""
    for style, run in groupby(zip(text, styles, strict=True), lambda pair: pair[1]):
        yield "".join(c for c, _ in run), style


def _wrapped(text: str, width: int) -> Iterator[tuple[int, int]]:
    """The places of lines of at most the width, broken at spaces; a longer word is cut."""
    start = end = -1
    for word in re.finditer(rf"\S{{1,{width}}}", text):
        if start >= 0 and word.end() - start > width:
            yield start, end
            start = -1
        if start < 0:
            start = word.start()
        end = word.end()
    if start >= 0:
        yield start, end


def _summary(comparison: Comparison, width: int) -> Iterator[Line]:
    sentences, reused = comparison.sentences, comparison.reused
    share = f" ({100 * reused / sentences:.0f}%)" if sentences else ""
    copy, original = printable(comparison.copy.path), printable(comparison.original.path)
    yield [(f"{reused:,} of {counted(sentences, 'sentence')}{share} of {copy} reused from {original}", "bold")]
    counts = ", ".join(f"{n:,} {kind}" for kind, n in comparison.changes.most_common())
    yield [(f"changes: {counts or 'none'}", "")]
    yield from ([(NOTE[start:end], "dim")] for start, end in _wrapped(NOTE, max(width, 40)))
