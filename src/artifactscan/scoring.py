"""From evidence to scores and verdicts.

A document is spun or it is not: one odd phrase is style, twenty are a spinner.  So every finding speaks twice: for
itself, through its evidence, and for the document, through its `tell`.  The document's log-odds are

    PRIOR + sum over rules of sum_k tell_k * p_k / k**REPEAT - NATS_PER_WORD * words

where p_k is the probability of the rule's k-th best finding by its own evidence and repeated wordings count once
(a habit is not twenty slips).  Each finding then gets one more term, from the document without that finding:

    log(1 - q + q * COMPANY)        q: probability that the document is spun, as the other findings have it

so that weak findings count only in company and nothing vouches for itself.
"""
from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from artifactscan.model import Evidence, Finding, sigmoid

PRIOR = -4.6  # log-odds that a text of which nothing is known is spun: one in a hundred
REPEAT = 0.5  # how fast further findings of one rule lose weight
REPEAT_KNOWN = 0.2  # known phrases are independent of one another; slips of one kind may be one habit
NATS_PER_WORD = 0.0004  # a long text has its honest slips; nats
MOST_LENGTH_NATS = 8.0
COMPANY = 20.0  # how much likelier a candidate is a spinner's work in a spun text than in one of which nothing is known
TOO_SHORT = 60  # words; below it there is no verdict
SPUN, SUSPECT = 0.95, 0.5


def score(findings: Sequence[Finding], words: int) -> tuple[float, list[Finding]]:
    """(probability that the document is spun, the findings with the document's term added to their evidence)."""
    weights = _weights(findings)
    base = PRIOR - min(MOST_LENGTH_NATS, NATS_PER_WORD * words)
    total = base + math.fsum(weights)
    return sigmoid(total), [f._replace(evidence=(*f.evidence, _company(sigmoid(total - w)))) for f, w in zip(findings, weights, strict=True)]


def verdict(probability: float, words: int) -> str:
    """spun, suspect, clean, or too-short for a text of under 60 words."""
    if words < TOO_SHORT:
        return "too-short"
    return "spun" if probability >= SPUN else "suspect" if probability >= SUSPECT else "clean"


def _weights(findings: Sequence[Finding]) -> list[float]:
    """Nats that each finding adds to the document's log-odds."""
    weights = [0.0] * len(findings)
    by_rule: dict[str, list[int]] = defaultdict(list)
    for i, finding in enumerate(findings):
        by_rule[finding.rule].append(i)
    for rule, members in by_rule.items():
        seen: set[str] = set()
        power = REPEAT_KNOWN if rule == "known-phrase" else REPEAT
        for i in sorted(members, key=lambda i: -findings[i].tell * findings[i].probability):
            wording = findings[i].excerpt.lower()
            if wording not in seen:
                seen.add(wording)
                weights[i] = findings[i].tell * findings[i].probability / len(seen) ** power
    return weights


def _company(probability: float) -> Evidence:
    nats = math.log(1 - probability + probability * COMPANY)
    return Evidence("document", round(nats, 3), f"by everything else in it, this text is spun with probability {probability:.2f}")
