"""schema: the JSON Schemas of what artifactscan writes, for those who read it."""
from __future__ import annotations

import click

# Name -> file of schema/.
SCHEMAS = {"report": "report-v1.json", "compare": "compare-v1.json"}


@click.command()
@click.argument("name", type=click.Choice(list(SCHEMAS)), default="report", metavar="[NAME]")
def schema(name: str) -> None:
    """Print the JSON Schema of a report.

    NAME: report (the default), or compare for that of a comparison.

    \b
    artifactscan schema > report-v1.json
    artifactscan schema compare
    """
    from importlib import resources

    click.echo(resources.files("artifactscan").joinpath("schema", SCHEMAS[name]).read_text(encoding="utf-8"), nl=False)
