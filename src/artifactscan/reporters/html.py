"""One self-contained page: verdicts, the text with its findings marked, and the evidence of each.

Several documents share the page: an index first, then a view of each.  Everything is in the markup and can be read
without the script; html.js adds the view of one document at a time, evidence beside the phrase, filters, sorting and
search.  The page asks the network for nothing and says so in its Content-Security-Policy, which names style and script
by their hashes; so there are no style attributes, and bars are drawn as SVG.

Start reading at `render`; `tag` is the only way to make markup, and it escapes.
"""
from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from html import escape
from importlib import resources

from artifactscan.model import DocumentReport, Evidence, Finding, Report, Skipped
from artifactscan.pages import policy
from artifactscan.painting import counted
from artifactscan.reporters.shared import CAVEAT, MEANING, clean, left_out, phrase, where

VOID = frozenset(("input", "meta"))
WIDEST = 4.0  # nats at which an evidence bar is full; a stronger term widens the scale of its finding
BINS = 10
BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
LINE_BREAK = re.compile(r"\n\s*")
NATS = (
    "Each term of the evidence is given in nats (natural-log odds): what stands to the right of the line speaks for a spinner, what stands to the "
    "left against. Their sum is the score, 0 to 100: the probability that a spinner put the words there. Severity is high from 90, medium from 70, else low."
)


class Markup(str):
    """Text that is HTML already."""


def tag(element: str, /, *children: str | None, **attributes: str | int | float | None) -> Markup:
    """An element.  Children that are not Markup are escaped; attributes of None are left out, of "" have no value; class_ is class."""
    given = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + (f'="{escape(clean(str(value)))}"' if value != "" else "") for key, value in attributes.items() if value is not None
    )
    inside = "".join(child if isinstance(child, Markup) else escape(clean(child), quote=False) for child in children if child is not None)
    return Markup(f"<{element}{given}>" if element in VOID else f"<{element}{given}>{inside}</{element}>")


def render(report: Report, **_: object) -> str:
    """The report as a page of HTML.  Documents need their text; without it only their findings are shown."""
    style, script = (Markup(resources.files(__package__).joinpath(name).read_text(encoding="utf-8")) for name in ("html.css", "html.js"))
    several = len(report.documents) != 1
    title = counted(len(report.documents), "document") if several else report.documents[0].path
    views = [_document(f"d{n}", d, several) for n, d in enumerate(report.documents, 1)]
    page = tag(
        "html",
        tag(
            "head",
            tag("meta", charset="utf-8"),
            tag("meta", http_equiv="Content-Security-Policy", content=policy(style, script)),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("title", f"{title} – artifactscan"),
            tag("style", style),
        ),
        tag(
            "body",
            tag("header", tag("p", "artifactscan", class_="brand")),
            tag("main", _index(report) if several else None, *views, None if several else _not_read(report.skipped), tag("div", id="tip", role="tooltip", hidden="")),
            _footer(report),
            tag("script", script),
        ),
        lang="en",
    )
    return f"<!doctype html>\n{page}\n"


def _footer(report: Report) -> Markup:
    return tag(
        "footer",
        tag("h2", "How to read this"),
        tag("p", NATS),
        tag("p", f"Findings {left_out(report)}") if report.left_out else None,
        tag("p", f"artifactscan {report.version}, lexicon {report.lexicon}", class_="fine"),
    )


# One document


def _document(name: str, document: DocumentReport, several: bool) -> Markup:
    """The view of a document: its verdict, its text, and its findings by score.  `name` begins every id in it."""
    ranked = sorted(enumerate(document.findings), key=lambda pair: -pair[1].score)
    rank_at = {at: rank for rank, (at, _) in enumerate(ranked, 1)}
    cards = [f"{name}f{rank_at[at]}" for at in range(len(ranked))]  # ids, in order of place
    text = document.text if document.findings or not several else ""
    aside = [_filters(name, document.findings), _cards(name, [(cards[at], f) for at, f in ranked], bool(text))] if ranked else []
    return tag(
        "article",
        tag("p", tag("a", "All documents", href="#index"), class_="back") if several else None,
        tag("h1", tag("bdi", document.path), id=f"{name}title", class_="title", tabindex="-1"),
        _verdict(document),
        tag("div", _text(document, text, cards), tag("aside", *aside, aria_label="Findings") if aside else None, class_="columns"),
        id=name,
        class_="document",
        aria_labelledby=f"{name}title",
    )


def _verdict(document: DocumentReport) -> Markup:
    likely = None if document.verdict == "too-short" else tag("p", "probability ", tag("b", f"{document.probability:.2f}"), _bar(document), class_="chance")
    return tag(
        "section",
        tag("p", tag("strong", document.verdict.replace("-", " "), class_="badge"), tag("span", f"{counted(len(document.findings), 'finding')} in {counted(document.words, 'word')}")),
        likely,
        tag("p", MEANING[document.verdict], class_="meaning"),
        tag("p", CAVEAT, class_="caveat"),
        class_=f"verdict {document.verdict}",
        aria_label="Verdict",
    )


def _text(document: DocumentReport, text: str, cards: list[str]) -> Markup:
    """The text with its findings marked: paragraphs end at blank lines, or at every line break if there are none."""
    if not text:
        return tag("p", "Nothing was found; the text is left out." if not document.findings else "The text was not kept.", class_="text fine")
    breaks = BLANK_LINE if BLANK_LINE.search(text.strip()) else LINE_BREAK
    paragraphs = []
    start = 0
    for end, after in [*(m.span() for m in breaks.finditer(text)), (len(text), len(text))]:
        if text[start:end].strip():
            paragraphs.append(tag("p", *_marked(document, text, start, end, cards), dir="auto"))
        start = after
    return tag("section", *paragraphs, class_="text", aria_label="Text with findings marked")


def _marked(document: DocumentReport, text: str, start: int, end: int, cards: list[str]) -> Iterator[str]:
    """A stretch of the text; a finding is a link to its card, and one that goes on from the paragraph before has no id of its own."""
    at = start
    first = bisect_right(document.findings, start, key=lambda f: f.end)
    last = bisect_left(document.findings, end, key=lambda f: f.start)
    for f, card in zip(document.findings[first:last], cards[first:last], strict=True):
        left, right = max(f.start, at), min(f.end, end)
        link = tag("a", text[left:right], href=f"#{card}", id=f"{card}m" if left == f.start else None, aria_describedby=f"{card}c", data_rank=card.rpartition("f")[2])
        yield from (text[at:left], tag("mark", link, class_=f.severity))
        at = right
    yield text[at:end]


def _filters(name: str, findings: tuple[Finding, ...]) -> Markup:
    lowest = int(min(f.score for f in findings))
    chips = [
        tag("label", tag("input", type="checkbox", name="rule", value=rule, checked=""), rule, tag("span", f"{count:,}", class_="count"))
        for rule, count in Counter(f.rule for f in findings).most_common()
    ]
    slider = tag("input", type="range", name="score", id=f"{name}score", min=lowest, max=100, step=1, value=lowest)
    form = tag(
        "form",
        tag("fieldset", tag("legend", "Rules"), *chips),
        tag("p", tag("label", "Score from ", for_=f"{name}score"), tag("output", str(lowest), for_=f"{name}score"), slider, class_="slider"),
    )
    return tag("details", tag("summary", "Filter ", tag("span", class_="shown", role="status")), form, class_="filters", hidden="")


def _cards(name: str, findings: list[tuple[str, Finding]], with_text: bool) -> Markup:
    cards = [_card(ident, f, with_text) for ident, f in findings]
    return tag("section", tag("h2", "Findings by score", id=f"{name}list"), tag("ol", *cards, class_="cards"), class_="list", aria_labelledby=f"{name}list")


def _card(ident: str, finding: Finding, with_text: bool) -> Markup:
    """A finding: its score and place, what was found and what probably stood there, and the evidence behind a fold."""
    place = tag("a", where(finding), href=f"#{ident}m", class_="place", title="Show in the text") if with_text else tag("span", where(finding), class_="place")
    return tag(
        "li",
        tag(
            "p",
            tag("b", f"{finding.score:.1f}", class_="score"),
            tag("span", finding.severity, class_="severity"),
            tag("span", finding.rule, class_="rule"),
            tag("span", "quoted", class_="rule") if finding.quoted else None,
            place,
            class_="head",
        ),
        tag("p", *_change(finding), id=f"{ident}c", class_="change"),
        tag("details", tag("summary", "Evidence"), _evidence(finding)),
        id=ident,
        class_=f"card {finding.severity}",
        tabindex="-1",
        data_rule=finding.rule,
        data_score=finding.score,
    )


def _change(finding: Finding) -> Iterator[str]:
    """What was found, and what probably stood there; each on its own, whatever direction its script has."""
    yield from (tag("bdi", phrase(finding), class_="found"), tag("span", " probably ", class_="probably"))
    for n, original in enumerate(finding.originals[:3]):
        yield from (" / " if n else "", tag("bdi", original, class_="original"))


def _evidence(finding: Finding) -> Markup:
    widest = max([WIDEST, *(abs(e.nats) for e in finding.evidence)])
    rows = [
        tag("tr", tag("th", e.name, scope="row"), tag("td", f"{e.nats:+.2f}", class_="number"), tag("td", _nats(e, widest)), tag("td", e.note, class_="note"))
        for e in finding.evidence
    ]
    in_all = tag("tr", tag("th", "in all", scope="row"), tag("td", f"{finding.log_odds:+.2f}", class_="number"), tag("td"), tag("td", f"nats: score {finding.score:.1f}", class_="note"))
    return tag("table", tag("tbody", *rows), tag("tfoot", in_all), class_="evidence")


# Drawings, which say nothing that is not in figures beside them


def _nats(evidence: Evidence, widest: float) -> Markup:
    """A bar to the right of the middle for what speaks for a spinner, to the left for what speaks against."""
    width = round(40 * abs(evidence.nats) / widest, 1)
    bar = tag("rect", x=40 if evidence.nats >= 0 else 40 - width, y=2, width=width, height=8, rx=1.5, class_="for" if evidence.nats >= 0 else "against")
    return tag("svg", bar, tag("line", x1=40, x2=40, y1=0, y2=12), viewBox="0 0 80 12", width=80, height=12, aria_hidden="true")


def _bar(document: DocumentReport) -> Markup:
    width = round(100 * document.probability, 1)
    bars = tag("rect", width=100, height=6, rx=3, class_="track"), tag("rect", width=width, height=6, rx=3, class_=document.verdict)
    return tag("svg", *bars, viewBox="0 0 100 6", width=100, height=6, aria_hidden="true")


def _histogram(report: Report) -> Markup:
    """How many documents have which probability of being spun, in ten steps."""
    counts = Counter(min(BINS - 1, int(d.probability * BINS)) for d in report.documents if d.verdict != "too-short")
    most = max(counts.values(), default=1)
    drawn = [tag("line", x1=10, x2=330, y1=80, y2=80)]
    for step in range(BINS + 1):
        left = 10 + 32 * step
        drawn.append(tag("text", f"{step / BINS:.1f}", x=left, y=96))
        if counts[step]:
            height = max(2.0, round(60 * counts[step] / most, 1))
            drawn.append(tag("rect", x=left + 2, y=80 - height, width=28, height=height, rx=2))
            drawn.append(tag("text", f"{counts[step]:,}", x=left + 16, y=74 - height, class_="many"))
    label = "; ".join(f"{step / BINS:.1f} to {(step + 1) / BINS:.1f}: {counts[step]:,}" for step in sorted(counts)) or "none long enough for a verdict"
    figure = tag("svg", *drawn, viewBox="0 0 340 100", role="img", aria_label=f"Documents by probability of being spun: {label}")
    return tag("figure", tag("figcaption", "Documents by probability of being spun"), figure, class_="histogram")


# Several documents


def _index(report: Report) -> Markup:
    """All documents in a table, likeliest spun first."""
    order = sorted(enumerate(report.documents, 1), key=lambda pair: (-pair[1].probability, -len(pair[1].findings)))
    verdicts = Counter(d.verdict for d in report.documents)
    summary = ", ".join(f"{verdicts[v]:,} {v.replace('-', ' ')}" for v in MEANING if verdicts[v])
    found = sum(len(d.findings) for d in report.documents)
    heads = (_head("Document", "words"), _head("Verdict", "words"), *(_head(name, "number") for name in ("Probability", "Findings", "Words")), _head("Top finding", "score"))
    table = tag("table", tag("caption", "Documents, likeliest spun first"), tag("thead", tag("tr", *heads)), tag("tbody", *(_row(f"d{n}", d) for n, d in order)), class_="documents")
    search = tag("p", tag("label", "Search", for_="search"), tag("input", type="search", id="search", autocomplete="off"), tag("span", role="status", class_="shown"), class_="search")
    return tag(
        "section",
        tag("h1", counted(len(report.documents), "document"), class_="title", tabindex="-1"),
        tag("div", tag("div", tag("p", f"{summary}; {counted(found, 'finding')}" if summary else "", class_="summary"), tag("p", CAVEAT, class_="caveat")), _histogram(report), class_="overview"),
        search,
        tag("div", table, class_="scroll", role="region", aria_label="Documents", tabindex="0"),
        _not_read(report.skipped),
        id="index",
        class_="index",
    )


def _head(name: str, kind: str) -> Markup:
    return tag("th", tag("button", name, type="button"), scope="col", class_=kind)


def _row(name: str, document: DocumentReport) -> Markup:
    best = max(document.findings, key=lambda f: f.score, default=None)
    short = document.verdict == "too-short"
    return tag(
        "tr",
        tag("th", tag("a", tag("bdi", document.path), href=f"#{name}"), scope="row", data_value=document.path),
        tag("td", tag("span", document.verdict.replace("-", " "), class_=f"badge {document.verdict}"), data_value=document.verdict),
        tag("td", "–" if short else _bar(document), None if short else f" {document.probability:.2f}", class_="number", data_value=-1 if short else document.probability),
        tag("td", f"{len(document.findings):,}", class_="number", data_value=len(document.findings)),
        tag("td", f"{document.words:,}", class_="number", data_value=document.words),
        tag("td", *(_change(best) if best else "–"), class_="top", data_value=best.score if best else -1),
    )


def _not_read(skipped: tuple[Skipped, ...]) -> Markup | None:
    if not skipped:
        return None
    return tag("section", tag("h2", "Not read"), tag("ul", *(tag("li", tag("bdi", s.path), ": ", s.reason) for s in skipped)), class_="skipped")
