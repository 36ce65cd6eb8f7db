"""check, explain and rules: scan texts and report."""
from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from artifactscan.commands.shared import probe, scan, scan_options, scanner_of, width_of, write
from artifactscan.model import Document
from artifactscan.reporters import REPORTERS, render

if TYPE_CHECKING:
    from artifactscan.model import Report, Skipped

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
    only: tuple[str, ...], ignore: tuple[str, ...], lexicons: tuple[Path, ...], explain: bool,
) -> None:  # fmt: skip
    """Check files, folders (.gitignore is respected) or standard input (-).

    \b
    artifactscan check article.txt
    artifactscan check --format json -o report.json drafts/
    pandoc paper.docx -t plain | artifactscan check -
    """
    probe(output)
    scanner = scanner_of(min_score, only, ignore, lexicons)
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
@click.argument("place", metavar="PATH:LINE", required=False)
@click.option("--word", metavar="WORDS", help="Instead of a place: these words of SENTENCE ...")
@click.option("--original", metavar="WORDS", help="... against these ...")
@click.option("--sentence", metavar="SENTENCE", help="... in this sentence (- for standard input).")
@scan_options
def explain(
    place: str | None, word: str | None, original: str | None, sentence: str | None,
    only: tuple[str, ...], ignore: tuple[str, ...], lexicons: tuple[Path, ...],
) -> None:  # fmt: skip
    """Show every evidence term of what was considered on a line, or of any pair of words in a sentence.

    \b
    artifactscan explain article.txt:12
    artifactscan explain --word green --original sustainable --sentence "They want a long-term and green peace."
    """
    scanner = scanner_of(0.0, only, ignore, lexicons)
    skipped: list[Skipped] = []
    if word and original and sentence and not place:
        documents = [scanner.compare(Document("-", sys.stdin.read() if sentence == "-" else sentence), word, original)]
    else:
        path, _, number = (place or "").rpartition(":")
        if not path or not number.isdigit() or word or original or sentence:
            raise click.UsageError("name PATH:LINE, for example article.txt:12, or all of --word, --original and --sentence")
        documents, skipped = scan(scanner, (path,))
        documents = [d._replace(findings=tuple(f for f in d.findings if f.line == int(number))) for d in documents]
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    click.echo(render(scanner.report(documents, skipped), "terminal", width=width_of(None), colour=colour, explain=True), nl=False)
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
