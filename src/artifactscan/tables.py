"""The compiled lexicon: one file of named sections, opened by mmap.

    magic, format (u32), header length (u32), header (JSON), sections

The header names the version that wrote the file, the fingerprint of what it was made from, and offset, length and
CRC-32 of every section.  A section is read when it is asked for; its checksum is verified then.
"""
from __future__ import annotations

import json
import mmap
import os
import struct
import zlib
from pathlib import Path
from typing import Any

from artifactscan.model import ArtifactscanError

MAGIC = b"artifactscan lexicon\n"
FORMAT = 1
PREFIX = struct.Struct("<II")
REMEDY = "reinstall artifactscan (pip install --force-reinstall artifactscan), or in a checkout delete the file; it is built anew"


class Tables:
    """A compiled lexicon, open for reading.  Raises ArtifactscanError if the file is damaged or of another format."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with open(path, "rb") as f:
                self._map = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:  # ValueError: an empty file cannot be mapped
            raise ArtifactscanError(f"{path}: the compiled lexicon cannot be opened ({error}); {REMEDY}") from error
        head = len(MAGIC) + PREFIX.size
        if self._map[: len(MAGIC)] != MAGIC or len(self._map) < head:
            raise ArtifactscanError(f"{path}: this is not a compiled lexicon; {REMEDY}")
        form, length = PREFIX.unpack(self._map[len(MAGIC) : head])
        if form != FORMAT:
            raise ArtifactscanError(f"{path}: compiled lexicon of format {form}, this version reads format {FORMAT}; {REMEDY}")
        try:
            self.header: dict[str, Any] = json.loads(self._map[head : head + length])
            ends = [offset + size for offset, size, _ in self.header["sections"].values()]
        except (ValueError, KeyError, TypeError) as error:
            raise ArtifactscanError(f"{path}: the compiled lexicon's header is damaged; {REMEDY}") from error
        self._start = head + length
        if self._start + max(ends, default=0) > len(self._map):
            raise ArtifactscanError(f"{path}: the compiled lexicon is cut short; {REMEDY}")

    @property
    def fingerprint(self) -> str:
        """Names what the tables were made from: 16 hexadecimal digits."""
        return str(self.header["fingerprint"])

    def section(self, name: str) -> bytes:
        """The bytes of a section.  Raises ArtifactscanError if it is missing or its checksum is wrong."""
        try:
            offset, size, checksum = self.header["sections"][name]
        except KeyError:
            raise ArtifactscanError(f"{self.path}: the compiled lexicon has no section {name!r}; {REMEDY}") from None
        data = self._map[self._start + offset : self._start + offset + size]
        if zlib.crc32(data) != checksum:
            raise ArtifactscanError(f"{self.path}: section {name!r} of the compiled lexicon is damaged; {REMEDY}")
        return data

    def text(self, name: str) -> str:
        """A section as text."""
        return self.section(name).decode("utf-8")


def write_tables(path: Path, fingerprint: str, sections: dict[str, bytes]) -> None:
    """Write a compiled lexicon in one step: readers see the old file or the new one, never a part."""
    from artifactscan import __version__

    places, offset = {}, 0
    for name, data in sections.items():
        places[name] = [offset, len(data), zlib.crc32(data)]
        offset += len(data)
    header = json.dumps({"version": __version__, "fingerprint": fingerprint, "sections": places}).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with open(part, "wb") as f:
            f.write(MAGIC + PREFIX.pack(FORMAT, len(header)) + header)
            f.writelines(sections.values())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
