"""HTML: the visible text, of the article if there is one."""
from __future__ import annotations

from artifactscan.model import Document, Span
from artifactscan.readers.flow import Flow, kept
from artifactscan.readers.markup import read_html, text_of
from artifactscan.readers.plain import bounded

MOST_OF = 0.5  # articles that hold less than this share of the page's main part are teasers beside it


def read(raw: bytes, name: str) -> Document:
    """The prose of a page, with the lines and columns of its source."""
    flow = Flow()
    source = text_of(bounded(raw))
    regions = read_html(source, flow)
    document = flow.document(name, source)
    spans = _outermost([span for tag, span in regions if tag == "article"])
    main = _outermost([span for tag, span in regions if tag == "main"])
    whole = sum(e - s for s, e in main) or len(document.text)
    best = spans if sum(e - s for s, e in spans) >= MOST_OF * whole else main
    return kept(document, best) if any(document.text[s:e].strip() for s, e in best) else document


def _outermost(spans: list[Span]) -> list[Span]:
    result: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if not result or span.start >= result[-1].end:
            result.append(span)
    return [s for s in result if s.start < s.end]
