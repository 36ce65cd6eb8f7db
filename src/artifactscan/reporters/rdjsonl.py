"""Reviewdog's diagnostics as JSON lines.  Its columns count bytes of UTF-8, so this needs the documents' text."""
from __future__ import annotations

from typing import Any

from artifactscan.model import DocumentReport, Finding, Report
from artifactscan.reporters.shared import as_json, message, posix, region

SEVERITIES = {"high": "ERROR", "medium": "WARNING", "low": "INFO"}


def render(report: Report, **_: object) -> str:
    """A line for each finding, best first."""
    return "".join(
        as_json(
            {
                "message": message(f),
                "location": _location(d, f),
                "severity": SEVERITIES[f.severity],
                "source": {"name": "artifactscan"},
                "code": {"value": f.rule},
            }
        )
        for _, d, f in report.ranked()
    )


def _location(document: DocumentReport, finding: Finding) -> dict[str, Any]:
    at = region(finding)
    if at is None:
        return {"path": posix(document.path)}
    line_start = document.text.rfind("\n", 0, finding.start) + 1
    before = document.text[max(line_start, finding.start - at.column + 1) : finding.start]
    column = at.column + _extra(before)
    last = finding.excerpt.rpartition("\n")[2]
    end_column = at.end_column + _extra(last) + (_extra(before) if at.line == at.end_line else 0)
    return {
        "path": posix(document.path),
        "range": {"start": {"line": at.line, "column": column}, "end": {"line": at.end_line, "column": end_column}},
    }


def _extra(text: str) -> int:
    """How many bytes more than code points a text has."""
    return len(text.encode("utf-8", "surrogatepass")) - len(text)
