"""The command line: commands, options, paths, exit codes.  The only module that prints and exits.

Exit codes: 0 nothing found at or above --fail-on; 1 findings; 2 wrong usage or broken configuration; 3 some input
could not be read (the rest is still reported); 130 interrupted.
"""
from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from artifactscan import __version__
from artifactscan.model import ArtifactscanError

if TYPE_CHECKING:
    from artifactscan.lexicon import Entry
    from artifactscan.model import Document, DocumentReport, Report, Skipped
    from artifactscan.scan import Scanner

FORMATS = ("terminal", "json")
LONG_WORK = 2 << 20  # bytes of input from which a progress bar is shown, on a terminal


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "--version", "-V", message="artifactscan %(version)s")
def cli() -> None:
    """Find what a synonym spinner or crude paraphraser left in a text.

    \b
    artifactscan check article.txt            a ranked, explained report
    artifactscan check --format json drafts/  for programs
    artifactscan explain article.txt:12       every evidence term of line 12
    """


# check


def _scan_options(command: Any) -> Any:
    """The options that say how to scan, shared by check and explain."""
    for option in (
        click.option("--lexicon", "lexicons", multiple=True, type=click.Path(path_type=Path), metavar="FILE", help="More known phrases (TOML). May repeat."),
        click.option("--ignore", multiple=True, metavar="RULE", help="All rules but this one. May repeat."),
        click.option("--only", multiple=True, metavar="RULE", help="This rule alone (see `artifactscan rules`). May repeat."),
    ):
        command = option(command)
    return command


SCORE = click.FloatRange(0, 100)


@cli.command(epilog="Exit codes: 0 nothing found, 1 findings, 2 wrong usage, 3 some input could not be read.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--format", "form", type=click.Choice(FORMATS), default="terminal", show_default=True, help="How to report.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write the report there.")
@click.option("--min-score", type=SCORE, default=50.0, show_default=True, help="Report findings of this score or more; 0 reports every candidate.")
@click.option("--fail-on", type=SCORE, metavar="SCORE", help="Exit with 1 only from this score.  [default: whatever is reported]")
@click.option("--top", type=click.IntRange(1), metavar="N", help="Report the N best findings only.")
@_scan_options
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
    from artifactscan.reporters import render

    _probe(output)
    scanner = _scanner(min_score, only, ignore, lexicons)
    documents, skipped = _scan(scanner, paths)
    report = scanner.report(documents, skipped)
    if top is not None:
        report = _best(report, top)
    options: dict[str, object] = {}
    if form == "terminal":
        colour = output is None and sys.stdout.isatty() and "NO_COLOR" not in os.environ
        options = {"width": _width(output), "colour": colour, "explain": explain}
    _write(render(report, form, **options), output)
    worst = max((f.score for d in report.documents for f in d.findings), default=-1.0)
    sys.exit(3 if skipped else 1 if worst >= (min_score if fail_on is None else fail_on) else 0)


@cli.command()
@click.argument("place", metavar="PATH:LINE")
@_scan_options
def explain(place: str, only: tuple[str, ...], ignore: tuple[str, ...], lexicons: tuple[Path, ...]) -> None:
    """Show every evidence term of what was considered on a line.

    \b
    artifactscan explain article.txt:12
    """
    from artifactscan.reporters import render

    path, _, number = place.rpartition(":")
    if not path or not number.isdigit():
        raise click.BadParameter(f"{place!r} is not PATH:LINE; for example article.txt:12")
    scanner = _scanner(0.0, only, ignore, lexicons)
    documents, skipped = _scan(scanner, (path,))
    line = int(number)
    kept = [d._replace(findings=tuple(f for f in d.findings if f.line == line)) for d in documents]
    click.echo(render(scanner.report(kept, skipped), "terminal", width=_width(None), colour=sys.stdout.isatty() and "NO_COLOR" not in os.environ, explain=True), nl=False)
    sys.exit(3 if skipped else 0)


@cli.command()
def rules() -> None:
    """List the rules, each with an example."""
    from artifactscan.detectors import RULES

    for name, rule in RULES.items():
        click.echo(f"{name}\n    {rule.finds}\n    {rule.example}  ->  {rule.original}")


# lexicon


@cli.group()
def lexicon() -> None:
    """The lexicon of known spun phrases."""


@lexicon.command("check")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
def lexicon_check(files: tuple[Path, ...]) -> None:
    """Validate every entry: its form, and the sentences that it must flag and leave alone.

    Without FILE: the built-in lexicon.
    """
    from artifactscan.proof import prove, prove_builtin

    checked, problems = prove(files) if files else prove_builtin()
    for problem in problems:
        click.echo(str(problem), err=True)
    click.echo(f"{checked:,} entries, {len(problems)} problem{'' if len(problems) == 1 else 's'}")
    sys.exit(1 if problems else 0)


@lexicon.command("list")
@click.argument("word", required=False)
def lexicon_list(word: str | None) -> None:
    """List the entries, or those in which WORD stands."""
    for entry in _entries():
        if word is None or word.lower() in " ".join((entry.id, *entry.spun, *entry.originals)).lower():
            click.echo(f"{entry.id}: {' / '.join(entry.spun)} -> {' / '.join(entry.originals)}")


@lexicon.command("show")
@click.argument("id_", metavar="ID")
def lexicon_show(id_: str) -> None:
    """Show one entry as it stands in its file."""
    from artifactscan.lexicon import write_entries

    for entry in _entries():
        if entry.id == id_:
            click.echo(write_entries([entry], entry.place), nl=False)
            return
    raise click.ClickException(f"there is no entry {id_!r}; `artifactscan lexicon list WORD` finds entries by a word")


@lexicon.command("add")
@click.argument("spun")
@click.argument("originals", nargs=-1, required=True, metavar="ORIGINAL...")
@click.option("--near", multiple=True, metavar="WORD", help="Only where one of these stands in the sentence.")
@click.option("--unless", multiple=True, metavar="WORD", help="Not where one of these stands in the sentence.")
@click.option("--reliability", type=click.FloatRange(0, 1, min_open=True, max_open=True), default=0.9, show_default=True, help="How often a match is a spinner's work.")
@click.option("--flags", multiple=True, metavar="SENTENCE", help="A sentence that it flags.")
@click.option("--passes", multiple=True, metavar="SENTENCE", help="A sentence that it leaves alone.")
@click.option("--to", "target", type=click.Path(path_type=Path), metavar="FILE", help="The lexicon file.  [default: your own lexicon, used by every check]")
def lexicon_add(
    spun: str, originals: tuple[str, ...], near: tuple[str, ...], unless: tuple[str, ...], reliability: float,
    flags: tuple[str, ...], passes: tuple[str, ...], target: Path | None,
) -> None:  # fmt: skip
    """Add a known phrase to a lexicon of your own.

    \b
    artifactscan lexicon add "green peace" "sustainable peace" --unless Greenpeace
    """
    import re

    from artifactscan.lexicon import Entry, read_entries, write_entries

    path = target or _user_folder() / "own.toml"
    stem = "-".join(re.findall(r"[a-z0-9]+", f"{originals[0]} {spun}".lower())) or "phrase"
    existing = {e.id for e in (read_entries(path)[0] if path.exists() else ())}
    name = next(n for n in (stem, *(f"{stem}-{i}" for i in range(2, 10_000))) if n not in existing)
    entry = Entry(name, (spun,), originals, reliability, near, unless, flags=flags or (), passes=passes or ())
    block = write_entries([entry], "your own known phrases").split("\n", 2)[2]
    _save(path, (path.read_text(encoding="utf-8").rstrip("\n") + "\n\n" if path.exists() else "# your own known phrases\n\n") + block)
    click.echo(f"added {name} to {path}")


@lexicon.command("import")
@click.argument("export", type=click.Path(path_type=Path), metavar="CSV")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="The lexicon file.  [default: one of your own lexicons, used by every check]")
def lexicon_import(export: Path, output: Path | None) -> None:
    """Read the Problematic Paper Screener's CSV export into a lexicon of yours.

    The list changes weekly: import your own copy again whenever you like; it replaces the last one.

    \b
    artifactscan lexicon import fingerprints.csv
    artifactscan lexicon import fingerprints.csv -o pps.toml && artifactscan check --lexicon pps.toml paper.txt
    """
    from artifactscan.compiled import builtin_tables, user_tables
    from artifactscan.lexicon import write_entries
    from artifactscan.screener import read_export
    from artifactscan.vocabulary import Vocabulary

    entries, problems = read_export(export)
    for problem in problems:
        click.echo(str(problem), err=True)
    path = output or _user_folder() / "screener.toml"
    _save(path, write_entries(entries, "Problematic Paper Screener, tortured phrases (Cabanac, Labbé, Magazinov; CC BY 4.0)"))
    user_tables(path, Vocabulary(builtin_tables()))
    use = f"; use it with: artifactscan check --lexicon {path}" if output else "; every check uses it now"
    click.echo(f"{len(entries):,} phrases written to {path}{use}")


# what the commands share


def _user_folder() -> Path:
    """Where the user's own lexicons are: $ARTIFACTSCAN_LEXICONS, else a folder of the user's configuration."""
    return Path(os.environ.get("ARTIFACTSCAN_LEXICONS") or Path(click.get_app_dir("artifactscan")) / "lexicons")


def _scanner(min_score: float, only: Iterable[str], ignore: Iterable[str], lexicons: Iterable[Path]) -> Scanner:
    from artifactscan.scan import Scanner

    folder = _user_folder()
    own = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    return Scanner(lexicons=(*own, *lexicons), only=tuple(only), ignore=tuple(ignore), min_score=min_score)


def _scan(scanner: Scanner, paths: Iterable[str]) -> tuple[list[DocumentReport], list[Skipped]]:
    """Scan everything the paths name; what cannot be read goes to the second list."""
    from artifactscan.model import Skipped
    from artifactscan.readers import plain, read, read_bytes

    documents: list[DocumentReport] = []
    skipped: list[Skipped] = []
    files = list(_files(paths, skipped))
    with _progress(files) as advance:
        for path in files:
            name = "-" if path is None else str(path)
            try:
                document: Document = read_bytes(sys.stdin.buffer.read(), "-") if path is None else read(path)
                documents.append(scanner.scan(document))
            except plain.Unreadable as error:
                skipped.append(Skipped(name, str(error)))
            advance(path)
    return documents, skipped


def _files(paths: Iterable[str], skipped: list[Skipped]) -> Iterator[Path | None]:
    """The files that the paths name, each once; None is standard input."""
    from artifactscan.model import Skipped

    seen: set[str] = set()
    for name in paths:
        if name == "-":
            yield None
            continue
        path = Path(name)
        found: Iterable[Path] = (path,)
        if path.is_dir():
            from artifactscan.readers.walk import walk

            try:
                found = list(walk(path))
            except OSError as error:
                skipped.append(Skipped(error.filename or name, error.strerror or str(error)))
                continue
            if not found:
                skipped.append(Skipped(name, "no text files in this folder; name a file to check it whatever its kind"))
        elif not path.exists():
            skipped.append(Skipped(name, "no such file or folder"))
            continue
        for file in found:
            if str(file) not in seen:
                seen.add(str(file))
                yield file


@contextmanager
def _progress(files: list[Path | None]) -> Iterator[Any]:
    """A progress bar over long work, on standard error, if that is a terminal."""
    sizes = {path: path.stat().st_size if path is not None and path.exists() else 0 for path in files}
    if not sys.stderr.isatty() or (sum(sizes.values()) < LONG_WORK and len(files) < 200):
        yield lambda path: None
        return
    with click.progressbar(length=max(1, sum(sizes.values())), label="checking", file=sys.stderr) as bar:
        yield lambda path: bar.update(sizes[path])


def _best(report: Report, top: int) -> Report:
    """The report with its `top` best findings only."""
    kept = {id(f) for _, _, f in report.ranked()[:top]}
    return report._replace(documents=tuple(d._replace(findings=tuple(f for f in d.findings if id(f) in kept)) for d in report.documents))


def _entries() -> list[Entry]:
    from artifactscan.compiled import builtin_entries

    return builtin_entries()


def _width(output: Path | None) -> int:
    """Columns to write for: the terminal's, 80 to 140; 100 for a file or a pipe."""
    import shutil

    if output is not None or not sys.stdout.isatty():
        return int(os.environ.get("COLUMNS") or 100)
    return max(40, min(140, shutil.get_terminal_size().columns))


def _probe(output: Path | None) -> None:
    """Fail before the work, not after it, when the report cannot be written."""
    if output is not None and (output.is_dir() or not os.access(output if output.exists() else output.parent, os.W_OK)):
        raise ArtifactscanError(f"{output}: the report cannot be written there; name a file in a folder that exists and is writable")


def _write(text: str, output: Path | None) -> None:
    if output is not None:
        _save(output, text)
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def _save(path: Path, text: str) -> None:
    """Write a file in one step."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8", errors="replace", newline="")
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise ArtifactscanError(f"{path}: cannot be written ({error.strerror}); choose another place") from error


def main() -> None:
    """Run the command line; every failure is one clear message and an exit code (Ctrl-C: `__main__`)."""
    gc.set_threshold(100_000)  # the tables live to the end; searching them for garbage is a fifth of the start
    try:
        code = cli.main(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.Abort:
        _stop(130, "interrupted")
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except ArtifactscanError as error:
        _stop(2, f"artifactscan: {error}")
    except BrokenPipeError:
        _close_stdout()
        sys.exit(0)


def _stop(code: int, message: str) -> None:
    click.echo(message, err=True)
    sys.exit(code)


def _close_stdout() -> None:
    """After the reader has gone: let nothing be written any more, also not when the interpreter ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
