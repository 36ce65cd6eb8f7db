"""Which lines git says have changed since a revision, in the files as they are on disk.

The comparison is with the common ancestor of the revision and HEAD, as for a pull request.  A file that git does not
follow counts as changed wholly, and so does one that git takes for binary.  Start reading at `changed_since`.
"""
from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from typing import NamedTuple

from artifactscan.git import git, git_line, root
from artifactscan.model import Finding

HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


class Changes(NamedTuple):
    """What has changed below the root of a repository; names of files are relative to it."""

    root: str
    lines: dict[str, list[range]]  # of files whose changes have lines
    whole: frozenset[str]  # files that changed and have no lines for git
    followed: frozenset[str]  # every file that git follows

    def touches_file(self, path: str) -> bool:
        """Whether anything of a file has changed."""
        name = self._name(path)
        return name in self.lines or name in self.whole or name not in self.followed

    def touches(self, path: str, finding: Finding) -> bool:
        """Whether a finding stands on a changed line; in a document without lines, whether its file has changed."""
        name = self._name(path)
        if name in self.lines and finding.lines:
            return any(line in changed for line in finding.lines for changed in self.lines[name])
        return self.touches_file(path)

    def _name(self, path: str) -> str:
        return os.path.relpath(os.path.realpath(path), self.root).replace(os.sep, "/")


def changed_since(revision: str) -> Changes:
    """The changes since a revision in the repository of the working directory.

    Raises ArtifactscanError where there is no git, no repository, no such revision or no common ancestor.
    """
    top = root()
    commit = git_line(
        "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}",
        failure=f"git knows no revision {revision!r}; name a branch, a tag or a commit, and fetch it first if it is on a server",
    )  # fmt: skip
    base = git_line("merge-base", commit, "HEAD", failure=f"{revision} and HEAD have no common ancestor here; in CI, fetch the whole history (fetch-depth: 0)")
    diff = ("-C", top, "-c", "core.quotePath=true", "diff", "--no-ext-diff", "--no-textconv", "--no-color", "--no-relative", "--ignore-submodules")
    failure = f"git cannot compare the files with {revision}"
    patch = git(*diff, "--find-renames", "--unified=0", "--inter-hunk-context=0", "--src-prefix=a/", "--dst-prefix=b/", base, "--", failure=failure)
    numbers = git(*diff, "--no-renames", "--numstat", "-z", base, "--", failure=failure)
    followed = git("-C", top, "ls-files", "-z", failure=failure).split(b"\0")
    return Changes(top, lines_of(patch), frozenset(binary_of(numbers)), frozenset(map(os.fsdecode, followed)))


def lines_of(patch: bytes) -> dict[str, list[range]]:
    """The changed lines of each file of a patch without context lines."""
    lines: dict[str, list[range]] = {}
    hunks: list[range] = []
    skip = 0  # lines of a hunk that are still to come
    for line in patch.split(b"\n"):
        if skip:
            skip -= not line.startswith(b"\\")  # "\ No newline at end of file" is not counted
        elif line.startswith(b"+++ "):
            hunks = lines.setdefault(_unquoted(line[4:]), [])
        elif hunk := HUNK.match(line):
            old, start, new = (int(n) if n is not None else 1 for n in hunk.groups())
            hunks.append(range(start, start + new))
            skip = old + new
    lines.pop("", None)  # files that are gone
    return lines


def binary_of(numbers: bytes) -> Iterator[str]:
    """The files that have no lines for git, of the output of `git diff --numstat -z`."""
    for row in numbers.split(b"\0"):
        if row.startswith(b"-\t-\t"):
            yield os.fsdecode(row[4:])


def _unquoted(name: bytes) -> str:
    """A file's name as a patch has it, without its prefix b/; empty for a file that is gone."""
    name = name.rstrip(b"\t\r")
    if name.startswith(b'"'):
        name = ast.literal_eval("b" + name.decode("ascii"))
    return os.fsdecode(name[2:]) if name.startswith(b"b/") else ""
