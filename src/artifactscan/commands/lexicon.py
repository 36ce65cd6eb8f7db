"""lexicon check, list, show, add and import: the known phrases."""
from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from artifactscan.commands.shared import Number, append_entries, own_lexicons, probe, save, user_folder
from artifactscan.model import ArtifactscanError
from artifactscan.painting import counted

if TYPE_CHECKING:
    from artifactscan.lexicon import Entry


@click.group()
def lexicon() -> None:
    """The lexicon of known spun phrases."""


@lexicon.command("check", short_help="Validate every entry.")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
def lexicon_check(files: tuple[Path, ...]) -> None:
    """Validate every entry: its form, and the sentences that it must flag and leave alone.

    Without FILE: the built-in lexicon.

    \b
    artifactscan lexicon check own.toml
    """
    from artifactscan.proof import prove, prove_builtin

    checked, problems = prove(files) if files else prove_builtin()
    for problem in problems:
        click.echo(str(problem), err=True)
    click.echo(f"{counted(checked, 'entry', 'entries')}, {counted(len(problems), 'problem')}")
    sys.exit(1 if problems else 0)


@lexicon.command("list", short_help="List the entries, all or those with a word.")
@click.argument("word", required=False)
def lexicon_list(word: str | None) -> None:
    """List the entries, yours too, or those in which WORD stands.

    \b
    artifactscan lexicon list peace
    """
    for entry in _entries():
        if word is None or word.lower() in " ".join((entry.id, *entry.spun, *entry.originals)).lower():
            click.echo(f"{entry.id}: {' / '.join(entry.spun)} -> {' / '.join(entry.originals)}")


@lexicon.command("show", short_help="Show one entry as it stands in its file.")
@click.argument("id_", metavar="ID")
def lexicon_show(id_: str) -> None:
    """Show one entry, built in or yours, as it stands in its file; of the same id, each.

    \b
    artifactscan lexicon show artificial-intelligence-counterfeit-consciousness
    """
    from artifactscan.lexicon import write_entries

    found = [write_entries([entry], entry.place) for entry in _entries() if entry.id == id_]
    if found:
        click.echo("\n".join(found), nl=False)
        return
    raise ArtifactscanError(f"there is no entry {id_!r}; `artifactscan lexicon list WORD` finds entries by a word")


@lexicon.command("add")
@click.argument("spun")
@click.argument("originals", nargs=-1, required=True, metavar="ORIGINAL...")
@click.option("--near", multiple=True, metavar="WORD", help="Only where one of these stands in the sentence.")
@click.option("--unless", multiple=True, metavar="WORD", help="Not where one of these stands in the sentence.")
@click.option("--reliability", type=Number(0, 1, min_open=True, max_open=True), default=0.9, show_default=True, help="How often a match is a spinner's work.")
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

    An entry that `lexicon check` would object to is not added.
    """
    from artifactscan.lexicon import Entry, new_id, parse_entries, read_entries, write_entries
    from artifactscan.proof import disproved

    path = target or user_folder() / "own.toml"
    present = read_entries(path)[0] if os.path.exists(path) else []
    if known := next((e for e in present if (e.spun, e.originals) == ((spun,), originals)), None):
        click.echo(f"nothing added: {known.place} has the same words, as {known.id}; edit the entry there")
        return
    name = new_id(spun, originals[0], {e.id for e in present})
    entry = Entry(name, (spun,), originals, reliability, near, unless, flags=flags, passes=passes)
    read, problems = parse_entries(write_entries([entry], ""), path)
    if problems := problems or list(disproved(read)):
        raise ArtifactscanError("\n".join(f"not added: {p.what}; {p.remedy}" for p in problems))
    append_entries(path, [entry], "your own known phrases")
    click.echo(f"added {name} to {path}")


@lexicon.command("import", short_help="Read the Problematic Paper Screener's list.")
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
    from artifactscan.lexicon import duplicates, parse_entries, write_entries
    from artifactscan.screener import read_export
    from artifactscan.vocabulary import Vocabulary

    probe(output, (export,), "the lexicon")
    entries, problems = read_export(export)
    for problem in problems:
        click.echo(str(problem), err=True)
    if not entries:
        raise ArtifactscanError(f"{export}: holds no phrase, and nothing was written; export the list from the screener as CSV")
    path = output or user_folder() / "screener.toml"
    content = write_entries(entries, "Problematic Paper Screener, tortured phrases (Cabanac, Labbé, Magazinov; CC BY 4.0)")
    if problems := [*parse_entries(content, path)[1], *duplicates(entries)]:
        raise ArtifactscanError("\n".join(f"not written: {p.what}; {p.remedy}" for p in problems[:3]))
    save(path, content)
    user_tables(path, Vocabulary(builtin_tables()))
    use = f"; use it with: artifactscan check --lexicon {path}" if output else "; every check uses it now"
    click.echo(f"{counted(len(entries), 'phrase')} written to {path}{use}")


def _entries() -> list[Entry]:
    """The built-in entries and the user's own; what is wrong with others of these is told."""
    from artifactscan.compiled import builtin_entries
    from artifactscan.lexicon import read_entries

    entries = builtin_entries()
    for path in own_lexicons():
        own, problems = read_entries(path)
        entries += own
        for problem in problems:
            click.echo(str(problem), err=True)
    return entries
