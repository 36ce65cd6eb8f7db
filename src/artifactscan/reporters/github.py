"""Workflow commands: GitHub shows them as annotations beside the lines of a pull request.

Best findings first, since GitHub shows only the first ten of a kind.  A command is one line; everything in it that could
end it or begin another is escaped.
"""
from __future__ import annotations

from collections.abc import Iterator

from artifactscan.model import Finding, Report
from artifactscan.reporters.shared import CAVEAT, MEANING, chance, clean, message, posix, region

LEVELS = {"high": "error", "medium": "warning", "low": "notice"}


def render(report: Report, **_: object) -> str:
    """A line for each finding, each document with a verdict against it, and each input that was not read."""
    return "".join(_commands(report))


def _commands(report: Report) -> Iterator[str]:
    for _, d, f in report.ranked():
        yield _command(LEVELS[f.severity], message(f), file=posix(d.path), **_position(f), title=f"artifactscan: {f.rule}")
    for d in report.documents:
        if d.verdict in ("spun", "suspect"):
            yield _command("notice", f"{MEANING[d.verdict]} {CAVEAT}", file=posix(d.path), title=f"artifactscan: {d.verdict} ({chance(d)})")
    for s in report.skipped:
        yield _command("error", s.reason, file=posix(s.path), title="artifactscan: not read")


def _position(finding: Finding) -> dict[str, object]:
    """GitHub takes columns only where a finding ends on the line that it begins on."""
    at = region(finding)
    if at is None:
        return {}
    if at.line != at.end_line:
        return {"line": at.line, "endLine": at.end_line}
    return {"line": at.line, "endLine": at.line, "col": at.column, "endColumn": at.end_column}


def _command(level: str, text: str, **properties: object) -> str:
    given = ",".join(f"{name}={_escaped(str(value)).replace(':', '%3A').replace(',', '%2C')}" for name, value in properties.items())
    return f"::{level} {given}::{_escaped(text)}\n"


def _escaped(text: str) -> str:
    return clean(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
