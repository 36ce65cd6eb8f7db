"""The page of the html reporter as a parser sees it; how it behaves in a browser: test_browser.py."""
from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from importlib import resources

import pytest

from artifactscan.model import Document, Evidence, Report, Skipped
from artifactscan.reporters import render
from artifactscan.reporters.html import tag
from artifactscan.reporters.shared import CAVEAT, MEANING, clean
from artifactscan.scan import Scanner
from reports import HOSTILE, document, finding, hostile, report

HANDLERS_AND_STYLES = re.compile(r"^(on.*|style|src|srcset|action)$")


class Page(HTMLParser):
    """What a test asks of a page: its elements, the text in each kind of element, and whether it is well formed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, name: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((name, dict(attrs)))
        if name not in ("meta", "input"):
            self.open.append(name)
            self.texts.setdefault(name, []).append("")

    def handle_endtag(self, name: str) -> None:
        assert self.open.pop() == name

    def handle_data(self, data: str) -> None:
        for name in set(self.open):
            self.texts[name][-1] += data

    def attributes(self, name: str) -> list[str]:
        return [value or "" for _, attributes in self.elements for key, value in attributes.items() if key == name]


@pytest.fixture(scope="module")
def article(request) -> Report:
    path = request.config.rootpath / "samples" / "spun_article.txt"
    scanner = Scanner(keep_text=True)
    return scanner.report([scanner.scan(Document("spun_article.txt", path.read_text(encoding="utf-8")))])


MADE = {"nothing": report(skipped=(Skipped("a.txt", "no such file"),)), "hostile": hostile(), "clean": report(document("a.txt", "Fine words.", probability=0.0))}


@pytest.mark.parametrize("made", MADE.values(), ids=MADE)
def test_only_the_own_script_and_style_may_run(made: Report) -> None:
    text = render(made, "html")
    page = Page(text)
    assert text.startswith("<!doctype html>\n<html lang=")
    for name, file in (("script", "html.js"), ("style", "html.css")):
        content = resources.files("artifactscan.reporters").joinpath(file).read_text(encoding="utf-8")
        assert page.texts[name] == [content]
        assert f"{name}-src 'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'" in page.attributes("content")[0]
    assert page.attributes("content")[0].startswith("default-src 'none'; ")
    assert not [key for _, attributes in page.elements for key in attributes if HANDLERS_AND_STYLES.match(key)]
    assert all(address.startswith("#") for address in page.attributes("href"))
    assert "http://" not in text
    assert "https://" not in text


@pytest.mark.parametrize("made", MADE.values(), ids=MADE)
def test_every_reference_has_its_element(made: Report) -> None:
    page = Page(render(made, "html"))
    ids = page.attributes("id")
    assert len(ids) == len(set(ids))
    named = [a.removeprefix("#") for key in ("href", "for", "aria-labelledby", "aria-describedby") for a in page.attributes(key)]
    assert set(named) <= set(ids)


def test_everything_found_is_shown(article: Report) -> None:
    page = Page(render(article, "html"))
    findings = article.documents[0].findings
    assert page.texts["mark"] == [f.excerpt for f in findings]
    text = " ".join("".join(page.texts["article"]).split())
    for f in findings:
        assert all(e.note in text and f"{e.nats:+.2f}" in text for e in f.evidence)
        assert all(original in text for original in f.originals[:3])
    scores = [float(score) for score in page.attributes("data-score")]
    assert scores == sorted((f.score for f in findings), reverse=True)
    assert MEANING["spun"] in text
    assert CAVEAT in text
    assert "translation" in CAVEAT
    assert "".join(article.documents[0].text.split()) in "".join(text.split())


def test_hostile_text_is_shown_as_it_stands() -> None:
    page = Page(render(hostile(), "html"))
    shown = clean(HOSTILE).replace("\x85", "\ufffd")
    assert page.texts["mark"][0] == shown
    assert any(shown in text for text in page.texts["title"] + page.texts["h1"])
    assert sum(shown in text for text in page.texts["td"]) >= 6  # the evidence's notes


def test_a_finding_over_paragraphs_is_marked_in_each() -> None:
    text = "A green\n\npeace."
    page = Page(render(report(document("a.txt", text, finding(text, "green\n\npeace"))), "html"))
    assert page.texts["mark"] == ["green", "peace"]
    assert page.attributes("href").count("#d1f1") == 2


def test_paragraphs_end_at_blank_lines_or_else_at_line_breaks() -> None:
    def paragraphs(text: str) -> list[str]:
        page = render(report(document("a.txt", text)), "html")
        return re.findall(r'<p dir="auto">([^<]*)</p>', page)

    assert paragraphs("One\ntwo.\n \nThree.") == ["One\ntwo.", "Three."]
    assert paragraphs("One.\r\nTwo.\n") == ["One.\r", "Two."]


def test_several_documents_have_an_index() -> None:
    text = "A green peace."
    made = report(
        document("clean.txt", "Fine words.", probability=0.0), document("spun.txt", text, finding(text, "green peace"), probability=0.99), skipped=(Skipped("no.txt", "binary"),)
    )
    page = Page(render(made, "html"))
    assert [bdi for bdi in page.texts["bdi"] if bdi.endswith(".txt")][:2] == ["spun.txt", "clean.txt"]
    assert page.attributes("aria-label")[:1] == ["Documents by probability of being spun: 0.0 to 0.1: 1; 0.9 to 1.0: 1"]
    assert "no.txt: binary" in page.texts["li"][0]
    assert "Fine words." not in "".join(page.texts["article"])  # nothing found: the text is left out


def test_bars_show_which_way_evidence_speaks() -> None:
    text = "green peace"
    found = finding(text, text, evidence=(Evidence("for", 2.0, "x"), Evidence("against", -8.0, "y")))
    page = render(report(document("a.txt", text, found)), "html")
    assert '<rect x="40" y="2" width="10.0" height="8" rx="1.5" class="for">' in page
    assert '<rect x="0.0" y="2" width="40.0" height="8" rx="1.5" class="against">' in page


def test_tags_escape() -> None:
    assert tag("p", "<b>", tag("i", "&"), None, class_="a\"'", data_x=1, hidden="", title=None) == '<p class="a&quot;&#x27;" data-x="1" hidden>&lt;b&gt;<i>&amp;</i></p>'
    assert tag("meta", charset="utf-8") == '<meta charset="utf-8">'
