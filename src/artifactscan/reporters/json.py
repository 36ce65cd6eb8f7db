"""The JSON report, schema v1 (schema/report-v1.json): stable, for dashboards and programs."""
from __future__ import annotations

from artifactscan.model import Report
from artifactscan.reporters.shared import as_dict, as_json

SCHEMA = "artifactscan.report/1"


def render(report: Report, **_: object) -> str:
    """The report as JSON, two spaces deep, with a newline at the end."""
    return as_json(
        {
            "schema": SCHEMA,
            "version": report.version,
            "lexicon": report.lexicon,
            "documents": [
                {"path": d.path, "words": d.words, "verdict": d.verdict, "probability": d.probability, "findings": len(d.findings)} for d in report.documents
            ],
            "findings": [{"rank": rank, **as_dict(d, f)} for rank, d, f in report.ranked()],
            "skipped": [{"path": s.path, "reason": s.reason} for s in report.skipped],
            **({"notices": [n._asdict() for n in report.notices]} if report.notices else {}),
            **({"left_out": dict(report.left_out)} if report.left_out else {}),
        },
        indent=2,
    )
