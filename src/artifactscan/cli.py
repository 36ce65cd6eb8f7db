"""The command line: the table of commands, and how every run ends.  Only this and commands/ print and exit, but for
three places that docs/architecture.md names.

Exit codes: 0 nothing found at or above --fail-on; 1 findings; 2 wrong usage, broken configuration, or a report that cannot be
written; 3 some input could not be read (the rest is still reported); 130 interrupted.
"""
from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib import import_module

import click

from artifactscan import __version__
from artifactscan.model import ArtifactscanError

# Name of a command -> file of commands/ that holds it, in the order of --help.
COMMANDS = {
    "check": "check",
    "explain": "check",
    "rules": "check",
    "corpus": "corpus",
    "lexicon": "lexicon",
    "baseline": "baseline",
    "config": "config",
    "hook": "hook",
    "compare": "compare",
    "learn": "learn",
    "bench": "bench",
    "schema": "schema",
    "lsp": "lsp",
    "model": "model",
}


class Commands(click.Group):
    """The commands of COMMANDS, each imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"artifactscan.commands.{COMMANDS[cmd_name]}"), cmd_name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "--version", "-V", message="artifactscan %(version)s")
def cli() -> None:
    """Find what a synonym spinner or crude paraphraser left in a text.

    \b
    artifactscan check article.txt            a ranked, explained report
    artifactscan check --format json drafts/  for programs
    artifactscan explain article.txt:12       every evidence term of line 12
    """


def main() -> None:
    """Run the command line; every failure is one clear message and an exit code (Ctrl-C: `__main__`)."""
    _open_streams()
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
    except OSError as error:  # that nobody nearer to it could say better
        _close_stdout()
        where = "a file or stream" if error.filename is None else os.fsdecode(error.filename)
        _stop(2, f"artifactscan: {where}: cannot be read or written ({error.strerror or error}); mend that, or name another place")


def _stop(code: int, message: str) -> None:
    with suppress(OSError):  # standard error may be what cannot be written
        click.echo(message, err=True)
    sys.exit(code)


def _open_streams() -> None:
    """Where standard streams are closed and Python has None: what is written is lost, and reading is an OSError."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8", errors="replace"))  # noqa: SIM115  # as long as the process


def _close_stdout() -> None:
    """After the reader has gone, or the disk is full: let nothing be written any more, also not when the interpreter ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
