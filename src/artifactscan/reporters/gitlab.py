"""GitLab's Code Quality report: what a merge request shows as new and as mended."""
from __future__ import annotations

import hashlib

from artifactscan.model import Report
from artifactscan.reporters.shared import as_json, message, posix

SEVERITIES = {"high": "major", "medium": "minor", "low": "info"}


def render(report: Report, **_: object) -> str:
    """A JSON array of findings, best first.  Where a document has no lines, line 1 stands and the message names the place."""
    return as_json(
        [
            {
                "description": message(f),
                "check_name": f.rule,
                "fingerprint": _fingerprint(d.path, f.fingerprint),
                "severity": SEVERITIES[f.severity],
                "location": {"path": posix(d.path), "lines": {"begin": max(1, f.line)}},
            }
            for _, d, f in report.ranked()
        ],
        indent=2,
    )


def _fingerprint(path: str, fingerprint: str) -> str:
    """Unique over all documents: GitLab shows one finding for a fingerprint."""
    return hashlib.sha256(f"{posix(path)}\0{fingerprint}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
