"""A comment for a pull request: verdicts, the best findings, the caveat, and the evidence behind a fold.

What comes from documents stands in code spans, where it can neither be markup nor mention anybody.
"""
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from artifactscan.model import Report
from artifactscan.painting import counted
from artifactscan.reporters.shared import CAVEAT, MEANING, chance, clean, left_out, originals, phrase, where

BEST = 20  # findings shown: a comment has a length that GitHub allows
LISTED = 20  # documents shown
MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~&])")


def render(report: Report, **_: object) -> str:
    """The report as Markdown with tables, for GitHub and GitLab."""
    return "\n\n".join(_blocks(report)) + "\n"


def _blocks(report: Report) -> Iterator[str]:
    ranked = report.ranked()
    yield f"### artifactscan: {counted(len(ranked), 'finding')} in {counted(len(report.documents), 'document')}"
    if report.left_out:
        yield f"Findings {left_out(report)}"
    yield from _documents(report)
    if ranked:
        best = [(rank, f"{d.path}:{where(f)}", f) for rank, d, f in ranked[:BEST]]
        yield "#### What was found" + (f", the best {BEST} of {len(ranked):,}" if len(ranked) > BEST else "")
        rows = [(str(rank), f"{f.score:.1f}", _cell(place), _cell(phrase(f)), _cell(originals(f))) for rank, place, f in best]
        yield _table(("", "score", "place", "found", "probably stood there"), rows, numbers=2)
        yield f"_{CAVEAT}_"
        yield f"<details><summary>Evidence of {counted(len(best), 'finding')}</summary>"
        for rank, place, f in best:
            yield f"**{rank}.** {_code(place)} {_code(f.context)}"
            terms = [(f"{e.nats:+.2f}", _escaped(e.name), _escaped(e.note)) for e in f.evidence]
            yield _table(("nats", _escaped(f.rule), ""), [*terms, (f"**{f.log_odds:+.2f}**", "**in all**", f"score {f.score:.1f}")], numbers=1)
        yield "</details>"


def _documents(report: Report) -> Iterator[str]:
    """Each document with findings or a verdict against it, likeliest first; the rest counted; then what was not read."""
    told = sorted((d for d in report.documents if d.findings or d.verdict in ("spun", "suspect")), key=lambda d: -d.probability)
    shown = told[:LISTED]
    if shown:
        rows = [(f"{len(d.findings)}", f"{d.words:,}", f"**{d.verdict}** ({chance(d)})", _cell(d.path)) for d in shown]
        yield _table(("findings", "words", "verdict", "document"), rows, numbers=2)
    yield from (f"**{verdict}**: {MEANING[verdict]}" for verdict in dict.fromkeys(d.verdict for d in shown))
    if len(told) > LISTED:
        yield f"{counted(len(told) - LISTED, 'more document')} with findings"
    if quiet := len(report.documents) - len(told):
        yield f"{counted(quiet, 'document')} without findings"
    yield from (f"Not read: {_code(s.path)} ({_escaped(s.reason)})" for s in report.skipped)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]], numbers: int) -> str:
    """A table whose first columns are numbers."""
    rule = ("---:",) * numbers + ("---",) * (len(head) - numbers)
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))


def _cell(text: str) -> str:
    """A code span for a cell of a table."""
    return _code(text).replace("|", "\\|")


def _code(text: str) -> str:
    """A code span: its fence is longer than any run of backticks within."""
    text = " ".join(clean(text).split())
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}" if text else ""


def _escaped(text: str) -> str:
    """Text in which nothing is markup and nobody is mentioned."""
    return MARKUP.sub(r"\\\1", " ".join(clean(text).split())).replace("@", "@\u2060")
