"""From the paths on the command line to the files to read."""
from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from artifactscan.model import Skipped
from artifactscan.readers import NOT_PROSE, READERS
from artifactscan.readers.plain import SNIFFED, looks_binary

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

JATS_ROOT = re.compile(rb"<(?:article|pmc-articleset)[\s>]")  # other XML in a folder is data


def walk(folder: Path, skipped: list[Skipped]) -> Iterator[Path]:
    """The text files and documents below a folder in stable order: hidden, binary, code and data files and what .gitignore names are left out.

    Links to folders are not followed.  Folders, links and .gitignore files that cannot be read go to `skipped`, with the reason.
    """
    real = Path(os.path.realpath(folder))
    yield from _walk(folder, real, _ignored_above(real, skipped), skipped)


def _walk(folder: Path, real: Path, ignored: list[tuple[Path, GitIgnoreSpec]], skipped: list[Skipped]) -> Iterator[Path]:
    """The files below a folder as it was named; `real` is where it stands.  A link is ignored by its own name, as by git, not by what it leads to."""
    if spec := _spec(folder / ".gitignore", skipped):
        ignored = [*ignored, (real, spec)]
    try:
        entries = sorted(os.scandir(folder), key=lambda e: e.name)
    except OSError as error:
        skipped.append(Skipped(str(folder), error.strerror or str(error)))
        return
    for entry in entries:
        is_folder = entry.is_dir(follow_symlinks=False)
        if entry.name.startswith(".") or _is_ignored(real / entry.name, is_folder, ignored):
            continue
        if is_folder:
            yield from _walk(folder / entry.name, real / entry.name, ignored, skipped)
        elif _is_file(entry, skipped) and _is_prose(Path(entry.path)):
            yield Path(entry.path)


def _is_file(entry: os.DirEntry[str], skipped: list[Skipped]) -> bool:
    """Whether it is a file or a link to one; a link that cannot be followed is skipped, one to nothing is nothing."""
    try:
        return entry.is_file()
    except OSError as error:
        skipped.append(Skipped(str(Path(entry.path)), error.strerror or str(error)))
        return False


def _spec(path: Path, skipped: list[Skipped]) -> GitIgnoreSpec | None:
    """What a .gitignore names; None where there is none, and for one that cannot be read."""
    if not os.path.isfile(path):
        return None
    from pathspec import GitIgnoreSpec  # here: few folders have a .gitignore

    try:
        return GitIgnoreSpec.from_lines(path.read_text(encoding="utf-8", errors="replace").splitlines())
    except OSError as error:
        skipped.append(Skipped(str(path), error.strerror or str(error)))
        return None


def _ignored_above(here: Path, skipped: list[Skipped]) -> list[tuple[Path, GitIgnoreSpec]]:
    """The .gitignore files between a folder and the root of its repository."""
    root = next((f for f in (here, *here.parents) if os.path.exists(f / ".git")), here)
    above = (f for f in reversed(here.parents) if f.is_relative_to(root))
    return [(f, spec) for f in above if (spec := _spec(f / ".gitignore", skipped))]


def _is_ignored(path: Path, is_folder: bool, ignored: list[tuple[Path, GitIgnoreSpec]]) -> bool:
    """Whether .gitignore files name the path; the deepest file that speaks of it decides."""
    for base, spec in reversed(ignored):
        relative = path.relative_to(base).as_posix() + ("/" if is_folder else "")
        include = spec.check_file(relative).include
        if include is not None:
            return bool(include)
    return False


def _is_prose(path: Path) -> bool:
    """Whether the file is of a kind that is read: text, or a document with a reader."""
    suffix = path.suffix.lower()
    if suffix == ".xml":
        return JATS_ROOT.search(_head(path)) is not None
    return suffix not in NOT_PROSE and (suffix in READERS or not looks_binary(_head(path)))


def _head(path: Path) -> bytes:
    try:
        with open(path, "rb") as f:
            return f.read(SNIFFED)
    except OSError:
        return b""  # reading it will say why it cannot be read
