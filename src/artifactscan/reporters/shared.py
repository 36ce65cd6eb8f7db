"""What the reporters share and none of them owns: wording, positions, addresses, a finding as data.  Not a reporter.

Every word about a verdict stands here, so that all formats say the same.  Start reading at `message`.
"""
from __future__ import annotations

import json
import re
from pathlib import PurePath
from typing import Any, NamedTuple

from artifactscan.model import DocumentReport, Finding, Report

CAVEAT = (
    "A finding says what was found and what probably stood there, not that anybody cheated: translation, an editing service and "
    "second-language writing can look alike. Measured false alarms: docs/accuracy.md."
)
MEANING = {
    "spun": "What was found, taken together, is what a synonym spinner or crude paraphraser leaves behind. Read the passages before you conclude anything.",
    "suspect": "What was found is more likely a spinner's work than not, but too little to be sure of. Read the passages.",
    "clean": "Little or nothing was found that a spinner leaves behind. That does not prove that the words are the author's own.",
    "too-short": "Under 60 words there is too little text for a verdict. What was found is listed all the same.",
}
NOT_A_BYTE = r"[\ud800-\udc7f\udd00-\udfff]"  # surrogates that stand for no byte of a file's name
CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]"


class Region(NamedTuple):
    """Where a finding stands in its source: lines and columns from 1, columns in code points, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


def region(finding: Finding) -> Region | None:
    """The lines and columns of a finding; None where the source has no lines."""
    if not finding.line:
        return None
    return Region(finding.line, finding.column, finding.end_line, finding.end_column)


def where(finding: Finding) -> str:
    """The place of a finding in words: line:column, or the page or paragraph."""
    return finding.place or f"{finding.line}:{finding.column}"


def phrase(finding: Finding) -> str:
    """The text of a finding on one line."""
    return " ".join(finding.excerpt.split())


def originals(finding: Finding) -> str:
    """What probably stood there: the best three."""
    return " / ".join(finding.originals[:3])


def reason(finding: Finding) -> str:
    """The strongest evidence, in words.  What the rest of the document says is company, not a reason."""
    own = [e for e in finding.evidence if e.name != "document"]
    return max(own, key=lambda e: e.nats).note if own else "no evidence is recorded"


def message(finding: Finding) -> str:
    """One sentence: what was found, what probably stood there, and why."""
    quoted = ", in a quotation" if finding.quoted else ""
    place = f", {finding.place}" if finding.place else ""
    return f"“{phrase(finding)}”: probably “{originals(finding)}” stood here; {reason(finding)} (score {finding.score:.1f}{quoted}{place})"


def chance(document: DocumentReport) -> str:
    """How sure a verdict is, in words."""
    return "under 60 words" if document.verdict == "too-short" else f"probability {document.probability:.2f}"


def left_out(report: Report) -> str:
    """How many findings are not reported, and why; empty if none."""
    return "left out: " + ", ".join(f"{n:,} {why}" for why, n in report.left_out) if report.left_out else ""


def posix(path: str) -> str:
    """A path with slashes and without ./ in front, as the code hosts compare it."""
    return PurePath(path).as_posix()


def uri(path: str) -> str:
    """A path as a URI reference: relative as it is, absolute as file:."""
    from urllib.parse import quote  # here: few reports need addresses

    name = re.sub(NOT_A_BYTE, "\ufffd", posix(path)).encode("utf-8", "surrogateescape")
    return ("file://" if PurePath(path).is_absolute() else "") + quote(name)


def clean(text: str) -> str:
    """Text without control characters and lone surrogates, of the same length."""
    return text if text.isprintable() else re.sub(CONTROL, "\ufffd", text)


def as_json(value: object, indent: int | None = None) -> str:
    """JSON with a newline at the end; lone surrogates become question marks, so that it is UTF-8."""
    return json.dumps(value, ensure_ascii=False, indent=indent).encode("utf-8", "replace").decode("utf-8") + "\n"


def as_dict(document: DocumentReport, finding: Finding) -> dict[str, Any]:
    """A finding as the plain object that the schema describes, without its rank."""
    return {
        "document": document.path,
        "rule": finding.rule,
        "start": finding.start,
        "end": finding.end,
        "line": finding.line,
        "column": finding.column,
        "place": finding.place,
        "excerpt": finding.excerpt,
        "context": finding.context,
        "originals": list(finding.originals),
        "score": finding.score,
        "severity": finding.severity,
        "quoted": finding.quoted,
        "fingerprint": finding.fingerprint,
        "evidence": [{"name": e.name, "nats": e.nats, "note": e.note} for e in finding.evidence],
    }
