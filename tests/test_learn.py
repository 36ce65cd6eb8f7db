"""What a text and its spun copy teach, and what becomes of it."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from artifactscan.alignment import align
from artifactscan.learning import entries, substitutions
from artifactscan.lexicon import read_entries
from artifactscan.model import Document
from artifactscan.proof import disproved
from helpers import scanner
from test_cli import ROOT, run

ORIGINAL = "The foreign ministers met early. Two leaders hope for artificial intelligence. The leaders sat at the table."
SPUN = "The strange ministers met early. Two frontrunners hope for counterfeit consciousness. The frontrunners sat at the desk."


def learned(original: str = ORIGINAL, spun: str = SPUN):
    vocabulary = scanner().vocabulary
    return substitutions(align(Document("a", original), Document("b", spun), vocabulary), vocabulary)


def test_substitutions_most_frequent_first() -> None:
    assert [(s.spun, s.original, len(s.examples)) for s in learned()] == [
        ("frontrunners", "leader", 2),
        ("desk", "table", 1),
        ("strange", "foreign", 1),
        ("counterfeit consciousness", "artificial intelligence", 1),
    ]


NOTHING = [
    ("He hasn't met two leaders there.", "He has n't met two leader there."),  # residue
    ("It stood on the old table.", "It stood by the old table."),  # words of grammar
    ("It cost 240 euros then.", "It cost 250 euros then."),  # figures
    ("A long and quiet day.", "A quiet and long day."),  # order
]


@pytest.mark.parametrize(("original", "spun"), NOTHING)
def test_nothing_to_learn(original: str, spun: str) -> None:
    assert learned(original, spun) == []


def test_entries_hold_up_to_their_sentences() -> None:
    """A word is taken with a neighbour that both texts share; without one it counts in company only."""
    found = list(entries(learned(), {"foreign-ministers-strange-ministers"}))
    assert [(e.id, e.spun[0], e.originals[0], e.reliability) for e in found] == [
        ("leaders-hope-frontrunners-hope", "frontrunners hope", "leaders hope", 0.7),
        ("leaders-sat-frontrunners-sat", "frontrunners sat", "leaders sat", 0.7),
        ("table-desk", "desk", "table", 0.4),
        ("foreign-ministers-strange-ministers-2", "strange ministers", "foreign ministers", 0.7),
        ("artificial-intelligence-counterfeit-consciousness", "counterfeit consciousness", "artificial intelligence", 0.9),
    ]
    assert list(disproved(found)) == []


@pytest.fixture
def texts(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "a.txt").write_text(ORIGINAL, encoding="utf-8")
    (tmp_path / "b.txt").write_text(SPUN, encoding="utf-8")
    return str(tmp_path / "a.txt"), str(tmp_path / "b.txt")


def test_nothing_is_added_unasked(texts: tuple[str, str], tmp_path: Path) -> None:
    listed = run("learn", *texts)
    assert (listed.returncode, listed.stdout.decode().splitlines()[-1]) == (0, "nothing added: answer at a terminal, or accept all with --yes")
    assert b"   2  frontrunners <- leader\n" in listed.stdout
    assert run("learn", "--dry-run", "--yes", *texts).returncode == 0
    assert not (tmp_path / "lexicons").exists()


def test_what_is_accepted_is_used_by_every_check(texts: tuple[str, str], tmp_path: Path) -> None:
    own = tmp_path / "lexicons"
    assert b"added 5 phrases" in run("learn", "--yes", *texts).stdout
    assert run("lexicon", "check", str(own / "learned.toml")).stdout.startswith(b"5 entries, 0 problems")
    report = json.loads(run("check", "--format", "json", texts[1]).stdout)
    assert {"strange ministers", "frontrunners hope"} <= {f["excerpt"] for f in report["findings"]}
    assert json.loads(run("check", "--format", "json", texts[0]).stdout)["findings"] == []
    before = (own / "learned.toml").read_bytes()
    assert b"added 0 phrases" in run("learn", "--yes", *texts).stdout
    assert (own / "learned.toml").read_bytes() == before
    assert os.listdir(own) == ["learned.toml"]


def test_a_phrase_that_the_original_has_too_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The old table and the old desk stood there.", encoding="utf-8")
    (tmp_path / "b.txt").write_text("The old desk and the old desk stood there.", encoding="utf-8")
    done = run("learn", "--yes", str(tmp_path / "a.txt"), str(tmp_path / "b.txt"))
    assert b"left out: entry 'old-table-old-desk' does not leave alone" in done.stderr
    assert not (tmp_path / "lexicons" / "learned.toml").exists()


def test_texts_that_have_nothing_in_common(texts: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "c.txt").write_text("Entirely different matters.", encoding="utf-8")
    done = run("learn", texts[0], str(tmp_path / "c.txt"))
    assert done.returncode == 2
    assert b"no sentence of it comes from" in done.stderr


def test_questions_at_a_terminal(texts: tuple[str, str], tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    os.write(ours, b"y\nn\nq\n")
    done = subprocess.run([sys.executable, "-m", "artifactscan", "learn", *texts], stdin=theirs, capture_output=True, cwd=ROOT, timeout=120)
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 0
    assert [e.spun for e in read_entries(tmp_path / "lexicons" / "learned.toml")[0]] == [("frontrunners hope",), ("frontrunners sat",)]
