"""JATS XML, the form in which journals archive articles: titles, abstract and body; references and formulas are left out."""
from __future__ import annotations

from collections import Counter

from artifactscan.model import Document
from artifactscan.readers.flow import Flow
from artifactscan.readers.markup import ASIDE, BLOCK, GAP, QUOTE, SKIP, Attributes, Format, Walk, read_xml, text_of
from artifactscan.readers.plain import Unreadable, bounded

JATS = Format(
    kinds={
        **dict.fromkeys("article-title subtitle abstract trans-abstract body sec title p list list-item def term caption label td th tr boxed-text statement verse-line".split(), BLOCK),
        **dict.fromkeys("ref-list back contrib-group aff journal-meta permissions object-id table-wrap-foot alternatives code preformat ext-link-group related-article".split(), SKIP),
        **dict.fromkeys("inline-formula disp-formula math tex-math monospace inline-graphic chem-struct".split(), GAP),
        "fn": ASIDE,
        "disp-quote": QUOTE,
    },
    judge=lambda tag, attributes: SKIP if tag == "xref" and attributes.get("ref-type", "bibr") in ("bibr", "fn", "aff", "corresp") else None,
    only=frozenset({"article-title", "abstract", "body"}),
    superscripts=frozenset({"sup"}),
)
LONG_LINE = 2000  # bytes a line, from which lines and columns help nobody to find a place
DEEPEST = 40  # elements in one another, down to which paths are worth writing
ROOTS = frozenset({"article", "pmc-articleset", "articles"})


def read(raw: bytes, name: str) -> Document:
    """The article's prose, with lines and columns of the file, and the XPath where the file is one long line.

    Raises Unreadable for XML of any other kind.
    """
    flow = Flow()
    walk = Walk(flow, JATS)
    long_lines = len(raw) > LONG_LINE * (raw.count(b"\n") + 1)
    path: list[str] = []
    counts: list[Counter[str]] = [Counter()]  # of the tags so far in each open element

    def start(tag: str, attributes: Attributes, line: int, column: int) -> None:
        if not path and tag not in ROOTS:
            raise Unreadable(f"XML, but not a JATS article: its root is <{tag}>; only articles are read from XML")
        counts[-1][tag] += 1
        path.append(f"{tag}[{counts[-1][tag]}]")
        counts.append(Counter())
        walk.start(tag, attributes, line, column)
        place(tag)

    def end(tag: str) -> None:
        walk.end(tag)
        path.pop()
        counts.pop()
        place(tag)

    def place(tag: str) -> None:
        if long_lines and len(path) < DEEPEST and JATS.kinds.get(tag) == BLOCK:
            walk.flow.place = "/" + "/".join(path)

    read_xml(bounded(raw), start, end, walk.data)
    walk.close()
    return flow.document(name, text_of(raw))
