"""Comments by which a text says that a finding is meant: `artifactscan: ignore[rule] reason until 2027-01-31`.

They are read from the lines of the file, in whatever its format calls a comment:

    <!-- artifactscan: ignore -->      Markdown, HTML
    % artifactscan: ignore             LaTeX
    .. artifactscan: ignore            reStructuredText
    # artifactscan: ignore             also // : to the end of the line
    [artifactscan: ignore]             plain text

`ignore` holds for its line or, alone on a line, for the next line with text; `ignore-start` holds to the
`ignore-end` that closes it, `ignore-file` for the file.  Rules, a reason and the last day are optional.  A comment
with a fault hides nothing.  Start reading at `read_comments`.
"""
from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from artifactscan.model import COMMENT_MARK, Finding

# Of one line.  Where the format does not make it a comment, it must begin with "ignore": "# artifactscan: a tool" is a heading.
# No part can be tried from many places, so that a hostile line takes no longer than another.
COMMENT = re.compile(
    r"<!--[ \t]{0,9}artifactscan:(?P<html>.{0,500}?)-->"
    r"|(?:(?<![\\%])%+|^[ \t]*\.\.)[ \t]*artifactscan:(?P<comment>.*)"
    r"|(?:(?<!\#)\#+|(?<!/)//+)[ \t]*artifactscan:(?P<rest>[ \t]*ignore.*)"
    r"|\[artifactscan:(?P<bracket>[ \t]*ignore[^\[\]]*(?:\[[^\[\]]*\])?[^\[\]]*)\]"
)
INSTRUCTION = re.compile(r"\s*([\w-]*)\s*(?:\[([^\]]*)\])?(.*)")
UNTIL = re.compile(r"\buntil\s+(\d[\w./-]*)")
DAY = re.compile(r"\d{4}-\d\d-\d\d")

TO_THE_END = 1 << 60  # the last line of `ignore-file`


class Comment(NamedTuple):
    """One comment, and the lines that it holds for."""

    line: int  # where it stands, from 1
    first: int
    last: int
    rules: frozenset[str] = frozenset()  # none: every rule
    reason: str = ""
    until: date | None = None  # the last day on which it holds
    fault: str = ""  # why it never holds, and what to do

    def covers(self, finding: Finding) -> bool:
        """Whether a finding of its rules stands on its lines; one without a line is covered by `ignore-file` alone."""
        if self.rules and finding.rule not in self.rules:
            return False
        return self.last == TO_THE_END or any(self.first <= line <= self.last for line in finding.lines)

    def problem(self, *, today: date, rules: Collection[str], require_reason: bool) -> tuple[str, str] | None:
        """Why it does not hold, as the kind and the message of a Notice; None if it holds.  `rules`: those that there are."""
        if self.fault:
            return "faulty", self.fault
        for rule in sorted(self.rules.difference(rules)):
            return "faulty", f"there is no rule {rule!r}; `artifactscan rules` lists them"
        if self.until is not None and self.until < today:
            return "expired", f"expired on {self.until}; mend the text or give a later day"
        if require_reason and not self.reason:
            return "no-reason", "has no reason; write one after the instruction"
        return None


def read_comments(source: str) -> list[Comment]:
    """The comments of a file's text, in order."""
    lines = source.split("\n")
    with_text = [number for number, line in enumerate(lines, 1) if _has_text(line)]
    found: list[Comment] = []
    blocks: list[int] = []  # places in `found` of those that wait for their ignore-end
    for number, line in enumerate(lines, 1):
        for match in COMMENT.finditer(line) if COMMENT_MARK in line else ():
            verb, rules, rest = _instruction(match)
            comment = _dated(Comment(number, number, number, rules), rest)
            if verb == "ignore":
                at = bisect_left(with_text, number)  # its own line, or the next one
                meant = with_text[at] if at < len(with_text) else number
                comment = comment._replace(first=meant, last=meant)
            elif verb == "ignore-file":
                comment = comment._replace(first=1, last=TO_THE_END)
            elif verb == "ignore-start":
                blocks.append(len(found))
            elif verb == "ignore-end" and blocks:
                start = blocks.pop()
                found[start] = found[start]._replace(last=number)
                continue
            elif verb == "ignore-end":
                comment = comment._replace(fault="closes nothing: no ignore-start is open here; take it out")
            else:
                comment = comment._replace(fault=f"{verb!r} is no instruction; write ignore, ignore-start, ignore-end or ignore-file")
            found.append(comment)
    for start in blocks:
        found[start] = found[start]._replace(fault="is closed by no ignore-end; add one after the last line that is meant")
    return found


def without_comments(text: str) -> str:
    """The text with spaces for its comments, of the same length.

    A comment alone on a line takes its line end with it, so that it does not part the paragraph in which it stands.
    """
    lines = text.split("\n")
    ends = ["\n"] * (len(lines) - 1) + [""]
    for i, line in enumerate(lines):
        if COMMENT_MARK in line:
            lines[i] = COMMENT.sub(lambda m: " " * len(m[0]), line)
            if ends[i] and not lines[i].strip():
                ends[i] = " "
    return "".join(part for pair in zip(lines, ends, strict=True) for part in pair)


def _has_text(line: str) -> bool:
    """Whether a line holds anything but comments and the marks of a block quotation."""
    return bool((COMMENT.sub("", line) if COMMENT_MARK in line else line).strip("> \t\r"))


def _instruction(match: re.Match[str]) -> tuple[str, frozenset[str], str]:
    """(verb, rules, what follows) of a comment."""
    parts = INSTRUCTION.match(next(group for group in match.groups() if group is not None).rstrip("\r"))
    assert parts is not None  # every part of it may be empty
    return parts[1], frozenset((parts[2] or "").replace(",", " ").split()), parts[3]


def _dated(comment: Comment, rest: str) -> Comment:
    """The comment with its reason and its last day."""
    until = UNTIL.search(rest)
    comment = comment._replace(reason=" ".join(UNTIL.sub("", rest).split()).strip(" -–—:;,.()"))
    if until is None:
        return comment
    day = until[1].rstrip(".")
    try:
        if not DAY.fullmatch(day):
            raise ValueError
        return comment._replace(until=date.fromisoformat(day))
    except ValueError:
        return comment._replace(fault=f"{day!r} is no day; write it as in: until 2027-01-31")
