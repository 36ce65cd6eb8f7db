"""Documents in the order in which they are worth a look, and what people said of them.

Judgements are JSON lines in DIR/judgements.jsonl, the last one of each document or finding counts:

    {"document": id, "finding": fingerprint or null, "judgement": "confirm" | "dismiss" | "skip", "source": source, "probability": 0-1,
     "rule": rule, "excerpt": text, "originals": [best first], "score": 0-100 (all null for a document), "lexicon": fingerprint,
     "date": "2026-01-31T12:00:00+00:00"}
"""
from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from artifactscan.corpus.summary import connect
from artifactscan.model import ArtifactscanError

KINDS = ("confirm", "dismiss", "skip")
FILE = "judgements.jsonl"


def ranked(folder: Path, min_probability: float = 0.0) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """(document, its findings best first) of a run, most probable documents first; documents without findings are left out."""
    with connect(folder) as db:
        documents = db.execute(
            "SELECT input, row, path, source, words, verdict, probability FROM documents WHERE findings > 0 AND probability >= ? "
            "ORDER BY probability DESC, findings DESC, source, path, input, row",
            [min_probability],
        )
        names = [column[0] for column in documents.description]
        for row in documents.fetchall():
            found = db.execute("SELECT * FROM findings WHERE document = ? AND input IS NOT DISTINCT FROM ? AND row IS NOT DISTINCT FROM ? ORDER BY rank", [row[2], *row[:2]])
            columns = [column[0] for column in found.description]
            yield dict(zip(names, row, strict=True)), [dict(zip(columns, f, strict=True)) for f in found.fetchall()]


def read_judgements(path: Path) -> list[dict[str, Any]]:
    """The judgements in a file, or in the output folder of a run, in the order of writing.  Raises ArtifactscanError for a line that is none."""
    path = path / FILE if path.is_dir() else path
    judgements: list[dict[str, Any]] = []
    if not path.exists():
        return judgements
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            try:
                judgement = json.loads(line)
                if judgement["judgement"] not in KINDS or not isinstance(judgement["document"], str):
                    raise ValueError
            except (ValueError, KeyError, TypeError) as error:
                raise ArtifactscanError(f"{path}:{number}: not a judgement; mend or remove the line") from error
            judgements.append(judgement)
    return judgements


def latest(judgements: list[dict[str, Any]]) -> dict[tuple[str | None, str, str | None], str]:
    """(source, document, finding or None) -> the last judgement of it."""
    return {(j.get("source"), j["document"], j.get("finding")): j["judgement"] for j in judgements}


def add_judgement(folder: Path, judgement: dict[str, Any]) -> None:
    """Append one, dated now, to a run's file; it is on the disk when this returns."""
    line = json.dumps({**judgement, "date": datetime.now(timezone.utc).isoformat(timespec="seconds")}, ensure_ascii=False) + "\n"
    try:
        with open(folder / FILE, "a", encoding="utf-8", errors="replace") as f:
            f.write(line)
            f.flush()
            os.fsync(f.fileno())
    except OSError as error:
        raise ArtifactscanError(f"{folder / FILE}: cannot be written ({error.strerror}); the judgements before this one are kept") from error
