"""The JSON report, schema v1 (schema/report-v1.json): stable, for dashboards and programs."""
from __future__ import annotations

import json
from typing import Any

from artifactscan.model import Report

SCHEMA = "artifactscan.report/1"


def render(report: Report, **_: object) -> str:
    """The report as JSON, two spaces deep, with a newline at the end."""
    return json.dumps(as_dict(report), ensure_ascii=False, indent=2).encode("utf-8", "replace").decode("utf-8") + "\n"


def as_dict(report: Report) -> dict[str, Any]:
    """The report as the plain object that the schema describes."""
    return {
        "schema": SCHEMA,
        "version": report.version,
        "lexicon": report.lexicon,
        "documents": [
            {"path": d.path, "words": d.words, "verdict": d.verdict, "probability": d.probability, "findings": len(d.findings)} for d in report.documents
        ],
        "findings": [
            {
                "rank": rank,
                "document": d.path,
                "rule": f.rule,
                "start": f.start,
                "end": f.end,
                "line": f.line,
                "column": f.column,
                "place": f.place,
                "excerpt": f.excerpt,
                "context": f.context,
                "originals": list(f.originals),
                "score": f.score,
                "severity": f.severity,
                "quoted": f.quoted,
                "fingerprint": f.fingerprint,
                "evidence": [{"name": e.name, "nats": e.nats, "note": e.note} for e in f.evidence],
            }
            for rank, d, f in report.ranked()
        ],
        "skipped": [{"path": s.path, "reason": s.reason} for s in report.skipped],
    }
