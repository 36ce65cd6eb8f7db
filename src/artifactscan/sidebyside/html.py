"""A text and its copy as one self-contained page: no script, nothing from the network, one style sheet named by its hash.

What changed is marked by class and by a word, so that colour is never needed; the page reads in order without its table.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from importlib import resources

from artifactscan.model import CHANGES, Comparison, Document, Row, Span
from artifactscan.pages import policy
from artifactscan.sidebyside import NOTE

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p class="verdict"><strong>{reused} of {sentences}</strong> sentences{share} of the copy are reused from the original.</p>
<dl>
{legend}
</dl>
<p class="note">{note}</p>
<table>
<caption class="hidden">Sentences of the original and of the copy that belong together</caption>
<thead><tr><th scope="col">Row</th><th scope="col">{original}</th><th scope="col">{copy}</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</main>
</body>
</html>
"""
LEGEND = '<div><dt><mark class="{kind}">{kind}</mark> {count:,}</dt><dd>{means}</dd></div>'


def render(comparison: Comparison, **_: object) -> str:
    """The comparison as a page of HTML."""
    style = resources.files("artifactscan.sidebyside").joinpath("page.css").read_text(encoding="utf-8")
    return PAGE.format(
        policy=policy(style),
        style=style,
        title=escape(f"{comparison.copy.path} beside {comparison.original.path}"),
        original=escape(comparison.original.path),
        copy=escape(comparison.copy.path),
        note=escape(NOTE, quote=False),
        reused=comparison.reused,
        sentences=comparison.sentences,
        share=f" ({100 * comparison.reused / comparison.sentences:.0f}%)" if comparison.sentences else "",
        legend="\n".join(LEGEND.format(kind=kind, count=comparison.changes[kind], means=means) for kind, means in CHANGES.items()),
        rows="\n".join(_row(number, comparison, row) for number, row in enumerate(comparison.rows, 1)),
    )


def _row(number: int, comparison: Comparison, row: Row) -> str:
    share = f" <small>{100 * row.similarity:.0f}% alike</small>" if row.original and row.copy else ""
    old = _cell(comparison.original, row.original, [(c.kind, c.original, c.copy.start == c.copy.end) for c in row.changes])
    new = _cell(comparison.copy, row.copy, [(c.kind, c.copy, True) for c in row.changes])
    return f'<tr class="{row.kind}"><th scope="row">{number} <span>{row.kind}</span>{share}</th>{old}{new}</tr>'


def _cell(document: Document, span: Span | None, marked: Sequence[tuple[str, Span, bool]]) -> str:
    """A side of a row; `marked` are kind, place, and whether the kind is told in words there."""
    if span is None:
        return '<td class="empty"><span class="hidden">nothing</span></td>'
    return f"<td>{''.join(_pieces(document.text, span, marked))}</td>"


def _pieces(text: str, span: Span, marked: Sequence[tuple[str, Span, bool]]) -> Iterator[str]:
    at = span.start
    for kind, (start, end), told in sorted(marked, key=lambda mark: mark[1]):
        if start < end:
            yield _safe(text[at:start])
            yield f'<mark class="{kind}">{_safe(text[start:end])}{f" <small>{kind}</small>" if told else ""}</mark>'
            at = end
    yield _safe(text[at : span.end])


def _safe(text: str) -> str:
    """Text for HTML; lone surrogates and control characters, which no page can hold, are replaced."""
    return escape("".join(c if c.isprintable() or c in "\n\t\u00ad" else " " if c.isspace() else "\ufffd" for c in text), quote=False)
