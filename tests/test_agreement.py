"""Silent cases first."""
from __future__ import annotations

import pytest

from helpers import found, pairs

RULES = ("article", "number-agreement", "verb-agreement", "adjective-as-noun", "missing-possessive", "repeated-word", "split-word")

SILENT = [
    "an F1 car, an H5 index, an MP, a UN envoy, an EU summit, an IT firm, a PR stunt, an LP, a OR b, an AA battery, an Oak Street",
    "a number of staff, dozens of police, thousands of fellow travellers; this means that this works, and in this series this results in more",
    "The orchestra perform the work. The charity provide food. The council provide the money, the team receive a prize, and the police deny it. Some of them provides for others.",
    "The judge ordered that the witness appear; it is vital that the firm provide it. The day we receive it is near.",
    "The state-of-the-art work on this is new.",
    "an hour, a university, an MRI, a UN envoy, a one-off, an heir, a European, a useful tool, an umbrella, a unit, a ewe",
    "an honest man, an honour, a hotel, an historic day, a house, a year, an FBI agent, a NATO ally, a URL, an LED",
    "a Ukrainian envoy, a European law, an IMF loan, a BBC report, an SQL query, a SQL query, a EUR 5 note, the sum a OR b, a ONE-off, an Irish pub",
    "an 8-year plan, an 18-month delay, the 11th hour, an 11th hour, a 110-metre race, an 1800s house, an 1800 km road, a 1,100-page book, an 18,000,000 grant, a 118,000 grant, Vitamin A 800",
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
    "Repairs are under way. She went by tram, not by bus. He paid in kind. The picture is on loan. It works on paper. What is in store?",
    "look forward to seeing you, used to working late, committed to helping",
    "He read it. She put it down. It cost a lot. He let them go. It hit the wall.",
    "If the shelf were empty, we would fill it. I wish the house were bigger. As it were, he was late. Were the price lower, she would buy.",
    "He insists that she go. It is vital that every member attend. God bless the queen. Long live the king!",
    "Two years is a long time. Ten dollars was enough. Six months seems short. The news is good. The series was long.",
    "A means of travel, a series of talks, a new headquarters, a crossroads, an arms deal, a sports club, a systems engineer.",
    "There are a number of reasons. There are a lot of them. There is a handful of cases. There was one of the players.",
    "One of the public asked. Many of the crew left. Each of these men spoke. One of its kind. On day two of the workshop they met.",
    "People on board the vessel are safe. Patients given the drug were well. The man behind the offers wants more.",
    "Today's are better. The chemist's is closed. The Smiths' is open, and Sotheby's have sold it.",
    "Plan to ask for advice. Work to do: ask. Stop to look at it.",
    "She spoke at the Our Ocean conference, and all the his-and-hers towels were gone.",
    "He said that that was that, he had had enough, and he came in in May. It was a very, very long day.",
    "She gave a talk over lunch. The way back was long. He had a call, back then. A step up, a walk out of town, the look on his face.",
    "The funeral director, the school teacher and the bank manager met at the town hall by the bus stop.",
    "Sales figures for May, sports matches in June, goods trains to York.",
    "In May, all hands on deck. Man overboard! Prime minister resigns. Actor dies in crash.",
    "Let $n$ be odd and let k be even; for all x in S there is one y. For node v and edge e, we have f(v) = e.",
    "Locks are taken during delete operations, in restore processes and with merge tools. The mean time to failure and the bit rate were measured.",
    "In court, on trial, by train, at school, in place, in turn, of course, for example, in fact, on time.",
    "It is a matter of judgment, case by case; they came by evening, paid against signature, and heads north next weekend, without incident.",
    "Six passengers and four crew got out, within the bounds of possibility, wrapped in paper, and the shop is out of stock.",
    "She came home on the Northern; he worked for the Great Western.",
    "What it is is a delay, and those who can can stay. The land is not for sale but for own use.",
    "She was going to swimming with the twins, and he offers to paying guests a room with a view.",
    "We counted four elk, two zebra and ten cannon. The road is two lane, the car is five door, and he drew his six shooter.",
    "The swiss roll was stale, and the boy had the german measles. The Norway, which burned at sea, was a ship.",
    "Norway police find a ship. One of the expedition fell ill, and there was plenty of room.",
    "Make an ssh key, read an xml file, and find an nth root; he brought an hors d'oeuvre.",
    "The cinema shows a film with a sheriff. Its critics wrote a history of the western.",
    "Wanted: a flat with own door, and drivers with own van.",
    "An hotel, an historic day, an hour, a herb, an herb, an heir, an habitual liar.",
]


@pytest.mark.parametrize("text", SILENT)
def test_silent(text: str) -> None:
    assert not found(text, *RULES)


FOUND = [
    ("It took an US envoy to end it.", "article", "an US", "a US"),
    ("He joined a EU mission.", "article", "a EU", "an EU"),
    ("She met an United Nations envoy.", "article", "an United", "a United"),
    ("It heard dozens of witness.", "number-agreement", "dozens of witness", "dozens of witnesses"),
    ("It is so in this countries.", "number-agreement", "this countries", "these countries"),
    ("The minister announce a plan.", "verb-agreement", "The minister announce", "The minister announces"),
    ("Their old spokesman receive the award.", "verb-agreement", "Their old spokesman receive", "Their old spokesman receives"),
    ("Anna Brynk announce the plan.", "verb-agreement", "Anna Brynk announce", "Anna Brynk announces"),
    ("They provides an answer.", "verb-agreement", "They provides", "They provide"),
    ("They met at a early hour.", "article", "a early", "an early"),
    ("An consensus was reached.", "article", "An consensus", "A consensus"),
    ("It was a honest race.", "article", "a honest", "an honest"),
    ("They adopted a 8-year plan.", "article", "a 8", "an 8"),
    ("He met an Ukrainian envoy there.", "article", "an Ukrainian", "a Ukrainian"),
    ("It is a IMF loan.", "article", "a IMF", "an IMF"),
    ("It was an BBC report.", "article", "an BBC", "a BBC"),
    ("That is one of the most important problem in it.", "number-agreement", "one of the most important problem", "one of the most important problems"),
    ("It links two nation.", "number-agreement", "two nation", "two nations"),
    ("The model makes several prediction that can be tested.", "number-agreement", "several prediction", "several predictions"),
    ("The report came. The shelf are empty.", "verb-agreement", "The shelf are", "The shelves are"),
    ("It proposes to pumping water.", "verb-agreement", "proposes to pumping", "proposes to pump"),
    ("They struggle with the western.", "adjective-as-noun", "the western", "the West"),
    ("Talks were brokered by the swiss.", "adjective-as-noun", "the swiss", "the Swiss"),
    ("The Norway, who won, was first.", "adjective-as-noun", "The Norway", "the Norwegian"),
    ("All parties, including own, must agree.", "missing-possessive", "including own", "including their own"),
    ("The update reaches older handset in the autumn.", "number-agreement", "older handset", "older handsets"),
    ("It was a long day, and biologist believe so.", "verb-agreement", "biologist believe", "biologists believe"),
    ("It is a new regulations that they need.", "number-agreement", "a new regulations", "a new regulation"),
    ("One of the player was hurt.", "number-agreement", "One of the player", "One of the players"),
    ("The shop closed, and butcher's have none.", "number-agreement", "butcher's", "butchers"),
    ("The vessel were lost.", "verb-agreement", "The vessel were", "The vessels were"),
    ("The prices was too high.", "verb-agreement", "The prices was", "The prices were"),
    ("He were here.", "verb-agreement", "He were", "He was"),
    ("They has a plan.", "verb-agreement", "They has", "They have"),
    ("There is several reasons for it.", "verb-agreement", "There is", "There are"),
    ("These findings suggests that it works.", "verb-agreement", "These findings suggests", "These findings suggest"),
    ("Tests on cars from two makers confirms that it works.", "verb-agreement", "makers confirms", "makers confirm"),
    ("He limp home alone.", "verb-agreement", "He limp", "He limps"),
    ("It was signed by the the council.", "repeated-word", "the the", "the"),
    ("They agreed on a the plan.", "repeated-word", "a the", "the"),
    ("They kept to the our guidelines.", "repeated-word", "the our", "our"),
    ("It is a bottle neck for trade.", "split-word", "bottle neck", "bottleneck"),
    ("It grew with global turn over.", "split-word", "turn over", "turnover"),
    ("They develop each's benefits.", "missing-possessive", "each's", "each other’s"),
    ("He wrote an handbook of all birds.", "article", "an handbook", "a handbook"),
]


def test_the_past_of_an_irregular_verb_is_not_its_participle() -> None:
    originals = [found(f"The minister {verb} a speech.", "verb-agreement")[0].originals for verb in ("give", "bring", "announce")]
    assert [o[1].split()[-1] for o in originals] == ["gave", "brought", "announced"]


@pytest.mark.parametrize(("text", "rule", "excerpt", "original"), FOUND)
def test_found(text: str, rule: str, excerpt: str, original: str) -> None:
    assert pairs(text, rule) == [(excerpt, original)]


def test_dialect_counts_little() -> None:
    (dialect,), (slip,) = (found(f"He {verb} here all day.", "verb-agreement") for verb in ("were", "have"))
    assert dialect.score < slip.score / 2


def test_a_lone_slip_of_an_article_is_below_the_default_threshold() -> None:
    assert all(f.score < 50 for f in found("They met at a early hour and went home.", "article"))
