"""Evidence adds up to scores; documents are judged by everything in them, findings by everything else."""
from __future__ import annotations

import math

import pytest

from artifactscan.model import KNOWN, STRONG, WEAK, Evidence, Finding, logit, sigmoid
from artifactscan.scoring import score, verdict

DOCUMENT = {  # as learned, rounded
    "start": -5.4, "tell": 3.0, "rate": 32.0, "second": 35.0, "usual": 0.05, "most": 2.5, "slope": 0.87, "offset": 1.7, "scepticism": 0.5,
}  # fmt: skip


def finding(excerpt: str, probability: float = 0.9, rule: str = "detached-contraction", tell: float = 2.4) -> Finding:
    return Finding(rule, 0, 1, ("x",), (Evidence("slip", logit(probability), ""),), tell, excerpt=excerpt)


def test_the_nats_sum_to_the_score() -> None:
    _, scored = score([finding("a"), finding("b", 0.2)], 500, DOCUMENT)
    for f in scored:
        assert f.score == pytest.approx(100 * sigmoid(math.fsum(e.nats for e in f.evidence)), abs=0.051)


def test_a_single_weak_finding_never_makes_a_document_suspect() -> None:
    probability, _ = score([finding("a", 0.3)], 100, DOCUMENT)
    assert verdict(probability, 100) == "clean"


def test_one_slip_however_sure_makes_no_document_suspect_and_two_do() -> None:
    sure = [finding("a", 0.99, "spintax", tell=4.0), finding("b", 0.9, "wrong-side-quote", tell=2.4)]
    for one in sure:
        assert verdict(score([one], 300, DOCUMENT)[0], 300) == "clean"
    assert verdict(score(sure, 300, DOCUMENT)[0], 300) == "spun"


def test_a_known_phrase_tells_more_than_a_slip() -> None:
    known, slip = (score([finding("a", 0.9, rule, tell=2.4)], 300, DOCUMENT)[0] for rule in ("known-phrase", "wrong-side-quote"))
    assert known > 0.5 > slip


def test_different_findings_make_a_document_spun_and_one_habit_does_not() -> None:
    kinds = [finding("a"), finding("b", rule="wrong-side-quote"), finding("c", rule="known-phrase"), finding("d", rule="number-spacing")]
    assert verdict(score(kinds, 300, DOCUMENT)[0], 300) == "spun"
    assert verdict(score([finding("a")] * 20, 300, DOCUMENT)[0], 300) != "spun"


def test_a_book_has_its_honest_slips() -> None:
    """Sixty slips of six kinds make a report spun and a book not; one kind after another, a thousandfold, make a book spun."""
    slips = [finding(f"{n}", 0.4, rule=f"r{n % 6}", tell=1.2) for n in range(60)]
    assert verdict(score(slips, 5_000, DOCUMENT)[0], 5_000) == "spun"
    assert verdict(score(slips, 200_000, DOCUMENT)[0], 200_000) == "clean"
    residue = [finding(f"{n}", rule=f"r{n % 6}") for n in range(1_000)]
    assert verdict(score(residue, 200_000, DOCUMENT)[0], 200_000) == "spun"


def test_a_book_without_slips_may_be_spun() -> None:
    """That a long text has no slips says no more against a spinner than that a shorter one has none."""
    candidates = [decoded(f"{n}", STRONG) for n in range(30_000)]
    assert verdict(score(candidates, 200_000, DOCUMENT)[0], 200_000) == "spun"


def test_company_raises_a_weak_finding() -> None:
    weak = finding("w", 0.15, "known-phrase")
    alone = score([weak], 300, DOCUMENT)[1][0].score
    company = score([weak, *(finding(c, rule=c) for c in "abcd")], 300, DOCUMENT)[1][0].score
    assert alone < 50 < company


def test_a_slip_in_a_clean_text_is_rather_its_writers() -> None:
    slip = finding("s", 0.5, "article", tell=1.2)
    alone = score([slip], 3_000, DOCUMENT)[1][0].score
    company = score([slip, *(finding(c, rule=c) for c in "abcdefgh")], 300, DOCUMENT)[1][0].score
    known = score([finding("s", 0.5, "known-phrase", tell=1.2)], 3_000, DOCUMENT)[1][0].score
    assert alone < 40 < known < 60 < 90 < company


def test_a_weak_slip_scores_no_higher_than_its_document() -> None:
    slip = finding("s", 0.5, "number-agreement", tell=1.2)._replace(grade=WEAK)
    alone = score([slip], 3_000, DOCUMENT)[1][0].score
    for company in ("ab", "abcdefgh"):
        others = [finding(c, rule=c) for c in company]
        spun = 100 * score(others, 300, DOCUMENT)[0]
        weak, *_ = score([slip, *others], 300, DOCUMENT)[1]
        assert alone < weak.score < spun
        assert weak.score == pytest.approx(100 * sigmoid(math.fsum(e.nats for e in weak.evidence)), abs=0.051)


def decoded(excerpt: str, grade: int, nats: float = 3.0) -> Finding:
    return Finding("substitution", 0, 1, ("x",), (Evidence("decoder", nats, ""),), 0.0, excerpt=excerpt, grade=grade)


def test_what_a_candidate_tells_of_its_document_grows_with_its_grade() -> None:
    weak, strong, known = (score([decoded("a", grade), decoded("b", grade)], 250, DOCUMENT)[0] for grade in (WEAK, STRONG, KNOWN))
    assert weak < strong < known


def test_one_known_phrase_alone_makes_no_text_suspect() -> None:
    probability, _ = score([decoded("a", KNOWN, 9.0)], 250, DOCUMENT)
    assert verdict(probability, 250) == "clean"


def test_where_much_tells_a_little_a_mild_spinner_is_thought_of() -> None:
    """A quarter of the candidates, each somewhat odd, in a text that is spun; no such spinner for few of them, nor in a text that is clean."""
    known = [finding(f"k{n}", rule=f"r{n}") for n in range(6)]
    odd, even = ([decoded(f"{nats} {n}", WEAK, nats) for n in range(many)] for nats, many in ((-1.2, 60), (-5.0, 180)))

    def best(found: list[Finding], **more: float) -> float:
        return max(f.score for f in score(found, 900, DOCUMENT | more)[1] if not f.tell)

    assert best([*known, *odd, *even]) < 50 < best([*known, *odd, *even], mild=12.0)
    assert best([*known, *odd[:5], *even], mild=12.0) < 50
    assert best([*odd[:20], *even], mild=12.0) < 50


def test_no_verdict_on_short_texts() -> None:
    assert verdict(1.0, 59) == "too-short"
