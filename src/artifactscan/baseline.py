"""A baseline: findings that are known and do not fail, until somebody mends them.

A text file of lines, one for each finding, sorted, so that a diff of it reads well: path, rule, words and fingerprint,
parted by tabs.  Paths are relative to the file's folder; in them a backslash, what might end a line or field, and bytes
that are not UTF-8 are written as Python escapes them.  A fingerprint knows nothing of lines, so that a finding
stays known when text is edited elsewhere.  A baseline is a multiset: a line covers one finding, two equal findings
need two.  Pure: the command line reads and writes the file.
"""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

from artifactscan.model import ArtifactscanError, Finding

TITLE = "# artifactscan baseline 1"
HEADING = f"{TITLE}: known findings (path, rule, words, fingerprint); `artifactscan baseline --help` says how to change it\n"
ESCAPED = re.compile("[\\\\\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def line_of(path: str, finding: Finding) -> str:
    """A finding as a baseline remembers it; `path` as the baseline names its document."""
    name = ESCAPED.sub(lambda m: m[0].encode("unicode_escape").decode(), path)
    return "\t".join((name, finding.rule, " ".join(finding.excerpt.lower().split()), finding.fingerprint))


def path_of(line: str) -> str:
    """The path from which `line_of` made a line."""
    return line.split("\t")[0].encode("latin-1", "backslashreplace").decode("unicode_escape", "replace")


def parse(content: str, name: str) -> Counter[str]:
    """The lines of a baseline file.  Raises ArtifactscanError, with the line, for any other file."""
    lines = content.splitlines()
    if not lines or not lines[0].startswith(TITLE):
        raise ArtifactscanError(f"{name}:1: this is no baseline; make one with `artifactscan baseline write`")
    for number, line in enumerate(lines[1:], 2):
        if line.count("\t") != 3:
            raise ArtifactscanError(f"{name}:{number}: not path, rule, words and fingerprint, parted by tabs; mend the line or write the baseline anew")
    return Counter(lines[1:])


def dump(known: Counter[str]) -> str:
    """The content of a baseline file."""
    return HEADING + "".join(f"{line}\n" for line in sorted(known.elements()))


def take(known: Counter[str], line: str) -> bool:
    """Whether a finding's line is known; takes it out, since it covers one finding."""
    known[line] -= 1
    return known[line] >= 0


def updated(known: Counter[str], found: Counter[str]) -> Counter[str]:
    """The baseline with what was found and is not in it."""
    return known | found


def pruned(known: Counter[str], found: Counter[str], checked: Collection[str]) -> Counter[str]:
    """The baseline without what is no longer found in the documents that were checked."""
    return Counter({line: min(n, found[line]) if path_of(line) in checked else n for line, n in known.items()})
