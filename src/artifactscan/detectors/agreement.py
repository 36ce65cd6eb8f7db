"""Agreement: small words that no longer fit after a swap.

A spinner replaces a word and leaves its neighbours: "a early", "two nation", "with the western", "each's".
Only rules that hold in careful prose are here, and each knows its silent cases.

Start reading at `RULES`.
"""
from __future__ import annotations

import re

from artifactscan.grammar import NOT_VERBS, TAKES_INFINITIVE, Grammar, Rule
from artifactscan.text import UNKNOWN
from artifactscan.vocabulary import COUNTRIES, DIRECTIONS, numeral_vowel_sound, vowel_sound

# Words of place.

GENRE = frozenset(
    "film films movie movies genre cinema director novel spaghetti hollywood cowboy book books bank".split()
)


# a / an.  By sound, not by letter; what is read letter by letter or in another language passes.

PLAIN_CONSONANTS = frozenset("bcdfgjklmnpqrstvwxz")  # spoken as they are written


def _article(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """The article that fits the next word's sound, if the one that stands does not."""
    word, is_an = g.tokens[last], g.letters[first] == "O"
    if not is_an and word[0] in PLAIN_CONSONANTS:
        return ()
    vowel = numeral_vowel_sound(word) if word[0].isdigit() else vowel_sound(word)
    if len(word) == 2 and word.isalpha() and g.passage.surface(last).isupper():
        vowel = word[0] in "aeio"  # or f, h, l and others, of which _read_alike says nothing
    if vowel is None or vowel == is_an or word in NAMED_LETTER_BEFORE or (first and g.tokens[first - 1] in NAMED_LETTER_AFTER):
        return ()
    if word.isalpha() and not (word in g.classes and g.may_be_small(last)) and not g.capital(last):
        return ()
    article, surface = g.passage.surface(first), g.passage.surface(last)
    if surface.islower() and READ_BY_LETTER.match(word):
        return ()
    between = g.passage.text[g.passage.spans[first][1] : g.passage.spans[last][0]]
    if not between.isspace() or (article.isupper() and not g.begins(first)):
        return ()
    if not surface.islower() and word.isalpha() and (not article.islower() or not _read_alike(g, last, surface, vowel)):
        return ()
    return (f"{article[0]}{'n' if vowel else ''} {surface}",)


def _read_alike(g: Grammar, last: int, surface: str, vowel: bool) -> bool:
    """Whether a word with capitals begins with that sound however it is read: a name, or initials, letter by letter or as a word."""
    if surface.isupper():
        return 2 <= len(surface) <= 5 and surface not in READ_OTHERWISE and surface[0] in ("AEIO" if vowel else "BCDGJKPQTUVWYZ")
    return surface.istitle() and (g.letters[last] == "L" or (not vowel and g.letters[last] not in f"o{UNKNOWN}"))


READ_BY_LETTER = re.compile(r"[^\W\daeiouy]+$|(?:fbi|led|mba|ngo)$")  # initials in small letters: "an ssh key"
READ_OTHERWISE = frozenset("AA AND OR IF IS IN AT AS ON ONE ONCE EUR EURO URL".split())  # operators, words, and what has two readings
# where "a" is the name of a letter: "vitamin A and iron", "a is", or another language: "a un"
NAMED_LETTER_AFTER = frozenset(
    "vitamin hepatitis type group class grade schedule plan option point influenza category".split()
)
NAMED_LETTER_BEFORE = frozenset(
    "and are into onto under over also una est".split()
)

# Number.

PLURAL_AS_SINGULAR = frozenset(
    "aircraft spacecraft series species sheep deer fish salmon trout offspring crew dozen hundred thousand million billion "
    "trillion score pair gross foot head stone ton percent cent yen won yuan baht rand time hertz mode men half quarter third "
    "fourth fifth sixth seventh eighth ninth tenth elk moose bison buffalo antelope gazelle zebra giraffe lion boar pheasant grouse quail "
    "partridge pike herring cod carp perch eel roach squid shrimp cannon couple shooter pounder seater lane bedroom door cylinder".split()
)


NUMBERED = frozenset(  # what stands before a number that counts nothing: "day two", "twenty-one"
    "one or twenty thirty forty fifty sixty seventy eighty ninety hundred a day level phase stage part chapter section step type version year grade "
    "number class table figure -".split()
)


def _plural_noun(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    noun = g.tokens[last]
    if noun in PLURAL_AS_SINGULAR or g.capital(last) or any(g.capital(i) for i in range(first, last)) or g.tokens[last - 1] in ("next", "last", "dimensional"):
        return ()
    quantity = g.tokens[first]
    before = g.tokens[first - 1] if first else ""
    if quantity == "both" and re.search(r"^[^.,;]*[coqy]", g.letters[last : last + 12]):
        return ()
    if quantity == "few" and before != "a" and before in ("", "the"):
        return ()
    if g.letters[last + 1 : last + 2] == "," and "c" in g.letters[last + 2 : last + 8]:
        return ()  # "various text, image and sound formats"
    if quantity != "both" and before in NUMBERED:
        return ()
    if g.hyphened(first, last):
        return ()
    plural = g.plural(noun)
    if not plural:
        return ()
    return (g.before(first, last) + plural,)


COLLECTIVE = frozenset(
    "police staff team government crew family company committee public audience band board cabinet club council couple crowd "
    "enemy faculty firm gang group jury majority minority number lot press pair side squad variety rest range data media half "
    "percent series people cattle opposition union department party army navy force association bulk handful host trio duo "
    "quartet generation class population congregation clergy youth elite aristocracy peasantry gentry management leadership "
    "personnel community bank majority plurality proportion percentage remainder fraction orchestra choir chorus ensemble cast charity "
    "agency university school church military regime administration industry ministry authority brigade battalion fleet network "
    "expedition troupe posse squadron colony collection society federation commission panel tribunal parliament senate congress coalition institute corporation tribe clan".split()
)


UNREAL = frozenset(  # "if the shelf were empty"
    "if whether though unless suppose supposing imagine wish wishes wished would".split()
)


def _verb_of_singular(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"The shelf are": the noun in the plural."""
    noun = g.tokens[last - 1]
    if g.tokens[last] == "were" and any(g.tokens[i] in UNREAL for i in g.passage.sentence(last)):
        return ()
    if noun in COLLECTIVE or noun in PLURAL_AS_SINGULAR or any(g.capital(i) for i in range(first, last + 1)) or g.hyphened(first, last):
        return ()
    plural = g.plural(noun)
    if not plural or g.hyphened(max(first - 1, 0), first):
        return ()
    return (f"{g.before(first, last - 1)}{plural} {g.tokens[last]}",)


ATTRIBUTIVE = frozenset(  # plurals that stand before a noun: "sports matches"
    "sports sales systems goods arms weapons customs women men savings earnings operations communications electronics graphics robotics "
    "materials services parts records awards needs results futures options assets rights".split()
)


def _verb_of_plural(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"Regulators wants": the verb in the plural."""
    if any(g.capital(i) or not g.passage.surface(i)[1:].islower() for i in range(first, last + 1)) or g.hyphened(first, last):
        return ()
    base = g.plural_verb(g.tokens[last])
    if not base or g.tokens[last - 1] in ATTRIBUTIVE or g.tokens[last - 1] in MEASURES or g.tokens[last - 1] in ("news", "media", "analytics", "characteristics", "series", "physics", "mathematics", "economics", "politics", "athletics", "species", "means", "others", "whereas"):
        return ()
    return (g.before(first, last) + base,)


def _third_person(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"He limp home": the verb in -s."""
    verb = g.singular_verb(g.tokens[last])
    before = g.tokens[first - 1] if first else ""
    if g.capital(last) or g.tokens[last] in ("need", "dare") or before in ("than", "as", "make", "let", "see", "have"):
        return ()
    return (f"{g.passage.surface(first)} {verb}",)


def _with_they(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"They limps home": the verb without -s."""
    base = g.plural_verb(g.tokens[last])
    return (f"{g.passage.surface(first)} {base}",) if base and g.tokens[first] in ("they", "we") and g.small(last) else ()


def _base_of_one(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"The minister announce a plan", "Joe Bloggs announce": the verb in -s, or in the past."""
    verb, noun = g.tokens[last], g.tokens[last - 1]
    if g.letters[last - 1] == UNKNOWN:
        if not all(map(g.titled, range(first, last))) or noun.endswith("s"):
            return ()
    elif noun in COLLECTIVE or noun in PLURAL_AS_SINGULAR or not all(map(g.small, range(first + 1, last + 1))):
        return ()
    if g.hyphened(first, last):
        return ()
    return tuple(g.before(first, last) + form for form in (g.singular_verb(verb), g.past(verb)) if form)


def _base_after_relative(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"the motorway that cross it": the verb in -s."""
    verb = g.singular_verb(g.tokens[last])
    if any(g.capital(i) for i in range(first, last + 1)) or g.tokens[first] in COLLECTIVE or g.tokens[first + 1] not in ("that", "which", "who"):
        return ()
    return (f"{g.passage.surface(first)} {g.tokens[first + 1]} {verb}",)


AUXILIARIES = {"are": "is", "were": "was", "have": "has"}


def _auxiliary(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"He were", "they has": the auxiliary of the other number."""
    if g.letters[first] == "h":
        return (f"{g.passage.surface(first)} {AUXILIARIES[g.tokens[last]]}",)
    plural = next((p for p, singular in AUXILIARIES.items() if singular == g.tokens[last]), None)
    return (f"{g.passage.surface(first)} {plural}",) if plural and g.tokens[first] in ("we", "you", "they") else ()


NUMBERS = {"is": "are", "was": "were", "has": "have"}
MEASURES = frozenset(  # "two years is a long time"
    "years months weeks days hours minutes seconds times dollars pounds euros miles kilometres kilometers metres meters points thirds quarters".split()
)


def _plural_auxiliary(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"the prices was": the auxiliary in the plural."""
    noun, auxiliary = g.tokens[last - 1], NUMBERS.get(g.tokens[last])
    if not auxiliary or noun in NO_SINGULAR or noun in MEASURES or g.singular(noun) is None or any(g.capital(i) for i in range(first, last)):
        return ()
    return (g.before(first, last) + auxiliary,)


def _there(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"there is several reasons", "there are a reason": the auxiliary of the other number."""
    if g.tokens[first] != "there":
        return ()
    stands = g.tokens[last]
    fits = NUMBERS.get(stands) or AUXILIARIES.get(stands)
    return (f"{g.passage.surface(first)} {fits}",) if fits else ()


def _with_last(g: Grammar, first: int, last: int, form: str | None) -> tuple[str, ...]:
    """The words from first with another form of the last one, if there is one and all but the first are in small letters, without hyphens."""
    fits = form and all(map(g.small, range(first + 1, last + 1))) and not g.hyphened(first, last)
    return (f"{g.before(first, last)}{form}",) if fits else ()


def _one_of(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"one of the player", "several of the player": the plural."""
    noun = g.tokens[last]
    plural = g.plural(noun)
    if noun == "kind" or noun in COLLECTIVE or noun in PLURAL_AS_SINGULAR or (first and g.tokens[first - 1] in NUMBERED):
        return ()
    return _with_last(g, first, last, plural) if g.letters[first] == "Q" or g.tokens[first] in ("one", "each") else ()


QUANTITIES = frozenset("dozens hundreds thousands millions billions scores number range series majority".split())  # not of what is no number: "plenty of room"


def _some_of(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"dozens of witness": the plural."""
    return _with_last(g, first, last, g.plural(g.tokens[last])) if g.tokens[first] in QUANTITIES else ()


def _this_plural(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"this witnesses": these, or the singular."""
    noun = g.tokens[last]
    if g.tokens[first] != "this" or noun in NO_SINGULAR:
        return ()
    singular = _with_last(g, first, last, g.singular(noun))
    return (f"{g.passage.surface(first)[0]}hese {g.passage.surface(last)}", *singular) if singular else ()


def _noun_and_verb(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"biologist believe", "where hour count": the noun in the plural."""
    noun = g.tokens[last - 1]
    plural = g.plural(noun)
    if not plural or g.tokens[first - 1] == "that" or noun in PLURAL_AS_SINGULAR or noun in COLLECTIVE or not all(map(g.small, range(first, last + 1))) or g.hyphened(first, last):
        return ()
    return (f"{g.before(first, last - 1)}{plural} {g.tokens[last]}",)


NO_SINGULAR = frozenset(  # plurals that take an article: "a means", "a headquarters"
    "means series species arms headquarters crossroads barracks works gallows bachelors masters terms news mathematics physics economics "
    "politics ethics statistics metrics graphics tactics genetics analytics logistics few".split()
)


def _singular_noun(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"a new regulations": the singular."""
    noun = g.tokens[last]
    if noun in NO_SINGULAR or g.tokens[first] in ("this", "that"):
        return ()
    if g.letters[first] in "AO" and (not (g.small(first) or g.begins(first)) or (first and g.tokens[first - 1] in NAMED_LETTER_AFTER)):
        return ()
    return _with_last(g, first, last, g.singular(noun))


IDIOMS = "at heart, in class, in kind, in person, in pocket, in store, on camera, on edge, on foot, on loan, on paper, on stage, on trial, under way"
BARE_IDIOMS = frozenset(tuple(idiom.split()) for idiom in IDIOMS.split(", "))
BARE_AFTER = ("per", "as", "versus", "by", "without", "against")  # "by evening", "without incident"


def _bare(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"tamper with witness.": the plural."""
    noun = g.tokens[last]
    plural = g.plural(noun)
    before = g.tokens[first - 1] if first else ""
    if first > 1 and g.tokens[first - 2] in (noun, "plenty", "lots", "deal", "variety"):
        return ()  # "case by case", "plenty of room"
    if not plural or before in BARE_AFTER or g.tokens[last - 1] in ("next", "last") or (before, noun) in BARE_IDIOMS or any(g.capital(i) for i in range(first, last + 1)) or g.hyphened(max(first - 1, 0), last):
        return ()
    if g.letters[first - 1 : first] == "c" and not g.begins(first - 1) and g.letters[first - 2 : first - 1] in ("n", "k", "u", "a", "m", "o", "q", "y"):
        return ()  # "hand and foot", "the nurse and doctor"
    return (g.before(first, last) + plural,)


BEFORE_NOUNS = NOT_VERBS | frozenset(  # verbs that stand before nouns, above all in computing: "during delete operations"
    "add append compile decode delete deploy encode execute fetch insert install invoke merge parse publish receive render restore retrieve "
    "send spawn subscribe undo unlock verify write".split()
)


def _base_after_preposition(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"on borrow shovels": a participle."""
    verb = g.tokens[last]
    forms = [form for ending in ("ing", "ed") if (form := g.formed(verb, ending))]
    if verb in BEFORE_NOUNS or g.capital(last) or not forms or g.hyphened(max(first - 1, 0), last):
        return ()
    return tuple(forms)


def _compass(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"the north districts": "northern"."""
    if any(g.passage.surface(i)[0].isupper() for i in (first, last)) or g.tokens[last] in ("sides", "coasts", "winds", "ends", "walls", "banks", "slopes", "poles", "faces", "wings", "doors", "gates", "stands"):
        return ()
    return (f"{g.tokens[first]}ern {g.tokens[last]}",)


def _infinitive(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"proposes to pumping": the base form."""
    gerund = g.tokens[last]
    stems = [gerund[:-3], gerund[:-3] + "e", gerund[:-4]]
    base = next((s for s in stems if g.classes[s] in "vm"), None)
    if not base or not gerund.endswith("ing") or g.tokens[first] not in TAKES_INFINITIVE:
        return ()
    return (f"{g.passage.surface(first)} to {base}",)


# Nouns and adjectives of place.

OF_A_STATE = frozenset(
    "law laws government governments parliament minister ministers president ambassador ambassadors embassy police officials "
    "citizens nationals authorities courts diplomats troops soldiers".split()
)


IN_HEADLINES = frozenset("police officials president minister ministers ambassador troops soldiers authorities government".split())  # "Norway police find a ship"


def _direction(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"with the western.": the noun."""
    word = g.tokens[last]
    if not g.small(last) or not GENRE.isdisjoint(g.tokens):
        return ()  # "came home on the Northern"
    return (f"the {DIRECTIONS[word]}",)


NAMED_AFTER_PEOPLES = frozenset("roll rolls chard cheese measles shepherd salad dressing guitar toast fries doors windows bulldog breakfast coffee knot".split())


def _lower_demonym(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"by the swiss": a capital."""
    if not g.may_be_small(last) or g.passage.text.islower() or not NAMED_AFTER_PEOPLES.isdisjoint(g.tokens[last + 1 : last + 2]):
        return ()
    word = g.passage.surface(last)
    return (f"the {word.capitalize()}",) if word.islower() else ()


def _country_adjective(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"Germany law": the adjective."""
    text = g.passage.text
    if g.tokens[last] not in OF_A_STATE or (g.tokens[last] in IN_HEADLINES and g.begins(first)) or not g.passage.surface(last).islower() or text[g.passage.spans[first][1] : g.passage.spans[last][0]] != " ":
        return ()
    return (f"{COUNTRIES[g.tokens[first]]} {g.tokens[last]}",)


def _the_country(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"The Norway, who": the adjective as a noun."""
    is_people = g.passage.surface(last)[0].isupper() and g.tokens[last + 2] == "who"  # "the Norway, which" is a ship
    return (f"the {COUNTRIES[g.tokens[last]]}",) if is_people else ()


# "own" and "each's".


def _own(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"including own": its possessive."""
    if g.tokens[first] not in ("of", "with", "by", "for", "from", "in", "on", "including"):
        return ()
    after = g.tokens[last + 1] if last + 1 < len(g.tokens) else "."
    if after in ("goal", "goals", "brand", "brands", "label", "account", "use", "and", "or", "admission", "bath", "bathroom", "balcony", "door", "entrance", "garden", "kitchen", "parking", "car", "van", "transport"):
        return ()
    return (f"{g.tokens[first]} their own", f"{g.tokens[first]} its own")


def _each(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"each's": "each other's"."""
    return ("each other’s",)


def _possessive(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"and chemist's had closed": the plural."""
    noun, following = g.tokens[last].removesuffix("'s"), g.tokens[last + 1]
    if noun == g.tokens[last] or following in ("is", "was", "has") or noun in TIMES_OF_DAY or g.classes[noun] not in "nkm" or not g.small(last):
        return ()
    return (g.plural(noun) or noun + "s",)


TIMES_OF_DAY = ("today", "yesterday", "tomorrow", "tonight")


# Words that stand twice.


def _repeated(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"the the", "a the", "the our": the second."""
    if g.letters[first] not in "TAO" and (g.tokens[first] != g.tokens[last] or g.tokens[first] in ("in", "on", "had")):
        return ()  # "he came in in May", "he had had enough"
    if g.letters[first] in "bM" and any(g.letters[i] == "w" or g.tokens[i] in ("what", "there", "those") for i in range(g.passage.sentence(first).start, first)):
        return ()  # "what it is is a delay", "those who can can"
    if not (g.small(last) and (g.small(first) or g.begins(first))) or g.hyphened(first, last) or g.letters[last + 1 : last + 2] in ("-", '"', "."):
        return ()
    return (g.passage.surface(first) if g.tokens[first] == g.tokens[last] else g.passage.surface(last),)


NOT_LONGER = r"(?=[.,;)iwMBbXV])"  # what may follow a noun phrase's last word
RULES = (
    Rule("article", 0.35, 1.3, r"(A.)", _article, "'a' before a vowel's sound"),
    Rule("article", 0.3, 0.8, r"(O.)", _article, "'an' before a consonant's sound"),
    Rule("number-agreement", 0.6, 1.3, rf"(Q[jrL]?[nk]){NOT_LONGER}", _plural_noun, "a singular noun after a word for several"),
    Rule("number-agreement", 0.6, 1.3, r"(P[jrL]?[nk])(?=[vBXViwMbtT.,;])", _plural_noun, "a singular noun after a word for several", ("P",)),
    Rule("number-agreement", 0.2, 0.8, r"[fi]([jL]?k)(?=[.,;)MBbXV])", _bare, "a singular noun without an article"),
    Rule("number-agreement", 0.2, 0.8, r"[.;]([jL]?k)(?=[MBbXV,])", _bare, "a singular noun without an article", (".k", ";k", ".jk", ";jk", ".Lk", ";Lk")),
    Rule("number-agreement", 0.4, 1.2, r"([Qo]f[TYP][oq]?[jL]?k)(?=[MBXbViw.,;vzdp])", _one_of, "a singular noun where one or some of several are meant", ("QfT", "QfY", "QfP", "ofT", "ofY", "ofP")),
    Rule("number-agreement", 0.4, 1.2, r"([ksuxemo]f[jL]?k)(?=[.,;)iwMBXVtzv])", _some_of, "a singular noun after a word for several", ("fk", "fjk", "fLk")),
    Rule("number-agreement", 0.3, 1.0, r"[if](Ds)(?=[.,;)fiwMBXVtd])", _this_plural, "a plural noun after 'this'", ("Ds",)),
    Rule("number-agreement", 0.4, 1.2, r"[if](Qa)(?=[.;]|,[^ajn])", _plural_noun, "a singular noun after a word for several", ("Qa",)),
    Rule("number-agreement", 0.2, 0.8, r"[vzx](jk)(?=[.,;)iwMBXVc])", _bare, "a singular noun without an article", ("jk",)),
    Rule("number-agreement", 0.2, 0.8, r",c([jL]?[km])(?=[MBX])", _bare, "a singular noun without an article", (",c",)),
    Rule("number-agreement", 0.2, 0.8, r"[.,;\"](jm)(?=[MBX])", _bare, "a singular noun without an article", ("jmM", "jmB", "jmX")),
    Rule("number-agreement", 0.3, 0.8, r"[.,;c\"](\?)(?=[VXBb])", _possessive, "a possessive where the plural belongs", ("?V", "?X", "?B", "?b")),
    Rule("number-agreement", 0.3, 1.0, r"([AOD][jL]?[sx])(?=[ifwMBXVb.,;tcT])", _singular_noun, "a plural noun after a word for one"),
    Rule("verb-agreement", 0.6, 1.2, r"(T(?<=[.,;\"?r]T)[jL]?[nk][BX])", _verb_of_singular, "a singular noun with a plural verb", ("nB", "nX", "kB", "kX")),
    Rule("verb-agreement", 0.4, 1.2, r"[.;\"]([TQ][jL]?[sx]b)", _plural_auxiliary, "a plural noun with a singular verb", ("sb", "xb")),
    Rule("verb-agreement", 0.4, 1.0, r"(ob)Q[jL]?[sx]", _there, "a singular verb before a plural noun", ("obQ",)),
    Rule("verb-agreement", 0.4, 1.0, r"(oB)A[jL]*[nk][.,;iw]", _there, "a plural verb before a singular noun", ("oBA",)),
    Rule("verb-agreement", 0.4, 1.2, r"[.;\"](T[jL]?[nk]V)", _verb_of_singular, "a singular noun with a plural verb", ("nV", "kV")),
    Rule("verb-agreement", 0.4, 1.0, r"[.,;\"]c?([kn]v)", _noun_and_verb, "a singular noun with a plural verb", ("kv", "nv")),
    Rule("verb-agreement", 0.4, 1.0, r"w([kn][vm])(?=[.,;])", _noun_and_verb, "a singular noun with a plural verb", ("wk", "wn")),
    Rule("verb-agreement", 0.4, 1.2, r"[.;\"](h[BV]|Hb)", _auxiliary, "a pronoun with an auxiliary of the other number", ("hB", "hV", "Hb")),
    Rule("verb-agreement", 0.15, 0.6, r"[.;\"](hX)", _auxiliary, "a pronoun with an auxiliary of the other number; many dialects have it so", ("hX",)),
    Rule("verb-agreement", 0.4, 1.2, r"[.;\"][TQP]?[jL]*[sx]i[^.,;wc]{0,8}(sz)(?=[wTAOti])", _verb_of_plural, "a plural noun with a singular verb", ("sz",)),
    Rule("verb-agreement", 0.3, 1.0, r"[.;\"](sx)(?=i)", _verb_of_plural, "a plural noun with a singular verb", ("sxi",)),
    Rule("verb-agreement", 0.3, 1.0, r"[.;\"](h[vm])(?![TAOYrift.,])", _third_person, "he, she or it with a plural verb", ("hv", "hm")),
    Rule("verb-agreement", 0.6, 1.2, r"((?:(?<=[.;\"])[jL]|(?<=[.;\",cw])[TQP][jL]?)sz)", _verb_of_plural, "a plural noun with a singular verb", ("sz",)),
    Rule("verb-agreement", 0.3, 1.0, r"[.;\"](sz)", _verb_of_plural, "a plural noun, or a name, with a singular verb", ("sz",)),
    Rule("verb-agreement", 0.6, 1.2, r"[.;\"](h[vm])(?=[TAOYrift.,])", _third_person, "he, she or it with a plural verb", ("hv", "hm")),
    Rule("verb-agreement", 0.4, 1.0, r"[.,;\"c](Hz)", _with_they, "we or they with a singular verb", ("Hz",)),
    Rule("verb-agreement", 0.4, 1.0, r"[.;\"]((?:[TY][jL]?[nkm]|[o?]\?)v)(?=[TAOYPQhHwift])", _base_of_one, "a singular subject with a plural verb", ("nv", "kv", "mv", "?v")),
    Rule("verb-agreement", 0.3, 1.0, r"[TA]([nk]w(?:v(?=[TAOYrift.,h])|m(?=[hTAY])))", _base_after_relative, "a singular noun with a plural verb", ("wv", "wm")),
    Rule("verb-agreement", 0.4, 0.8, r"[if](v)(?=[sxTY])", _base_after_preposition, "the base form of a verb after a preposition", ("iv", "fv")),
    Rule("verb-agreement", 0.8, 1.3, r"([dpvmzx]tg|[go]tg)", _infinitive, "a form in -ing where the infinitive belongs", ("tg",)),
    Rule("adjective-as-noun", 0.75, 1.5, r"[if](TJ)(?=[.;)MBbXV])", _direction, "an adjective of place where its noun belongs", ("TJ",)),
    Rule("adjective-as-noun", 0.2, 0.8, r"T(Gs)", _compass, "a direction where its adjective belongs", ("TG",)),
    Rule("adjective-as-noun", 0.6, 1.2, r"(TL)", _lower_demonym, "the name of a people without its capital", ("TL",)),
    Rule("adjective-as-noun", 0.6, 1.2, r"(C[nksme])", _country_adjective, "a country's name where its adjective belongs", ("C",)),
    Rule("adjective-as-noun", 0.7, 1.2, r"(TC)(?=,w)", _the_country, "a country's name where its people belong", ("TC,w",)),
    Rule("missing-possessive", 0.6, 1.3, r"([ifg]W)(?=[.,;nksume])", _own, "'own' without its possessive", ("W",)),
    Rule("missing-possessive", 0.75, 1.5, r"(E)", _each, "'each' alone takes no possessive", ("E",)),
    Rule("repeated-word", 0.3, 1.0, r"([TAO][TAOYP])(?=[njkmasxuvg])", _repeated, "a word of grammar stands beside another of its kind"),
    Rule("repeated-word", 0.3, 1.0, r"(([fticbBMYV])\2)", _repeated, "a word of grammar stands twice", ("ff", "tt", "ii", "cc", "bb", "BB", "MM", "YY", "VV")),
)
