"""hook install and uninstall: a git hook that checks what is committed or pushed."""
from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import Any

import click

from artifactscan.commands.shared import save
from artifactscan.model import ArtifactscanError

SCRIPTS = Path(__file__).parents[1] / "hooks"
KINDS = ("pre-push", "pre-commit")
OURS = "Made by `artifactscan hook install`"


@click.group()
def hook() -> None:
    """A git hook that checks what is committed or pushed."""


def _kind(command: Any) -> Any:
    for name, text in zip(KINDS, ("What is pushed.  [default]", "What is committed."), strict=True):
        command = click.option(f"--{name}", "kind", flag_value=name, default=name == KINDS[0], help=text)(command)
    return command


@hook.command("install", short_help="Write the hook into the repository.")
@_kind
@click.option("--force", is_flag=True, help="Replace a hook that is not artifactscan's.")
def install(kind: str, force: bool) -> None:
    """Write the hook into the repository's folder of hooks (core.hooksPath is respected).

    \b
    artifactscan hook install --pre-commit
    """
    path = _folder() / kind
    if path.exists() and not _is_ours(path) and not force:
        raise ArtifactscanError(f"{path}: there is another hook; call `artifactscan check` from it (docs/workflow.md says how), or replace it with --force")
    if path.is_symlink():
        path.unlink()  # not what it leads to is replaced
    save(path, (SCRIPTS / kind).read_text(encoding="utf-8").replace("@PYTHON@", shlex.quote(sys.executable)))
    path.chmod(0o755)
    click.echo(f"{path}: installed")


@hook.command("uninstall")
@_kind
def uninstall(kind: str) -> None:
    """Take the hook away, if it is artifactscan's.

    \b
    artifactscan hook uninstall --pre-commit
    """
    path = _folder() / kind
    if not path.exists() or not _is_ours(path):
        raise ArtifactscanError(f"{path}: not a hook of artifactscan's; nothing to take away")
    path.unlink()
    click.echo(f"{path}: taken away")


def _folder() -> Path:
    """Where git looks for the repository's hooks.  Raises ArtifactscanError outside of one."""
    from artifactscan.git import git_line, root

    top = root()
    return Path(top, os.path.expanduser(git_line("-C", top, "rev-parse", "--git-path", "hooks", failure="git does not say where its hooks are")))


def _is_ours(path: Path) -> bool:
    return OURS in path.read_text(encoding="utf-8", errors="replace")
