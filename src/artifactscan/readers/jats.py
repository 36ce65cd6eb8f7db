"""JATS XML, the form in which journals archive articles: titles, abstract and body; references and formulas are left out."""
from __future__ import annotations

from artifactscan.model import Document
from artifactscan.readers.flow import Flow
from artifactscan.readers.markup import ASIDE, BLOCK, GAP, QUOTE, SKIP, Attributes, Format, Walk, read_xml
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
ROOTS = frozenset({"article", "pmc-articleset", "articles"})


def read(raw: bytes, name: str) -> Document:
    """The article's prose, with lines and columns of the file.  Raises Unreadable for XML of any other kind."""
    flow = Flow()
    walk = Walk(flow, JATS)
    roots: list[str] = []  # every tag; the first is the root

    def start(tag: str, attributes: Attributes, line: int, column: int) -> None:
        if not roots and tag not in ROOTS:
            raise Unreadable(f"XML, but not a JATS article: its root is <{tag}>; only articles are read from XML")
        roots.append(tag)
        walk.start(tag, attributes, line, column)

    read_xml(bounded(raw), start, walk.end, walk.data)
    walk.close()
    return flow.document(name)
