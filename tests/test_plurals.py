"""Singular nouns where the plural belongs, by grammar and neighbours: silent cases first."""
from __future__ import annotations

import math
from functools import cache

import pytest

from artifactscan.compiled import builtin_tables, language_tables, scoring_weights
from artifactscan.detectors.plurals import LEAST, LOST, RULE, Plurals
from artifactscan.language import Language
from artifactscan.model import Document, Finding
from artifactscan.scan import Scanner
from artifactscan.text import Text
from artifactscan.vocabulary import Vocabulary


@cache
def plurals() -> tuple[Plurals, dict[str, str]]:
    return Plurals(Language(language_tables()), scoring_weights()["plurals"]), Vocabulary(builtin_tables()).tokens


def found(text: str) -> list[Finding]:
    detector, classes = plurals()
    return [f for p in Text(text, classes).passages() for f in detector.detect(p)]


SILENT = [
    "He lost a tooth and kept it. Every tooth was counted, each tooth in turn, and this tooth twice. One tooth fell out.",
    "The tooth fairy came by night. Tooth decay is common; brush by hand, on foot or by bus.",
    "Water, information and advice are free. The police were there. Sheep graze; a series of tests follows.",
    "In court, at school, by train, on time, under control: these phrases take no article.",
    "The guard dogs barked. A two-year plan and a three-man crew were agreed. The Year Book was out.",
    "MOST CARD were read. Card 12 was read.",
    "It was a pleasure to be a member of the club and an honour to be its head.",
    "These people are many. Several of the members of the board left.",
]


@pytest.mark.parametrize("text", SILENT)
def test_silent(text: str) -> None:
    assert [(f.excerpt, f.originals) for f in found(text)] == []


FOUND = [
    ("He was minister of foreign affair for a year.", "affair", "affairs"),
    ("The talks lasted for several long hour.", "hour", "hours"),
    ("The number of viewer rose in the spring.", "viewer", "viewers"),
    ("These result suggest that the method works.", "result", "results"),
    ("The law protects woman and children alike.", "woman", "women"),
]


@pytest.mark.parametrize(("text", "word", "plural"), FOUND)
def test_found(text: str, word: str, plural: str) -> None:
    assert [(text[f.start : f.end], f.originals) for f in found(text)] == [(word, (plural,))]


def test_evidence_adds_up() -> None:
    (finding,) = found("These result suggest that the method works.")
    assert [e.name for e in finding.evidence] == ["slip", "neighbours", "grammar"]
    assert finding.evidence[0].nats == LOST
    assert math.fsum(e.nats for e in finding.evidence) == pytest.approx(finding.log_odds)
    assert finding.log_odds - LOST >= LEAST
    assert "'results'" in finding.evidence[1].note and "plural" in finding.evidence[2].note


HONEST = (
    "The dentist has opened his practice in the old mill by the river. He says that most of his patients are afraid, and that he was afraid himself as a boy. "
    "Two women met behind closed door when the telephone rang, and nobody was there. The river is high in spring, and the road along it is closed for a few days every year. "
    "People come by boat then, and the dentist lends them his coat for the way home."
)


def test_a_text_that_is_clean_by_all_else_is_not_asked() -> None:
    """Who learns English loses endings too."""
    assert [f.excerpt for f in Scanner(min_score=0).scan(Document("-", HONEST)).findings if f.rule == RULE] == []


SPUN = HONEST.replace("in the old mill", "in the antiquated factory").replace("river is high in spring", "stream is tall in springtime") + (
    " He has won the counterfeit consciousness award, and he has n't told anybody on the off chance that it is unnatural. The man-made brainpower and the profound learning "
    "are at the point when everybody was getting a charge out of the flag to clamor proportion."
)


def test_in_a_spun_text_it_is_found() -> None:
    report = Scanner(min_score=0).scan(Document("-", SPUN))
    assert report.verdict == "spun"
    (finding,) = [f for f in report.findings if f.excerpt == "door"]
    assert (finding.rule, finding.originals) == (RULE, ("doors",))
    assert finding.score >= 50
    assert not [f for f in Scanner(min_score=0, ignore=(RULE,)).scan(Document("-", SPUN)).findings if f.rule == RULE]
