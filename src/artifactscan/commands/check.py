"""check, explain and rules: scan texts and report."""
from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from artifactscan.commands.shared import probe, scan, scan_options, scanner_of, width_of, write
from artifactscan.reporters import REPORTERS

if TYPE_CHECKING:
    from artifactscan.model import Report

SCORE = click.FloatRange(0, 100)


@click.command(epilog="Exit codes: 0 nothing found, 1 findings, 2 wrong usage, 3 some input could not be read.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--format", "form", type=click.Choice(list(REPORTERS)), default="terminal", show_default=True, help="How to report.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write the report there.")
@click.option("--min-score", type=SCORE, default=50.0, show_default=True, help="Report findings of this score or more; 0 reports every candidate.")
@click.option("--fail-on", type=SCORE, metavar="SCORE", help="Exit with 1 only from this score.  [default: whatever is reported]")
@click.option("--top", type=click.IntRange(1), metavar="N", help="Report the N best findings only.")
@scan_options
@click.option("--explain", is_flag=True, help="Show every evidence term of every finding.")
def check(
    paths: tuple[str, ...], form: str, output: Path | None, min_score: float, fail_on: float | None, top: int | None,
    only: tuple[str, ...], ignore: tuple[str, ...], lexicons: tuple[Path, ...], quotes: str, explain: bool,
) -> None:  # fmt: skip
    """Check files, folders (.gitignore is respected) or standard input (-).

    \b
    artifactscan check article.txt
    artifactscan check --format json -o report.json drafts/
    pandoc paper.docx -t plain | artifactscan check -
    """
    from artifactscan.reporters import render

    probe(output)
    scanner = scanner_of(min_score, only, ignore, lexicons, quotes)
    documents, skipped = scan(scanner, paths)
    report = scanner.report(documents, skipped)
    if top is not None:
        report = _best(report, top)
    options: dict[str, object] = {}
    if form == "terminal":
        colour = output is None and sys.stdout.isatty() and "NO_COLOR" not in os.environ
        options = {"width": width_of(output), "colour": colour, "explain": explain}
    write(render(report, form, **options), output)
    worst = max((f.score for d in report.documents for f in d.findings), default=-1.0)
    sys.exit(3 if skipped else 1 if worst >= (min_score if fail_on is None else fail_on) else 0)


@click.command()
@click.argument("place", metavar="PATH:LINE")
@scan_options
def explain(place: str, only: tuple[str, ...], ignore: tuple[str, ...], lexicons: tuple[Path, ...], quotes: str) -> None:
    """Show every evidence term of what was considered on a line.

    \b
    artifactscan explain article.txt:12
    artifactscan explain report.pdf:3       page 3, where a document has no lines
    """
    from artifactscan.reporters import render

    path, _, number = place.rpartition(":")
    if not path or not number.isdigit():
        raise click.BadParameter(f"{place!r} is not PATH:LINE; for example article.txt:12")
    scanner = scanner_of(0.0, only, ignore, lexicons, quotes)
    documents, skipped = scan(scanner, (path,))
    kept = [d._replace(findings=tuple(f for f in d.findings if number in (str(f.line), (f.place or "").rpartition(" ")[2]))) for d in documents]
    click.echo(render(scanner.report(kept, skipped), "terminal", width=width_of(None), colour=sys.stdout.isatty() and "NO_COLOR" not in os.environ, explain=True), nl=False)
    sys.exit(3 if skipped else 0)


@click.command()
def rules() -> None:
    """List the rules, each with an example."""
    from artifactscan.detectors import RULES

    for name, rule in RULES.items():
        click.echo(f"{name}\n    {rule.finds}\n    {rule.example}  ->  {rule.original}")


def _best(report: Report, top: int) -> Report:
    """The report with its `top` best findings only."""
    kept = {id(f) for _, _, f in report.ranked()[:top]}
    return report._replace(documents=tuple(d._replace(findings=tuple(f for f in d.findings if id(f) in kept)) for d in report.documents))
