"""Which files of a folder are read, and what happens where the system refuses."""
from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from artifactscan.commands.shared import scan
from artifactscan.model import Document, DocumentReport, Skipped
from artifactscan.readers.walk import walk


def write(folder: Path, *names: str, content: str = "Words.") -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")


def walked(folder: Path) -> tuple[list[str], list[tuple[str, str]]]:
    """(the files found, what was skipped and why), seen from the folder."""
    skipped: list[Skipped] = []
    files = [path.relative_to(folder).as_posix() for path in walk(folder, skipped)]
    return files, [(Path(s.path).relative_to(folder).as_posix(), s.reason) for s in skipped]


@pytest.fixture
def close(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[Path]]:
    """Folders and files that the system refuses to read; permissions themselves do not hold for everybody."""
    closed: set[Path] = set()
    scandir, read_text = os.scandir, Path.read_text

    def refuse(path: Any) -> None:
        if Path(path) in closed:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", lambda path: (refuse(path), scandir(path))[1])
    monkeypatch.setattr(Path, "read_text", lambda path, *a, **k: (refuse(path), read_text(path, *a, **k))[1])
    yield closed


def test_a_closed_folder_hides_nothing_else(tmp_path: Path, close: set[Path]) -> None:
    write(tmp_path, "ok/a.txt", "secret/s.txt", "z.txt")
    close.add(tmp_path / "secret")
    assert walked(tmp_path) == (["ok/a.txt", "z.txt"], [("secret", "Permission denied")])
    documents, skipped = scan(lambda d: DocumentReport(d.path, 1, 0, "clean", ()), [str(tmp_path)])
    assert ([Path(d.path).name for d in documents], len(skipped)) == (["a.txt", "z.txt"], 1)


def test_a_closed_folder_is_not_called_empty(tmp_path: Path, close: set[Path]) -> None:
    close.add(tmp_path)
    assert scan(_never, [str(tmp_path)]) == ([], [Skipped(str(tmp_path), "Permission denied")])


@pytest.mark.parametrize("below", ["", "deep"])
def test_a_closed_gitignore_is_reported_and_the_rest_read(tmp_path: Path, close: set[Path], below: str) -> None:
    write(tmp_path, ".git/HEAD", "deep/a.txt")
    write(tmp_path, ".gitignore", content="*.txt")
    assert walked(tmp_path) == ([], [])
    close.add(tmp_path / ".gitignore")
    skipped: list[Skipped] = []
    assert list(walk(tmp_path / below, skipped)) == [tmp_path / "deep/a.txt"]
    assert skipped == [Skipped(str(tmp_path / ".gitignore"), "Permission denied")]


def test_links_are_matched_by_their_own_names(tmp_path: Path) -> None:
    write(tmp_path, "outside.txt", "g/.git/HEAD", "g/a.txt", "g/sub/b.txt")
    write(tmp_path, "g/.gitignore", content="a.txt\n/ignored*\n")
    for name, target in (("out.txt", "../outside.txt"), ("ignored.txt", "../outside.txt"), ("to-ignored.txt", "a.txt"), ("broken.txt", "no.txt"), ("folder", "sub"), ("loop.txt", "loop.txt")):
        (tmp_path / "g" / name).symlink_to(target)
    assert walked(tmp_path / "g") == (["out.txt", "sub/b.txt", "to-ignored.txt"], [("loop.txt", os.strerror(errno.ELOOP))])


def test_a_folder_reached_through_a_link(tmp_path: Path) -> None:
    write(tmp_path, "g/.git/HEAD", "g/sub/b.txt", "g/sub/c.txt")
    write(tmp_path, "g/.gitignore", content="/sub/c.txt")
    (tmp_path / "link").symlink_to("g/sub")
    assert walked(tmp_path / "link") == (["b.txt"], [])


def _never(document: Document) -> DocumentReport:
    raise AssertionError(document.path)
