"""What the commands share: options, inputs, outputs."""
from __future__ import annotations

import math
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from artifactscan.commands.settings import config_options
from artifactscan.model import QUOTES, ArtifactscanError

if TYPE_CHECKING:
    from artifactscan.lexicon import Entry
    from artifactscan.model import Document, DocumentReport, Skipped
    from artifactscan.scan import Deep, Scanner

LONG_WORK = 2 << 20  # bytes of input from which a progress bar is shown, on a terminal


class Number(click.FloatRange):
    """A range of numbers, without nan and infinity."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{number} is not a finite number.", param, ctx)
        return number


class Rule(click.types.StringParamType):
    """The name of a rule."""

    name = "rule"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from artifactscan.detectors import RULES

        if value not in RULES:
            from artifactscan.suggest import did_you_mean

            self.fail(f"there is no rule {value!r}; {did_you_mean(value, RULES)}", param, ctx)
        return str(value)


SCORE = Number(0, 100)


def scan_options(command: Any) -> Any:
    """The options that say how to scan: of every command that scans."""
    for option in (
        click.option("--quotes", type=click.Choice(QUOTES), default="label", show_default=True, metavar="HOW", help="In quotations: count, label (count half) or skip."),
        click.option("--lexicon", "lexicons", multiple=True, type=click.Path(path_type=Path), metavar="FILE", help="More known phrases (TOML). May repeat."),
        click.option("--ignore", multiple=True, type=Rule(), metavar="RULE", help="All rules but this one. May repeat."),
        click.option("--only", multiple=True, type=Rule(), metavar="RULE", help="This rule alone (see `artifactscan rules`). May repeat."),
    ):
        command = option(command)
    return config_options(command)


def deep_options(command: Any) -> Any:
    """The options of deep mode."""
    for option in (
        click.option("--budget", type=Number(0, min_open=True), metavar="SECONDS", help="With --deep: the model's time for each document."),
        click.option("--model", type=click.Path(path_type=Path), metavar="FILE", help="With --deep: another language model than the installed one (GGUF)."),
        click.option("--deep", is_flag=True, help="Let a language model judge each candidate; slow (see `artifactscan model`)."),
    ):
        command = option(command)
    return command


def deep_of(deep: bool, model: Path | None, budget: float | None, *, partial: bool = False) -> Deep | None:
    """What deep mode adds to a scanner, None without --deep; `partial`: see rescoring.Rescorer.  Raises ArtifactscanError if the model or its runtime is missing."""
    if not deep:
        return None
    from artifactscan.deep import deep_mode

    return deep_mode(model, seconds=budget, watch=_watched, partial=partial)


def _watched(answers: Iterable[Any], count: int) -> Iterator[Any]:
    """The answers as they come, with a progress bar on standard error, if that is a terminal."""
    if not sys.stderr.isatty() or not count:
        yield from answers
        return
    with click.progressbar(answers, length=count, label="asking the language model", file=sys.stderr) as bar:
        yield from bar


def output_option(what: str) -> Callable[[Any], Any]:
    """The option that says where the one report of a command goes: a file, or None for standard output."""
    return click.option(
        "-o", "--output", type=click.Path(path_type=Path, allow_dash=True), metavar="FILE", callback=lambda _ctx, _option, path: None if str(path) == "-" else path,
        help=f"Write {what} there, - for standard output.",
    )  # fmt: skip


def user_folder() -> Path:
    """Where the user's own lexicons are: $ARTIFACTSCAN_LEXICONS, else a folder of the user's configuration."""
    return Path(os.environ.get("ARTIFACTSCAN_LEXICONS") or Path(click.get_app_dir("artifactscan")) / "lexicons")


def own_lexicons() -> list[Path]:
    """The user's own lexicon files.  Raises ArtifactscanError if their folder is there and cannot be read."""
    folder = user_folder()
    try:
        return sorted(folder / name for name in os.listdir(folder) if name.endswith(".toml"))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise ArtifactscanError(f"{folder}: your lexicons cannot be read ({error.strerror}); open the folder, or name another in ARTIFACTSCAN_LEXICONS") from error


def scanner_of(min_score: float, only: Iterable[str], ignore: Iterable[str], lexicons: Iterable[Path], quotes: str, *, keep_text: bool = False, deep: Deep | None = None) -> Scanner:
    from artifactscan.scan import Scanner

    return Scanner(lexicons=(*own_lexicons(), *lexicons), only=tuple(only), ignore=tuple(ignore), min_score=min_score, quotes=quotes, keep_text=keep_text, deep=deep)


def scan(
    examine: Callable[[Document], DocumentReport],
    paths: Iterable[str],
    each: Callable[[DocumentReport], None] = lambda _: None,
    wanted: Callable[[Path], bool] | None = None,
    interrupted: Callable[[], bool] = lambda: False,
) -> tuple[list[DocumentReport], list[Skipped]]:
    """Examine every wanted file that the paths name; what cannot be read goes to the second list.  `each` sees a report as soon as it is there.

    Once the examination was `interrupted`, the other files go to the second list, too.
    """
    from artifactscan.model import Skipped
    from artifactscan.readers import plain, read, read_bytes

    documents: list[DocumentReport] = []
    skipped: list[Skipped] = []
    files = [path for path in _files(paths, skipped) if path is None or wanted is None or wanted(path)]
    with _progress(files) as advance:
        for path in files:
            name = "-" if path is None else str(path)
            if interrupted():
                skipped.append(Skipped(name, "interrupted before it was read"))
                continue
            try:
                document: Document = read_bytes(_standard_input(), "-") if path is None else read(path)
                documents.append(examine(document))
                each(documents[-1])
            except plain.Unreadable as error:
                skipped.append(Skipped(name, str(error)))
            advance(path)
    return documents, skipped


def _standard_input() -> bytes:
    """All of it.  Raises Unreadable."""
    from artifactscan.readers.plain import Unreadable

    try:
        return sys.stdin.buffer.read()
    except OSError as error:
        raise Unreadable(f"standard input cannot be read ({error.strerror or 'it is closed'})") from error


def _files(paths: Iterable[str], skipped: list[Skipped]) -> Iterator[Path | None]:
    """The files that the paths name, each once; None is standard input."""
    from artifactscan.model import Skipped

    seen: set[Path | None] = set()
    for name in paths:
        path = Path(name)
        found: Iterable[Path | None] = (path,)
        if name == "-":
            found = (None,)
        elif os.path.isdir(path):
            from artifactscan.readers.walk import walk

            before = len(skipped)
            found = list(walk(path, skipped))
            if not found and len(skipped) == before:
                skipped.append(Skipped(name, "no text files in this folder; name a file to check it whatever its kind"))
        elif reason := _unreachable(path):
            skipped.append(Skipped(name, reason))
            continue
        for file in found:
            if file not in seen:
                seen.add(file)
                yield file


def _unreachable(path: Path) -> str | None:
    """Why the system finds nothing at a path; None if there is something."""
    try:
        os.stat(path)
    except FileNotFoundError:
        return "no such file or folder"
    except OSError as error:
        return error.strerror or str(error)
    return None


@contextmanager
def _progress(files: list[Path | None]) -> Iterator[Any]:
    """A progress bar over long work, on standard error, if that is a terminal."""
    sizes = {path: os.path.getsize(path) if path is not None and os.path.exists(path) else 0 for path in files}
    if not sys.stderr.isatty() or (sum(sizes.values()) < LONG_WORK and len(files) < 200):
        yield lambda path: None
        return
    with click.progressbar(length=max(1, sum(sizes.values())), label="checking", file=sys.stderr) as bar:
        yield lambda path: bar.update(sizes[path])


def width_of(output: Path | None) -> int:
    """Columns to write for: the terminal's, 40 to 140; 100 for a file or a pipe."""
    if output is not None or not sys.stdout.isatty():
        columns = os.environ.get("COLUMNS", "")
        return int(columns) if columns.isdecimal() and int(columns) else 100
    import shutil  # here: a pipe needs none

    return max(40, min(140, shutil.get_terminal_size().columns))


def in_colour(output: Path | None) -> bool:
    """Whether to write in colour: on a terminal alone, and not where NO_COLOR is set."""
    return output is None and sys.stdout.isatty() and "NO_COLOR" not in os.environ


def probe(output: Path | None, inputs: Iterable[str | Path] = (), what: str = "the report") -> None:
    """Fail before the work, not after it, when `what` cannot be written, or would replace an input (- is standard input)."""
    if output is None:
        return
    for name in inputs:
        source = 0 if str(name) == "-" else name
        if os.path.isfile(source) and os.path.isfile(output) and os.path.samefile(source, output):
            raise ArtifactscanError(f"{output}: {what} would replace this input; name another file")
    target = os.path.realpath(output)
    writable = os.access(target, os.W_OK) if os.path.lexists(target) else os.access(os.path.dirname(target), os.W_OK | os.X_OK)
    if os.path.isdir(target) or not writable:
        raise ArtifactscanError(f"{output}: {what} cannot be written there; name a file in a folder that exists and is writable")


def write(text: str, output: Path | None) -> None:
    if output is not None:
        save(output, text)
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def append_entries(path: Path, entries: list[Entry], heading: str) -> None:
    """Add entries to a lexicon file, or begin one."""
    from artifactscan.lexicon import write_entries

    title, _, blocks = write_entries(entries, heading).partition("\n\n")
    before = path.read_text(encoding="utf-8").rstrip("\n") if os.path.exists(path) else title
    save(path, f"{before}\n\n{blocks}")


def save(path: Path, text: str) -> None:
    """Write a file in one step, with the mode that it had; a link stays one.  What cannot be replaced (a pipe, a file in a closed folder) is written to.

    Raises ArtifactscanError.
    """
    target = Path(os.path.realpath(path))
    part = target.with_name(f".artifactscan.{os.getpid()}.part")  # short: the name itself may be as long as names can be
    content = text.encode("utf-8", "replace")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if os.path.lexists(target) and not (os.path.isfile(target) and os.access(target.parent, os.W_OK)):
            target.write_bytes(content)
            return
        part.touch()
        if os.path.exists(target):
            part.chmod(stat.S_IMODE(os.stat(target).st_mode))
        part.write_bytes(content)
        os.replace(part, target)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise ArtifactscanError(f"{path}: cannot be written ({error.strerror}); choose another place") from error
