"""Only lines that git says changed, in real repositories."""
from __future__ import annotations

import json
from pathlib import Path

import pytest

from artifactscan.changed import binary_of, lines_of
from helpers import git
from test_cli import run

SPUN = "It has n't rained since May.\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q")
    (folder / "a.txt").write_text(f"One.\n\n{SPUN}\nTwo.\n", encoding="utf-8")
    (folder / "old.txt").write_text(SPUN, encoding="utf-8")
    commit(folder)
    return folder


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "text")


def places(folder: Path, revision: str, *paths: str) -> list[str]:
    """file:line of what is reported."""
    done = run("check", "--format", "json", "--changed-since", revision, *(paths or (".",)), cwd=folder)
    assert done.returncode in (0, 1), done.stderr
    return sorted(f"{f['document']}:{f['line']}" for f in json.loads(done.stdout)["findings"])


@pytest.mark.parametrize(
    ("patch", "lines"),
    [
        (b"", {}),
        (b"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -2 +2 @@ text\n-one\n+two\n", {"x": [2]}),
        (b"--- a/x\n+++ b/x\n@@ -2,0 +3,2 @@\n+++ b/y\n+@@ -1 +1 @@\n@@ -9 +11,0 @@\n-gone\n", {"x": [3, 4]}),
        (b"--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-gone\n", {}),
        (b'--- /dev/null\n+++ "b/\\303\\244\\t\\".txt"\n@@ -0,0 +1 @@\n+new\n\\ No newline at end of file\n', {'ä\t".txt': [1]}),
        (b"--- a/a b\t\n+++ b/a b\t\n@@ -1 +1 @@\n-one\n\\ No newline at end of file\n+two\n--- a/y\n+++ b/y\n@@ -0,0 +1 @@\n+new\n", {"a b": [1], "y": [1]}),
    ],
)
def test_patches(patch: bytes, lines: dict[str, list[int]]) -> None:
    assert {name: [n for hunk in hunks for n in hunk] for name, hunks in lines_of(patch).items()} == lines


def test_binary_files() -> None:
    assert list(binary_of(b"1\t2\ta.txt\0-\t-\tb c.docx\x000\t0\tmode.txt\0")) == ["b c.docx"]


def test_nothing_has_changed(repository: Path) -> None:
    assert places(repository, "HEAD") == []
    git(repository, "mv", "a.txt", "b.txt")
    assert places(repository, "HEAD") == []


def test_changed_lines_alone(repository: Path) -> None:
    (repository / "a.txt").write_text(f"One.\n\n{SPUN}\nTwo.\n\n{SPUN}", encoding="utf-8")
    (repository / "ä b.txt").write_text(SPUN, encoding="utf-8")  # not followed yet
    assert places(repository, "HEAD") == ["a.txt:7", "ä b.txt:1"]
    git(repository, "add", "-A")
    assert places(repository, "HEAD") == ["a.txt:7", "ä b.txt:1"]
    commit(repository)
    assert places(repository, "HEAD") == []
    assert places(repository, "HEAD~1") == ["a.txt:7", "ä b.txt:1"]
    assert places(repository, "HEAD~1", "old.txt") == []
    shown = run("check", "--changed-since", "HEAD~1", ".", cwd=repository).stdout.decode()
    assert "left out: 1 unchanged" in shown


@pytest.mark.parametrize("name", ["wrapped.md", "wrapped.txt"])
def test_a_phrase_is_new_where_only_its_second_line_has_changed(repository: Path, name: str) -> None:
    wrapped = repository / name
    wrapped.write_text("She wrote about counterfeit\nmoney in her thesis.\n", encoding="utf-8")
    commit(repository)
    wrapped.write_text("She wrote about counterfeit\nconsciousness in her thesis.\n", encoding="utf-8")
    assert places(repository, "HEAD") == [f"{name}:1"]


def test_against_the_common_ancestor_and_from_below(repository: Path) -> None:
    git(repository, "switch", "-q", "-c", "branch")
    (repository / "below").mkdir()
    (repository / "below" / "c.txt").write_text(SPUN, encoding="utf-8")
    commit(repository)
    git(repository, "switch", "-q", "main")
    (repository / "old.txt").write_text("All is well.\n", encoding="utf-8")
    commit(repository)
    git(repository, "switch", "-q", "branch")
    assert places(repository / "below", "main", "..") == ["../below/c.txt:1"]


def test_whatever_git_is_told_about_diffs(repository: Path) -> None:
    (repository / "ä b.txt").write_text(f"One.\n{SPUN}\nTwo.\n\nThree.\n", encoding="utf-8")
    commit(repository)
    (repository / "ä b.txt").write_text(f"One!\n{SPUN}\nTwo!\n\n{SPUN}", encoding="utf-8")
    for setting in ("diff.noprefix=true", "diff.mnemonicPrefix=true", "color.ui=always", "core.quotePath=false", "diff.interHunkContext=9", "diff.relative=true", "diff.external=false"):
        git(repository, "config", *setting.split("="))
    assert places(repository, "HEAD") == ["ä b.txt:6"]


def test_a_text_that_is_binary_for_git(repository: Path) -> None:
    (repository / "wide.txt").write_text("One.\n", encoding="utf-16")
    commit(repository)
    (repository / "wide.txt").write_text(SPUN, encoding="utf-16")
    assert places(repository, "HEAD") == ["wide.txt:1"]


def test_what_git_does_not_follow(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text(SPUN, encoding="utf-8")
    (repository / ".gitignore").write_text("ignored.txt\n", encoding="utf-8")
    (repository / "ignored.txt").write_text(SPUN, encoding="utf-8")
    assert places(repository, "HEAD", "../outside.txt", "ignored.txt") == ["../outside.txt:1", "ignored.txt:1"]


@pytest.mark.parametrize(
    ("revision", "message"),
    [("no-such", "git knows no revision 'no-such'"), ("--all", "git knows no revision '--all'"), ("apart", "have no common ancestor here")],
)
def test_bad_revisions(repository: Path, revision: str, message: str) -> None:
    git(repository, "branch", "apart", git(repository, "commit-tree", "-m", "apart", "HEAD^{tree}").strip())
    done = run("check", "--changed-since", revision, ".", cwd=repository)
    assert (done.returncode, done.stdout) == (2, b"")
    assert message in done.stderr.decode()


def test_outside_of_a_repository(tmp_path: Path) -> None:
    done = run("check", "--changed-since", "HEAD", ".", cwd=tmp_path, GIT_CEILING_DIRECTORIES=str(tmp_path.parent))
    assert done.returncode == 2
    assert "in no git repository" in done.stderr.decode()


def test_without_git(repository: Path) -> None:
    done = run("check", "--changed-since", "HEAD", ".", cwd=repository, PATH="")
    assert done.returncode == 2
    assert "git is not installed" in done.stderr.decode()
