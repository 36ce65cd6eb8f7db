"""The options of `check` as a configuration may set them.  Start reading at `config_options`.

The options themselves say which keys there are and what they hold; click takes a configuration's values as defaults
(`default_map`), so that the command line wins.
"""
from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from click.core import ParameterSource

from artifactscan.model import ArtifactscanError

if TYPE_CHECKING:
    from artifactscan.config import Config, Value  # not loaded where there is no configuration

FILE, SHARED_FILE = "artifactscan.toml", "pyproject.toml"
TABLE = ("tool", "artifactscan")  # of the latter
HEADING = re.compile(rb"^\s*\[+\s*tool\s*\.\s*artifactscan\s*[.\]]", re.MULTILINE)
CONFIG = "artifactscan.config"  # where click's context keeps the configuration
WITHOUT = "artifactscan.no-config"
EITHER = "--config and --no-config contradict each other; give one of them"
NO_SETTINGS = ("config", "no-config", "help")


class Settings(NamedTuple):
    """What a run was told: by its command line, its configuration and the defaults."""

    options: dict[str, Any]  # by key
    given: frozenset[str]  # keys that stand on the command line
    config: Config | None

    def value(self, key: str, document: str) -> Any:
        """What holds for a document: the command line, else an override for its path, else the run's value."""
        if self.config is not None and self.config.overrides and key not in self.given:
            override = self.config.value(key, document)
            if override is not None:
                return override.value
        return self.options[key]


def config_options(command: Any) -> Any:
    """The options --config and --no-config; the first is looked at in every run."""
    for option in (
        click.option("--no-config", is_flag=True, is_eager=True, expose_value=False, callback=_without, help="Take no settings from a file."),
        click.option(
            "--config", type=click.Path(path_type=Path), metavar="FILE", is_eager=True, expose_value=False, callback=_configure,
            help="Settings.  [default: artifactscan.toml or pyproject.toml, here or above]",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def settings_of(ctx: click.Context) -> Settings:
    """The settings of a command that is being run."""
    keys = {key: option.name for key, option in _options(ctx.command) if option.name in ctx.params}
    given = frozenset(key for key, name in keys.items() if name and ctx.get_parameter_source(name) == ParameterSource.COMMANDLINE)
    return Settings({key: ctx.params[name] for key, name in keys.items() if name}, given, ctx.meta.get(CONFIG))


def kinds(command: click.Command) -> dict[str, str]:
    """The keys of a command's options, with what their values must be (config.KINDS)."""
    return {key: _kind(option) for key, option in _options(command)}


def find() -> Path | None:
    """The configuration of the working directory: in it or in the folders above, up to the root of the repository.

    Not beside the texts, so that one run has one configuration, whatever it is given to check.  Costs two look-ups a
    folder; opens nothing but pyproject.toml.
    """
    folder = os.getcwd()
    while True:
        if os.path.isfile(path := os.path.join(folder, FILE)):
            return Path(path)
        if os.path.isfile(path := os.path.join(folder, SHARED_FILE)) and _has_table(path):
            return Path(path)
        parent = os.path.dirname(folder)
        if parent == folder or os.path.exists(os.path.join(folder, ".git")):
            return None
        folder = parent


def _options(command: click.Command) -> Iterator[tuple[str, click.Option]]:
    for option in command.params:
        if isinstance(option, click.Option):
            key = max(option.opts, key=len).lstrip("-")
            if key not in NO_SETTINGS:
                yield key, option


def _kind(option: click.Option) -> str:
    if option.is_flag:
        return "true or false"
    if option.multiple:
        return "a string or a list of strings"
    if isinstance(option.type, click.types.FloatParamType):
        return "a number"
    return "a whole number" if isinstance(option.type, click.types.IntParamType) else "a string"


def _without(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value and CONFIG in ctx.meta:  # read before this: it was named
        raise click.UsageError(EITHER, ctx)
    ctx.meta[WITHOUT] = value


def _configure(ctx: click.Context, _: click.Parameter, value: Path | None) -> None:
    """Read the configuration, if there is one, and let click take its values as defaults."""
    if ctx.meta.get(WITHOUT) and value:
        raise click.UsageError(EITHER, ctx)
    if ctx.meta.get(WITHOUT) or ctx.resilient_parsing:
        return
    path = value
    if path is None and (found := find()):
        path = Path(os.path.relpath(found))
    if path is None:
        return
    from artifactscan.commands.check import check  # here: it imports this file
    from artifactscan.config import load

    options = dict(_options(check))
    read = load(path, kinds(check), TABLE if path.name == SHARED_FILE else ())
    read = read._replace(
        values=_converted(ctx, options, read.values, path),
        overrides=tuple(o._replace(values=_converted(ctx, options, o.values, path)) for o in read.overrides),
    )
    ctx.meta[CONFIG] = read
    ctx.default_map = {str(options[key].name): value.value for key, value in read.values.items()}


def _converted(ctx: click.Context, options: dict[str, click.Option], values: dict[str, Value], path: Path) -> dict[str, Value]:
    """Values as their options have them, files seen from the configuration's folder.  Raises ArtifactscanError."""
    converted = {}
    for key, written in values.items():
        value = written.value
        if isinstance(options[key].type, click.Path):
            value = [_seen_from(path, name) for name in value] if options[key].multiple else _seen_from(path, value)
        try:
            converted[key] = written._replace(value=options[key].type_cast_value(ctx, value))
        except click.BadParameter as error:
            raise ArtifactscanError(f"{written.place}: {key}: {error.message}") from error
    return converted


def _seen_from(path: Path, name: str) -> str:
    return name if name == "-" or os.path.isabs(name) else os.path.relpath(path.parent / name)


def _has_table(path: str) -> bool:
    try:
        with open(path, "rb") as f:
            return HEADING.search(f.read()) is not None
    except OSError:
        return False
