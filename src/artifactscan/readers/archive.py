"""Zipped documents: members of bounded size, whatever the archive promises."""
from __future__ import annotations

import io
import zipfile

from artifactscan.readers.plain import Unreadable

MOST_EXPANDED = 64 << 20  # bytes of one document
OLE = b"\xd0\xcf\x11\xe0"  # how Office's old formats begin, and its encrypted ones


class Archive:
    """A zip file.  Raises Unreadable for one that is encrypted, damaged, or expands too far."""

    def __init__(self, raw: bytes) -> None:
        if raw.startswith(OLE):
            raise Unreadable("encrypted, or in an old binary format; save it anew without a password")
        self._left = MOST_EXPANDED
        self._zip = zipfile.ZipFile(io.BytesIO(raw))
        self.names = frozenset(self._zip.namelist())

    def read(self, name: str) -> bytes:
        """The bytes of a member."""
        info = self._zip.getinfo(name)
        if info.flag_bits & 1:
            raise Unreadable("encrypted; save it anew without a password")
        with self._zip.open(info) as member:
            raw = member.read(self._left + 1)
        if len(raw) > self._left:
            raise Unreadable(f"expands to more than {MOST_EXPANDED >> 20} MB, as a zip bomb does; only smaller documents are read")
        self._left -= len(raw)
        return raw
