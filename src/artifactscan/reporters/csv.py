"""A table for spreadsheets: a row for each finding, best first."""
from __future__ import annotations

import csv
import io

from artifactscan.model import Report
from artifactscan.reporters.shared import clean, originals, reason

COLUMNS = "rank document verdict probability line column place rule score severity excerpt originals reason context fingerprint".split()


def render(report: Report, **_: object) -> str:
    """A header and the rows; what begins like a formula is shown as text."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for rank, d, f in report.ranked():
        place = (f.line, f.column) if f.line else ("", "")
        numbers_and_names = (*place, _text(f.place or ""), f.rule, f.score, f.severity)
        texts = (f.excerpt, originals(f), reason(f), f.context, f.fingerprint)
        rows.writerow([rank, _text(d.path), d.verdict, d.probability, *numbers_and_names, *map(_text, texts)])
    return out.getvalue()


def _text(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: one that begins like it gets an apostrophe in front."""
    text = clean(text)
    return "'" + text if len(text) > 1 and text[0] in "=+-@\t\r" else text
