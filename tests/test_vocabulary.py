"""The classes of common and rare tokens."""
from __future__ import annotations

from artifactscan.compiled import builtin_tables
from artifactscan.text import UNKNOWN
from artifactscan.vocabulary import COMMON, MANY, Tokens


def test_rare_tokens_are_known_one_by_one_and_all_at_once() -> None:
    tokens = Tokens(builtin_tables())
    assert len(tokens) == COMMON + 1
    rare = dict(zip(tokens._rare, tokens._rare_letters, strict=True))
    some = dict(list(rare.items())[:: len(rare) // 100])
    assert {word: tokens[word] for word in some} == some
    assert (tokens["zqxa"], "zqxa" in tokens, "the" in tokens) == (UNKNOWN, False, True)
    for n in range(MANY):
        assert tokens[f"zq{n}"] == UNKNOWN
    assert len(tokens) == COMMON + 1 + len(rare)
    assert {word: tokens[word] for word in rare} == rare
    assert tokens["zqxa"] == UNKNOWN
