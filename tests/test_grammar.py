"""What is looked for first must stand in every match."""
from __future__ import annotations

import random
import re

import pytest

from artifactscan.detectors import agreement, inflection
from artifactscan.grammar import Rule
from artifactscan.vocabulary import GRAMMAR

SIGNED = [rule for rule in (*agreement.RULES, *inflection.RULES) if rule.signs]
LETTERS = "".join(GRAMMAR) + "nkusemxvzgdpjar?"


@pytest.mark.parametrize("rule", SIGNED, ids=[rule.pattern for rule in SIGNED])
def test_every_match_of_a_rule_holds_one_of_its_signs(rule: Rule) -> None:
    chance = random.Random(0)
    letters = [letter for letter in LETTERS if letter in rule.pattern] + 3 * [*"".join(rule.signs)]
    texts = ["".join(chance.choices(letters, k=100)) for _ in range(2_000)]
    matches = [text[max(0, m.start() - 2) : m.end() + 4] for text in texts for m in re.finditer(rule.pattern, text)]
    assert matches
    assert [stretch for stretch in matches if not any(sign in stretch for sign in rule.signs)] == []
