"""Known spun phrases: reading, checking and writing their TOML files.

An entry says what a spinner leaves, what probably stood there, and under which conditions the phrase is fine:

    [[phrase]]
    id = "lecturer-teacher"
    spun = "teacher"
    originals = ["lecturer", "professor"]
    near = ["university", "faculty"]
    flags = ["Hoo Tiang Boon, a teacher at Nanyang Technological University"]
    passes = ["She is a teacher at the village school."]

Start reading at `Entry`; `FIELDS` is the format.
"""
from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from artifactscan.model import ArtifactscanError
from artifactscan.text import words_of

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DEFAULT_RELIABILITY = 0.9


class Entry(NamedTuple):
    """One known phrase.  Terms of conditions are words or phrases, matched like `spun`."""

    id: str
    spun: tuple[str, ...]  # wordings; "*" is a gap of up to three words, "#" a number, a capital must be one
    originals: tuple[str, ...]  # best first
    reliability: float = DEFAULT_RELIABILITY  # probability that a match in an unknown text is a spinner's work
    near: tuple[str, ...] = ()  # one of these stands in the sentence
    unless: tuple[str, ...] = ()  # none of these stands in the sentence
    in_document: tuple[str, ...] = ()  # each of these stands somewhere in the document; "a | b" means either
    not_in_document: tuple[str, ...] = ()  # none of these does
    within: int | None = None  # the words of `spun` in any order, with at most this many others among them
    exact: bool = False  # no inflection
    flags: tuple[str, ...] = ()  # sentences that it matches
    passes: tuple[str, ...] = ()  # sentences that it leaves alone
    place: str = ""  # file:line


class Problem(NamedTuple):
    """What is wrong with an entry, where, and what to do."""

    place: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}; {self.remedy}"


# key -> (what its value must be, whether it must be there)
FIELDS = {
    "id": ("a string", True),
    "spun": ("strings", True),
    "originals": ("strings", True),
    "reliability": ("a number", False),
    "near": ("strings", False),
    "unless": ("strings", False),
    "in_document": ("strings", False),
    "not_in_document": ("strings", False),
    "within": ("a whole number", False),
    "exact": ("true or false", False),
    "flags": ("strings", False),
    "passes": ("strings", False),
}
ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def read_entries(path: Path) -> tuple[list[Entry], list[Problem]]:
    """The entries of a TOML file, and what is wrong with the others.

    Raises ArtifactscanError if the file cannot be read or is not TOML.
    """
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ArtifactscanError(f"{path}: the lexicon cannot be read ({reason}); name a TOML file of [[phrase]] entries") from error
    return parse_entries(source, path)


def parse_entries(source: str, path: Path) -> tuple[list[Entry], list[Problem]]:
    """The same of the content that a file has or is to have.  Raises ArtifactscanError if it is not TOML."""
    try:
        content = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise ArtifactscanError(f"{path}: not valid TOML ({error}); mend that place; docs/lexicon.md has the format") from error
    rows = content.get("phrase", [])
    if set(content) - {"phrase"} or not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows):
        raise ArtifactscanError(f"{path}: a lexicon holds nothing but [[phrase]] entries; found {', '.join(sorted(content))}")
    lines = _lines_of_entries(source)
    entries: list[Entry] = []
    problems: list[Problem] = []
    for number, row in enumerate(rows):
        where = lines[number] if number < len(lines) else {"": 1}
        wrong = [Problem(f"{path}:{where.get(key, where[''])}", what, remedy) for key, what, remedy in _faults(row)]
        problems.extend(wrong)
        if not wrong:
            values: dict[str, Any] = {k: _as_tuple(v) if FIELDS[k][0] == "strings" else v for k, v in row.items()}
            entries.append(Entry(**values, place=f"{path}:{where['']}"))
    return entries, problems


def duplicates(entries: Iterable[Entry]) -> Iterator[Problem]:
    """Ids that stand more than once."""
    first: dict[str, str] = {}
    for entry in entries:
        if entry.id in first:
            yield Problem(entry.place, f"id {entry.id!r} stands already at {first[entry.id]}", "give it an id of its own")
        first.setdefault(entry.id, entry.place)


def new_id(spun: str, original: str, taken: Collection[str]) -> str:
    """An id for an entry that is none of those taken."""
    stem = "-".join(re.findall(r"[a-z0-9]+", f"{original} {spun}".lower())) or "phrase"
    return next(name for name in (stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))) if name not in taken)


def write_entries(entries: Iterable[Entry], heading: str) -> str:
    """Entries as TOML."""
    blocks = [f"# {heading}\n"]
    for entry in entries:
        lines = ["[[phrase]]"]
        for key, (kind, required) in FIELDS.items():
            value = getattr(entry, key)
            if required or value != Entry._field_defaults.get(key):
                lines.append(f"{key} = {_toml(value[0] if key == 'spun' and len(value) == 1 else value, kind)}")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _toml(value: Any, kind: str) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(v, kind) for v in value) + "]"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'
    return str(value).lower()


def _as_tuple(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _lines_of_entries(source: str) -> list[dict[str, int]]:
    """For each entry the line of its [[phrase]] (under "") and of each of its keys."""
    found: list[dict[str, int]] = []
    for number, line in enumerate(source.split("\n"), 1):
        if re.match(r"\s*\[\[\s*phrase\s*\]\]", line):
            found.append({"": number})
        elif found and (key := re.match(r"\s*([\w-]+)\s*=", line)):
            found[-1].setdefault(key[1], number)
    return found


def _is(value: Any, kind: str) -> bool:
    if kind == "strings":
        return isinstance(value, str) or (isinstance(value, list) and bool(value) and all(isinstance(v, str) for v in value))
    if kind == "a number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if kind == "a whole number":
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return isinstance(value, bool if kind == "true or false" else str)


def _faults(row: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(key, what is wrong, remedy) of one entry as read from TOML."""
    named = f"entry {row.get('id')!r}" if row.get("id") else "an entry"
    for key in row:
        if key not in FIELDS:
            yield key, f"{named} has an unknown key {key!r}", f"use {', '.join(FIELDS)}"
        elif not _is(row[key], FIELDS[key][0]):
            yield key, f"{named}: {key} is not {FIELDS[key][0]}", "see the format in docs/lexicon.md"
    for key, (kind, required) in FIELDS.items():
        if required and key not in row:
            yield "", f"{named} has no {key}", f"add {key} = {'[...]' if kind == 'strings' else '...'}"
    if any(key not in FIELDS or not _is(value, FIELDS[key][0]) for key, value in row.items()):
        return
    if "id" in row and not ID.fullmatch(row["id"]):
        yield "id", f"id {row['id']!r} is not in kebab-case", "use lower-case letters, digits and single hyphens"
    if not 0 < row.get("reliability", DEFAULT_RELIABILITY) < 1:
        yield "reliability", f"{named}: reliability {row['reliability']} is not between 0 and 1", "it is a probability; 0.9 is the default"
    for key, value in row.items():
        if FIELDS[key][0] == "strings" and key != "spun" and not all(v.strip() for v in _as_tuple(value)):
            yield key, f"{named}: {key} holds an empty string", "write words, or leave it out"
    for wording in _as_tuple(row.get("spun", ())):
        parts = wording.split()
        if not any(words_of(p) for p in parts if p not in ("*", "#")):
            yield "spun", f"{named}: {wording!r} holds no word", "write the words that the spinner leaves"
        elif "*" in (parts[0], parts[-1]):
            yield "spun", f"{named}: {wording!r} begins or ends with a gap", "begin and end with a word"
