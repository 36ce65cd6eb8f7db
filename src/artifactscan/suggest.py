"""The name that somebody probably meant."""
from __future__ import annotations

from collections.abc import Iterable

CLOSE = 70  # of 100, as rapidfuzz compares


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """"did you mean 'min-score'?", or all the names if none is close."""
    from rapidfuzz import fuzz, process, utils  # here: only mistakes need it

    names = list(names)
    best = process.extractOne(name, names, scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=CLOSE)
    return f"did you mean {best[0]!r}?" if best else f"there are {', '.join(names)}"
