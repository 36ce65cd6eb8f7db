"""The html report in a real browser: what is shown, the keyboard, the filters, the index, and axe-core's judgement.

Needs a chromium on the path and `pip install '.[browser]'`; without them it is skipped.
"""
from __future__ import annotations

import shutil
from importlib import resources
from pathlib import Path

import pytest

from artifactscan.model import Document, Report
from artifactscan.reporters import render
from artifactscan.scan import Scanner
from reports import hostile

sync_api = pytest.importorskip("playwright.sync_api")
pytest.importorskip("axe_playwright_python")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium")

QUIET = ("--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync")
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 400, "height": 800}


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET, chromium_sandbox=False)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def pages(request, tmp_path_factory) -> dict[str, Path]:
    """A page of one document, one of several, and one of hostile text, as files."""
    scanner = Scanner(keep_text=True, min_score=5)
    spun, *clean = ((request.config.rootpath / "samples" / f"{name}.txt").read_text(encoding="utf-8") for name in ("spun_article", "clean_news", "clean_abstract"))
    one = scanner.report([scanner.scan(Document("article.txt", spun))])
    texts = {"a_clean.txt": clean[0], "b_spun.txt": spun, "c_short.txt": "It has n't rained.", "d_clean.txt": clean[1], "e_mixed.txt": clean[0] + "\nIt has n't rained , of the western."}
    several = scanner.report([scanner.scan(Document(name, text)) for name, text in texts.items()])
    folder = tmp_path_factory.mktemp("pages")
    made: dict[str, Report] = {"one": one, "several": several, "hostile": hostile()}
    for name, report in made.items():
        (folder / f"{name}.html").write_text(render(report, "html"), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


@pytest.fixture
def visit(browser, pages):
    """Open a page; whatever it complains of in the console, or asks of the network, fails the test."""
    complaints: list[str] = []
    opened = []

    def open_page(name: str, size: dict[str, int] = WIDE, scheme: str = "light"):
        page = browser.new_page(viewport=size, color_scheme=scheme)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(request.url) if not request.url.startswith("file:") else None)
        page.goto(pages[name].as_uri())
        opened.append(page)
        return page

    yield open_page
    for page in opened:
        page.close()
    assert complaints == []


def violations(page) -> list[str]:
    page.evaluate(resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")
    assert len(found["passes"]) > 10
    return [f"{v['impact']} {v['id']}: {v['nodes'][0]['html'][:200]}" for v in found["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", ["one", "several", "hostile"])
def test_axe_finds_nothing(visit, name: str, size: dict[str, int], scheme: str) -> None:
    page = visit(name, size, scheme)
    assert violations(page) == []
    if name != "one":
        page.locator(".documents tbody a").first.click()
    page.locator(".card summary:visible").first.click()
    page.locator(".text mark a:visible").first.focus()
    assert page.locator("#tip").is_visible()
    assert violations(page) == []
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0


def test_every_finding_is_shown_and_its_evidence_has_the_keyboard(visit, samples: Path) -> None:
    page = visit("one")
    findings = Scanner(min_score=5).scan(Document("article.txt", (samples / "spun_article.txt").read_text(encoding="utf-8"))).findings
    marks = page.locator(".text mark")
    assert marks.all_inner_texts() == [f.excerpt for f in findings]
    assert page.locator(".card:visible").count() == len(findings)
    page.locator(".text mark a").first.focus()
    for f in findings:
        assert page.evaluate("document.activeElement.textContent") == f.excerpt
        tip = page.locator("#tip").inner_text()
        assert f.originals[0] in tip
        assert f"{f.score:.1f}" in tip
        assert all(e.note in tip for e in f.evidence)
        page.keyboard.press("Tab")
    page.locator(".text mark a").last.focus()
    page.keyboard.press("Escape")
    assert page.locator("#tip").is_hidden()


def test_hover_shows_evidence_and_leaves_it_while_it_is_read(visit) -> None:
    page = visit("one")
    page.locator(".text mark a").first.hover()
    page.locator("#tip").wait_for(state="visible")
    page.locator("#tip").hover()
    assert page.locator("#tip").is_visible()
    page.locator(".brand").hover()
    page.locator("#tip").wait_for(state="hidden")


def test_a_place_leads_to_the_text(visit) -> None:
    page = visit("one", NARROW)
    card = page.locator(".card").last
    card.locator(".place").click()
    assert page.evaluate("document.activeElement.textContent.replace(/\\s+/g, ' ')") == card.locator(".found").text_content()
    assert page.locator("#tip").is_visible()


def test_filters(visit) -> None:
    page = visit("one")
    total = page.locator(".card").count()
    page.get_by_label("known-phrase").uncheck()
    kept = page.locator(".card:visible").count()
    assert 0 < kept < total
    assert page.locator(".card:visible .rule", has_text="known-phrase").count() == 0
    assert page.locator(".text mark:not(.off)").count() == kept
    assert page.locator(".shown").inner_text() == f"{kept} of {total} shown"
    page.locator(".text mark.off a").first.click()
    assert page.locator("#tip").is_hidden()
    page.get_by_label("known-phrase").check()
    slider = page.get_by_role("slider")
    slider.focus()
    slider.press("End")
    assert page.locator(".card:visible").count() == 0
    slider.press("Home")
    assert page.locator(".card:visible").count() == total


def test_the_index_sorts_and_searches(visit) -> None:
    page = visit("several")
    names = page.locator(".documents tbody th")
    assert names.all_inner_texts()[0] == "b_spun.txt"
    page.get_by_role("button", name="Document").click()
    assert [name[0] for name in names.all_inner_texts()] == ["a", "b", "c", "d", "e"]
    page.get_by_role("button", name="Document").press("Enter")
    assert [name[0] for name in names.all_inner_texts()] == ["e", "d", "c", "b", "a"]
    page.get_by_role("button", name="Findings").click()
    assert names.all_inner_texts()[0] == "b_spun.txt"
    assert page.locator("[aria-sort]").count() == 1
    page.get_by_label("Search").fill("CLEAN a_")
    assert page.locator(".documents tbody th:visible").all_inner_texts() == ["a_clean.txt"]
    assert page.locator(".search .shown").inner_text() == "1 of 5 documents"


def test_one_view_at_a_time_and_the_way_back(visit) -> None:
    page = visit("several")
    assert page.locator(".document:visible").count() == 0
    page.get_by_role("link", name="b_spun.txt").click()
    assert page.locator(".document:visible h1").inner_text() == "b_spun.txt"
    sync_api.expect(page.locator("#index")).to_be_hidden()  # views change after the address: wait for it
    sync_api.expect(page.locator(".document:visible h1")).to_be_focused()
    page.get_by_role("link", name="All documents").click()
    sync_api.expect(page.locator("#index")).to_be_visible()
    page.go_back()
    assert page.locator(".document:visible h1").inner_text() == "b_spun.txt"


def test_without_its_script_the_page_says_all(browser, pages) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(pages["several"].as_uri())
    assert page.locator(".document h1:visible").count() == 5
    assert page.locator(".filters:visible").count() == 0
    page.locator(".text mark a").first.click()
    assert page.url.endswith(page.locator(".text mark a").first.get_attribute("href"))
    context.close()


def test_print_opens_the_evidence(visit) -> None:
    page = visit("one")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".card table:visible").count() == page.locator(".card").count()
    assert page.locator(".filters:visible").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".card details[open]").count() == 0
