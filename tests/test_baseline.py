"""Known findings: the file, the commands, and what they survive."""
from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from artifactscan.baseline import dump, line_of, parse, path_of, pruned, take, updated
from artifactscan.model import ArtifactscanError, Finding
from test_cli import run

FIRST, SECOND = "It has n't rained since May.", "A counterfeit consciousness came to the town."


def test_lines() -> None:
    finding = Finding("article", 0, 7, (), (), excerpt="A\n early", fingerprint="ab")
    assert line_of("b c.txt", finding) == "b c.txt\tarticle\ta early\tab"


@pytest.mark.parametrize("path", ["a  b.txt", "a\tb\n.txt", "a\u2028b\x85.txt", "caf\udce9.txt", "back\\slash\\n.txt", " é 文 \U0001f600.txt"])
def test_any_path_is_kept(path: str) -> None:
    line = line_of(path, Finding("article", 0, 7, (), (), excerpt="A early", fingerprint="ab"))
    assert parse(dump(Counter([line])).encode().decode(), "f") == Counter([line])
    assert path_of(line) == path


def test_a_file_is_sorted_and_read_back() -> None:
    known = Counter({"b\tr\tw\t1": 1, "a\tr\tw\t2": 2})
    assert dump(known).splitlines()[1:] == ["a\tr\tw\t2", "a\tr\tw\t2", "b\tr\tw\t1"]
    assert parse(dump(known), "f") == known
    assert parse(dump(Counter()), "f") == Counter()


@pytest.mark.parametrize(("content", "place"), [("", "f:1:"), ("any text\n", "f:1:"), (dump(Counter()) + "a\tb\n", "f:2:"), (dump(Counter()) + "\n", "f:2:")])
def test_another_file(content: str, place: str) -> None:
    with pytest.raises(ArtifactscanError, match=place):
        parse(content, "f")


def test_a_multiset() -> None:
    known = Counter({"a": 2})
    assert [take(known, "a"), take(known, "a"), take(known, "a"), take(known, "b")] == [True, True, False, False]
    assert updated(Counter(a=2, b=1), Counter(a=1, c=1)) == Counter(a=2, b=1, c=1)
    assert +pruned(Counter({"a\t1": 2, "b\t1": 1}), Counter({"a\t1": 1, "a\t2": 1}), {"a"}) == Counter({"a\t1": 1, "b\t1": 1})


class Project:
    """A folder with a text and a baseline."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, text: str, name: str = "a.txt") -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def run(self, *args: str) -> str:
        done = run("baseline", *args, cwd=self.folder)
        assert done.returncode == 0, done.stderr
        return done.stdout.decode().strip()

    def new(self, *paths: str) -> list[str]:
        done = run("check", "--format", "json", "--baseline", "artifactscan-baseline.tsv", *(paths or (".",)), cwd=self.folder)
        report = json.loads(done.stdout)
        assert done.returncode == bool(report["findings"])
        return sorted(f["excerpt"] for f in report["findings"])


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_known_findings_do_not_fail(project: Project) -> None:
    project.write(f"{FIRST}\n")
    assert project.run("write", ".") == "artifactscan-baseline.tsv: 1 known (1 added, 0 dropped)"
    assert project.new() == []
    project.write(f"A line.\n\n{SECOND}\n\n{FIRST}\n\nMore.\n")  # edits elsewhere
    assert project.new() == ["counterfeit consciousness"]
    project.write(f"A line.\n\nMore here, for a start. {FIRST} And more.\n\n{FIRST}\n")  # a second one
    assert project.new() == ["has n't"]
    shown = run("check", "--baseline", "artifactscan-baseline.tsv", ".", cwd=project.folder).stdout.decode()
    assert "left out: 1 known" in shown


def test_update_and_prune(project: Project) -> None:
    project.write(f"{FIRST}\n")
    project.write(f"{FIRST}\n", "b.txt")
    project.run("write", ".")
    project.write(f"{SECOND}\n")
    assert project.run("prune", "a.txt") == "artifactscan-baseline.tsv: 1 known (0 added, 1 dropped)"  # b.txt was not checked
    assert project.new() == ["counterfeit consciousness"]
    assert project.run("update", ".") == "artifactscan-baseline.tsv: 2 known (1 added, 0 dropped)"
    assert project.new() == []
    (project.folder / "b.txt").unlink()
    assert project.run("prune", ".") == "artifactscan-baseline.tsv: 1 known (0 added, 1 dropped)"


def test_files_of_any_name_stay_known(project: Project) -> None:
    project.write(FIRST, "plain.txt")
    for name in ("one  two.txt", "back\\slash.txt", os.fsdecode(b"caf\xe9.txt")):
        project.write(f"{FIRST}\n", name)
    assert project.run("write", ".") == "artifactscan-baseline.tsv: 4 known (4 added, 0 dropped)"
    assert project.new() == []
    assert project.run("prune", "plain.txt") == "artifactscan-baseline.tsv: 4 known (0 added, 0 dropped)"


def test_writing_anew_loses_nothing(project: Project) -> None:
    project.write(f"{FIRST}\n")
    project.run("write", ".")
    done = run("baseline", "write", "a.txt", "nope", cwd=project.folder)
    assert (done.returncode, b"not written, since 1 input could not be read" in done.stderr, done.stdout) == (3, True, b"")
    assert project.new() == []
    project.write(f"{SECOND} {SECOND}\n")
    assert project.run("write", ".") == "artifactscan-baseline.tsv: 2 known (2 added, 1 dropped)"
    project.write("<<<<<<< HEAD\n", "artifactscan-baseline.tsv")  # cannot be read, so it is written anew
    assert project.run("write", ".") == "artifactscan-baseline.tsv: 2 known (2 added, 0 dropped)"


def test_standard_input_is_not_gone(project: Project) -> None:
    assert run("baseline", "write", "-", stdin=FIRST.encode(), cwd=project.folder).returncode == 0
    project.write(f"{SECOND}\n")
    assert project.run("prune", ".") == "artifactscan-baseline.tsv: 1 known (0 added, 0 dropped)"
    assert run("check", "--baseline", "artifactscan-baseline.tsv", "-", stdin=FIRST.encode(), cwd=project.folder).returncode == 0


def test_from_another_folder_and_by_configuration(project: Project) -> None:
    project.write("baseline = 'known.txt'\n", "artifactscan.toml")
    project.write(f"{FIRST}\n")
    assert project.run("write", "a.txt").startswith("known.txt: 1 known")
    (project.folder / "below").mkdir()
    assert run("check", "../a.txt", cwd=project.folder / "below").returncode == 0
    assert run("check", ".", cwd=project.folder).returncode == 0  # the baseline is not checked itself
    assert run("check", "--no-config", "a.txt", cwd=project.folder).returncode == 1


def test_no_baseline_and_no_text(project: Project) -> None:
    project.write(FIRST)
    for command in (("check", "--baseline", "no.tsv"), ("baseline", "update", "--baseline", "no.tsv"), ("baseline", "prune", "--baseline", "no.tsv")):
        done = run(*command, ".", cwd=project.folder)
        assert (done.returncode, b"no.tsv: the baseline cannot be read" in done.stderr) == (2, True)
    nowhere = run("baseline", "write", "--baseline", "no/folder.tsv", ".", cwd=project.folder)
    assert (nowhere.returncode, b"no/folder.tsv: the baseline cannot be written there" in nowhere.stderr) == (2, True)
    assert run("baseline", "write", "missing.txt", cwd=project.folder).returncode == 3
