"""OpenDocument text, .odt: the paragraphs of content.xml; notes follow the text, tables of contents are left out."""
from __future__ import annotations

import re

from artifactscan.model import Document
from artifactscan.readers.archive import Archive
from artifactscan.readers.flow import Flow
from artifactscan.readers.markup import ASIDE, BLOCK, BREAK, GAP, QUOTE, SKIP, Attributes, Format, Walk, read_xml
from artifactscan.readers.plain import Unreadable

QUOTES = re.compile(r"quot", re.IGNORECASE)
CODE = re.compile(r"source|preformatted|verbatim|code", re.IGNORECASE)
KINDS = {
    **dict.fromkeys("list-item table-cell table-row".split(), BLOCK),
    **dict.fromkeys("annotation tracked-changes note-citation table-of-content bibliography alphabetical-index bibliography-mark forms title desc".split(), SKIP),
    "note-body": ASIDE,
    "line-break": BREAK,
    "object": GAP,
}


def read(raw: bytes, name: str) -> Document:
    """The prose of an OpenDocument text; places are its paragraphs, counted without empty ones."""
    archive = Archive(raw)
    if "content.xml" not in archive.names:
        raise Unreadable("damaged or not an OpenDocument file: it has no content.xml")
    if "META-INF/manifest.xml" in archive.names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise Unreadable("encrypted; save it anew without a password")
    flow = Flow()
    parents: dict[str, str] = {}  # automatic styles -> the style that a person chose
    number, began = 0, 0

    def judge(tag: str, attributes: Attributes) -> str | None:
        if tag not in ("p", "h", "span"):
            return None
        style = attributes.get("style-name", "")
        style = parents.get(style, style)
        if tag == "span":
            return GAP if CODE.search(style) else None
        return SKIP if CODE.search(style) else QUOTE if QUOTES.search(style) else BLOCK

    walk = Walk(flow, Format(KINDS, judge, only=frozenset({"p", "h"})))

    def start(tag: str, attributes: Attributes, line: int, column: int) -> None:
        nonlocal began
        if tag == "style":
            parents[attributes.get("name", "")] = attributes.get("parent-style-name", "") or attributes.get("name", "")
        if tag in ("p", "h") and walk.flow is flow:
            flow.place = f"paragraph {number + 1}"
            began = flow.length
        walk.start(tag, attributes)
        if tag in ("s", "tab"):
            walk.flow.space()

    def end(tag: str) -> None:
        nonlocal number
        walk.end(tag)
        if tag in ("p", "h") and walk.flow is flow:
            number += flow.length > began

    read_xml(archive.read("content.xml"), start, end, lambda text, line, column: walk.data(text))
    walk.close()
    return flow.document(name)
