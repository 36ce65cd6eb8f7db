"""Plain text, in the encodings in which people still send it: UTF-8, UTF-16, UTF-32 and Windows-1252."""
from __future__ import annotations

import codecs
import os
import stat
from pathlib import Path

from artifactscan.model import ArtifactscanError, Document

LARGEST = 512 << 20  # bytes
LARGEST_MARKUP = 64 << 20  # bytes or code points of a file that has to be parsed
SNIFFED = 1 << 13  # bytes looked at to tell text from anything else
UTF32 = ((codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"))
BOMS = (*UTF32, (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))  # that of UTF-32-LE begins as UTF-16's


class Unreadable(ArtifactscanError):
    """A file that cannot be read as text; the message is the reason."""


def content(path: Path) -> bytes:
    """The bytes of a regular file of bounded size.  Raises Unreadable."""
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable("not a regular file; name a text file, a folder, or - for standard input")
        if status.st_size > LARGEST:
            raise Unreadable(f"larger than {LARGEST >> 20} MB; split it into several files")
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{error.strerror or error}") from error


def looks_binary(head: bytes) -> bool:
    """Whether bytes from the beginning of a file are not text: they hold NULs and are neither UTF-16 nor marked as UTF-32."""
    return b"\0" in head and _utf16(head) is None and not head.startswith(tuple(bom for bom, _ in UTF32))


def read(raw: bytes, name: str) -> Document:
    """A text as it is."""
    return Document(name, decode(raw))


def decode(raw: bytes) -> str:
    """The text in bytes.  Line ends stay as they are.  Raises Unreadable for binary and undecodable bytes."""
    for bom, encoding in BOMS:
        if raw.startswith(bom):
            return _decoded(raw[len(bom) :], encoding)
    if order := _utf16(raw[:SNIFFED]):
        return _decoded(raw, order)
    if b"\0" in raw:
        raise Unreadable(f"binary: NUL byte at offset {raw.index(0)}; only text can be checked")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as not_utf8:
        try:
            return raw.decode("cp1252")
        except UnicodeDecodeError as error:
            place = raw.count(b"\n", 0, error.start) + 1
            message = f"neither UTF-8 nor Windows-1252: byte 0x{raw[error.start]:02x} on line {place}; save it as UTF-8"
            raise Unreadable(message) from not_utf8


def bounded(raw: bytes) -> bytes:
    """Bytes that have to be parsed.  Raises Unreadable for too many."""
    if len(raw) > LARGEST_MARKUP:
        raise Unreadable(f"larger than {LARGEST_MARKUP >> 20} MB; split it into several files")
    return raw


def _utf16(head: bytes) -> str | None:
    """The byte order of UTF-16 without a mark: most bytes in every other place are NUL."""
    if len(head) < 4:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > 0.7 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.7 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(f"not valid {encoding.upper()} at offset {error.start}; save it as UTF-8") from error
