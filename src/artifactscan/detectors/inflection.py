"""Inflection: a verb, or an adjective, in a form that the word before it does not take.

A spinner that looks a word up by its lemma may write the lemma, or the form of another tag: "was reveal", "can revealed",
"to reveals", "the authority claim that".  A form is called wrong only where the grammar alone decides, whatever the word:
of the tense, or of a plural that could as well be a singular, nothing is said.

Start reading at `RULES`.
"""
from __future__ import annotations

import re

from artifactscan.grammar import NOT_VERBS, PARTICIPLES, TAKES_INFINITIVE, Grammar, Rule
from artifactscan.vocabulary import PASTS, REGULARIZED

RULE = "inflection"


# What turns another form after "is" or "has" into good English: "all he did was leave", "what it was became clear".
CLEFT = frozenset(
    "all what whatever who whose which where when why how whether if do does did done thing things least best way trick rule motto".split()
)
BARE_PARTICIPLE = r"(?:come|run|set|put|cut|cast|read|hit|let|cost|shed|beat|split|bid|knit|wed|rid)$"  # a participle like the base form


def _in_cleft(g: Grammar, i: int) -> bool:
    """Whether a word of CLEFT stands before the token at i in its sentence, or it ends a clause that goes with a noun: "the house they had"."""
    return any(g.tokens[j] in CLEFT for j in range(g.passage.sentence(i).start, i)) or bool(re.search(r"[^.,;\"cw][hH]$", g.letters[:i]))


PERFECT = ("has", "have", "had")
DO = ("do", "does", "did")
SUBJECTS = "nskumaexhHwdpr"  # classes of what may stand before a modal verb, which is no noun there ("the will"), and begins no question


def _participles(g: Grammar, first: int, last: int, base: str) -> tuple[str, ...]:
    """The words from first, which is a form of 'be' or 'have', with the participles that may stand last."""
    forms = [g.formed(base, "ed"), *([] if g.tokens[first] in PERFECT else [g.formed(base, "ing")])]
    return tuple(f"{g.before(first, last)}{form}" for form in forms if form)


def _participle(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"was reveal", "has take": a participle."""
    verb = g.tokens[last]
    if g.letters[last] == "m" and not (g.tokens[first] in PERFECT and verb in PARTICIPLES):
        return ()
    if verb in NOT_VERBS or re.search(BARE_PARTICIPLE, verb) or g.capital(first) or not g.small(last) or g.hyphened(first, last):
        return ()
    if first and g.hyphened(first - 1, first):  # "well-being", "example.is"
        return ()
    if _in_cleft(g, first):
        return ()
    return _participles(g, first, last, verb)


def _third_person(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"is depends", "has exceeds": a participle."""
    base = g.base(g.tokens[last])
    if not base or not (g.small(first) and g.small(last)) or g.hyphened(max(first - 1, 0), last):
        return ()
    if (first and g.tokens[first - 1] == "there") or _in_cleft(g, first):
        return ()  # "there are disconnects", "what it is makes no difference"
    return _participles(g, first, last, base)


def _base(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"can revealed", "would making", "to reveals": the base form."""
    verb = g.tokens[last]
    base = g.base(verb)
    if not base or len(verb) < 4 or g.capital(first) or not g.small(last) or g.hyphened(first, last):
        return ()
    return (g.before(first, last) + base,)


def _after_be(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"can be reveal": a participle."""
    return _participle(g, first, last) if g.tokens[first] in ("be", "been", "being") else ()


def _after_do(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"did not revealed": the base form."""
    return _base(g, first, last) if g.tokens[first] in DO else ()


def _past(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"has went", "to took": the participle, or the base form."""
    base, participle = PASTS[g.tokens[last]]
    before = last - 2 if g.letters[last - 1] in "Nr" else last - 1
    letter = g.letters[before]
    if not g.small(last) or g.hyphened(before, last) or (letter != "t" and _in_cleft(g, before)):
        return ()
    if letter == "M" and not (g.small(before) and before and g.letters[before - 1] in SUBJECTS):
        return ()  # "the will gave", "in May came"
    if (letter == "t" and not (before and g.tokens[before - 1] in TAKES_INFINITIVE)) or (letter == "o" and g.tokens[before] not in DO):
        return ()  # "the doctor she went to gave"
    return (participle if letter in "bBXV" else base,)


def _irregular(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"catched": the irregular form."""
    return (REGULARIZED[g.tokens[last]],) if g.small(last) else ()


def _adverb(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"cells that grow rapid are": the adverb."""
    adjective = g.tokens[last]
    if not g.tokens[first].endswith("s"):
        return ()
    adverb = f"{adjective[:-1]}ily" if adjective.endswith("y") else f"{adjective}ly"
    if g.classes[adverb] != "r" or adjective.endswith("ble") or not g.small(last) or g.hyphened(first, last):
        return ()
    return (g.before(first, last) + adverb,)


def _adjective(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"a quickly decision": the adjective."""
    adverb = g.tokens[first]
    stems = [adverb[:-3] + "y"] if adverb.endswith("ily") else [adverb[:-2], adverb[:-1] + "e", adverb[:-4]]
    adjective = next((s for s in stems if g.classes[s] in "ja"), None)
    if not adjective or not adverb.endswith("ly") or adverb in ADJECTIVES_IN_LY or not (g.small(first) and g.small(last)) or g.hyphened(max(first - 1, 0), last):
        return ()
    return (f"{adjective} {g.passage.surface(last)}",)


ADJECTIVES_IN_LY = ("cleanly", "deadly", "goodly", "kindly", "likely", "lively", "poorly", "sickly", "southwesterly", "ungodly")


def _compares(g: Grammar, word: str, ending: str, classes: str = "jar") -> bool:
    """Whether a word is the comparative (er) or superlative (est) of a known word of these classes."""
    stem = word.removesuffix(ending)
    stems = (stem, stem + "e", stem[:-1] if stem[-1:] == stem[-2:-1] else stem, stem[:-1] + "y")
    return stem != word and (word in ("better", "best", "farther", "further") or any(g.classes[s] in classes for s in stems))


def _comparative(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"more bigger", "most easiest": the word alone."""
    word = g.tokens[last]
    ending = {"more": "er", "most": "est"}[g.tokens[first]]
    if not _compares(g, word, ending) or not g.small(last) or g.hyphened(first, last) or (first and g.tokens[first - 1] == "or"):
        return ()  # "a year or more later"
    if ending == "er" and g.letters[last + 1 : last + 2] in "nkusxaejm":
        return ()  # "more older people"
    return (word,)


TAKES_THAN = frozenset("more less fewer worse rather other else different similar superior preferable".split())


def _than(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"is big than": the comparative."""
    adjective = g.tokens[first]
    before = [g.tokens[i] for i in range(g.passage.sentence(first).start, last)]
    if any(t in TAKES_THAN or _compares(g, t, "er", "jaromn") for t in before) or not g.small(first) or g.hyphened(max(first - 1, 0), last):
        return ()
    forms = (f"{adjective}er", f"{adjective}r", f"{adjective[:-1]}ier", f"{adjective}{adjective[-1]}er")
    return (f"{next((f for f in forms if f in g.classes), f'more {adjective}')} than",)


AFTER_SUBJECT = rf"(?<=[{SUBJECTS}]M)"
NOT_A_NOUN = r"(?=[TAOYPDQhHiftwcoqyr.,;)])"  # "we have log data" goes on otherwise
RULES = (
    Rule(RULE, 0.4, 1.0, rf"([bBXV]N?r?[vm]){NOT_A_NOUN}", _participle, "the base form of a verb after a form of 'be' or 'have'"),
    Rule(RULE, 0.4, 1.0, r"([bBXV]N?r?z)(?=[TAOYPQhitf])", _third_person, "a form in -s after a form of 'be' or 'have'", ("bz", "Bz", "Xz", "Vz", "Nz", "rz")),
    Rule(RULE, 0.4, 1.0, rf"(M{AFTER_SUBJECT}N?r?d)(?=[TAOYPDhHifjt.,])", _base, "a participle after a modal verb"),
    Rule(RULE, 0.4, 1.0, rf"(M{AFTER_SUBJECT}(?:N?r?[zg]|x(?=[TAOYPD])))", _base, "a form in -s or -ing after a modal verb"),
    Rule(RULE, 0.4, 1.0, r"(tz)(?=[TAOYPDhjnksu])", _base, "a form in -s where the infinitive belongs", ("tz",)),
    Rule(RULE, 0.4, 1.0, rf"(ov){NOT_A_NOUN}", _after_be, "the base form of a verb after a form of 'be'", ("ov",)),
    Rule(RULE, 0.4, 1.0, r"(oN[dz])", _after_do, "a form in -s or -ed after 'do not'", ("oNd", "oNz")),
    Rule(RULE, 0.4, 1.0, r"(p)(?:(?<=[bBXVMt]p)|(?<=[bBXVMo][Nr]p))", _past, "a past tense where a participle or the base form belongs"),
    Rule(RULE, 0.4, 1.0, r"(!)", _irregular, "a regular form of an irregular word", ("!",)),
    Rule(RULE, 0.4, 1.0, r"[TAOY](r[nku])(?=[.,;fitcMBbXV])", _adjective, "an adverb where its adjective belongs", ("rn", "rk", "ru")),
    Rule(RULE, 0.4, 1.0, r"(q[jr])(?=[.,;fitcMBbXVnkusxoqyaw])", _comparative, "a comparative or superlative is formed twice", ("qj", "qr")),
    Rule(RULE, 0.4, 1.0, r"[bBXVr]([jra]y)", _than, "an adjective before 'than' is no comparative", ("jy", "ry", "ay")),
    Rule(RULE, 0.3, 0.8, r"([sx?]j)(?=[XBMV])", _adverb, "an adjective where its adverb belongs", ("jX", "jB", "jM", "jV")),
)
