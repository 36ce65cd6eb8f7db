"""SARIF 2.1.0, for code scanning and editors.

Columns are counted in code points.  Fingerprints survive edits elsewhere in the file; primaryLocationLineHash is the
name under which GitHub looks for them.  A document is an artifact, with its verdict among the properties; what could
not be read is a notification.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from artifactscan.model import DocumentReport, Finding, Report, Skipped
from artifactscan.reporters.shared import CAVEAT, as_json, message, region, uri

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"high": "error", "medium": "warning", "low": "note"}

Rules = Mapping[str, tuple[str, str, str]]  # name -> what it finds, an example, its original


def render(report: Report, *, rules: Rules | None = None, **_: object) -> str:
    """The report as one run.  `rules` describes every rule that was applied; without it rules have names only."""
    known = {**(rules or {})}
    for name in sorted({f.rule for d in report.documents for f in d.findings}):
        known.setdefault(name, ("", "", ""))
    rule_at = {name: at for at, name in enumerate(known)}
    document_at = {id(d): at for at, d in enumerate(report.documents)}
    run = {
        "tool": {"driver": {"name": "artifactscan", "version": report.version, "rules": [_rule(name, *about) for name, about in known.items()]}},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not report.skipped, "toolExecutionNotifications": [_notification(s) for s in report.skipped]}],
        "artifacts": [_artifact(d) for d in report.documents],
        "results": [_result(d, f, document_at[id(d)], rule_at[f.rule]) for _, d, f in report.ranked()],
        "properties": {"lexicon": report.lexicon},
    }
    return as_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1)


def _rule(name: str, finds: str, example: str, original: str) -> dict[str, Any]:
    if not finds:
        return {"id": name}
    text = f"Finds {finds}.\nFound: {example}\nProbably: {original}\n{CAVEAT}"
    markdown = f"Finds {finds}.\n\n| found | probably |\n| --- | --- |\n| {_cell(example)} | {_cell(original)} |\n\n{CAVEAT}"
    return {"id": name, "shortDescription": {"text": finds[0].upper() + finds[1:]}, "help": {"text": text, "markdown": markdown}}


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _artifact(document: DocumentReport) -> dict[str, Any]:
    verdict = {"words": document.words, "verdict": document.verdict, "probability": document.probability}
    return {"location": {"uri": uri(document.path)}, "properties": verdict}


def _result(document: DocumentReport, finding: Finding, artifact: int, rule: int) -> dict[str, Any]:
    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": {"uri": uri(document.path), "index": artifact}}}
    if at := region(finding):
        location["physicalLocation"]["region"] = {
            "startLine": at.line, "startColumn": at.column, "endLine": at.end_line, "endColumn": at.end_column, "snippet": {"text": finding.excerpt},
        }  # fmt: skip
    if finding.place:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.place}]
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule,
        "level": LEVELS[finding.severity],
        "rank": finding.score,
        "message": {"text": message(finding)},
        "locations": [location],
        "partialFingerprints": {"artifactscan/v1": finding.fingerprint, "primaryLocationLineHash": f"{finding.fingerprint}:1"},
        "properties": {
            "originals": list(finding.originals),
            "evidence": [{"name": e.name, "nats": e.nats, "note": e.note} for e in finding.evidence],
        },
    }


def _notification(skipped: Skipped) -> dict[str, Any]:
    location = {"physicalLocation": {"artifactLocation": {"uri": uri(skipped.path)}}}
    return {"level": "error", "message": {"text": f"not read: {skipped.reason}"}, "locations": [location]}
