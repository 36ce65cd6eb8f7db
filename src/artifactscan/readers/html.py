"""HTML: the visible text, of the article if there is one."""
from __future__ import annotations

import codecs
import re

from artifactscan.model import Document, Span
from artifactscan.readers.flow import Flow, kept
from artifactscan.readers.markup import read_html
from artifactscan.readers.plain import bounded, decode

CHARSET = re.compile(rb"""<(?:meta\s[^>]{0,200}?charset|\?xml\s[^>]{0,200}?encoding)\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
MOST_OF = 0.5  # articles that hold less than this share of the page's main part are teasers beside it


def read(raw: bytes, name: str) -> Document:
    """The prose of a page, with the lines and columns of its source."""
    flow = Flow()
    regions = read_html(text_of(bounded(raw)), flow)
    document = flow.document(name)
    spans = _outermost([span for tag, span in regions if tag == "article"])
    main = _outermost([span for tag, span in regions if tag == "main"])
    whole = sum(e - s for s, e in main) or len(document.text)
    best = spans if sum(e - s for s, e in spans) >= MOST_OF * whole else main
    return kept(document, best) if any(document.text[s:e].strip() for s, e in best) else document


def text_of(raw: bytes) -> str:
    """The page's source, in the encoding that it names."""
    found = CHARSET.search(raw[:2048])
    if found:
        try:
            encoding = codecs.lookup(found[1].decode("ascii")).name
            if encoding == "iso8859-1":  # in HTML another name of Windows-1252
                return raw.decode("cp1252", "replace")
            if not encoding.startswith("utf"):  # of these the bytes themselves know best
                return raw.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(raw)


def _outermost(spans: list[Span]) -> list[Span]:
    result: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if not result or span.start >= result[-1].end:
            result.append(span)
    return [s for s in result if s.start < s.end]
