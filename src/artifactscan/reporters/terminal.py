"""The report for people: ranked findings, each with its line, what probably stood there and why; then verdicts.

Without colour (pipes, NO_COLOR) nothing is lost: the phrase is marked by brackets.  A line is a list of (text, style);
rich paints them, and is imported only for that.
"""
from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator

from artifactscan.model import DocumentReport, Finding, Report

Line = list[tuple[str, str]]

COLOURS = {"high": "bold red", "medium": "bold yellow", "low": "bold cyan"}
VERDICT_COLOURS = {"spun": "bold red", "suspect": "bold yellow", "clean": "green", "too-short": "dim"}
INDENT = 7
HANGING = 26
LISTED = 20  # documents without findings are counted, not listed, when there are more than this
CAVEAT = (
    "A finding says what was found and what probably stood there, not that anybody cheated: translation, an editing service and "
    "second-language writing can look alike. Measured false alarms: docs/accuracy.md."
)


def render(report: Report, *, width: int = 80, colour: bool = False, explain: bool = False, **_: object) -> str:
    """The report in at most `width` columns (paths are not cut); `explain` adds every evidence term."""
    lines = [line for rank, d, f in report.ranked() for line in _finding(rank, d, f, width, explain)]
    lines += _documents(report)
    lines += _summary(report, width)
    if colour:
        return _painted(lines)
    return "".join("".join(text for text, _ in line).rstrip() + "\n" for line in lines)


def _finding(rank: int, document: DocumentReport, finding: Finding, width: int, explain: bool) -> Iterator[Line]:
    colour = COLOURS[finding.severity]
    place = finding.place or f"{finding.line}:{finding.column}"
    yield [(f"{rank:4}  ", ""), (f"{finding.score:5.1f}", colour), (f"  {_printable(document.path)}:{place}  ", ""), (finding.rule, "dim"), (", quoted" if finding.quoted else "", "dim")]
    yield _marked(finding, width - INDENT, colour)
    strongest = max((e for e in finding.evidence if e.name != "document"), key=lambda e: e.nats)
    originals = _printable(" / ".join(finding.originals[:3]))
    first, *rest = _wrapped(f"probably {originals}; {strongest.note}", width)
    head, found, tail = first.partition(originals)
    yield [(head, ""), (found, "bold green"), (tail, "")]
    yield from ([(line, "")] for line in rest)
    if explain:
        for e in finding.evidence:
            yield from ([(line, "dim")] for line in _wrapped(f"{e.nats:+6.2f} nats  {e.name:<12} {e.note}", width, HANGING))
        yield from ([(line, "dim")] for line in _wrapped(f"{finding.log_odds:+6.2f} nats  in all: score {finding.score:.1f}", width))
    yield []


def _marked(finding: Finding, width: int, colour: str) -> Line:
    """The finding in its line, the phrase in brackets, cut to the width."""
    phrase = _printable(" ".join(finding.excerpt.split()))
    before, _, after = _printable(finding.context).partition(phrase)
    if len(phrase) > width - 12:
        phrase = phrase[: max(1, width - 13)] + "…"
    room = max(8, width - len(phrase) - 2)
    left = min(len(before), max(room // 2, room - len(after)))
    if left < len(before):
        before = "…" + before[len(before) - left + 1 :]
    right = room - len(before)
    if right < len(after):
        after = after[: max(0, right - 1)] + "…"
    return [(" " * INDENT + before, ""), (f"[{phrase}]", colour), (after, "")]


def _wrapped(text: str, width: int, hanging: int = INDENT) -> list[str]:
    """Indented lines of at most the width."""
    return textwrap.wrap(_printable(text), max(width, 40), initial_indent=" " * INDENT, subsequent_indent=" " * hanging) or [""]


def _documents(report: Report) -> Iterator[Line]:
    """A line for each document (only those with findings or a verdict, if there are many) and for each that was not read."""
    quiet = sum(not d.findings and d.verdict in ("clean", "too-short") for d in report.documents)
    all_listed = len(report.documents) <= LISTED
    for d in report.documents:
        if all_listed or d.findings or d.verdict in ("spun", "suspect"):
            chance = "under 60 words" if d.verdict == "too-short" else f"probability {d.probability:.2f}"
            yield [(f"{_printable(d.path)}: ", ""), (d.verdict, VERDICT_COLOURS[d.verdict]), (f" ({chance}), {_count(len(d.findings), 'finding')} in {d.words:,} words", "")]
    if not all_listed and quiet:
        yield [(f"{_count(quiet, 'more document')} without findings", "")]
    for s in report.skipped:
        yield [(f"{_printable(s.path)}: ", ""), ("not read", "bold red"), (f" ({_printable(s.reason)})", "")]
    yield []


def _summary(report: Report, width: int) -> Iterator[Line]:
    verdicts = Counter(d.verdict for d in report.documents)
    counts = ", ".join(f"{verdicts[v]} {v}" for v in VERDICT_COLOURS if verdicts[v]) or "none"
    findings = sum(len(d.findings) for d in report.documents)
    unread = f"; {len(report.skipped)} not read" if report.skipped else ""
    yield [(f"{_count(findings, 'finding')}; {_count(len(report.documents), 'document')}: {counts}{unread}", "")]
    if findings:
        yield from ([(line, "dim")] for line in textwrap.wrap(CAVEAT, max(width, 40)))


def _painted(lines: list[Line]) -> str:
    import io

    from rich.console import Console
    from rich.text import Text

    out = io.StringIO()
    console = Console(file=out, force_terminal=True, color_system="standard", highlight=False, markup=False, emoji=False)
    for line in lines:
        console.print(Text.assemble(*line), soft_wrap=True)
    return out.getvalue()


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _printable(text: str) -> str:
    """Text that cannot move the cursor or break the terminal."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)
