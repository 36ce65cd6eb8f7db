"""bench: measure the scanner on labelled texts."""
from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from artifactscan.commands.shared import SCORE, deep_of, deep_options, scan_options, scanner_of

if TYPE_CHECKING:
    from artifactscan.measure import Measured
    from artifactscan.model import Document, DocumentReport

MANY = 50  # texts from which a progress bar is shown, on a terminal
OF_A_DOMAIN = ("documents", "artifacts", "findings", "precision", "recall", "AP", "clean/10k")


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.jsonl")
@click.option("--format", "form", type=click.Choice(["terminal", "json"]), default="terminal", show_default=True, help="How to report.")
@click.option("--threshold", type=SCORE, default=50.0, show_default=True, help="Score from which a finding counts as reported.")
@click.option("--misses", type=click.IntRange(0), default=0, metavar="N", help="List N false alarms and N missed artifacts.")
@scan_options
@deep_options
def bench(
    file: Path, form: str, threshold: float, misses: int, only: tuple[str, ...], ignore: tuple[str, ...], lexicons: tuple[Path, ...], quotes: str,
    deep: bool, model: Path | None, budget: float | None,
) -> None:  # fmt: skip
    """Measure the scanner on labelled texts of your own.

    Prints precision, recall, ranking and calibration, by domain and by rule.

    \b
    artifactscan bench samples/benchmark.jsonl
    artifactscan bench --format json --threshold 80 mine.jsonl

    docs/bench.md has the format and the meaning of each figure.
    """
    from artifactscan.measure import by_domain, by_rule, calibration, figures, measured, missed, read_labelled

    documents = read_labelled(file)
    with _watched(scanner_of(0.0, only, ignore, lexicons, quotes, deep=deep_of(deep, model, budget)).scan, len(documents)) as scan:
        result = measured(documents, scan)
    bins, error = calibration(result)
    report: dict[str, Any] = {
        "figures": figures(result, threshold),
        "domains": {domain: {k: v for k, v in figures(part, threshold).items() if k in OF_A_DOMAIN} for domain, part in by_domain(result)},
        "rules": by_rule(result, threshold),
        "calibration": {"error": error, "bins": bins},
    }
    if form == "json":
        if misses:
            report["false alarms"] = [{"document": f.document.id, "rule": f.rule, "score": f.score, "excerpt": f.excerpt, "originals": f.originals} for f in _alarms(result, threshold)[:misses]]
            report["missed"] = [a._asdict() for a in missed(result, threshold)[:misses]]
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
        return
    for name, value in report["figures"].items():
        click.echo(f"{name:16} {_shown(value)}")
    _table("domain", report["domains"])
    _table("rule", report["rules"])
    click.echo(f"\nscores against truth: expected calibration error {error:.3f}")
    _table("score", {f"{row['from']}-{row['to']}": {k: v for k, v in row.items() if k not in ("from", "to")} for row in bins})
    if misses:
        click.echo("\nfalse alarms, highest first")
        for f in _alarms(result, threshold)[:misses]:
            click.echo(f"  {f.score:5.1f} {f.document.id} {f.rule:16} {f.excerpt!r} <- {list(f.originals[:3])}")
        click.echo("\nmissed artifacts")
        for a in missed(result, threshold)[:misses]:
            click.echo(f"  {a.document} {a.type:8} {a.spun!r} <- {list(a.originals)}")


def _alarms(result: Measured, threshold: float) -> Sequence[Any]:
    return [f for f in result.findings if f.score >= threshold and not f.hits]


def _shown(value: float | int | None) -> str:
    return "-" if value is None else f"{value:.3f}" if isinstance(value, float) else f"{value:,}"


def _table(head: str, rows: Mapping[str, Mapping[str, float | int | None]]) -> None:
    """Rows of figures under their names."""
    names = list(next(iter(rows.values()), {}))
    if names:
        widths = [max(9, len(name)) for name in names]
        first = max(len(head), *map(len, rows))
        click.echo("\n" + "  ".join([f"{head:{first}}", *(f"{name:>{width}}" for name, width in zip(names, widths, strict=True))]))
        for label, row in rows.items():
            click.echo("  ".join([f"{label:{first}}", *(f"{_shown(row[name]):>{width}}" for name, width in zip(names, widths, strict=True))]))


@contextmanager
def _watched(scan: Callable[[Document], DocumentReport], texts: int) -> Iterator[Callable[[Document], DocumentReport]]:
    """The scan with a progress bar on standard error, if that is a terminal and there are many texts."""
    if not sys.stderr.isatty() or texts < MANY:
        yield scan
        return
    with click.progressbar(length=texts, label="measuring", file=sys.stderr) as bar:

        def watched(document: Document) -> DocumentReport:
            report = scan(document)
            bar.update(1)
            return report

        yield watched
