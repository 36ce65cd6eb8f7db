"""baseline write, update and prune: the file of known findings."""
from __future__ import annotations

import os
import sys
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import click

from artifactscan.commands.settings import settings_of
from artifactscan.commands.shared import SCORE, deep_of, deep_options, probe, save, scan, scan_options, scanner_of
from artifactscan.model import ArtifactscanError
from artifactscan.painting import counted

DEFAULT_FILE = "artifactscan-baseline.tsv"


@click.group(short_help="Known findings, which `check --baseline` leaves out.")
def baseline() -> None:
    """The baseline: known findings, which `check --baseline FILE` leaves out.

    \b
    artifactscan baseline write .              begin: everything found now is known
    artifactscan check --baseline artifactscan-baseline.tsv .
    artifactscan baseline prune .              forget what has been mended
    """


def _options(command: Any) -> Any:
    """What the three commands share."""
    for option in (
        click.option("--require-reason", is_flag=True, help="A comment that hides findings must give a reason."),
        scan_options,
        deep_options,
        click.option("--min-score", type=SCORE, default=50.0, show_default=True, help="Know findings of this score or more."),
        click.option("--baseline", type=click.Path(path_type=Path), default=DEFAULT_FILE, show_default=True, metavar="FILE", help="The baseline."),
        click.argument("paths", nargs=-1, required=True, metavar="PATH..."),
        click.pass_context,
    ):
        command = option(command)
    return command


@baseline.command("write", short_help="Make the baseline anew from all that is found.")
@_options
def write(ctx: click.Context, paths: tuple[str, ...], baseline: Path, **_: object) -> None:
    """Make the baseline anew: everything found is known, nothing else.

    Nothing is written where an input could not be read: what is known of it would be lost.

    \b
    artifactscan baseline write --min-score 70 .
    """
    found, _checked, unread = _found(ctx, paths, baseline)
    if unread:
        click.echo(f"{baseline}: not written, since {counted(unread, 'input')} could not be read; mend or leave out what is named above", err=True)
        sys.exit(3)
    _finish(baseline, _before(baseline), found, unread)


@baseline.command("update")
@_options
def update(ctx: click.Context, paths: tuple[str, ...], baseline: Path, **_: object) -> None:
    """Add everything found that is not known yet.

    \b
    artifactscan baseline update drafts/
    """
    from artifactscan.baseline import updated
    from artifactscan.commands.review import read_baseline

    known = read_baseline(baseline)
    found, _checked, unread = _found(ctx, paths, baseline)
    _finish(baseline, known, updated(known, found), unread)


@baseline.command("prune", short_help="Forget what is found no longer.")
@_options
def prune(ctx: click.Context, paths: tuple[str, ...], baseline: Path, **_: object) -> None:
    """Forget what is found no longer in the files checked, and files that are gone.

    \b
    artifactscan baseline prune .
    """
    from artifactscan.baseline import path_of, pruned
    from artifactscan.commands.review import read_baseline

    known = read_baseline(baseline)
    found, checked, unread = _found(ctx, paths, baseline)
    gone = {name for line in known if (name := path_of(line)) != "-" and _is_gone(baseline.parent / name)}
    _finish(baseline, known, pruned(known, found, checked | gone), unread)


def _found(ctx: click.Context, paths: tuple[str, ...], baseline: Path) -> tuple[Counter[str], set[str], int]:
    """(what is found, the documents checked as the baseline names them, how many could not be read)."""
    from artifactscan.baseline import line_of
    from artifactscan.commands.review import Review, name_in, warn

    probe(baseline, () if _is_baseline(baseline) else paths, "the baseline")
    deep = deep_of(*(ctx.params[name] for name in ("deep", "model", "budget")))
    review = Review(settings_of(ctx), partial(scanner_of, lexicons=ctx.params["lexicons"], deep=deep), outputs=[baseline])
    documents, skipped = scan(review.scan, paths, wanted=review.wants)
    warn(review.notices)
    for s in skipped:
        click.echo(f"{s.path}: not read ({s.reason})", err=True)
    found = Counter(line_of(name_in(baseline, d.path), f) for d in documents for f in d.findings)
    return found, {name_in(baseline, d.path) for d in documents}, len(skipped)


def _before(baseline: Path) -> Counter[str]:
    """What the file knows; nothing if there is none, or one that is to be written anew since it cannot be read."""
    from artifactscan.commands.review import read_baseline

    try:
        return read_baseline(baseline)
    except ArtifactscanError:
        return Counter()


def _is_gone(path: Path) -> bool:
    """Whether there is no such file.  Raises OSError where the system does not say."""
    try:
        os.stat(path)
    except FileNotFoundError:
        return True
    return False


def _is_baseline(path: Path) -> bool:
    """Whether a file is a baseline, whole or damaged."""
    from artifactscan.baseline import TITLE

    return os.path.isfile(path) and path.read_bytes().startswith(TITLE.encode())


def _finish(baseline: Path, before: Counter[str], after: Counter[str], unread: int) -> None:
    from artifactscan.baseline import dump

    save(baseline, dump(after))
    added, dropped = (after - before).total(), (before - after).total()
    click.echo(f"{baseline}: {after.total():,} known ({added:,} added, {dropped:,} dropped)")
    sys.exit(3 if unread else 0)
