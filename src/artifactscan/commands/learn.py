"""learn: from a text and its spun copy to known phrases of your own."""
from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from artifactscan.commands.shared import append_entries, user_folder
from artifactscan.painting import counted

if TYPE_CHECKING:
    from artifactscan.learning import Substitution
    from artifactscan.lexicon import Entry

LEXICON = "learned.toml"  # in the user's folder


@click.command()
@click.argument("original", type=click.Path(path_type=Path))
@click.argument("spun", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Accept every substitution without asking.")
@click.option("--dry-run", is_flag=True, help="List the substitutions and add nothing.")
def learn(original: Path, spun: Path, yes: bool, dry_run: bool) -> None:
    """Learn from a text and its spun copy.

    Lists which words stand for which; what you accept goes into a lexicon of your own, which every check uses.

    \b
    artifactscan learn source.txt spun.txt
    """
    from artifactscan.commands.compare import compared
    from artifactscan.compiled import builtin_tables
    from artifactscan.learning import substitutions
    from artifactscan.model import ArtifactscanError
    from artifactscan.vocabulary import Vocabulary

    comparison = compared(original, spun)
    if not comparison.reused:
        raise ArtifactscanError(f"{spun}: no sentence of it comes from {original}; name a text and its spun copy")
    found = substitutions(comparison, Vocabulary(builtin_tables()))
    for s in found:
        click.echo(f"{len(s.examples):4}  {s.spun} <- {s.original}\n      {_quoted(s)}")
    click.echo(f"{counted(len(found), 'substitution')} in {counted(comparison.reused, 'reused sentence')}")
    if dry_run or not found:
        return
    if not yes and not sys.stdin.isatty():
        click.echo("nothing added: answer at a terminal, or accept all with --yes")
        return
    accepted = found if yes else list(_accepted(found))
    if accepted:
        _add(accepted)


def _accepted(found: Sequence[Substitution]) -> Iterator[Substitution]:
    """Ask about one after the other."""
    click.echo("\nAdd them? y: yes, n: no, a: this and all that follow, q: none of those that follow")
    every = False
    for s in found:
        answer = "y" if every else click.prompt(f"{s.spun} <- {s.original}", type=click.Choice(["y", "n", "a", "q"]), default="n")
        if answer == "q":
            return
        every = every or answer == "a"
        if every or answer == "y":
            yield s


def _add(accepted: Sequence[Substitution]) -> None:
    """Write entries.  An entry that does not hold up to its own sentences is left out and named."""
    from artifactscan.learning import entries
    from artifactscan.lexicon import read_entries
    from artifactscan.proof import disproved

    lexicon = user_folder() / LEXICON
    present = read_entries(lexicon)[0] if os.path.exists(lexicon) else []
    known = {(e.spun, e.originals) for e in present}
    new: list[Entry] = [e for e in entries(accepted, {e.id for e in present}) if (e.spun, e.originals) not in known]
    faults = {problem.place: problem.what for problem in disproved(new)}
    for what in faults.values():
        click.echo(f"left out: {what}", err=True)
    if kept := [e._replace(place="") for e in new if e.place not in faults]:
        append_entries(lexicon, kept, "learned from texts and their spun copies")
    click.echo(f"added {counted(len(kept), 'phrase')} to {lexicon}")


def _quoted(substitution: Substitution) -> str:
    """The first place of a substitution, in its sentence."""
    sentence = substitution.examples[0].spun_sentence
    return sentence if len(sentence) <= 90 else sentence[:89] + "…"
