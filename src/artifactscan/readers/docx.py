"""Word's .docx: the paragraphs of the document, then its notes; deleted text, field codes and code are left out."""
from __future__ import annotations

import re

from artifactscan.model import Document
from artifactscan.readers.archive import Archive
from artifactscan.readers.flow import Flow
from artifactscan.readers.markup import BREAK, GAP, SKIP, Attributes, Format, Walk, read_xml
from artifactscan.readers.plain import Unreadable

WORD = Format(
    kinds={**dict.fromkeys(("Fallback", "del", "moveFrom"), SKIP), **dict.fromkeys(("oMath", "oMathPara"), GAP), "br": BREAK, "cr": BREAK},
    only=frozenset({"t"}),
)
QUOTES = re.compile(r"quot|block ?text", re.IGNORECASE)
NO_PROSE = re.compile(r"source ?code|verbatim|html (preformatted|code)|macro|\bcode\b|^toc \d|^bibliography", re.IGNORECASE)
PARTS = (("word/document.xml", "paragraph"), ("word/footnotes.xml", "footnotes, paragraph"), ("word/endnotes.xml", "endnotes, paragraph"))


def read(raw: bytes, name: str) -> Document:
    """The prose of a Word document; places are its paragraphs, counted without empty ones."""
    archive = Archive(raw)
    if PARTS[0][0] not in archive.names:
        raise Unreadable("damaged or not a Word file: it has no word/document.xml")
    styles = _styles(archive.read("word/styles.xml")) if "word/styles.xml" in archive.names else {}
    flow = Flow()
    for part, called in PARTS:
        if part in archive.names:
            _Paragraphs(flow, styles, called).read(archive.read(part))
    return flow.document(name)


def _styles(raw: bytes) -> dict[str, str]:
    """id -> name of every style; the names of Word's own are English in every language."""
    names: dict[str, str] = {}
    current = ""

    def start(tag: str, attributes: Attributes, line: int, column: int) -> None:
        nonlocal current
        if tag == "style":
            current = attributes.get("styleId", "")
        elif tag == "name" and current:
            names.setdefault(current, attributes.get("val", ""))

    read_xml(raw, start, lambda tag: None, lambda text, line, column: None)
    return names


class _Paragraphs:
    """Word says of a paragraph's style only after it has begun, so the walk is told here what each tag does."""

    def __init__(self, flow: Flow, styles: dict[str, str], called: str) -> None:
        self.flow, self.styles, self.called = flow, styles, called
        self.walk = Walk(flow, WORD)
        self.number = 0
        self.began: list[int] = []  # length of the text where each open paragraph began
        self.quoting = self.skipping = self.skipping_run = False

    def read(self, raw: bytes) -> None:
        read_xml(raw, self.start, self.end, self.data)
        self.walk.close()
        self.flow.block()

    def start(self, tag: str, attributes: Attributes, line: int, column: int) -> None:
        if tag == "p":
            self._part()
            self.began.append(self.flow.length)
            self.flow.place = f"{self.called} {self.number + 1}"
            self.skipping = False
        elif tag == "pStyle":
            style = self.styles.get(attributes.get("val", ""), attributes.get("val", ""))
            self.skipping = bool(NO_PROSE.search(style))
            if QUOTES.search(style) and not self.quoting:
                self.quoting = True
                self.flow.open_quote()
        elif tag == "r":
            self.skipping_run = False
        elif tag == "rStyle":
            self.skipping_run = bool(NO_PROSE.search(self.styles.get(attributes.get("val", ""), attributes.get("val", ""))))
        elif tag in ("tab", "ptab") and self.began:
            self.flow.space()
        elif tag in ("noBreakHyphen", "softHyphen") and not self.skipping:
            self.flow.text("-" if tag == "noBreakHyphen" else "\u00ad")
        self.walk.start(tag, attributes)
        if tag == "t" and self.skipping_run and not self.skipping:
            self.flow.gap()

    def end(self, tag: str) -> None:
        self.walk.end(tag)
        if tag == "p" and self.began:
            self.number += self.flow.length > self.began.pop()
            self._part()

    def data(self, text: str, line: int, column: int) -> None:
        if not self.skipping and not self.skipping_run:
            self.walk.data(text)

    def _part(self) -> None:
        if self.quoting:
            self.quoting = False
            self.flow.close_quote()
        self.flow.block()
