"""The report for people: ranked findings, each with its line, what probably stood there and why; then verdicts.

Without colour (pipes, NO_COLOR) nothing is lost: the phrase is marked by brackets.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from artifactscan.model import DocumentReport, Finding, Report
from artifactscan.painting import Line, counted, painted, printable
from artifactscan.reporters.shared import CAVEAT, chance, left_out, originals, phrase, reason, where

COLOURS = {"high": "bold red", "medium": "bold yellow", "low": "bold cyan"}
VERDICT_COLOURS = {"spun": "bold red", "suspect": "bold yellow", "clean": "green", "too-short": "dim"}
INDENT = 7
HANGING = 26
LISTED = 20  # documents without findings are counted, not listed, when there are more than this


def render(report: Report, *, width: int = 80, colour: bool = False, explain: bool = False, **_: object) -> str:
    """The report in at most `width` columns (paths are not cut); `explain` adds every evidence term."""
    lines = [line for rank, d, f in report.ranked() for line in _finding(rank, d, f, width, explain)]
    lines += _documents(report)
    lines += _summary(report, width)
    return painted(lines, colour)


def _finding(rank: int, document: DocumentReport, finding: Finding, width: int, explain: bool) -> Iterator[Line]:
    colour = COLOURS[finding.severity]
    place = printable(f"{document.path}:{where(finding)}")
    yield [(f"{rank:4}  ", ""), (f"{finding.score:5.1f}", colour), (f"  {place}  ", ""), (finding.rule, "dim"), (", quoted" if finding.quoted else "", "dim")]
    yield _marked(finding, width - INDENT, colour)
    likely = printable(originals(finding))
    first, *rest = _wrapped(f"probably {likely}; {reason(finding)}", width)
    head, found, tail = first.partition(likely)
    yield [(head, ""), (found, "bold green"), (tail, "")]
    yield from ([(line, "")] for line in rest)
    if explain:
        for e in finding.evidence:
            yield from ([(line, "dim")] for line in _wrapped(f"{e.nats:+6.2f} nats  {e.name:<12} {e.note}", width, HANGING))
        yield from ([(line, "dim")] for line in _wrapped(f"{finding.log_odds:+6.2f} nats  in all: score {finding.score:.1f}", width))
    yield []


def _marked(finding: Finding, width: int, colour: str) -> Line:
    """The finding in its line, the phrase in brackets, cut to the width."""
    found = printable(phrase(finding))
    context = printable(finding.context)
    before, after = context[: finding.context_start], context[finding.context_start + len(found) :]
    if len(found) > width - 12:
        found = found[: max(1, width - 13)] + "…"
    room = max(8, width - len(found) - 2)
    left = min(len(before), max(room // 2, room - len(after)))
    if left < len(before):
        before = "…" + before[len(before) - left + 1 :]
    right = room - len(before)
    if right < len(after):
        after = after[: max(0, right - 1)] + "…"
    return [(" " * INDENT + before, ""), (f"[{found}]", colour), (after, "")]


def _wrapped(text: str, width: int, hanging: int = INDENT) -> list[str]:
    """Indented lines of at most the width."""
    return _lines(printable(text), width, " " * INDENT, " " * hanging) or [""]


def _lines(text: str, width: int, first: str = "", hanging: str = "") -> list[str]:
    import textwrap  # here: where nothing is found there is nothing to wrap

    return textwrap.wrap(text, max(width, 40), initial_indent=first, subsequent_indent=hanging)


def _documents(report: Report) -> Iterator[Line]:
    """A line for each document (only those with findings or a verdict, if there are many) and for each that was not read."""
    quiet = sum(not d.findings and d.verdict in ("clean", "too-short") for d in report.documents)
    all_listed = len(report.documents) <= LISTED
    for d in report.documents:
        if all_listed or d.findings or d.verdict in ("spun", "suspect"):
            yield [(f"{printable(d.path)}: ", ""), (d.verdict, VERDICT_COLOURS[d.verdict]), (f" ({chance(d)}), {counted(len(d.findings), 'finding')} in {counted(d.words, 'word')}", "")]
    if not all_listed and quiet:
        yield [(f"{counted(quiet, 'more document')} without findings", "")]
    for s in report.skipped:
        yield [(f"{printable(s.path)}: ", ""), ("not read", "bold red"), (f" ({printable(s.reason)})", "")]
    yield []


def _summary(report: Report, width: int) -> Iterator[Line]:
    verdicts = Counter(d.verdict for d in report.documents)
    counts = ", ".join(f"{verdicts[v]} {v}" for v in VERDICT_COLOURS if verdicts[v]) or "none"
    findings = sum(len(d.findings) for d in report.documents)
    rest = f"; {left_out(report)}" if report.left_out else ""
    unread = f"; {len(report.skipped)} not read" if report.skipped else ""
    yield [(f"{counted(findings, 'finding')}; {counted(len(report.documents), 'document')}: {counts}{unread}{rest}", "")]
    if findings:
        yield from ([(line, "dim")] for line in _lines(CAVEAT, width))
