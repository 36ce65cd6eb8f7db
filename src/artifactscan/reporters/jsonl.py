"""JSON lines: one finding a line, document by document and in order of place; for programs that read as they go."""
from __future__ import annotations

from artifactscan.model import DocumentReport, Report
from artifactscan.reporters.shared import as_dict, as_json


def render(report: Report, **_: object) -> str:
    """A line for each finding: the JSON report's objects, with the verdict on their document in place of a rank."""
    return "".join(map(lines, report.documents))


def lines(document: DocumentReport) -> str:
    """The lines of one document, complete as soon as it has been scanned."""
    verdict = {"verdict": document.verdict, "probability": document.probability}
    return "".join(as_json({**as_dict(document, f), **verdict}) for f in document.findings)
