"""Silent cases first."""
from __future__ import annotations

import pytest

from helpers import found, pairs

RULES = ("article", "number-agreement", "verb-agreement", "adjective-as-noun", "missing-possessive")

SILENT = [
    "an hour, a university, an MRI, a UN envoy, a one-off, an heir, a European, a useful tool, an umbrella, a unit, a ewe",
    "an honest man, an honour, a hotel, an historic day, a house, a year, an FBI agent, a NATO ally, a URL, an LED",
    "Vitamin A and iron; plan A is better; type A influenza; hepatitis A or B; a A4 sheet",
    "A two-year plan, a three-man crew, two million people, several hundred miles and six dozen eggs.",
    "Two aircraft, several species, many fish and both series were lost.",
    "One or two day trips; day two begins; both mother and child; both hip and knee.",
    "Many a man has tried. A few more data points would help. Few doubt it.",
    "The police are here. The team are ready. The staff were told. The number of cases were few.",
    "The list of providers confirms it. Every one of the regulators wants it.",
    "She insisted that he leave. Let it be. Make it work. Did he go? Does she know?",
    "The western is a film genre that the cinema loved: he wrote on the western.",
    "The northern and southern provinces; the western coast; north winds; the south side.",
    "The German law, a Swiss bank, Polish your shoes, polish the glass, french fries, swiss cheese.",
    "Norway, who won, was first. The Netherlands, who lost, left.",
    "She paid with her own money. They own land. An own goal. Their own.",
    "each other's hands, each one's name",
    "look forward to seeing you, used to working late, committed to helping",
    "He read it. She put it down. It cost a lot. He let them go. It hit the wall.",
    "In court, on trial, by train, at school, in place, in turn, of course, for example, in fact, on time.",
]


@pytest.mark.parametrize("text", SILENT)
def test_silent(text: str) -> None:
    assert not found(text, *RULES)


FOUND = [
    ("They met at a early hour.", "article", "a early", "an early"),
    ("An consensus was reached.", "article", "An consensus", "A consensus"),
    ("It was a honest race.", "article", "a honest", "an honest"),
    ("It links two nation.", "number-agreement", "two nation", "two nations"),
    ("The model makes several prediction that can be tested.", "number-agreement", "several prediction", "several predictions"),
    ("The report came. The shelf are empty.", "verb-agreement", "The shelf are", "The shelves are"),
    ("It proposes to pumping water.", "verb-agreement", "proposes to pumping", "proposes to pump"),
    ("They struggle with the western.", "adjective-as-noun", "the western", "the West"),
    ("Talks were brokered by the swiss.", "adjective-as-noun", "the swiss", "the Swiss"),
    ("The Norway, who won, was first.", "adjective-as-noun", "The Norway", "the Norwegian"),
    ("All parties, including own, must agree.", "missing-possessive", "including own", "including their own"),
    ("They develop each's benefits.", "missing-possessive", "each's", "each other’s"),
]


@pytest.mark.parametrize(("text", "rule", "excerpt", "original"), FOUND)
def test_found(text: str, rule: str, excerpt: str, original: str) -> None:
    assert pairs(text, rule) == [(excerpt, original)]


def test_a_lone_slip_of_an_article_is_below_the_default_threshold() -> None:
    assert all(f.score < 50 for f in found("They met at a early hour and went home.", "article"))
