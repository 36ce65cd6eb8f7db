"""EPUB: the chapters in the order in which they are read."""
from __future__ import annotations

import posixpath
from urllib.parse import unquote

from artifactscan.model import Document
from artifactscan.readers.archive import Archive
from artifactscan.readers.flow import Flow
from artifactscan.readers.markup import Attributes, read_html, read_xml
from artifactscan.readers.plain import Unreadable, decode

CONTAINER = "META-INF/container.xml"
PAGES = ("application/xhtml+xml", "text/html")


def read(raw: bytes, name: str) -> Document:
    """The prose of a book; places are its files."""
    archive = Archive(raw)
    if CONTAINER not in archive.names:
        raise Unreadable(f"damaged or not an EPUB file: it has no {CONTAINER}")
    if "META-INF/encryption.xml" in archive.names and b"xmlenc#aes" in archive.read("META-INF/encryption.xml"):
        raise Unreadable("its chapters are encrypted; only books without copy protection can be read")
    package = next((a.get("full-path", "") for tag, a in _tags(archive.read(CONTAINER)) if tag == "rootfile"), "")
    flow = Flow()
    for path in _chapters(archive.read(package), posixpath.dirname(package)):
        if path in archive.names:
            flow.place = path
            flow.block()
            read_html(decode(archive.read(path)), flow, lines=False)
    return flow.document(name)


def _chapters(package: bytes, folder: str) -> list[str]:
    """The pages that the spine names, without the table of contents."""
    pages: dict[str, str] = {}
    order: list[str] = []
    for tag, attributes in _tags(package):
        if tag == "item" and attributes.get("media-type") in PAGES and "nav" not in attributes.get("properties", "").split():
            pages[attributes.get("id", "")] = posixpath.normpath(posixpath.join(folder, unquote(attributes.get("href", ""))))
        elif tag == "itemref" and attributes.get("idref") in pages:
            order.append(pages[attributes["idref"]])
    return list(dict.fromkeys(order))


def _tags(raw: bytes) -> list[tuple[str, Attributes]]:
    tags: list[tuple[str, Attributes]] = []
    read_xml(raw, lambda tag, attributes, line, column: tags.append((tag, attributes)), lambda tag: None, lambda text, line, column: None)
    return tags
