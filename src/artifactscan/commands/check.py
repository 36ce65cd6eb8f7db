"""check, explain and rules: scan texts and report."""
from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from artifactscan.commands.settings import settings_of
from artifactscan.commands.shared import SCORE, deep_of, deep_options, in_colour, probe, scan, scan_options, scanner_of, width_of, write
from artifactscan.reporters import NEED_TEXT, REPORTERS, STREAMED, SUFFIXES

if TYPE_CHECKING:
    from artifactscan.model import DocumentReport, Finding, Report, Skipped


@click.command(short_help="Check files, folders or standard input.", epilog="Exit codes: 0 nothing found, 1 findings, 2 wrong usage, a broken configuration, or a report that cannot be written, 3 some input could not be read.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--format", "formats", multiple=True, type=click.Choice(list(REPORTERS)), metavar="FORMAT", help=f"{', '.join(REPORTERS)}. May repeat.  [default: terminal]")
@click.option("-o", "--output", "outputs", multiple=True, type=click.Path(path_type=Path, allow_dash=True), metavar="FILE", help="Write a report there, - for standard output. May repeat.")
@click.option("--min-score", type=SCORE, default=50.0, show_default=True, metavar="SCORE", help="Report findings of this score or more.")
@click.option("--fail-on", type=SCORE, show_default="whatever is reported", metavar="SCORE", help="Exit with 1 only from this score.")
@click.option("--top", type=click.IntRange(1), metavar="N", help="Report the N best findings only.")
@scan_options
@deep_options
@click.option("--baseline", type=click.Path(path_type=Path), metavar="FILE", help="Leave out the findings that this file knows.")
@click.option("--changed-since", metavar="REV", help="Report findings on lines only that git says changed since then.")
@click.option("--require-reason", is_flag=True, help="A comment that hides findings must give a reason.")
@click.option("--explain", is_flag=True, help="Show every evidence term of every finding.")
@click.pass_context
def check(
    ctx: click.Context,
    paths: tuple[str, ...], formats: tuple[str, ...], outputs: tuple[Path, ...], min_score: float, fail_on: float | None, top: int | None,
    only: tuple[str, ...], ignore: tuple[str, ...], lexicons: tuple[Path, ...], quotes: str, deep: bool, model: Path | None, budget: float | None,
    baseline: Path | None, changed_since: str | None, require_reason: bool, explain: bool,
) -> None:  # fmt: skip
    """Check files, folders (.gitignore is respected) or standard input (-).

    \b
    artifactscan check article.txt paper.docx
    artifactscan check -o report.html -o report.json drafts/
    artifactscan check --format sarif -o out.sarif --format terminal drafts/

    The first -o takes the first --format, and so on; an -o beyond them goes by its suffix, a --format beyond them to standard output.
    """
    from artifactscan.commands.review import Review, warn
    from artifactscan.detectors import RULES
    from artifactscan.reporters import lines, render

    reports = _reports(formats, outputs)
    for _, file in reports:
        probe(file, (*paths, *lexicons, *filter(None, (baseline, model))))
    make_scanner = partial(scanner_of, lexicons=lexicons, keep_text=any(form in NEED_TEXT for form, _ in reports), deep=deep_of(deep, model, budget, partial=True))
    review = Review(settings_of(ctx), make_scanner, baseline=baseline, changed_since=changed_since, outputs=[file for _, file in reports if file])
    streamed = [(form, file) for form, file in reports if form in STREAMED and file is None and top is None]  # at most one

    def stream(document: DocumentReport) -> None:
        for form, _ in streamed:
            write(lines(document, form), None)

    documents, skipped = scan(review.scan, paths, stream, wanted=review.wants, interrupted=review.interrupted)
    report = review.report(documents, skipped)
    if top is not None:
        report = _best(report, top)
    for form, file in reports:
        if (form, file) not in streamed:
            write(render(report, form, width=width_of(file), colour=in_colour(file), explain=explain, rules=RULES), file)
    warn(report.notices)
    sys.exit(130 if review.interrupted() else 3 if skipped else 1 if review.fails(report) else 0)


@click.command(short_help="Show every evidence term of a line or a pair of words.")
@click.argument("place", metavar="PATH:LINE", required=False)
@click.option("-:", "piped", hidden=True)  # of -:12, a line of standard input, which would else be an option that there is not
@click.option("--word", metavar="WORDS", help="Instead of a place: these words of SENTENCE ...")
@click.option("--original", metavar="WORDS", help="... against these ...")
@click.option("--sentence", metavar="SENTENCE", help="... in this sentence (- for standard input).")
@scan_options
@deep_options
def explain(
    place: str | None, piped: str | None, word: str | None, original: str | None, sentence: str | None,
    only: tuple[str, ...], ignore: tuple[str, ...], lexicons: tuple[Path, ...], quotes: str, deep: bool, model: Path | None, budget: float | None,
) -> None:  # fmt: skip
    """Show every evidence term of what was considered on a line, or of any pair of words in a sentence.

    \b
    artifactscan explain article.txt:12
    artifactscan explain report.pdf:3              page 3, where a document has no lines
    artifactscan explain book.epub:text/c1.xhtml   any other place, as a report names it
    artifactscan explain --word green --original sustainable --sentence "They want a long-term and green peace."
    """
    from artifactscan.model import Document
    from artifactscan.reporters import render

    scanner = scanner_of(0.0, only, ignore, lexicons, quotes, deep=deep_of(deep, model, budget))
    skipped: list[Skipped] = []
    if word and original and sentence and not place:
        documents = [scanner.compare(Document("-", sys.stdin.read() if sentence == "-" else sentence), word, original)]
    else:
        path, _, at = (place or (f"-:{piped}" if piped else "")).rpartition(":")
        if not path or not at or word or original or sentence:
            raise click.UsageError("name PATH:LINE, for example article.txt:12, or all of --word, --original and --sentence")
        documents, skipped = scan(scanner.scan, (path,))
        documents = [d._replace(findings=tuple(f for f in d.findings if _stands(f, at))) for d in documents]
        if not at.isdecimal() and not skipped and not any(d.findings for d in documents):
            raise click.UsageError(f"nothing was found in {path} at {at!r}; name a line, a page or a paragraph by its number, any other place as a report names it")
    click.echo(render(scanner.report(documents, skipped), "terminal", width=width_of(None), colour=in_colour(None), explain=True), nl=False)
    sys.exit(3 if skipped else 0)


@click.command()
def rules() -> None:
    """List the rules, each with an example."""
    from artifactscan.detectors import RULES

    for name, rule in RULES.items():
        click.echo(f"{name}\n    {rule.finds}\n    {rule.example}  ->  {rule.original}")


def _stands(finding: Finding, at: str) -> bool:
    """Whether a finding stands at a line, page or paragraph of this number, or at the place of this name."""
    place = finding.place or ""
    return at in (place, place.rpartition(" ")[2]) or (at.isdecimal() and int(at) in finding.lines)


def _reports(formats: tuple[str, ...], outputs: tuple[Path, ...]) -> list[tuple[str, Path | None]]:
    """(format, file) of each report, files first; None is standard output.  The help of check says which goes where."""
    if not formats and not outputs:
        return [("terminal", None)]
    named = [*formats, *map(_by_suffix, outputs[len(formats) :])]
    files = [None if str(path) == "-" else path for path in outputs]
    files += [None] * (len(formats) - len(files))
    for file in files:
        if files.count(file) > 1:
            raise click.UsageError(f"{file or 'standard output'}: more than one report would go there; give each an -o of its own")
    return sorted(zip(named, files, strict=True), key=lambda report: report[1] is None)


def _by_suffix(path: Path) -> str:
    if (suffix := path.suffix.lower()) not in SUFFIXES:
        raise click.UsageError(f"{path}: no report is known by the suffix {suffix}; name its --format ({', '.join(REPORTERS)})")
    return SUFFIXES[suffix]


def _best(report: Report, top: int) -> Report:
    """The report with its `top` best findings only."""
    kept = {id(f) for _, _, f in report.ranked()[:top]}
    return report._replace(documents=tuple(d._replace(findings=tuple(f for f in d.findings if id(f) in kept)) for d in report.documents))
