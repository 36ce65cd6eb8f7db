"""Abbreviations: which letters a term's words should begin with, and what a spinner did to a term whose abbreviation it left."""
from __future__ import annotations

import pytest

from artifactscan.abbreviations import initials
from artifactscan.model import Document, Evidence
from artifactscan.text import Text
from test_substitutions import SILENT, SPUN, report, scanner


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("The liquid crystal display (LCD) is dark.", "l c d"),
        ("The liquid crystal screen (LCD) is dark.", "l c d"),
        ("Liquid-crystal displays (LCDs) are dark.", "l c d"),
        ("The estimated time of arrival (ETA) is noon.", "e t of=- a"),
        ("A return on investment (ROI) was seen.", "r o i"),
        ("The standard mode of operation (SMO) is slow.", "s m of=- o"),
        ("She works at the university (USA) since May.", ""),
        ("It rained. Later (LAT) it stopped.", ""),
        ("She said yes, machine (ATM) or not.", ""),
        ("The display (2020) is dark (D).", ""),
    ],
)
def test_letters(text: str, letters: str) -> None:
    (passage,) = Text(text, scanner().vocabulary.tokens).passages()
    found = [" ".join(term.get(i, f"{passage.tokens[i]}=-") for i in range(min(term), max(term) + 1)) for term in initials(passage)]
    assert found == ([letters] if letters else [])


@pytest.mark.parametrize(
    ("spun", "original", "letters"),
    [
        ("automatic teller apparatus", "automatic teller machine", "ATM"),
        ("liquid crystal screens", "liquid crystal displays", "LCDs"),
        ("personal identification figure", "personal identification number", "PIN"),
        ("Gross Domestic Yield", "Gross Domestic Product", "GDP"),
    ],
)
def test_a_term_that_its_abbreviation_does_not_fit(spun: str, original: str, letters: str) -> None:
    found = {f.excerpt: f for f in report(f"{SPUN} The bank has a {spun} ({letters}).").findings}
    without = [f.score for f in report(f"{SPUN} The bank has a {spun}.").findings if f.excerpt in spun]
    assert found[spun].originals[0] == original
    assert found[spun].score > 1.5 * max(without)
    assert "the abbreviation after it fits" in {e.name: e.note for e in found[spun].evidence}["initials"]


def test_a_term_that_its_abbreviation_fits_is_doubted_less() -> None:
    def evidence(sentence: str) -> dict[str, Evidence]:
        (found,) = scanner().compare(Document("-", sentence), "display", "screen").findings
        return {e.name: e for e in found.evidence}

    fitting = evidence("The shop sells a liquid crystal display (LCD).")["initials"]
    assert fitting.nats < -1
    assert fitting.note == "the abbreviation after it fits 'display', not 'screen'"
    assert "initials" not in evidence("The shop sells a liquid crystal display.")


def test_alone_it_accuses_nobody() -> None:
    found = report(f"{SILENT[0]} The bank has an automatic teller apparatus (ATM) too.")
    assert found.verdict == "clean"
    assert all(f.score < 50 for f in found.findings)
