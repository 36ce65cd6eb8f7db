"""Reviewdog's diagnostics as JSON lines.  Its columns count bytes of UTF-8, so this needs the documents' source."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from artifactscan.model import Finding, Report
from artifactscan.reporters.shared import as_json, message, posix, region

SEVERITIES = {"high": "ERROR", "medium": "WARNING", "low": "INFO"}


def render(report: Report, **_: object) -> str:
    """A line for each finding, best first."""
    lines = {id(d): d.source.split("\n") if d.source else [] for d in report.documents}
    return "".join(
        as_json(
            {
                "message": message(f),
                "location": {"path": posix(d.path), **_range(lines[id(d)], f)},
                "severity": SEVERITIES[f.severity],
                "source": {"name": "artifactscan"},
                "code": {"value": f.rule},
            }
        )
        for _, d, f in report.ranked()
    )


def _range(lines: Sequence[str], finding: Finding) -> dict[str, Any]:
    at = region(finding)
    if at is None:
        return {}
    return {"range": {"start": _position(lines, at.line, at.column), "end": _position(lines, at.end_line, at.end_column)}}


def _position(lines: Sequence[str], line: int, column: int) -> dict[str, int]:
    """A place whose column counts bytes; without a column where the document's source was not kept."""
    if line > len(lines):
        return {"line": line}
    return {"line": line, "column": len(lines[line - 1][: column - 1].encode("utf-8", "surrogatepass")) + 1}
