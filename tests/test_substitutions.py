"""The decoder: what must stay quiet first, then what no list knows."""
from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import pytest

from artifactscan.candidates import AGREEING, FEATURES, JOINED, NOTES, SINGLE, TIMES, Candidate, Option, joined
from artifactscan.detectors.substitutions import SETTLED
from artifactscan.model import WEAK, ArtifactscanError, Document, DocumentReport, sigmoid
from artifactscan.reading import Line
from artifactscan.scan import Scanner
from artifactscan.text import Text
from artifactscan.vocabulary import same_word

# Written for these tests: correct, second-language and British English, dialect, quoted speech, jargon.
SILENT = [
    "The council of the village has decided that the old bridge will be repaired before the winter. My father, who worked there as a carpenter for "
    "thirty years, told me that the beams were always weak. We went to look at it on Sunday after the church. The water was very high and brown, and "
    "some people were standing at the bank and taking photographs. I think it is a good decision, although it costs much money.",
    "In this study we investigate the influence of temperature on the hardness of the steel. The samples were prepared according to the standard and "
    "were measured three times. It can be seen that the hardness decreases with increasing temperature. The results are in good agreement with the "
    "literature. Further experiments with other alloys are planned for the next year, because the number of samples was limited.",
    "The programme was organised by the neighbouring parish, whose councillors had favoured a grey colour for the theatre's kerb. A lorry with a "
    "spare tyre was parked by the centre, and the labourers practised their dialogue in the catalogue room. Nobody apologised; the chairman merely "
    "analysed the cheque and travelled home. At the next meeting the councillors will discuss whether the licence should be renewed for another year.",
    "“Ye'll no be wanting the wee boat the night,” said the old man, “for the wind's awfy strong and the tide's on the turn.” The fishermen stayed in "
    "harbour. By morning the gale had blown itself out, and the first of the boats went round the point before six, low in the water with creels. The harbour master counted them and went in to his tea.",
]
# One spun text: an ordinary report of a football match, reworded with a thesaurus.
SPUN = (
    "The home side won the match on Saturday with two objectives in the second half. The trainer said that his players had demonstrated great "
    "personality after the interruption. Their striker was given a yellow card in the ninth moment, and the umpire displayed him a crimson card soon "
    "after. The caretaker made three fine rescues, and the bunch is now third in the counter. They meet the league frontrunners next weekend, when the "
    "leading goal scorer returns from a hanging."
)


@cache
def scanner() -> Scanner:
    return Scanner(only=("substitution",), min_score=0)


def report(text: str) -> DocumentReport:
    return scanner().scan(Document("-", text))


@pytest.mark.parametrize("text", SILENT, ids=["second-language", "second-language-science", "british", "dialect"])
def test_silent(text: str) -> None:
    found = report(text)
    assert [f.excerpt for f in found.findings if f.score >= 50] == []
    assert found.verdict == "clean"


@pytest.mark.parametrize(("a", "b"), [("organised", "organized"), ("centre", "center"), ("cheque", "check"), ("front runner", "frontrunner"), ("catalogue", "catalog")])
def test_spellings_are_one_word(a: str, b: str) -> None:
    assert same_word(a, b)
    assert not same_word(a, "bridge")


def test_a_spun_text_is_seen_through() -> None:
    spun = report(SPUN)
    found = {f.excerpt: f for f in spun.findings}
    for word, original in (("moment", "minute"), ("displayed", "showed"), ("bunch", "team"), ("crimson", "red"), ("umpire", "referee")):
        assert original in found[word].originals, word
    quiet = [report(text) for text in SILENT]
    assert spun.probability > 0.5 > 10 * max(r.probability for r in quiet)
    assert found["moment"].score > 10 * max(f.score for r in quiet for f in r.findings)


def test_nothing_depends_on_the_least_score(samples: Path) -> None:
    every, usual = Scanner(min_score=0), Scanner()
    spun = (samples / "spun_article.txt").read_text(encoding="utf-8")
    for text in (*SILENT, SPUN, spun, f"{spun[:600]} {SILENT[0]}"):
        all_, some = every.scan(Document("-", text)), usual.scan(Document("-", text))
        assert (some.verdict, some.probability) == (all_.verdict, all_.probability)
        assert some.findings == tuple(f for f in all_.findings if f.score >= usual.min_score)


def test_the_terms_sum_to_the_score_and_are_told_in_words() -> None:
    assert set(NOTES) == set(SINGLE)
    for f in report(SPUN).findings:
        assert f.score == pytest.approx(100 * sigmoid(math.fsum(e.nats for e in f.evidence)), abs=0.051)
        assert all(e.note and TIMES not in e.name for e in f.evidence)


def test_one_finding_for_one_place() -> None:
    spans = [(f.start, f.end) for f in report(SPUN).findings]
    assert all(a[1] <= b[0] for a, b in zip(spans, spans[1:], strict=False))


def test_a_published_phrase_is_decoded_whole() -> None:
    (found,) = (f for f in report("Recent work on counterfeit consciousness has drawn much interest.").findings if "counterfeit" in f.excerpt)
    assert (found.excerpt, found.originals[0]) == ("counterfeit consciousness", "artificial intelligence")


def test_an_everyday_phrase_is_known_whole() -> None:
    (found,) = (f for f in report("A considerable lot of the workers came by train.").findings if f.start == 0)
    assert (found.excerpt, found.originals[0]) == ("A considerable lot of the", "many of the")
    assert "known to stand for" in {e.name: e.note for e in found.evidence}["whole"]


def test_names_are_looked_at_only_in_a_spun_text() -> None:
    name = "The report of the Worldwide Wellbeing Committee came late."
    assert [f for f in report(f"{SILENT[0]} {name}").findings if f.excerpt.istitle()] == []
    found = {f.excerpt: f.originals for f in report(f"{SPUN} {name}").findings}
    assert "Public Health" in found["Worldwide Wellbeing"]


def test_initials_are_no_words_of_grammar() -> None:
    """The dollars of the United States do not make a "maximum of us"."""
    sentence = "The committee offers a maximum of US$500 for every household."
    assert not [f for f in report(f"{sentence} {SILENT[0]}").findings if "maximum" in f.excerpt]
    assert [f for f in report(f"{sentence.replace('US$500', 'us')} {SILENT[0]}").findings if f.excerpt == "maximum of us"]


def test_two_words_are_read_together() -> None:
    found = {f.excerpt: f.originals for f in report(f"{SPUN} The bunch trusts in bogus consciousness and in malignancy recognition.").findings}
    assert found["malignancy recognition"][0] == "cancer detection"


def test_the_originals_of_a_word_alone_are_offered_with_those_of_its_phrase() -> None:
    found = {f.excerpt: f.originals for f in report(f"{SPUN} The paper measures the danger of bosom malignancy in women.").findings}
    assert found["bosom malignancy"][0] == "breast cancer"
    assert {"bosom cancer", "breast malignancy"} <= set(found["bosom malignancy"])


def test_three_words_are_read_together() -> None:
    decoder = scanner().decoder
    assert decoder
    (passage,) = Text("The firm studied information mining procedures at once.", scanner().vocabulary.tokens).passages()
    found = {c.spun: [o.original for o in c.options] for c in decoder.candidates(passage)}
    assert found["information mining procedures"][0] == "data mining techniques"
    line = Line(passage, decoder.language)
    every, worth = ({c.spun for c in decoder._candidates(passage, line, True, {}, worth)} for worth in (lambda first, last: True, lambda first, last: first == last))
    assert worth == {spun for spun in every if " " not in spun} < every, "only what is worth it is weighed"


def test_a_word_is_seen_beside_the_originals_of_its_neighbours() -> None:
    decoder = scanner().decoder
    assert decoder
    (passage,) = Text("The umpire showed a crimson card to the keeper.", scanner().vocabulary.tokens).passages()
    line = Line(passage, decoder.language)
    likely = Candidate(4, 4, "crimson", [Option("red", (0.0,) * len(FEATURES), SETTLED)], WEAK)
    card = Candidate(5, 5, "card", [Option("x", (0.0,) * len(FEATURES), -3.0)], WEAK)

    def weighed(neighbour: Candidate) -> list[float]:
        return [c.log_odds for c in decoder._reconsidered(passage, line, [neighbour, card], {}) if c.first == 5]

    assert weighed(likely._replace(options=[likely.options[0]._replace(log_odds=SETTLED - 0.1)])) == [-3.0], "an unlikely one changes nothing"
    assert weighed(likely) == [], "beside 'red' nothing is odd about a card"


def test_a_word_beside_a_phrase_stays_a_candidate() -> None:
    def candidate(first: int, last: int, log_odds: float) -> Candidate:
        return Candidate(first, last, " ".join("abcde"[first : last + 1]), [Option("x", (0.0,) * len(FEATURES), log_odds)], WEAK)

    found = list(joined([candidate(1, 1, 0.5), candidate(2, 2, 0.0), candidate(3, 3, -1.0), candidate(1, 2, 2.0), candidate(2, 3, 1.0)]))
    assert [(c.first, c.last) for c in found] == [(1, 2), (3, 3)]
    assert found[0].log_odds == pytest.approx(math.log(math.exp(2.0) + math.exp(0.5)))
    assert {o.original for o in found[0].options} == {"x", "x c", "b x"}
    assert [(c.first, c.last) for c in joined([candidate(1, 1, JOINED), candidate(1, 2, 0.0)])] == [(1, 1)], "a word alone may be much likelier"


def test_words_that_are_read_alike_alone_and_together_are_one_finding() -> None:
    def candidate(first: int, last: int, original: str, log_odds: float) -> Candidate:
        return Candidate(first, last, " ".join("abcde"[first : last + 1]), [Option(original, (0.0,) * len(FEATURES), log_odds)], WEAK)

    x, y, both = candidate(1, 1, "x", 5.0), candidate(2, 2, "y", AGREEING), candidate(1, 2, "x y", -1.0)
    assert [(c.first, c.last) for c in joined([x, y, both])] == [(1, 2)]
    assert next(joined([x, y, both])).options[0].original == "x y"
    for doubtful in ([x, both], [x, candidate(2, 2, "y", AGREEING - 0.1), both]):
        assert (1, 1) in [(c.first, c.last) for c in joined(doubtful)], "what hardly anybody would swap alone counts"
    assert [(c.first, c.last) for c in joined([x, candidate(1, 2, "x c", -1.0)])] == [(1, 2)], "but it may have stayed"


def test_a_wrong_article_may_have_been_left_by_a_swap() -> None:
    text = (
        "The minister gave a extraordinary esteem to the plan. In a unsuccessful try to lift the standing of the gathering, the chief had taken an complete week in the "
        "upper house. They are a essential piece of the arrangement, and he set an total ban on the exchange of rare creatures in the republic."
    )
    originals = {f.excerpt: f.originals for f in Scanner(min_score=0).scan(Document("-", text)).findings if f.rule == "article"}
    assert originals["an complete"] == ("a complete", "an entire")
    assert originals["a unsuccessful"][0] == "an unsuccessful"


def test_names_numbers_and_words_of_grammar_are_left_alone() -> None:
    assert report("In May 2019 Bush, Gates and the Browns were with them over there at 12, and so were we.").findings == ()


def test_any_pair_can_be_asked_about() -> None:
    sentence = Document("-", "They want a long-term and green peace in the region.")
    (found,) = scanner().compare(sentence, "green", "sustainable").findings
    assert (found.excerpt, found.originals) == ("green", ("sustainable",))
    assert {e.name for e in found.evidence} >= {"context-right", "fit", "channel", "document"}
    with pytest.raises(ArtifactscanError, match="does not stand in the text"):
        scanner().compare(sentence, "purple", "sustainable")
    for spun, original in (("green", "zzzzq"), ("green", ","), ("qqqqx", "lasting")):
        with pytest.raises(ArtifactscanError, match="do not know"):
            scanner().compare(Document("-", "They want a zzzzq and green peace."), spun, original)


def test_the_first_look_weighs_fewer_originals() -> None:
    """Its candidates are among those of the second look, which weighs more originals of every place."""
    decoder = scanner().decoder
    assert decoder
    tokens = scanner().vocabulary.tokens
    first, second = ({(c.first, c.last): c for p in Text(SPUN, tokens).passages() for c in decoder.candidates(p, weak=weak)} for weak in (False, True))
    assert first
    assert first.keys() <= second.keys()
    assert sum(len(c.options) for c in first.values()) < sum(len(second[at].options) for at in first)
