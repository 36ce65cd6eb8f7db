"""config show: the settings that hold, and where each comes from."""
from __future__ import annotations

import json
from typing import Any

import click

from artifactscan.commands.check import check
from artifactscan.commands.settings import settings_of


@click.group()
def config() -> None:
    """The settings of a project.

    They stand in artifactscan.toml, or in pyproject.toml under [tool.artifactscan]; every option of check is one.
    """


def _show(**_: object) -> None:
    """Show every setting that holds here, or for the file PATH, and where it comes from.

    \b
    artifactscan config show
    artifactscan config show --min-score 80 drafts/a.txt
    """
    ctx = click.get_current_context()
    settings = settings_of(ctx)
    rows: list[tuple[str, str, str]] = []
    for key, value in settings.options.items():
        place = "command line" if key in settings.given else "default"
        written = settings.config.value(key, ctx.params["path"]) if settings.config and key not in settings.given else None
        rows.append((key, _shown(written.value if written else value), written.place if written else place))
    for key, value, place in rows:
        click.echo(f"{key:<16} {value:<24} {place}")
    if settings.config is None:
        return
    for override in settings.config.overrides if ctx.params["path"] is None else ():
        for key, written in override.values.items():
            click.echo(f"{key:<16} {_shown(written.value):<24} {written.place}, for {', '.join(override.paths)}")
    for allowed in settings.config.allow:
        where = f", for {', '.join(allowed.paths)}" if allowed.paths else ""
        click.echo(f"{'allow':<16} {_shown(allowed.phrase):<24} {allowed.place}{where}: {allowed.reason}")


def _shown(value: Any) -> str:
    """A value as TOML has it."""
    if value is None:
        return "not set"
    if isinstance(value, tuple):
        return "[" + ", ".join(_shown(v) for v in value) + "]"
    return json.dumps(value) if isinstance(value, (bool, int, float)) else json.dumps(str(value), ensure_ascii=False)


# Its options are those of check.
config.add_command(
    click.Command(
        "show",
        params=[click.Argument(["path"], required=False, metavar="[PATH]"), *(p for p in check.params if isinstance(p, click.Option))],
        callback=_show,
        short_help="Show every setting, and where it comes from.",
        help=_show.__doc__,
    )
)
