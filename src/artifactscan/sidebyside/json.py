"""The comparison as JSON (schema/compare-v1.json): stable, for programs."""
from __future__ import annotations

import json
from typing import Any

from artifactscan import __version__
from artifactscan.model import CHANGES, Comparison, Document, Span

SCHEMA = "artifactscan.compare/1"


def render(comparison: Comparison, **_: object) -> str:
    """The comparison as JSON, two spaces deep, with a newline at the end."""
    return json.dumps(as_dict(comparison), ensure_ascii=False, indent=2).encode("utf-8", "replace").decode("utf-8") + "\n"


def as_dict(comparison: Comparison) -> dict[str, Any]:
    """The comparison as the plain object that the schema describes."""
    original, copy = comparison.original, comparison.copy
    return {
        "schema": SCHEMA,
        "version": __version__,
        "original": {"path": original.path, "words": len(original.text.split())},
        "copy": {"path": copy.path, "words": len(copy.text.split()), "sentences": comparison.sentences, "reused": comparison.reused},
        "changes": {kind: comparison.changes[kind] for kind in CHANGES},
        "rows": [
            {
                "kind": row.kind,
                "similarity": row.similarity,
                "original": _side(original, row.original),
                "copy": _side(copy, row.copy),
                "changes": [{"kind": c.kind, "original": _side(original, c.original), "copy": _side(copy, c.copy)} for c in row.changes],
            }
            for row in comparison.rows
        ],
    }


def _side(document: Document, span: Span | None) -> dict[str, Any] | None:
    return None if span is None else {"start": span.start, "end": span.end, "text": document.text[slice(*span)]}
