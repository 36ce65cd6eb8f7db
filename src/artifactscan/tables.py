"""The compiled lexicon: one file of named sections, opened by mmap.

    magic, format (u32), header length (u32), header (JSON), sections

The header names the version that wrote the file, the fingerprint of what it was made from, and offset, length and
two CRC-32 of every section: of all its bytes, verified when it is read, and of a sample, verified when it is viewed.
"""
from __future__ import annotations

import json
import mmap
import os
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from artifactscan.model import ArtifactscanError

MAGIC = b"artifactscan lexicon\n"
FORMAT = 4
ALIGN = 8  # bytes: sections begin at multiples of it
SAMPLE, EVERY = 1 << 12, 1 << 18  # bytes: a sample takes so many of every so many, and the last ones
PREFIX = struct.Struct("<II")
REMEDY = "delete it if it is in your cache folder, where it is built anew; else reinstall artifactscan (pip install --force-reinstall artifactscan)"


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
            ends = [offset + size for offset, size, *_ in self.header["sections"].values()]
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
        offset, size, checksum, _ = self._place(name)
        data = self._map[self._start + offset : self._start + offset + size]
        if zlib.crc32(data) != checksum:
            raise self._damaged(name)
        return data

    def view(self, name: str) -> memoryview:
        """A large section without reading it whole: its sample is verified, so that opening it costs little."""
        offset, size, _, sampled = self._place(name)
        data = memoryview(self._map)[self._start + offset : self._start + offset + size]
        if _sample(data) != sampled:
            raise self._damaged(name)
        return data

    def verify(self) -> None:
        """Raises ArtifactscanError if any section is damaged anywhere."""
        for name in self.header["sections"]:
            self.section(name)

    def _damaged(self, name: str) -> ArtifactscanError:
        return ArtifactscanError(f"{self.path}: section {name!r} of the compiled lexicon is damaged; {REMEDY}")

    def _place(self, name: str) -> tuple[int, int, int, int]:
        try:
            offset, size, checksum, sampled = self.header["sections"][name]
        except (KeyError, ValueError):
            raise ArtifactscanError(f"{self.path}: the compiled lexicon has no section {name!r}; {REMEDY}") from None
        return offset, size, checksum, sampled

    def text(self, name: str) -> str:
        """A section as text."""
        return self.section(name).decode("utf-8")


def write_tables(path: Path, fingerprint: str, sections: dict[str, bytes], facts: Mapping[str, object] | None = None) -> None:
    """Write a compiled lexicon in one step: readers see the old file or the new one, never a part.  `facts` go into the header."""
    from artifactscan import __version__

    places, offset = {}, 0
    for name, data in sections.items():
        places[name] = [offset, len(data), zlib.crc32(data), _sample(memoryview(data))]
        offset += len(data) + -len(data) % ALIGN
    header = json.dumps({"version": __version__, "fingerprint": fingerprint, "sections": places, **(facts or {})}).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with open(part, "wb") as f:
            f.write(MAGIC + PREFIX.pack(FORMAT, len(header)) + header)
            f.writelines(data + bytes(-len(data) % ALIGN) for data in sections.values())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def _sample(data: memoryview) -> int:
    """CRC-32 of parts of a section, spread evenly."""
    checksum = zlib.crc32(data[-SAMPLE:])
    for start in range(0, len(data), EVERY):
        checksum = zlib.crc32(data[start : start + SAMPLE], checksum)
    return checksum
