"""lsp: the language server, over standard input and output."""
from __future__ import annotations

from pathlib import Path

import click

from artifactscan.commands.shared import scan_options, scanner_of
from artifactscan.model import ArtifactscanError


@click.command()
@click.option("--min-score", type=click.FloatRange(0, 100), default=50.0, show_default=True, help="Show findings of this score or more.")
@scan_options
def lsp(min_score: float, only: tuple[str, ...], ignore: tuple[str, ...], lexicons: tuple[Path, ...]) -> None:
    """Serve an editor: findings while you type.

    Editors start it and speak the Language Server Protocol with it over standard input and output; docs/editors.md shows how.
    """
    try:
        from artifactscan.server import make_server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise ArtifactscanError("the language server needs the extra lsp; install it: pip install 'artifactscan[lsp]'") from error
    make_server(scanner_of(min_score, only, ignore, lexicons).scan).start_io()
