"""compare and learn: a text beside its copy."""
from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from artifactscan.commands.shared import in_colour, output_option, probe, width_of, write
from artifactscan.sidebyside import FORMS

if TYPE_CHECKING:
    from artifactscan.model import Comparison


@click.command(epilog="Exit codes: 0 compared, 2 wrong usage, 3 a text could not be read.")
@click.argument("original", type=click.Path(path_type=Path))
@click.argument("suspect", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(list(FORMS)), default="terminal", show_default=True, help="How to report.")
@output_option("the report")
def compare(original: Path, suspect: Path, form: str, output: Path | None) -> None:
    """Lay a text beside its suspected copy.

    Shows which sentences were reused, and what became of every word.

    \b
    artifactscan compare source.txt article.txt
    artifactscan compare --format html -o beside.html source.txt article.txt
    """
    from artifactscan.sidebyside import render

    probe(output, (original, suspect))
    write(render(compared(original, suspect), form, width=width_of(output), colour=in_colour(output)), output)


def compared(original: Path, copy: Path) -> Comparison:
    """Both texts, aligned.  Exits with 3 if one cannot be read."""
    from artifactscan.alignment import align
    from artifactscan.compiled import builtin_tables
    from artifactscan.readers import plain, read
    from artifactscan.vocabulary import Vocabulary

    documents = []
    for path in (original, copy):
        try:
            documents.append(read(path))
        except plain.Unreadable as error:
            click.echo(f"artifactscan: {path}: not read ({error})", err=True)
            sys.exit(3)
    return align(documents[0], documents[1], Vocabulary(builtin_tables()))
