"""lsp: the language server, over standard input and output."""
from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from artifactscan.commands.settings import settings_of
from artifactscan.commands.shared import SCORE, scan_options, scanner_of
from artifactscan.model import ArtifactscanError, Document, DocumentReport


@click.command()
@click.option("--min-score", type=SCORE, default=50.0, show_default=True, help="Show findings of this score or more.")
@scan_options
@click.option("--require-reason", is_flag=True, help="A comment that hides findings must give a reason.")
@click.pass_context
def lsp(ctx: click.Context, /, lexicons: tuple[Path, ...], **_: object) -> None:
    """Serve an editor: findings while you type.

    Editors start it and speak the Language Server Protocol with it over standard input and output; docs/editors.md shows how.
    """
    try:
        from artifactscan.server import make_server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise ArtifactscanError("the language server needs the extra lsp; install it: pip install 'artifactscan[lsp]'") from error
    from artifactscan.commands.review import Review

    review = Review(settings_of(ctx), partial(scanner_of, lexicons=lexicons))

    def examine(document: Document) -> DocumentReport:
        review.notices.clear()  # a session is long, and they are not shown
        return review.scan(document)

    make_server(examine).start_io()
