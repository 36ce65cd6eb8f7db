"""The settings of a project: `artifactscan.toml`, or `[tool.artifactscan]` in pyproject.toml.

    min-score = 60
    ignore = ["article"]

    [[overrides]]                     # the later one wins
    paths = ["drafts/**"]             # as in .gitignore, seen from this file's folder
    min-score = 80

    [[allow]]
    phrase = "green peace"
    reason = "the name of our column"

Every option of `check` is a key; which ones there are, and what they hold, is the caller's to say
(commands/settings.py, which also finds the file).  Start reading at `load`.
"""
from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from artifactscan.model import ArtifactscanError, Finding

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

PER_PATH = ("min-score", "fail-on", "only", "ignore", "quotes", "require-reason")  # what an override may set

# What a value must be -> the types that it may have.
KINDS: dict[str, tuple[type, ...]] = {
    "a number": (int, float),
    "a whole number": (int,),
    "true or false": (bool,),
    "a string": (str,),
    "a string or a list of strings": (str, list),
}
STRINGS = "a string or a list of strings"
OVERRIDE = {"paths": STRINGS}
ALLOW = {"phrase": "a string", "reason": "a string", "paths": STRINGS}


class Value(NamedTuple):
    """A setting's value, and where it was written (file:line)."""

    value: Any
    place: str


class Override(NamedTuple):
    """Settings for some paths."""

    paths: tuple[str, ...]
    values: dict[str, Value]


class Allowed(NamedTuple):
    """A phrase that is no finding in this project."""

    phrase: str
    reason: str
    paths: tuple[str, ...]  # none: everywhere
    place: str

    def covers(self, finding: Finding, text: str) -> bool:
        """Whether the finding is the phrase, or stands within it; `text`: the document's."""
        return any(m.start() <= finding.start and finding.end <= m.end() for m in self._pattern().finditer(text, max(0, finding.start - 1000), finding.end + 1000))

    def _pattern(self) -> re.Pattern[str]:
        words = [re.escape(word).replace("'", "['’]") for word in self.phrase.replace("’", "'").split()]
        return re.compile(r"\s+".join(words), re.IGNORECASE)


class Config(NamedTuple):
    """A configuration as it was written."""

    path: Path
    values: dict[str, Value]
    overrides: tuple[Override, ...] = ()
    allow: tuple[Allowed, ...] = ()

    def value(self, key: str, document: str | None) -> Value | None:
        """What holds for a document: the last override that names its path and has the key, else the general value."""
        for override in self.overrides[::-1]:
            if document is not None and key in override.values and self.matches(override.paths, document):
                return override.values[key]
        return self.values.get(key)

    def matches(self, globs: tuple[str, ...], document: str) -> bool:
        """Whether a document's path is named by globs, as .gitignore has them, from the configuration's folder."""
        relative = os.path.relpath(document, self.path.parent).replace(os.sep, "/")
        return not relative.startswith("../") and _spec(globs).match_file(relative)


def load(path: Path, settings: Mapping[str, str], table: tuple[str, ...] = ()) -> Config:
    """Read a configuration.

    `settings`: every key that there is, with what its value must be, as in KINDS.  `table`: where in the file it stands.

    Raises ArtifactscanError that names every mistake with its file and line.
    """
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    try:
        source = path.read_text(encoding="utf-8")
        content = tomllib.loads(source)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ArtifactscanError(f"{path}: the configuration cannot be read ({reason}); name a TOML file") from error
    except tomllib.TOMLDecodeError as error:
        raise ArtifactscanError(f"{path}: not valid TOML ({error}); mend that place") from error
    for name in table:
        if not isinstance(content, dict) or name not in content:
            raise ArtifactscanError(f"{path}: no settings in it; write them below [{'.'.join(table)}], or name another file")
        content = content[name]
    lines = _lines(source, table)
    faults = [f"{path}:{lines.get(at, lines.get(at[:2], 1))}: {what}" for at, what in _faults(content, settings)]
    if faults:
        raise ArtifactscanError("\n".join(faults))

    def place(*at: object) -> str:
        return f"{path}:{lines[at]}" if at in lines else str(path)

    def values(table: dict[str, Any], *at: object) -> dict[str, Value]:
        return {key: Value(_listed(value) if settings[key] == STRINGS else value, place(*at, key)) for key, value in table.items() if key in settings}

    return Config(
        path,
        values(content),
        tuple(Override(tuple(_listed(o["paths"])), values(o, "overrides", n)) for n, o in enumerate(content.get("overrides", ()))),
        tuple(Allowed(a["phrase"], a["reason"], tuple(_listed(a.get("paths", []))), place("allow", n)) for n, a in enumerate(content.get("allow", ()))),
    )


@cache
def _spec(globs: tuple[str, ...]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec  # here: few configurations need it

    return GitIgnoreSpec.from_lines(globs)


def _faults(content: Any, settings: Mapping[str, str]) -> Iterator[tuple[tuple[object, ...], str]]:
    """(where, what is wrong and what to do) of a configuration as read from TOML."""
    if not isinstance(content, dict):
        yield (), "[tool.artifactscan] is no table; write its settings below that heading"
        return
    general = {key: value for key, value in content.items() if key not in ("overrides", "allow")}
    yield from _faults_of_table((), general, settings, (), (*settings, "overrides", "allow"))
    per_path = {key: kind for key, kind in settings.items() if key in PER_PATH}
    for name, kinds, required in (("overrides", OVERRIDE | per_path, ("paths",)), ("allow", ALLOW, ("phrase", "reason"))):
        rows = content.get(name, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            yield (name,), f"{name} is no list of tables; write [[{name}]] above each"
            continue
        for number, row in enumerate(rows):
            for key in sorted(settings.keys() & row.keys() - kinds.keys()):
                yield (name, number, key), f"{key} cannot be set in [[{name}]]; there are {', '.join(kinds)}"
            yield from _faults_of_table((name, number), {k: v for k, v in row.items() if k in kinds or k not in settings}, kinds, required, kinds)


def _faults_of_table(
    at: tuple[object, ...], table: dict[str, Any], kinds: Mapping[str, str], required: tuple[str, ...], names: Any,
) -> Iterator[tuple[tuple[object, ...], str]]:  # fmt: skip
    for key, value in table.items():
        if key not in kinds:
            from artifactscan.suggest import did_you_mean

            yield (*at, key), f"there is no setting {key!r}; {did_you_mean(key, names)}"
        elif not _is(value, kinds[key]):
            yield (*at, key), f"{key} is not {kinds[key]}"
    for key in required:
        if key not in table:
            yield at, f"[[{at[0]}]] has no {key}; add {key} = ..."
        elif _is(table[key], kinds[key]) and not any(value.strip() for value in _listed(table[key])):
            yield (*at, key), f"{key} is empty; write what it should hold, or take [[{at[0]}]] out"


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool) and kind != "true or false":
        return False
    return isinstance(value, KINDS[kind]) and (not isinstance(value, list) or all(isinstance(v, str) for v in value))


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _lines(source: str, table: tuple[str, ...]) -> dict[tuple[object, ...], int]:
    """The line of each key and of each [[heading]]: (key,), (heading, number) or (heading, number, key).  A guess by form."""
    found: dict[tuple[object, ...], int] = {}
    at: tuple[object, ...] | None = () if not table else None  # None: in a table of others
    for number, line in enumerate(source.split("\n"), 1):
        if heading := re.match(r"\s*\[+\s*([\w.\- ]+?)\s*\]", line):
            names = tuple(name.strip() for name in heading[1].split("."))
            inner = names[len(table) :]
            at = None if names[: len(table)] != table or len(inner) > 1 else inner
            if at:
                at = (*at, sum(1 for key in found if len(key) == 2 and key[0] == at[0]))
                found[at] = number
        elif at is not None and (key := re.match(r"""\s*["']?([\w-]+)["']?\s*=""", line)):
            found.setdefault((*at, key[1]), number)
    return found
