"""The figures of `artifactscan bench`, against small cases computed by hand."""
from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from artifactscan.measure import by_domain, by_rule, calibration, figures, measured, missed, read_labelled
from artifactscan.model import ArtifactscanError, Document, DocumentReport, Evidence, Finding, logit
from test_cli import run

#       0         1         2         3         4
#       01234567890123456789012345678901234567890123456
SPUN = "The strange ministers has n't met one two three."
TEXTS = [
    {
        "id": "b", "domain": "law", "kind": "spun", "text": SPUN,
        "artifacts": [
            {"start": 4, "end": 11, "spun": "strange", "originals": ["foreign"], "type": "lexical"},
            {"start": 22, "end": 29, "spun": "has n't", "originals": ["have not", "haven't"], "type": "residue"},
        ],
    },
    {"id": "a", "domain": "art", "kind": "clean", "text": "Five words are in here.", "artifacts": []},
]  # fmt: skip


def finding(start: int, end: int, score: float, *originals: str, rule: str = "r") -> Finding:
    return Finding(rule, start, end, originals or ("x",), (Evidence("e", logit(score / 100), ""),))


def result(tmp_path: Path, found: dict[str, Iterable[Finding]], probability: dict[str, float]):
    path = tmp_path / "bench.jsonl"
    path.write_text("\n".join(map(json.dumps, TEXTS)), encoding="utf-8")

    def scan(document: Document) -> DocumentReport:
        return DocumentReport(document.path, 0, "", probability[document.path], tuple(found.get(document.path, ())))

    return measured(read_labelled(path), scan)


def test_nothing_found(tmp_path: Path) -> None:
    none = result(tmp_path, {}, {"a": 0.5, "b": 0.5})
    assert figures(none, 50.0) == {
        "documents": 2, "artifacts": 2, "findings": 0, "threshold": 50.0, "precision": None, "recall": 0.0, "F1": 0.0, "recall lexical": 0.0,
        "recall residue": 0.0, "AP": 0.0, "R@P90": 0.0, "R@P75": 0.0, "original@1": None, "original@3": None, "clean/10k": 0.0, "doc AUC": 0.5, "doc TPR@0FP": 0.0,
    }  # fmt: skip
    assert [a.spun for a in missed(none, 50.0)] == ["strange", "has n't"]
    assert calibration(none) == ([], 0)


def test_by_hand(tmp_path: Path) -> None:
    """Ranking: right, false (clean), right, false: AP = 1 * 1/2 + 2/3 * 1/2."""
    found = {
        "b": [finding(0, 21, 90, "a", "The foreign"), finding(22, 29, 60, "haven't", rule="s"), finding(34, 37, 20)],
        "a": [finding(0, 4, 80)],
    }
    all_ = result(tmp_path, found, {"a": 0.2, "b": 0.9})
    assert figures(all_, 50.0) == {
        "documents": 2, "artifacts": 2, "findings": 3, "threshold": 50.0, "precision": 2 / 3, "recall": 1.0, "F1": 0.8, "recall lexical": 1.0,
        "recall residue": 1.0, "AP": pytest.approx(5 / 6), "R@P90": 0.5, "R@P75": 0.5, "original@1": 0.0, "original@3": 1.0, "clean/10k": 2000.0,
        "doc AUC": 1.0, "doc TPR@0FP": 1.0,
    }  # fmt: skip
    assert figures(all_, 85.0)["recall residue"] == 0.0
    assert by_rule(all_, 50.0) == {"r": {"findings": 2, "right": 1, "in clean": 1, "precision": 0.5}, "s": {"findings": 1, "right": 1, "in clean": 0, "precision": 1.0}}
    assert [(domain, figures(part, 50.0)["precision"], figures(part, 50.0)["doc AUC"]) for domain, part in by_domain(all_)] == [("art", 0.0, None), ("law", 1.0, None)]
    bins, error = calibration(all_)
    assert [(b["from"], b["findings"], b["claimed"], b["right"]) for b in bins] == [(20, 1, 0.2, 0.0), (60, 1, 0.6, 1.0), (80, 1, 0.8, 0.0), (90, 1, 0.9, 1.0)]
    assert error == pytest.approx((0.2 + 0.4 + 0.8 + 0.1) / 4)


def test_a_finding_of_five_words_more_is_wrong(tmp_path: Path) -> None:
    for end, right in ((29, 4 / 5), (38, 0.0)):  # "The strange ministers has n't": five words, one labelled; then seven
        all_ = result(tmp_path, {"b": [finding(0, end, 90)]}, {"a": 0, "b": 0})
        hits = all_.findings[0].hits
        assert bool(hits) == bool(right)


AGREE = [
    (["foreign"], True), (["Foreign."], True), (["overseas / foreign"], True), (["foreign office"], True), (["the foreign and home office"], False), (["for"], True), (["home"], False),
]  # fmt: skip


@pytest.mark.parametrize(("originals", "right"), AGREE)
def test_originals_that_agree(tmp_path: Path, originals: list[str], right: bool) -> None:
    all_ = result(tmp_path, {"b": [finding(4, 11, 90, *originals)]}, {"a": 0, "b": 0})
    assert figures(all_, 50.0)["original@1"] == float(right)


WRONG = [
    ("{", "Expecting"),
    ('{"id": "a"}', "the line has no domain"),
    ('{"id": 1, "domain": "", "kind": "spun", "text": ""}', "id of the line is not a string"),
    ('{"id": "a", "domain": "", "kind": "odd", "text": ""}', "neither spun nor clean"),
    ('{"id": "a", "domain": "", "kind": "spun", "text": "", "artifacts": [{"start": "0"}]}', "start of an artifact is not a whole number"),
    ('{"id": "a", "domain": "", "kind": "spun", "text": "", "artifacts": [{"start": 0, "end": 1, "spun": "a", "originals": [1], "type": "lexical"}]}', "originals of an artifact is not a list of strings"),
    ('{"id": "a", "domain": "", "kind": "spun", "text": "", "artifacts": [3]}', "an artifact is not an object"),
    ('{"id": "a", "domain": "", "kind": "spun", "text": "", "artifacts": null}', "artifacts of the line is not a list"),
    ("[]", "the line is not an object"),
    ('{"id": "x", "domain": "", "kind": "spun", "text": ""}', "stands already further up"),
]


@pytest.mark.parametrize(("line", "message"), WRONG)
def test_files_that_are_wrong(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "wrong.jsonl"
    path.write_text('{"id": "x", "domain": "", "kind": "clean", "text": ""}\n' + line, encoding="utf-8")
    with pytest.raises(ArtifactscanError, match=message) as error:
        read_labelled(path)
    assert str(error.value).startswith(f"{path}:2: ")


def test_a_text_may_hold_any_line_separator(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text(json.dumps(TEXTS[1] | {"text": "one\u2028two\x85three"}, ensure_ascii=False), encoding="utf-8")
    assert read_labelled(path)[0].text == "one\u2028two\x85three"


def test_the_command(samples: Path, tmp_path: Path) -> None:
    few = tmp_path / "few.jsonl"
    few.write_text("".join((samples / "benchmark.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)[:6]), encoding="utf-8")
    report = json.loads(run("bench", "--format", "json", "--misses", "2", str(few)).stdout)
    assert report["figures"]["documents"] == 6
    assert report["figures"]["artifacts"] == sum(d["artifacts"] for d in report["domains"].values())
    assert report["figures"]["findings"] == sum(r["findings"] for r in report["rules"].values())
    assert 0 < report["figures"]["AP"] <= 1
    assert len(report["missed"]) == 2
    shown = run("bench", "--threshold", "0", str(few))
    assert shown.returncode == 0
    lines = shown.stdout.decode().splitlines()
    assert lines[0] == "documents        6"
    assert {"domain", "rule", "score"} <= {line.split()[0] for line in lines if line}
    missing = run("bench", str(tmp_path / "missing.jsonl"))
    assert (missing.returncode, b"Traceback" in missing.stderr) == (2, False)
