"""How good the scanner is on labelled texts: the figures of `artifactscan bench`.

A labelled text is one line of a JSONL file:

    {"id": "d001", "domain": "law", "kind": "spun" or "clean", "text": "...",
     "artifacts": [{"start", "end", "spun", "originals": [...], "type": "lexical" or "residue"}]}

with offsets in code points.  A finding is right when it overlaps an artifact and has at most EXTRA_WORDS words more
than it; an artifact is found when a right finding overlaps it.  Everything else is counting: start reading at `figures`.
"""
from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from artifactscan.model import ArtifactscanError, Document, DocumentReport

EXTRA_WORDS = 4  # a finding may be so much longer than the artifact
BINS = 10  # of the calibration table
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
ARTICLE = re.compile(r"^(?:a|an|the) ")
FIELDS: dict[str, type] = {"id": str, "domain": str, "kind": str, "text": str}
ARTIFACT_FIELDS: dict[str, type] = {"start": int, "end": int, "spun": str, "originals": list, "type": str}
KINDS = {str: "a string", int: "a whole number", list: "a list"}


class Artifact(NamedTuple):
    """A stretch of a text that somebody has labelled as a spinner's work."""

    document: str
    number: int  # of it in its document, from 0
    start: int
    end: int
    spun: str
    originals: tuple[str, ...]
    type: str  # lexical or residue


class Labelled(NamedTuple):
    """A text with its labels."""

    id: str
    domain: str
    kind: str  # spun or clean
    text: str
    artifacts: tuple[Artifact, ...]


class Judged(NamedTuple):
    """A finding with the artifacts that it hit; none: a false alarm."""

    document: Labelled
    rule: str
    score: float
    excerpt: str
    originals: tuple[str, ...]
    hits: tuple[Artifact, ...]

    @property
    def rank(self) -> int | None:
        """Place, from 0, of the first of its originals that agrees with one of the artifacts'; None if none does."""
        wanted = {_plain(o) for a in self.hits for o in a.originals}
        return next((n for n, o in enumerate(map(_plain, self.originals)) if any(_agree(o, w) for w in wanted)), None)


class Measured(NamedTuple):
    """Labelled texts, what the scanner said of them, and the findings by score."""

    documents: Sequence[Labelled]
    probability: dict[str, float]  # of each document, that it is spun
    findings: Sequence[Judged]  # best score first


def read_labelled(path: Path) -> list[Labelled]:
    """The texts of a JSONL file.  Raises ArtifactscanError naming the line that is not as it should be."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")  # no other sign ends a line of JSON
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ArtifactscanError(f"{path}: cannot be read ({reason}); name a JSONL file of labelled texts, as samples/benchmark.jsonl") from error
    found: dict[str, Labelled] = {}
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                document = _labelled(json.loads(line))
            except ValueError as error:
                raise ArtifactscanError(f"{path}:{number}: no labelled text ({error}); see samples/benchmark.jsonl for the form") from error
            if document.id in found:
                raise ArtifactscanError(f"{path}:{number}: id {document.id!r} stands already further up; give every text its own")
            found[document.id] = document
    return list(found.values())


def _labelled(row: Any) -> Labelled:
    """A line of the file as a text.  Raises ValueError."""
    _check(row, "the line", FIELDS)
    if row["kind"] not in ("spun", "clean"):
        raise ValueError(f"kind is {row['kind']!r}, neither spun nor clean")
    if not isinstance(row.get("artifacts", []), list):
        raise ValueError("artifacts of the line is not a list")
    artifacts = []
    for number, a in enumerate(row.get("artifacts", [])):
        _check(a, "an artifact", ARTIFACT_FIELDS)
        if not all(isinstance(original, str) for original in a["originals"]):
            raise ValueError("originals of an artifact is not a list of strings")
        artifacts.append(Artifact(row["id"], number, a["start"], a["end"], a["spun"], tuple(a["originals"]), a["type"]))
    return Labelled(row["id"], row["domain"], row["kind"], row["text"], tuple(artifacts))


def _check(row: Any, what: str, fields: dict[str, type]) -> None:
    """Raises ValueError unless it is an object with these fields."""
    if not isinstance(row, dict):
        raise ValueError(f"{what} is not an object")
    for field, kind in fields.items():
        if field not in row:
            raise ValueError(f"{what} has no {field}")
        if not isinstance(row[field], kind):
            raise ValueError(f"{field} of {what} is not {KINDS[kind]}")


def measured(documents: Iterable[Labelled], scan: Callable[[Document], DocumentReport]) -> Measured:
    """Scan every text and judge every finding.  The texts come in the order of the names their files would have."""
    ordered = sorted(documents, key=lambda d: f"{d.id}.txt")
    probability: dict[str, float] = {}
    findings: list[Judged] = []
    for d in ordered:
        report = scan(Document(d.id, d.text))
        probability[d.id] = report.probability
        for f in report.findings:
            found = d.text[f.start : f.end]
            hits = tuple(a for a in d.artifacts if f.start < a.end and a.start < f.end and _words(found) <= _words(a.spun) + EXTRA_WORDS)
            findings.append(Judged(d, f.rule, f.score, found, f.originals, hits))
    findings.sort(key=lambda j: -j.score)
    return Measured(ordered, probability, findings)


def by_domain(all_: Measured) -> Iterator[tuple[str, Measured]]:
    """The texts of each domain by themselves, in the order of the alphabet."""
    for domain in sorted({d.domain for d in all_.documents}):
        documents = [d for d in all_.documents if d.domain == domain]
        yield domain, Measured(documents, all_.probability, [f for f in all_.findings if f.document.domain == domain])


def figures(all_: Measured, threshold: float) -> dict[str, float | int | None]:
    """Precision, recall and the like, over the findings of `threshold` or more and over the whole ranking."""
    artifacts = [a for d in all_.documents for a in d.artifacts]
    top = [f for f in all_.findings if f.score >= threshold]
    right = [f for f in top if f.hits]
    found = {a for f in right for a in f.hits}
    precision = len(right) / len(top) if top else None
    recall = len(found) / max(1, len(artifacts))
    lexical = [f.rank for f in right if f.hits[0].type == "lexical"]
    clean_words = sum(_words(d.text) for d in all_.documents if d.kind == "clean")
    spun, clean = ([all_.probability[d.id] for d in all_.documents if d.kind == kind] for kind in ("spun", "clean"))
    ranking = _ranking(all_.findings, len(artifacts))
    return {
        "documents": len(all_.documents),
        "artifacts": len(artifacts),
        "findings": len(top),
        "threshold": threshold,
        "precision": precision,
        "recall": recall,
        "F1": 2 * precision * recall / (precision + recall) if precision and recall else 0.0,
        "recall lexical": _recall(artifacts, found, "lexical"),
        "recall residue": _recall(artifacts, found, "residue"),
        **ranking,
        "original@1": sum(rank == 0 for rank in lexical) / len(lexical) if lexical else None,
        "original@3": sum(rank is not None and rank < 3 for rank in lexical) / len(lexical) if lexical else None,
        "clean/10k": sum(f.document.kind == "clean" for f in top) * 10_000 / clean_words if clean_words else None,
        "doc AUC": sum((s > c) + 0.5 * (s == c) for s in spun for c in clean) / (len(spun) * len(clean)) if spun and clean else None,
        "doc TPR@0FP": sum(s > max(clean) for s in spun) / len(spun) if spun and clean else None,
    }


def _ranking(findings: Iterable[Judged], artifacts: int) -> dict[str, float | int | None]:
    """Average precision over the ranking, and the best recall anywhere on it at a precision of 90 and 75 percent."""
    found: set[Artifact] = set()
    average = last = at90 = at75 = 0.0
    right = 0
    for n, f in enumerate(findings, 1):
        right += bool(f.hits)
        found.update(f.hits)
        recall, precision = len(found) / max(1, artifacts), right / n
        average += precision * (recall - last)
        last = recall
        at90 = max(at90, recall if precision >= 0.90 else 0.0)
        at75 = max(at75, recall if precision >= 0.75 else 0.0)
    return {"AP": average, "R@P90": at90, "R@P75": at75}


def _recall(artifacts: Iterable[Artifact], found: Collection[Artifact], kind: str) -> float | None:
    of_kind = {a for a in artifacts if a.type == kind}
    return len(of_kind.intersection(found)) / len(of_kind) if of_kind else None


def by_rule(all_: Measured, threshold: float) -> dict[str, dict[str, float | int]]:
    """For each rule: its findings of `threshold` or more, how many are right, and how many stand in clean texts.  Most first."""
    rows: dict[str, dict[str, float | int]] = {}
    for f in all_.findings:
        if f.score >= threshold:
            row = rows.setdefault(f.rule, {"findings": 0, "right": 0, "in clean": 0, "precision": 0.0})
            row["findings"] += 1
            row["right"] += bool(f.hits)
            row["in clean"] += f.document.kind == "clean"
            row["precision"] = row["right"] / row["findings"]
    return dict(sorted(rows.items(), key=lambda item: (-item[1]["findings"], item[0])))


def calibration(all_: Measured) -> tuple[list[dict[str, float | int]], float]:
    """(the bins of scores that hold findings, the expected calibration error).

    A bin says what its findings claim (mean score as a probability) and how many of them are right; the error is the
    difference, weighted by findings.
    """
    rows = []
    for n in range(BINS):
        inside = [f for f in all_.findings if min(int(f.score * BINS / 100), BINS - 1) == n]
        if inside:
            claimed = sum(f.score for f in inside) / len(inside) / 100
            right = sum(bool(f.hits) for f in inside) / len(inside)
            rows.append({"from": n * 100 // BINS, "to": (n + 1) * 100 // BINS, "findings": len(inside), "claimed": claimed, "right": right})
    error = sum(row["findings"] * abs(row["claimed"] - row["right"]) for row in rows) / max(1, len(all_.findings))
    return rows, error


def missed(all_: Measured, threshold: float) -> list[Artifact]:
    """The artifacts that no finding of `threshold` or more hits, in the order of the texts."""
    found = {a for f in all_.findings if f.score >= threshold for a in f.hits}
    return [a for d in all_.documents for a in d.artifacts if a not in found]


def _words(text: str) -> int:
    return len(WORD.findall(text))


def _plain(phrase: str) -> str:
    """A phrase as it is compared: lower case, one kind of apostrophe and space, no article in front."""
    return ARTICLE.sub("", " ".join(phrase.replace("’", "'").lower().split()).strip(" .,;:\"'“”"))


def _agree(given: str, wanted: str) -> bool:
    """Whether an original is the labelled one: the same, one of alternatives, or one within the other with hardly a word more."""
    if given == wanted or wanted in given.split(" / "):
        return True
    longer = _words(wanted) - _words(given)
    return (bool(given) and given in wanted and longer <= 1) or (bool(wanted) and wanted in given and longer >= -2)
