"""The two trigram models: spellings folded, probabilities that add up, back-off, and which model speaks."""
from __future__ import annotations

import math
from functools import cache

import pytest

from artifactscan.compiled import language_tables
from artifactscan.language import Language, american, lm_tokens


@cache
def language() -> Language:
    return Language(language_tables())


def numbers(text: str) -> list[int]:
    return [language().number(w) for w in lm_tokens(text.split())]


def test_tokens() -> None:
    assert list(lm_tokens(["an", "early", "3.5", ",", ".", "\n\n"])) == ["a", "early", "#", "", "</s>", "</s>"]


@pytest.mark.parametrize(("british", "us"), [("neighbouring", "neighboring"), ("flavour", "flavor"), ("programme", "program"), ("organised", "organized"), ("centre", "center")])
def test_british_spellings_have_the_number_of_american_ones(british: str, us: str) -> None:
    assert us in american(british)
    assert language().number(british) == language().number(us) != 0


@pytest.mark.parametrize("word", ["four", "hour", "advise", "exercise", "promise", "there", "well", "fence"])
def test_other_words_keep_their_own(word: str) -> None:
    assert language().words.word(language().number(word)) == word


def test_a_word_that_is_not_known_has_no_number() -> None:
    assert language().number("zqxv") == 0


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_probabilities_after_a_word_add_up(share: float) -> None:
    mixture = language().fitted([])
    mixture.share = share
    for word in ("artificial", "the", "prime"):
        (y,) = numbers(word)
        total = sum(mixture.p2(y, z) for z in range(1, len(language().words) + 1) if language().singles[4 * z])
        assert 0.8 < total < 1.25, word  # stored in steps of a quarter of a nat


def test_idioms_are_likelier_than_their_rewordings() -> None:
    mixture = language().fitted([])
    for before, idiom, reworded in (("of territorial", "integrity", "honesty"), ("the prime", "minister", "preacher"), ("an early", "warning", "caution")):
        x, y = numbers(before)
        assert mixture.log_p(x, y, *numbers(idiom)) > mixture.log_p(x, y, *numbers(reworded)) + 2


def test_the_mixture_follows_the_text() -> None:
    abstract = numbers("we propose a neural network for image segmentation and show that it outperforms the baseline on three datasets")
    speech = numbers("my fellow citizens i come before you tonight to thank you for your trust and to ask you to stand with me")
    assert language().fitted(abstract).share > 0.5 > language().fitted(speech).share


def test_log_p_is_finite_for_anything() -> None:
    mixture = language().fitted([])
    assert all(math.isfinite(mixture.log_p(x, y, z)) for x in (0, 5) for y in (0, 7) for z in (0, 9))
