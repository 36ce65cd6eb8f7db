"""Silent cases first."""
from __future__ import annotations

import pytest

from helpers import found, pairs

SILENT = [
    "It hasn't rained, and they don't mind; it isn’t over.",
    "Use ' for feet, the sign ' for minutes, and quote with ' or with backticks.",
    "It cost Bds$350, or Aus$50; he paid Col$2,000 and Nam$500.",
    "Income\n$ 12,400\nCosts  $ 9,800\nThe will left her £ 214 6s. 8d. a year.",
    "A team with 3 .300 hitters; codes 111, 110, 001, 000; the colour 128, 000, 255.",
    "Read Luke 10: 25 and Job 19: 25; a ratio of 3: 10; Week 1: 10 km; Table 2: 12 patients.",
    "A 2- versus 3-day stay; run find with 1 -type or head with 20 -verbose; 2 -sin(t).",
    "Knit 1 st in each loop, rode at 11 st at most, and print the 1800 s exposure.",
    "See example.org/from2019 and the file sales-to2019.csv.",
    'The curve rises where f" is positive, and it falls where g" is not.',
    "Rock 'n' roll was born in the '50s, they say, in the ’50s of course.",
    "He is 6' 2\" tall and the board is 12\" wide and 4\" thick.",
    "“This is a quotation that goes on,” she said.\n“And this is its second paragraph.”",
    "“A quotation of several paragraphs does not close here.\n“It closes only here,” he said, “at last.”",
    "He said “she told me ‘no’ and left” and went on.",
    'She said "yes" and "no", and then "perhaps".',
    'The 3.5" disk and the 5.25" disk were both called "floppy".',
    "« Bonjour », dit-il, et „so“ sagte sie.",
    "The costs are $240, US$300, C$5 and €18; £2.4 million in all.",
    "Use `{a|b}` in a set {x | x > 0} or {{template|name}} as you like.",
    "The value is 3.1 and the next is 0.01, which is 50% of 1,000.",
    "Solve $x = 2$ and $ y = 3 $ in the plane.",
    "In 2019. 3 people came.",
    "Version 2.0 is out. 5 bugs remain.",
    "He paid COP$13.876 billion and Mex$96 million.",
    "It cost £3million and takes a 12hour-long day; at 9 a.m. and 5 pm it is given as 3hr.",
    "From 5 - 10 to 20 - 30; 3 - 4 = -1; 7 - x; minus 5 -3; in 1990 s was 3 s; the ratio 1 : 10; it rose in 2015. 3 percent of them left.",
    "He wrote “plan”, and “plan”; see “plan”—and (“plan”).",
    "Psalm 23:4, a ratio of 1:10, a score of 3-2, from 9 to 5; a two- or three-year plan; 2- and 3-year olds.",
    "Over 3,500 people, 12,000 of them young, came on the 3rd and the 21st of May.",
    "He said (as he often does) that “this is it”, and “no more”.",
    "They 10, 20 and 30 come from three lists: 1, 2 and 3.",
    "Then t is the time, s the distance; given n t and s t we find it. The site s is open.",
    "the students' books, James's hat, and the boss' car",
    "Run svc {start|stop|restart} as root, or pkg {install|remove} with its name.",
    '"Yes, of course," he said, "why not?" She asked, "why?" and "who?" of them all.',
    'The object (named for " Set of Orders "), and the " plain " one, are " alike " now.',
    '"We went, "as one does," to the fair," she wrote.',
    "The minutes of the meeting, which had taken place on Friday, cost\n5 pounds; the meaning of the passage that he had in mind was\n- as it turned out - lost.",
]


@pytest.mark.parametrize("text", SILENT)
def test_silent(text: str) -> None:
    assert not [f for f in found(text) if f.rule not in ("known-phrase", "article", "number-agreement", "verb-agreement")]


FOUND = [
    ("The parties has n't met.", "detached-contraction", "has n't", "hasn't"),
    ("They were n’t at their best.", "detached-contraction", "were n’t", "weren’t"),
    ("We ca n't go on.", "detached-contraction", "ca n't", "can't"),
    ("They don ’ t know.", "detached-contraction", "don ’ t", "don’t"),
    ("They don' t know.", "detached-contraction", "don' t", "don't"),
    ("They did n’ t know.", "detached-contraction", "did n’ t", "didn’t"),
    ("They don 't know.", "detached-contraction", "don 't", "don't"),
    ("It' s not over.", "detached-contraction", "It' s", "It's"),
    ("We ‘ll see.", "detached-contraction", "We ‘ll", "We’ll"),
    ("It was Germany’ s factories.", "detached-contraction", "Germany’ s", "Germany’s"),
    ("It was Germany 's factories.", "detached-contraction", "Germany 's", "Germany's"),
    ("They didn t say why.", "detached-contraction", "didn t", "didn’t"),
    ("We know that it s not over.", "detached-contraction", "it s", "it’s"),
    ("They thanked their counterparts ‘ efforts warmly.", "adrift-apostrophe", "counterparts ‘", "counterparts’"),
    ("Trade, totaling$ 240 billion, grew.", "number-spacing", "totaling$ 240", "totaling $240"),
    ("It cost $ 300 in all.", "number-spacing", "$ 300", "$300"),
    ("Sales rose by18% last year.", "number-spacing", "by18%", "by 18%"),
    ("It fell by a factor of 3. 1 while growing.", "number-spacing", "3. 1", "3.1"),
    ("The test (p < 0 .01) was clear.", "number-spacing", "0 .01", "0.01"),
    ("It rose by 27 % in a night.", "number-spacing", "27 %", "27%"),
    ("He updated the leader on” the state of things” and left.", "wrong-side-quote", "on” the", "on “the"),
    ("The helpful” no limits” pact was signed.", "wrong-side-quote", "helpful” no", "helpful “no"),
    ("” I and the others agree”, he said.", "wrong-side-quote", "” I", "“I"),
    ('It will follow" in due course", he said.', "wrong-side-quote", 'follow" in', 'follow "in'),
    ("It rose by 20percent in 3 years.", "number-spacing", "20percent", "20 percent"),
    ("It opens at 9 a. m. on weekdays.", "number-spacing", "a. m.", "a.m."),
    ("It is a 50 - year lease.", "number-spacing", "50 - year", "50-year"),
    ("It is a 20 -storey house.", "number-spacing", "20 -storey", "20-storey"),
    ("The train left at 12 : 30 sharp.", "number-spacing", "12 : 30", "12:30"),
    ("It cost ₹ 300 in all.", "number-spacing", "₹ 300", "₹300"),
    ("The 1990 s were loud.", "number-spacing", "1990 s", "1990s"),
    ("Sales rose and then fell 4. 5 percent.", "number-spacing", "4. 5", "4.5"),
    ("He came 3 rd.", "number-spacing", "3 rd", "3rd"),
    ("They read the“plan” aloud.", "wrong-side-quote", "the“plan", "the “plan"),
    ("They read the “plan”aloud.", "wrong-side-quote", "plan”aloud", "plan” aloud"),
    ("He is gon na win.", "detached-contraction", "gon na", "gonna"),
    ("It cost 5 , 000 in all.", "number-spacing", "5 , 000", "5,000"),
    ("It rose by $3. 5 million.", "number-spacing", "$3. 5", "$3.5"),
    ("The talks began at 12: 30 sharp.", "number-spacing", "12: 30", "12:30"),
    ("After a 20- year search it came.", "number-spacing", "20- year", "20-year"),
    ("It ended on the 3 rd of May.", "number-spacing", "3 rd", "3rd"),
    ("He said “ we are done” and left.", "space-before-punctuation", "“ ", "“"),
    ('"It is over ", he said.', "space-before-punctuation", ' ",', '",'),
    ("It was a {big|large|huge} success.", "spintax", "{big|large|huge}", "big"),
    ("The minutes of that long meeting on the first Friday of May say that it has\nn't rained.", "detached-contraction", "has\nn't", "hasn't"),
    ("What are they doing in the league ? Nobody knows.", "space-before-punctuation", " ?", "?"),
    ("The bill was given as 190 . It was paid.", "space-before-punctuation", " .", "."),
    ("It costs € 50 at the door.", "number-spacing", "€ 50", "€50"),
    ('"Nobody knows that they left, "she said.', "wrong-side-quote", 'left, "she', 'left," she'),
]


@pytest.mark.parametrize(("text", "rule", "excerpt", "original"), FOUND)
def test_found(text: str, rule: str, excerpt: str, original: str) -> None:
    assert pairs(text, rule) == [(excerpt, original)]


def test_both_marks_of_a_quotation_may_have_moved() -> None:
    assert pairs('It opened late. " People think that it is a trick, "she says.', "wrong-side-quote") == [('" People', '"People'), ('trick, "she', 'trick," she')]


def test_contractions_are_spaced_out_in_old_books() -> None:
    """The apostrophe of "it 's" is no rarer there than that of "I 'll"."""
    habit = found("I 'll go, for he 'll stay; they 've seen that it 's late, and she 'd rest. The dog's bone is the cat's.", "detached-contraction")
    assert len(habit) == 5
    assert all(f.score < 50 for f in habit)


def test_a_habit_shows_across_the_ends_of_wrapped_lines() -> None:
    line = "Of the lakes that were sampled in the spring of that year, some 40\n% held no fish, and of the streams that feed them"
    habit = found(f"{line}\n{line}\n{line} few.", "number-spacing")
    assert len(habit) == 3
    assert all("habit" in {e.name for e in f.evidence} for f in habit)


def test_a_habit_is_not_a_slip() -> None:
    """A text that writes a space before every comma does so by habit."""
    habit = found("One , two , three , four , and five .", "space-before-punctuation")
    slip = found("One, two, three , four, and five.", "space-before-punctuation")
    assert len(slip) == 1
    assert all(f.score < slip[0].score for f in habit)
