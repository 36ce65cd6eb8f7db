"""Deep mode in the scanner: with a model that says what a test wants, with a tiny real one, and with the real one where it is installed."""
from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

import tiny_model
from artifactscan import deep
from artifactscan.commands import check
from artifactscan.deep import deep_mode, weights
from artifactscan.deep.questions import Answer, Judge, Odds, Question
from artifactscan.deep.rescoring import Likeness, Rescorer, Surprisal
from artifactscan.detectors.substitutions import Decoder
from artifactscan.model import ArtifactscanError, Document, DocumentReport, Span
from artifactscan.scan import Scanner
from test_cli import run
from test_schema import SCHEMA

SAMPLES = Path(__file__).parents[1] / "samples"
TEXT = (SAMPLES / "spun_article.txt").read_text(encoding="utf-8")[:1500]


class Says:
    """A language model's judge that answers by a function of what stands there and of a replacement."""

    name = "says"

    def __init__(self, odds: Callable[[str, str], float], surprisal: float = 9.0, expects: Sequence[str] = ()) -> None:
        self.odds, self.nats, self.expects, self.asked = odds, surprisal, list(expects), 0

    def surprisal(self, text: str, seconds: float | None = None) -> list[tuple[Span, float]]:
        return [(Span(i, i + 1), self.nats / 5) for i in range(len(text))]

    def likely(self, text: str, spans: Sequence[Span], likeness: Callable[[str, str], float]) -> list[list[str]]:
        return [self.expects for _ in spans]

    def answers(self, text: str, questions: Sequence[Question], seconds: float | None = None) -> Iterator[tuple[int, Answer]]:
        for i, q in enumerate(questions):
            if seconds is not None and i >= seconds:  # a place a second
                return
            self.asked += 1
            yield i, Answer(tuple(Odds(self.odds(text[slice(*q.span)], r), 0.0) for r in q.replacements), self.nats)


def scanned(says: Any, text: str = TEXT, min_score: float = 0, **options: Any) -> DocumentReport:
    return scanner(says, min_score, **options).scan(Document("-", text))


def scanner(says: Any, min_score: float = 0, **options: Any) -> Scanner:
    return Scanner(min_score=min_score, deep=lambda decoder, weights: Rescorer(decoder, says, weights, **options))


def score_of(report: DocumentReport, words: str) -> float:
    return max((f.score for f in report.findings if f.rule == "substitution" and f.excerpt == words), default=-1.0)


def test_what_the_model_would_keep_is_no_finding() -> None:
    kept = scanned(Says(lambda spun, other: -6.0, surprisal=2.0), min_score=50)
    assert [f for f in kept.findings if f.rule == "substitution"] == []


def test_the_model_raises_and_lowers_scores() -> None:
    for_it, against = scanned(Says(lambda spun, other: 8.0)), scanned(Says(lambda spun, other: -4.0))
    words = {f.excerpt for f in for_it.findings if f.rule == "substitution"}
    assert len(words) > 20
    assert all(score_of(for_it, w) >= score_of(against, w) for w in words)
    assert for_it.probability >= against.probability


def test_words_that_only_the_model_knows() -> None:
    report = scanned(Says(lambda spun, other: 10.0 if other.lower() == "parliament" else -3.0, expects=("parliament", "nosuchword")))
    found = [f for f in report.findings if f.originals[:1] == ("parliament",)]
    assert found
    assert not any("nosuchword" in f.originals for f in report.findings)
    assert any(e.name == "own" for f in found for e in f.evidence)


def test_terms_sum_to_the_log_odds() -> None:
    for finding in scanned(Says(lambda spun, other: len(other) - len(spun) + 0.5)).findings:
        assert finding.log_odds == pytest.approx(math.fsum(e.nats for e in finding.evidence))
        if finding.rule == "substitution":
            assert {e.name for e in finding.evidence} >= {"model", "surprise", "document"}
            assert all(e.note for e in finding.evidence)


def test_a_capital_is_carried_over() -> None:
    seen: list[tuple[str, str]] = []

    def odds(spun: str, other: str) -> float:
        seen.append((spun, other))
        return 0.0

    scanned(Says(odds))
    assert all(spun[0].isupper() == other[0].isupper() for spun, other in seen)


def test_what_is_not_asked_keeps_the_decoders_evidence() -> None:
    says = Says(lambda spun, other: 8.0)
    report = scanned(says, seconds=3)
    assert says.asked == 3
    assert report.unexamined > 20
    examined = [f for f in report.findings if any(e.name == "model" for e in f.evidence)]
    others = [f for f in report.findings if f.rule == "substitution" and f not in examined]
    assert 1 <= len(examined) <= 3
    assert others
    assert scanned(says).unexamined == 0


class Stopped(Says):
    """One that is interrupted after five answers."""

    def answers(self, text: str, questions: Sequence[Question], seconds: float | None = None) -> Iterator[tuple[int, Answer]]:
        yield from super().answers(text, questions, 5)
        raise KeyboardInterrupt


class StoppedAtOnce(Says):
    """One that is interrupted while it reads."""

    def surprisal(self, text: str, seconds: float | None = None) -> list[tuple[Span, float]]:
        raise KeyboardInterrupt


def test_interrupted() -> None:
    """What was answered until then counts; the rest is as the decoder has it."""
    for says, asked in ((Stopped(lambda spun, other: 8.0), 5), (StoppedAtOnce(lambda spun, other: 8.0), 0)):
        scan = scanner(says, partial=True)
        report = scan.scan(Document("-", TEXT))
        assert scan.rescorer is not None
        assert scan.rescorer.interrupted
        assert report.unexamined == scan.rescorer.places - asked > 0
        assert report.findings


@pytest.mark.parametrize("kind", [Stopped, StoppedAtOnce])
def test_where_no_part_is_wanted_an_interruption_ends_the_run(kind: type[Says]) -> None:
    """A baseline or a figure made of half a reading would be wrong."""
    with pytest.raises(KeyboardInterrupt):
        scanned(kind(lambda spun, other: 8.0))


def test_an_interrupted_run_reports_what_it_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    says = Stopped(lambda spun, other: 8.0)
    monkeypatch.setattr(check, "deep_of", lambda *_, partial: lambda decoder, weights: Rescorer(decoder, says, weights, partial=partial))  # type: ignore[arg-type]
    done = CliRunner().invoke(check.check, ["--deep", "--format", "json", *map(str, sorted(tmp_path.iterdir()))])
    report = json.loads(done.stdout)
    assert done.exit_code == 130
    assert [Path(d["path"]).name for d in report["documents"]] == ["a.txt"]
    assert [(Path(s["path"]).name, s["reason"]) for s in report["skipped"]] == [("b.txt", "interrupted before it was read")]
    assert [n["message"].rpartition("; ")[2] for n in report["notices"]] == ["it was interrupted"]
    assert report["findings"]


def test_surprisal_of_words() -> None:
    of = Surprisal([(Span(0, 3), 1.0), (Span(3, 6), 2.0), (Span(6, 9), 4.0)]).of
    assert [of(Span(*s)) for s in ((0, 3), (4, 6), (1, 9), (2, 4), (9, 12))] == [1.0, 2.0, 7.0, 3.0, math.inf]


def test_likeness() -> None:
    decoder = Scanner().decoder
    assert decoder is not None
    alike = Likeness(decoder)
    assert alike("leaders", "frontrunners") == pytest.approx(alike("frontrunners", "leaders"))
    assert alike("cats", "cat") == alike("cat", "the") == alike("cat", "xqzzw") == -math.inf


# With a tiny real model

@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model.write(tmp_path_factory.mktemp("model") / "tiny.gguf")


def test_the_same_text_gets_the_same_scores_and_the_second_time_no_model_is_loaded(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARTIFACTSCAN_CACHE", str(tmp_path))
    first = Scanner(min_score=0, deep=deep_mode(path)).scan(Document("-", TEXT))
    monkeypatch.setattr(Judge, "reader", None)
    again = Scanner(min_score=0, deep=deep_mode(path)).scan(Document("-", TEXT))
    assert [f._replace(details=None) for f in again.findings] == [f._replace(details=None) for f in first.findings]
    assert again.probability == first.probability
    monkeypatch.setattr(Decoder, "candidates", None)
    assert Scanner(min_score=0, deep=deep_mode(path)).scan(Document("-", TEXT)) == again, "nor does the decoder decode"
    monkeypatch.setattr(deep, "_code", lambda: "other code")
    with pytest.raises(TypeError, match="not callable"):
        Scanner(min_score=0, deep=deep_mode(path)).scan(Document("-", TEXT))


def test_the_command(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "article.txt"
    file.write_text(TEXT, encoding="utf-8")
    done = run("check", "--deep", "--model", str(path), "--format", "json", "--budget", "0.000001", str(file))
    report = json.loads(done.stdout)
    jsonschema.validate(report, SCHEMA)
    assert report["notices"][0]["kind"] == "unexamined"
    assert b"the language model was not asked about" in done.stderr
    assert report["lexicon"].endswith("+tiny")
    whole = run("check", "--deep", "--model", str(path), "--format", "json", "--min-score", "0", str(file))
    assert b"notices" not in whole.stdout
    assert any(e["name"] == "model" for f in json.loads(whole.stdout)["findings"] for e in f["evidence"])


@pytest.mark.parametrize("command", [("check",), ("bench",), ("baseline", "write"), ("explain",)])
def test_without_a_model(tmp_path: Path, command: tuple[str, ...]) -> None:
    place = {"bench": "samples/benchmark.jsonl", "explain": "samples/spun_article.txt:3"}.get(command[0], "samples/spun_article.txt")
    done = run(*command, "--deep", place, ARTIFACTSCAN_CACHE=str(tmp_path))
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
    assert b"artifactscan model install" in done.stderr


def test_a_damaged_model(path: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(path.read_bytes()[:-500])
    done = run("check", "--deep", "--model", str(broken), "samples/spun_article.txt")
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
    assert str(broken).encode() in done.stderr


# With the real model

@pytest.mark.skipif(not weights.installed().is_file(), reason="artifactscan model install")
def test_the_real_article() -> None:
    article = (SAMPLES / "spun_article.txt").read_text(encoding="utf-8")
    report = Scanner(min_score=0, deep=deep_mode()).scan(Document("-", article))
    assert report.verdict == "spun"
    first_two = {f.excerpt.lower(): f.originals[:2] for f in report.findings}
    assert {"anytime", "diplomatic"} <= {*first_two["whenever"], *first_two["political"]}
    assert all(f.score >= 50 for f in report.findings if f.excerpt == "whenever")
    with pytest.raises(ArtifactscanError):
        deep_mode(Path("no such file"))
