"""The summary of a run and its review: figures, intervals, the page, judgements."""
from __future__ import annotations

import base64
import hashlib
import json
import math
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from artifactscan.commands.corpus import _line
from artifactscan.corpus import page
from artifactscan.corpus.review import add_judgement, latest, ranked, read_judgements
from artifactscan.corpus.run import run
from artifactscan.corpus.summary import byar, discoveries, fisher, rate, summarise, wilson
from artifactscan.model import ArtifactscanError
from artifactscan.reporters.shared import CAVEAT
from artifactscan.scan import scan_text

COMMAND = [sys.executable, "-m", "artifactscan", "corpus"]
SPUN = (Path(__file__).parents[1] / "samples" / "spun_article.txt").read_text(encoding="utf-8")
CLEAN = "The committee met on Tuesday and agreed on a plan for the bridge. " * 20


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """24 documents of three months from two sources; the article stands in every document of press in the last month."""
    here = tmp_path_factory.mktemp("corpus")
    rows = [{"id": f"d{i}", "text": SPUN if i >= 16 and i % 2 else CLEAN, "date": f"2024-0{1 + i // 8}-15", "source": ("<journal>", "press")[i % 2]} for i in range(24)]
    (here / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in [*rows, {"id": "none"}]), encoding="utf-8")
    run([str(here / "a.jsonl")], here / "out")
    return here / "out"


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (5, 10, 0.2366, 0.7634), (1, 100, 0.0018, 0.0545)],  # by the formula, worked by hand
)
def test_wilson(hits: int, of: int, low: float, high: float) -> None:
    assert wilson(hits, of) == pytest.approx((hits / of, low, high), abs=1e-4)


@pytest.mark.parametrize(("count", "low", "high"), [(0, 0.0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.39), (100, 81.36, 121.6)])
def test_byar_is_near_the_exact_poisson_interval(count: int, low: float, high: float) -> None:
    assert byar(count) == pytest.approx((low, high), rel=0.05, abs=0.03)


def test_a_rate_of_clusters_is_less_certain() -> None:
    spread, clustered = rate(100, 1e5, 100, 100, 1e5, 1e8), rate(100, 1e5, 100, 2500, 1e5, 1e8)  # one in each document; 25 in each of four
    assert spread.value == clustered.value == 10
    assert spread[1:] == pytest.approx([1e4 * v / 1e5 for v in byar(100)])
    assert clustered.low < spread.low < 10 < spread.high < clustered.high


def test_fisher_and_false_discoveries() -> None:
    assert fisher(0, 8, 8, 8) == pytest.approx(1 / math.comb(16, 8))
    assert fisher(4, 8, 4, 8) == pytest.approx(0.6904, abs=1e-4)
    assert discoveries([0.01, 0.04, 0.03, 0.5]) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])


def test_summary(folder: Path) -> None:
    s = summarise(folder)
    assert [(g.name, g.documents, g.spun, g.findings > 0) for g in s.groups] == [("<journal>", 12, 0, False), ("press", 12, 4, True)]
    assert (s.total.documents, s.skipped, s.reasons) == (24, 1, (("no text in 'text'", 1),))
    assert [(g.name, g.documents) for g in s.months] == [("2024-01", 8), ("2024-02", 8), ("2024-03", 8)]
    assert s.phrases[0].documents == 4 and ("frontrunners", "leaders", "known-phrase", 4, 8) in s.phrases
    assert sum(g.findings for g in s.groups) == s.total.findings == 4 * len(scan_text(SPUN).findings)
    assert {(r.before, r.after, round(r.p, 4)) for r in s.rising} == {(0, 4, 0.0385)}  # 70 of the 1,820 ways in which four of sixteen may fall
    assert [g.name for g in summarise(folder, "year").groups] == ["2024"]
    with pytest.raises(ArtifactscanError, match="group by source, month, year, verdict or one of date, source"):
        summarise(folder, "publisher")


def test_rising_phrases(tmp_path: Path) -> None:
    rows = [{"text": "It has n't rained. Rain was expected." if i >= 60 else "It rained.", "month": f"2024-0{1 + i // 50}"} for i in range(100)]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    run([str(tmp_path / "a.jsonl")], tmp_path / "out")
    (rise,) = summarise(tmp_path / "out").rising
    assert rise[:4] == ("has n't", "hasn't", 0, 40)
    assert rise.p == rise.q < 1e-10


def test_every_summary_says_what_every_report_says(folder: Path) -> None:
    s = summarise(folder)
    assert CAVEAT in page.html(s) and CAVEAT in page.text(s)
    assert page.text(s).startswith(f"{folder}: 24 documents, 1 skipped\n")


def test_the_page_is_self_contained(folder: Path) -> None:
    text = page.html(summarise(folder))
    tags: list[tuple[str, dict[str, str | None]]] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: tags.append((tag, dict(attrs)))  # type: ignore[method-assign]
    parser.feed(text)
    assert not {tag for tag, _ in tags} & {"script", "link", "img", "iframe"}
    assert not [name for _, attrs in tags for name in attrs if name in ("src", "href", "style") or name.startswith("on")]
    style = re.search("<style>(.*?)</style>", text, re.S)
    assert style and base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode() in text
    assert "&lt;journal&gt;" in text and "<journal>" not in text
    assert all(attrs.get("role") == "img" and "aria-labelledby" in attrs for tag, attrs in tags if tag == "svg")
    assert "prefers-color-scheme: dark" in text


def test_summary_command(folder: Path, tmp_path: Path) -> None:
    done = subprocess.run([*COMMAND, "summary", str(folder), "--by", "month", "--format", "json"], capture_output=True, text=True, check=True)
    summary = json.loads(done.stdout)
    assert [g["name"] for g in summary["groups"]] == ["2024-01", "2024-02", "2024-03"]
    assert summary["total"]["share"]["value"] == 4 / 24
    terminal = subprocess.run([*COMMAND, "summary", str(folder), "-o", "-"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert "press" in terminal and "Wilson" in terminal and not list(tmp_path.iterdir())
    wrong = subprocess.run([*COMMAND, "summary", str(tmp_path)], capture_output=True, text=True, check=False)
    assert (wrong.returncode, "not the output of" in wrong.stderr) == (2, True)


def test_the_review_marks_whole_words() -> None:
    finding = {"excerpt": "state", "context": "The estate of the state.", "score": 9.0, "originals": ["land"], "rule": "substitution"}
    assert "The estate of the [state]." in _line(finding)
    assert "totaling[$ 240]" in _line({**finding, "excerpt": "$ 240", "context": "It was totaling$ 240"})


def test_review(folder: Path) -> None:
    documents = list(ranked(folder))
    assert [d["path"] for d, _ in documents] == ["d17", "d19", "d21", "d23"]
    assert all(f["document"] == d["path"] for d, fs in documents for f in fs)
    scores = [f["score"] for f in documents[0][1]]
    assert scores == sorted(scores, reverse=True)

    def review(keys: str) -> str:
        return subprocess.run([*COMMAND, "review", str(folder)], input=keys, capture_output=True, text=True, check=True).stdout

    assert "3 judged" in review("cxfdsq")  # the first confirmed, a key that is none, two findings of the second, then away
    assert "2 judged" in review("sdq")  # the second, still open, and the third
    assert "d17" not in review("q")
    judgements = read_judgements(folder)
    assert [(j["document"], j["judgement"], j["finding"] is None) for j in judgements] == [
        ("d17", "confirm", True), ("d19", "dismiss", False), ("d19", "skip", False), ("d19", "skip", True), ("d21", "dismiss", True),
    ]  # fmt: skip
    assert latest(judgements)["press", "d21", None] == "dismiss"
    name = "a line\u2028and\x85its end"
    add_judgement(folder, {"document": name, "judgement": "skip"})
    assert read_judgements(folder)[-1]["document"] == name
    (folder / "judgements.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(ArtifactscanError, match=r"judgements.jsonl:1: not a judgement"):
        read_judgements(folder)
