"""corpus scan, summary and review: whole archives.  `corpus INPUT...` is short for `corpus scan INPUT...`."""
from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from artifactscan.commands.shared import SCORE, Number, output_option, own_lexicons, probe, scan_options, write
from artifactscan.painting import counted, printable

if TYPE_CHECKING:
    from artifactscan.corpus.summary import Summary

MOST_SHOWN = 12  # findings of a document
KEYS = {"c": "confirm", "d": "dismiss", "s": "skip"}


class ScanByDefault(click.Group):
    """A group in which anything that is not one of its commands is an argument of `scan`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, *self.get_help_option_names(ctx)):
            args = ["scan", *args]
        return super().parse_args(ctx, args)


@click.group(cls=ScanByDefault, short_help="Scan, summarise and review whole archives.")
def corpus() -> None:
    """Scan whole archives into Parquet, summarise and review them.

    \b
    artifactscan corpus papers.parquet more.jsonl.zst --out run   short for `corpus scan`
    artifactscan corpus summary run --by month --format html -o run.html
    artifactscan corpus review run
    """


@corpus.command("scan", short_help="Scan archives into Parquet.", epilog="Exit codes: 0 done, 2 wrong usage, 3 done, but some documents were skipped; 130 interrupted (--resume goes on).")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="DIR", help="The folder for the results.")
@click.option("--resume", is_flag=True, help="Go on with the run that is there; begin one if there is none.")
@click.option("--text", default="text", show_default=True, metavar="FIELD", help="The field of a record that is its text.")
@click.option("--id", "id_", default="id", show_default=True, metavar="FIELD", help="The field that names a record; without it, file and number.")
@click.option("--keep", multiple=True, metavar="FIELD", help="Keep this field, to group by. May repeat.  [default: every short one]")
@click.option("--processes", type=click.IntRange(1), metavar="N", help="Scanning processes.  [default: one for each core]")
@click.option("--engine", type=click.Choice(["local", "ray"]), default="local", show_default=True, help="Where they run: this machine, or a Ray cluster.")
@click.option("--timeout", type=Number(0, min_open=True), default=60.0, show_default=True, metavar="SECONDS", help="The most for one document, and for each megabyte of it.")
@click.option("--memory", type=click.IntRange(1), default=2048, show_default=True, metavar="MB", help="The most that a process may use for its documents.")
@click.option("--commit-every", type=Number(0), default=30.0, show_default=True, metavar="SECONDS", help="Work that may be lost when a run is killed.")
@click.option("--min-score", type=SCORE, default=50.0, show_default=True, help="Keep findings of this score or more.")
@scan_options
def corpus_scan(
    inputs: tuple[str, ...], out: Path, resume: bool, text: str, id_: str, keep: tuple[str, ...], processes: int | None, engine: str, timeout: float,
    memory: int, commit_every: float, min_score: float, only: tuple[str, ...], ignore: tuple[str, ...], lexicons: tuple[Path, ...],
    quotes: str,
) -> None:  # fmt: skip
    """Scan archives: Parquet, JSONL, CSV, WARC, tar (also .gz, .zst), folders and single files.

    \b
    artifactscan corpus scan papers.parquet --text body --id doi --out run
    artifactscan corpus scan crawl.warc.gz drafts/ --out run --resume
    """
    from artifactscan.corpus import require

    require("pyarrow")
    from artifactscan.corpus.inputs import Columns
    from artifactscan.corpus.run import run
    from artifactscan.corpus.work import Limits, Settings

    settings = Settings(tuple(str(p.absolute()) for p in (*own_lexicons(), *lexicons)), only, ignore, min_score, quotes)
    with Progress() as progress:
        counts = run(
            inputs, out, columns=Columns(text, id_, keep), settings=settings, limits=Limits(timeout, memory), engine=engine,
            processes=processes or _cores(), resume=resume, part_seconds=commit_every, tell=progress.tell,
        )  # fmt: skip
    skipped = f" ({counts['skipped']:,} skipped)" if counts["skipped"] else ""
    click.echo(f"{out}: {counted(counts['documents'], 'document')}{skipped}, {counted(counts['words'], 'word')}, {counted(counts['findings'], 'finding')} in {counts['seconds']:.1f} s")
    sys.exit(3 if counts["skipped"] else 0)


@corpus.command("summary", short_help="Summarise a run in figures and phrases.")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--by", default="source", show_default=True, metavar="COLUMN", help="Group by source, month, year, verdict or a kept field.")
@click.option("--top", type=click.IntRange(1), default=20, show_default=True, metavar="N", help="Phrases to list.")
@click.option("--format", "form", type=click.Choice(["terminal", "json", "html"]), default="terminal", show_default=True, help="How to report.")
@output_option("the summary")
def corpus_summary(folder: Path, by: str, top: int, form: str, output: Path | None) -> None:
    """Summarise a run: shares and rates with their intervals, frequent and rising phrases.

    \b
    artifactscan corpus summary run --by month
    """
    from artifactscan.corpus import require

    require("pyarrow", "duckdb")
    from artifactscan.corpus import page
    from artifactscan.corpus.summary import summarise

    probe(output, what="the summary")
    summary = summarise(folder, by, top)
    write({"terminal": page.text, "html": page.html, "json": _json}[form](summary), output)


@corpus.command("review", short_help="Judge the documents of a run with single keys.")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--min-probability", type=Number(0, 1), default=0.0, show_default=True, help="Leave out less probable documents.")
def corpus_review(folder: Path, min_probability: float) -> None:
    """Judge the documents of a run, most probable first, with single keys.

    What was confirmed or dismissed before does not come again; what was skipped does. Judgements are kept in DIR/judgements.jsonl.

    \b
    artifactscan corpus review run --min-probability 0.5
    """
    from artifactscan.corpus import require

    require("pyarrow", "duckdb")
    from artifactscan.corpus.review import add_judgement, latest, ranked, read_judgements
    from artifactscan.corpus.store import manifest

    lexicon = manifest(folder)["lexicon"]
    judged = latest(read_judgements(folder))
    count = 0

    def judge(document: dict[str, Any], finding: dict[str, Any] | None, key: str) -> None:
        nonlocal count
        of_finding = {name: finding[name] if finding else None for name in ("rule", "excerpt", "originals", "score")}
        about = {"document": document["path"], "finding": finding["fingerprint"] if finding else None, "judgement": KEYS[key], "source": document["source"]}
        add_judgement(folder, {**about, "probability": document["probability"], **of_finding, "lexicon": lexicon})
        count += 1

    for document, findings in ranked(folder, min_probability):
        if judged.get((document["source"], document["path"], None)) in ("confirm", "dismiss"):
            continue
        click.echo(_shown(document, findings))
        key = _key("c confirm, d dismiss, s skip, f each finding, q quit", "cdsfq")
        if key == "f":
            for finding in findings:
                click.echo(_line(finding))
                key = _key("this finding: c confirm, d dismiss, s skip, q quit", "cdsq")
                if key == "q":
                    break
                judge(document, finding, key)
            else:
                key = _key("the document: c confirm, d dismiss, s skip, q quit", "cdsq")
        if key == "q":
            break
        judge(document, None, key)
    click.echo(f"{count} judged; judgements are in {folder / 'judgements.jsonl'}")


class Progress:
    """How far a run is, on standard error: one line that is written over on a terminal, a line a minute elsewhere."""

    def __init__(self) -> None:
        self.terminal = sys.stderr.isatty()
        self.began = self.told = time.monotonic()
        self.first: tuple[float, dict[str, int]] | None = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self.terminal:
            click.echo("\r\x1b[K", err=True, nl=False)

    def tell(self, done: float, counts: dict[str, int]) -> None:
        """Show the share done (0-1), speed since the first call, and what is left."""
        now = time.monotonic()
        if self.first is None:
            self.first, self.began = (done, counts), now
            return
        if now - self.told < (0.2 if self.terminal else 60):
            return
        self.told = now
        seconds = max(1e-9, now - self.began)
        share, before = self.first
        documents, words = ((counts[name] - before[name]) / seconds for name in ("documents", "words"))
        left = f", {_clock(seconds * (1 - done) / (done - share))} left" if share < done <= 1 else ""
        line = f"{done:4.0%}  {counted(counts['documents'], 'document')}, {documents:,.0f}/s; {words:,.0f} words/s; {counted(counts['findings'], 'finding')}{left}"
        click.echo(f"\r\x1b[K{line}" if self.terminal else line, err=True, nl=not self.terminal)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _json(summary: Summary) -> str:
    from artifactscan.reporters.shared import as_json

    def plain(value: Any) -> Any:
        if hasattr(value, "_asdict"):
            return {name: plain(part) for name, part in value._asdict().items()}
        return [plain(part) for part in value] if isinstance(value, tuple) else value

    return as_json({"schema": "artifactscan.summary/1", **plain(summary)}, indent=2)


def _shown(document: dict[str, Any], findings: list[dict[str, Any]]) -> str:
    head = f"{document['path']} ({document['source']}): {document['verdict']}, probability {document['probability']:.2f}, {counted(len(findings), 'finding')} in {counted(document['words'], 'word')}"
    more = [f"  ... and {len(findings) - MOST_SHOWN} more"] if len(findings) > MOST_SHOWN else []
    return "\n".join(["", printable(head), *map(_line, findings[:MOST_SHOWN]), *more])


def _line(finding: dict[str, Any]) -> str:
    phrase = " ".join(finding["excerpt"].split())
    context = re.sub(rf"(?:\b|(?!\w)){re.escape(phrase)}(?:\b|(?<!\w))", lambda m: f"[{m[0]}]", finding["context"], count=1)  # whole words
    return f"  {finding['score']:5.1f}  {printable(context)}\n         probably {printable(' / '.join(finding['originals'][:3]))}  ({finding['rule']})"


def _key(question: str, keys: str) -> str:
    """One of the keys: pressed on a terminal, else the next character of standard input; q at its end."""
    click.echo(f"  {question}: ", nl=False)
    while True:
        key = click.getchar() if sys.stdin.isatty() else sys.stdin.read(1)
        if key == "" or key in "\x04":
            key = "q"
        if key.lower() in keys:
            click.echo(key.lower())
            return key.lower()
