"""The report for people: ranked findings, each with its line, what probably stood there and why; then verdicts.

Without colour (pipes, NO_COLOR) nothing is lost: the phrase is marked by brackets.
"""
from __future__ import annotations

import io
import os
from collections import Counter

from rich.console import Console
from rich.text import Text

from artifactscan.model import DocumentReport, Finding, Report

COLOURS = {"high": "bold red", "medium": "bold yellow", "low": "bold cyan"}
VERDICT_COLOURS = {"spun": "bold red", "suspect": "bold yellow", "clean": "green", "too-short": "dim"}
INDENT = 7
LISTED = 20  # documents without findings are counted, not listed, when there are more than this
CAVEAT = (
    "A finding says what was found and what probably stood there, not that anybody cheated: translation, an editing service and "
    "second-language writing can look alike. Measured false alarms: docs/accuracy.md."
)


def render(report: Report, *, width: int = 80, colour: bool = False, explain: bool = False, **_: object) -> str:
    """The report in at most `width` columns; `explain` adds every evidence term."""
    out = io.StringIO()
    environment = {} if not colour else dict(os.environ)
    console = Console(file=out, width=width, force_terminal=colour, no_color=not colour, color_system="standard" if colour else None,
                      highlight=False, markup=False, emoji=False, _environ=environment)  # fmt: skip
    for rank, document, finding in report.ranked():
        _finding(console, rank, document, finding, explain)
    _documents(console, report)
    return "".join(line.rstrip() + "\n" for line in out.getvalue().split("\n")[:-1])


def _finding(console: Console, rank: int, document: DocumentReport, finding: Finding, explain: bool) -> None:
    colour = COLOURS[finding.severity]
    place = finding.place or f"{finding.line}:{finding.column}"
    console.print(Text.assemble(f"{rank:4}  ", (f"{finding.score:5.1f}", colour), f"  {_printable(document.path)}:{place}  ", (finding.rule, "dim")),
                  overflow="fold", soft_wrap=True)  # fmt: skip
    console.print(_marked(finding, console.width - INDENT, colour))
    strongest = max((e for e in finding.evidence if e.name != "document"), key=lambda e: e.nats)
    _indented(console, Text.assemble("probably ", (_printable(" / ".join(finding.originals[:3])), "bold green"), f"; {_printable(strongest.note)}"))
    if explain:
        for e in finding.evidence:
            _indented(console, Text(f"{e.nats:+6.2f} nats  {e.name:<12} {_printable(e.note)}", "dim"), hanging=26)
        _indented(console, Text(f"{finding.log_odds:+6.2f} nats  in all: score {finding.score:.1f}", "dim"))
    console.print()


def _marked(finding: Finding, width: int, colour: str) -> Text:
    """The finding in its line, the phrase in brackets, cut to the width."""
    phrase = _printable(" ".join(finding.excerpt.split()))
    before, _, after = _printable(finding.context).partition(phrase)
    room = max(8, width - len(phrase) - 4)
    left = min(len(before), max(room // 2, room - len(after)))
    if left < len(before):
        before = "…" + before[len(before) - left + 1 :] if left else ""
    right = room - len(before)
    if right < len(after):
        after = after[: max(0, right - 1)] + "…"
    return Text.assemble(" " * INDENT, before, (f"[{phrase}]", colour), after, no_wrap=True, overflow="ellipsis")


def _indented(console: Console, text: Text, hanging: int = INDENT) -> None:
    for number, line in enumerate(text.wrap(console, console.width - max(INDENT, hanging))):
        console.print(Text(" " * (INDENT if number == 0 else hanging)) + line, no_wrap=True, overflow="ignore", crop=False)


def _documents(console: Console, report: Report) -> None:
    quiet = [d for d in report.documents if not d.findings and d.verdict in ("clean", "too-short")]
    listed = [d for d in report.documents if len(report.documents) <= LISTED or d not in quiet]
    for d in listed:
        count = f"{len(d.findings)} finding{'' if len(d.findings) == 1 else 's'} in {d.words:,} words"
        chance = "under 60 words" if d.verdict == "too-short" else f"probability {d.probability:.2f}"
        console.print(Text.assemble(f"{_printable(d.path)}: ", (d.verdict, VERDICT_COLOURS[d.verdict]), f" ({chance}), {count}"), soft_wrap=True)
    if len(listed) < len(report.documents):
        console.print(f"{len(report.documents) - len(listed)} more documents without findings")
    for s in report.skipped:
        console.print(Text.assemble(f"{_printable(s.path)}: ", ("not read", "bold red"), f" ({_printable(s.reason)})"), soft_wrap=True)
    verdicts = Counter(d.verdict for d in report.documents)
    counts = ", ".join(f"{verdicts[v]} {v}" for v in ("spun", "suspect", "clean", "too-short") if verdicts[v]) or "none"
    findings = sum(len(d.findings) for d in report.documents)
    if listed or report.skipped:
        console.print()
    documents = f"{len(report.documents)} document{'' if len(report.documents) == 1 else 's'}"
    console.print(f"{findings} finding{'' if findings == 1 else 's'}; {documents}: {counts}" + (f"; {len(report.skipped)} not read" if report.skipped else ""))
    if findings:
        console.print(Text(CAVEAT, "dim"))


def _printable(text: str) -> str:
    """Text that cannot move the cursor or break the terminal."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)
