"""Grammar read off word classes: rules are patterns over a string with one letter a token, so that they run at the speed of a regular expression.

A rule's pattern finds a suspect; its `mend` looks at the words themselves, knows the silent cases, and says what should stand
there.  Start reading at `Rule`.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from artifactscan.model import Evidence, Finding, logit
from artifactscan.text import Passage
from artifactscan.vocabulary import PASTS

_compiled = cache(re.compile)  # once for each pattern, where it is first needed


class Rule(NamedTuple):
    """A pattern over class letters; its group is what is wrong.

    `mend` gives the originals for the token indices of the match, or none if this is a silent case.  `signs`: one of these strings is
    in every match; they are looked for first, which is faster.
    """

    rule: str
    reliability: float
    tell: float
    pattern: str  # compiled where its signs are first seen
    mend: Callable[[Grammar, int, int], tuple[str, ...]]
    why: str
    signs: tuple[str, ...] = ()

    def finding(self, passage: Passage, first: int, last: int, originals: tuple[str, ...]) -> Finding:
        """What this rule says of the tokens first..last."""
        evidence = (Evidence("slip", logit(self.reliability), self.why),)
        return Finding(self.rule, *passage.span(first, last), originals, evidence, self.tell)


class Grammar:
    """A passage's tokens with their classes, and the forms that a word may take."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.tokens = passage.tokens
        self.letters = passage.letters
        self.classes = passage.whole.vocabulary

    def capital(self, i: int) -> bool:
        """Whether the token at i is written with a capital and does not begin a sentence."""
        return self.passage.surface(i)[0].isupper() and not self.begins(i)

    def begins(self, i: int) -> bool:
        """Whether a sentence begins at the token at i."""
        while i > 0 and self.letters[i - 1] in '"(':
            i -= 1
        return i == 0 or self.passage.ends_sentence(i - 1)

    def small(self, i: int) -> bool:
        """Whether the token at i is written in small letters."""
        return self.passage.surface(i).islower()

    def titled(self, i: int) -> bool:
        """Whether the token at i is a word with one capital, as names are."""
        return self.passage.surface(i).isalpha() and self.passage.surface(i).istitle()

    def may_be_small(self, i: int) -> bool:
        """Whether the word at i, of letters alone, may be written in small letters: found out without its span."""
        return self.tokens[i] in self.passage.text or self.passage.broken

    def before(self, first: int, last: int) -> str:
        """The text from the token at first up to the one at last."""
        return self.passage.text[self.passage.spans[first][0] : self.passage.spans[last][0]]

    def hyphened(self, first: int, last: int) -> bool:
        """Whether a hyphen joins the tokens first..last, or the last to its neighbour ("two-year", "three-man")."""
        spans, text = self.passage.spans, self.passage.text
        inner = any(not text[spans[i][1] : spans[i + 1][0]].isspace() for i in range(first, last))
        return inner or text[spans[last][1] : spans[last][1] + 1] in ("-", "‐", "‑", "/")

    def plural(self, noun: str) -> str | None:
        """The plural of a noun, if it is a known form."""
        return next((p for p in _plurals(noun) if self.classes[p] in "sxeo"), None)

    def singular(self, noun: str) -> str | None:
        """The singular of a noun, if it is a known form."""
        stems = [noun[:-3] + "y", noun[:-1], noun[:-2], *(one for one, many in IRREGULAR.items() if many == noun)]
        return next((n for n in stems if self.classes[n] in "nkma" and noun in _plurals(n)), None)

    def singular_verb(self, verb: str) -> str:
        """The form in -s of a verb: the known one, or the regular one."""
        return next((p for p in _plurals(verb) if self.classes[p] in "zx"), next(_plurals(verb)))

    def plural_verb(self, verb: str) -> str | None:
        """The base form of a verb in -s."""
        bases = [verb[:-1]] if verb.endswith("s") else []
        if verb.endswith("ies"):
            bases.insert(0, verb[:-3] + "y")
        if verb.endswith("es"):
            bases.append(verb[:-2])
        return next((b for b in bases if self.classes[b] in "vm"), None)

    def base(self, verb: str) -> str | None:
        """The base form of a verb in -s, -ed or -ing."""
        if verb.endswith("s"):
            return self.plural_verb(verb)
        ending = "ed" if verb.endswith("ed") else "ing" if verb.endswith("ing") else None
        if ending is None or verb.endswith("eed"):
            return None
        stem = verb.removesuffix(ending)
        doubled = [stem[:-1]] if stem[-1:] == stem[-2:-1] else []
        return next((b for b in (stem + "e", *doubled, stem, stem[:-1] + "y") if self.classes[b] in "vm" and verb in _formed(b, ending)), None)

    def past(self, verb: str) -> str | None:
        """The past of a verb, if it is a known form."""
        return PAST_OF.get(verb) or self.formed(verb, "ed")

    def formed(self, verb: str, ending: str) -> str | None:
        """The form of a verb in -ed (or another participle that stands for it) or -ing, if it is a known form."""
        if ending == "ed" and verb in PARTICIPLES:
            return PARTICIPLES[verb]
        return next((f for f in _formed(verb, ending) if f in self.classes), None)


IRREGULAR = {"foot": "feet", "tooth": "teeth", "man": "men", "woman": "women", "child": "children", "mouse": "mice", "shelf": "shelves",
             "life": "lives", "wife": "wives", "knife": "knives", "leaf": "leaves", "half": "halves", "self": "selves", "wolf": "wolves",
             "thief": "thieves", "loaf": "loaves", "calf": "calves", "crisis": "crises", "analysis": "analyses", "hypothesis": "hypotheses",
             "basis": "bases", "phenomenon": "phenomena", "criterion": "criteria"}  # fmt: skip


def _plurals(word: str) -> Iterator[str]:
    """The ways in which a word may take a final -s."""
    if word in IRREGULAR:
        yield IRREGULAR[word]
    elif word.endswith("y") and word[-2:-1] not in "aeiou":
        yield word[:-1] + "ies"
    elif word.endswith(("s", "x", "z", "ch", "sh", "o")):
        yield word + "es"
        yield word + "s"
    else:
        yield word + "s"


PARTICIPLES = {"become": "become", "begin": "begun", "bring": "brought", "build": "built", "choose": "chosen", "eat": "eaten", "find": "found", "forget": "forgotten",
               "get": "got", "give": "given", "grow": "grown", "hear": "heard", "keep": "kept", "know": "known", "lose": "lost", "make": "made", "meet": "met",
               "say": "said", "see": "seen", "sell": "sold", "send": "sent", "sit": "sat", "speak": "spoken", "spend": "spent", "take": "taken", "teach": "taught",
               "tell": "told", "think": "thought", "throw": "thrown", "understand": "understood", "write": "written"}  # fmt: skip

PAST_OF = {base: past for past, (base, _) in PASTS.items()} | {"forget": "forgot", "see": "saw"}  # where it is not the participle

NOT_VERBS = frozenset("like let compute select google".split())  # base forms that are also prepositions, adjectives, nouns and names

TAKES_INFINITIVE = frozenset(
    f"{stem}{ending}"
    for stem, endings in (("propose", "/s/d"), ("want", "/s/ed"), ("decide", "/s/d"), ("hope", "/s/d"), ("plan", "/s/ned"), ("try", "/ing"), ("tries", "/"), ("tried", "/"),
                          ("attempt", "s/ed"), ("refuse", "/s/d"), ("manage", "/s/d"), ("promise", "/s/d"), ("intend", "/s/ed"), ("expect", "/s/ed"), ("seek", "/s"), ("wish", "/es/ed"),
                          ("fail", "/s/ed"), ("aim", "s"), ("able", "/"), ("unable", "/"), ("seem", "/s/ed"), ("began", "/"), ("threaten", "/s/ed"))
    for ending in endings.split("/")
)  # fmt: skip


def _formed(verb: str, ending: str) -> Iterator[str]:
    """The ways in which a verb may take -ed or -ing."""
    if verb.endswith("e") and not (ending == "ing" and verb.endswith("ee")):
        yield verb[:-1] + ending
    elif ending == "ed" and verb.endswith("y") and verb[-2:-1] not in "aeiou":
        yield verb[:-1] + "ied"
    else:
        yield verb + ending
        yield verb + verb[-1] + ending


SELDOM = "E!WXy;JNVqPhGBCMHDvz"  # letters that few passages have, the rarest first; after them, those of more


class Rules:
    """Rules that are looked for together: in most passages few of their signs stand, or even the signs' rarest letters."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._unsigned = [n for n, rule in enumerate(rules) if not rule.signs]
        self._signed: dict[str, dict[str, list[int]]] = {}  # rarest letter, or none -> sign -> rules
        for n, rule in enumerate(rules):
            for sign in rule.signs:
                letter = next(filter(sign.__contains__, SELDOM), "")
                self._signed.setdefault(letter, {}).setdefault(sign, []).append(n)

    def slips(self, passage: Passage) -> Iterator[Finding]:
        """What these rules find in the passage."""
        grammar = Grammar(passage)
        letters = "." + grammar.letters  # a passage begins a sentence
        signed = {n for letter, signs in self._signed.items() if letter in letters for sign, rules in signs.items() if sign in letters for n in rules}
        for n in sorted(signed.union(self._unsigned)):
            rule = self._rules[n]
            for match in _compiled(rule.pattern).finditer(letters):
                first, last = match.start(1) - 1, match.end(1) - 2
                originals = rule.mend(grammar, first, last)
                if originals:
                    yield rule.finding(passage, first, last, originals)
