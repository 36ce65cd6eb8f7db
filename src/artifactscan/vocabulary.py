"""The common English forms: their word classes, lemmas and frequencies.

The hot part is one dictionary, token -> class letter; the rest is read only by those who compile or add entries.
"""
from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache, cached_property

from artifactscan.packing import Words
from artifactscan.tables import Tables
from artifactscan.text import PARAGRAPH, UNKNOWN, Classes

# Class letters, by the coarse Penn tags a form may have.  First row that fits, top to bottom.
#   n count noun   k count noun that never stands bare   u noun without a common plural   s plural noun   e singular or plural   m noun or verb
#   x plural noun or verb in -s   v verb, base form   z verb in -s   g -ing   d past or participle   p past of PASTS
#   j adjective   a adjective or noun   r adverb   o other
CLASSES: tuple[tuple[str, frozenset[str]], ...] = (
    ("n", frozenset({"NN"})),
    ("s", frozenset({"NNS"})),
    ("v", frozenset({"VB"})),
    ("z", frozenset({"VBZ"})),
    ("j", frozenset({"JJ"})),
    ("r", frozenset({"RB"})),
    ("r", frozenset({"JJ", "RB"})),
    ("a", frozenset({"JJ", "NN"})),
    ("x", frozenset({"NNS", "VBZ"})),
)
DEMONYMS = (
    "swiss german germans italian italians spanish british american americans canadian canadians chinese japanese korean "
    "koreans indian indians mexican mexicans australian australians brazilian brazilians egyptian iranian iraqi israeli "
    "israelis ukrainian ukrainians russian russians swedish norwegian norwegians finnish austrian austrians belgian belgians "
    "portuguese greek greeks hungarian romanian bulgarian croatian serbian irish scottish african africans asian asians "
    "european europeans vietnamese thai indonesian malaysian pakistani nigerian kenyan"
)
DIRECTIONS = {"western": "West", "eastern": "East", "northern": "North", "southern": "South"}
COUNTRIES = {  # those whose adjective is another word
    "germany": "German", "france": "French", "italy": "Italian", "spain": "Spanish", "norway": "Norwegian", "sweden": "Swedish", "denmark": "Danish",
    "finland": "Finnish", "poland": "Polish", "russia": "Russian", "ukraine": "Ukrainian", "japan": "Japanese", "mexico": "Mexican", "brazil": "Brazilian",
    "turkey": "Turkish", "greece": "Greek", "portugal": "Portuguese", "ireland": "Irish", "scotland": "Scottish", "belgium": "Belgian", "austria": "Austrian",
    "egypt": "Egyptian", "iran": "Iranian", "switzerland": "Swiss", "britain": "British", "england": "English",
}  # fmt: skip

REGULARIZED = {  # what a rule for regular words makes of an irregular one -> what it should be
    "childs": "children", "womans": "women", "tooths": "teeth", "mouses": "mice", "thiefs": "thieves", "wifes": "wives", "shelfs": "shelves",
    "becomed": "became", "begined": "began", "breaked": "broke", "bringed": "brought", "builded": "built", "buyed": "bought", "catched": "caught",
    "choosed": "chose", "drawed": "drew", "drived": "drove", "eated": "ate", "falled": "fell", "feeled": "felt", "finded": "found", "forgetted": "forgot",
    "getted": "got", "gived": "gave", "goed": "went", "growed": "grew", "heared": "heard", "holded": "held", "keeped": "kept", "knowed": "knew",
    "losed": "lost", "maked": "made", "meaned": "meant", "readed": "read", "runned": "ran", "sended": "sent", "sitted": "sat", "sleeped": "slept",
    "speaked": "spoke", "spended": "spent", "standed": "stood", "stealed": "stole", "swimmed": "swam", "taked": "took", "teached": "taught", "telled": "told",
    "thinked": "thought", "throwed": "threw", "understanded": "understood", "weared": "wore", "winned": "won", "writed": "wrote",
}  # fmt: skip

PASTS = {  # pasts that are nothing else -> (base form, participle)
    past: (base, participle)
    for base, past, participle in map(
        str.split,
        "arise arose arisen, become became become, begin began begun, blow blew blown, choose chose chosen, come came come, draw drew drawn, drink drank drunk, "
        "drive drove driven, eat ate eaten, fly flew flown, forgive forgave forgiven, freeze froze frozen, give gave given, go went gone, grow grew grown, "
        "know knew known, mistake mistook mistaken, overcome overcame overcome, overtake overtook overtaken, overthrow overthrew overthrown, ride rode ridden, "
        "ring rang rung, run ran run, shake shook shaken, shrink shrank shrunk, sing sang sung, sink sank sunk, speak spoke spoken, steal stole stolen, "
        "swear swore sworn, swim swam swum, take took taken, tear tore torn, throw threw thrown, undergo underwent undergone, undertake undertook undertaken, "
        "withdraw withdrew withdrawn, write wrote written".split(", "),
    )
}  # fmt: skip
PAST = "p"  # their letter

# Letters for words of grammar and marks, beside the letters of open classes in CLASSES.
GRAMMAR = {
    "A": "a",  # the indefinite article, before a consonant
    "O": "an",
    "T": "the",
    "D": "this that another every each",
    "P": "these those",
    "Q": "two three four five six seven eight nine ten eleven twelve several many various numerous both few",
    "Y": "my your his its our their whose",
    "i": "in on at by for from with without between among against into through over under about within across behind "
    "during toward towards upon via per throughout around along inside outside near beyond above below beneath beside besides despite except",
    "c": "and or but nor",
    "t": "to",
    "h": "he she it",
    "H": "i you we they",
    "w": "that which who where when while because if",
    "M": "can could will would shall should may might must cannot",
    "B": "are",
    "X": "were",
    "V": "have",
    "G": "north south east west",
    "b": "is was has had",
    "N": "not never",
    "E": "each's",
    "W": "own",
    "J": " ".join(DIRECTIONS),
    "L": DEMONYMS,
    "C": " ".join(COUNTRIES),
    "q": "more most",
    "y": "than",
    "o": "much less as so such no all some any other same only just even also very too one once out up down off "
    "how why what there here then now do does did been be being am having whether although though since until after before",
    "!": " ".join(REGULARIZED),
    "f": "of",
    "'": "'",
    ".": ". ! ?",
    ",": ",",
    ";": "; :",
    "-": "— – - / & + = % * # @ $ € £ < > | ~ ^ _ \\ ` §",
    "(": "( [ {",
    ")": ") ] }",
    '"': "\" “ ” ‘ « »",
}

ZIPF_STEP = 0.04  # a Zipf frequency of 0 to 10 in one byte


def class_of(tags: frozenset[str], counts: bool, never_bare: bool) -> str:
    """The class letter of a form with these coarse tags, if it is a noun with or without a common plural."""
    for letter, exactly in CLASSES:
        if tags == exactly:
            return letter if letter != "n" else "u" if not counts else "k" if never_bare else "n"
    if "VBG" in tags:
        return "g"
    if "VBN" in tags:
        return "d"
    if {"NN", "NNS"} <= tags:
        return "e"
    if {"NN", "VB"} <= tags:
        return "m"
    return "o"


HOT_ZIPF, HOT_ZIPF_NAME = 2.3, 2.8  # frequency from which a form is in the hot table; names have no class
COMMON = 3_000  # of its tokens, the ones that are unpacked at once
MANY = 4_000  # tokens that are looked for among the others one by one: those of some 25,000 words
RARE = ("rare", "rare-starts", "rare-spellings")  # sections of packing.Words


def hot_table(forms: Mapping[str, str], zipf: Mapping[str, float]) -> dict[str, str]:
    """Token -> class letter, for tokenised text: forms, overlaid by the words of grammar and the marks.

    The frequent ones come first: those that most texts need lie together in memory.
    """
    hot = [form for form, letter in forms.items() if zipf[form] >= (HOT_ZIPF_NAME if letter == "o" else HOT_ZIPF)]
    grammar = {token: letter for letter, tokens in GRAMMAR.items() for token in tokens.split()}
    common = {form: PAST if form in PASTS else forms[form] for form in sorted(hot, key=lambda form: -zipf[form])}
    return grammar | common | grammar


class Tokens(Classes):
    """The letters of the common tokens, of a rarer one when it is met, and of all of them once MANY have been looked for.

    Unpacking all takes longer than all else in a short text.  Going through it gives only what is unpacked.
    """

    def __init__(self, tables: Tables) -> None:
        super().__init__(zip(tables.text("tokens").split("\n"), tables.text("letters"), strict=True))
        self[PARAGRAPH] = "."
        self._rare = Words(*map(tables.view, RARE))
        self._rare_letters = tables.section("rare-letters").decode()
        self._looked_for, self._unpacked = 0, False

    def __missing__(self, token: str) -> str:
        if self._unpacked:
            return UNKNOWN
        self._looked_for += 1
        if self._looked_for < MANY:
            n = self._rare.number(token)
            if n:
                self[token] = self._rare_letters[n - 1]
        else:
            self.update(zip(self._rare, self._rare_letters, strict=True))
            self._unpacked = True
        return dict.get(self, token, UNKNOWN)


class Vocabulary:
    """Forms of the compiled lexicon, all in lower case."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self.origin = f"{tables.path.name} {tables.fingerprint}"  # what is compiled with it depends on it

    @cached_property
    def forms(self) -> list[str]:
        return self._tables.text("forms").split("\n")

    @cached_property
    def tokens(self) -> Tokens:
        """Token -> class letter, as `hot_table` makes it, and a paragraph break as the end of a sentence."""
        return Tokens(self._tables)

    @cached_property
    def compounds(self) -> dict[str, list[str]]:
        """The first part of compounds that are written as one word -> the second parts."""
        firsts, seconds = self._tables.text("compounds").split("\n")
        return dict(zip(firsts.split(" "), (row.split("|") for row in seconds.split(" ")), strict=True))

    @cached_property
    def classes(self) -> dict[str, str]:
        """Form -> class letter."""
        return dict(zip(self.forms, self._tables.text("classes"), strict=True))

    @cached_property
    def _lemmas(self) -> dict[str, list[str]]:
        """Form -> lemmas, most likely first; forms that are only their own lemma are left out."""
        lines = self._tables.text("lemmas").split("\n")
        return {form: line.split("/") for form, line in zip(self.forms, lines, strict=True) if line}

    @cached_property
    def _inflected(self) -> dict[str, list[str]]:
        forms: dict[str, list[str]] = defaultdict(list)
        for form, lemmas in self._lemmas.items():
            for lemma in lemmas:
                if lemma != form:
                    forms[lemma].append(form)
        return forms

    @cached_property
    def _zipf(self) -> dict[str, int]:
        return dict(zip(self.forms, self._tables.section("zipf"), strict=True))

    def zipf(self, form: str) -> float:
        """log10 of a form's frequency per billion words (wordfreq); 0 for a form that is not listed."""
        return self._zipf.get(form, 0) * ZIPF_STEP

    def lemma(self, form: str) -> str:
        """The most likely lemma; for a form that is not listed, the form without a plural's -s."""
        if form in self._lemmas:
            return self._lemmas[form][0]
        if form not in self._zipf and len(form) > 4 and form.endswith("s") and not form.endswith(("ss", "us", "is", "'s")):
            return form[:-1]
        return form

    def inflections(self, form: str) -> list[str]:
        """Every form that may stand where this one does in a phrase: those of its lemma, or its own if it is a lemma."""
        lemmas = self._lemmas.get(form, [self.lemma(form)])
        if form in lemmas:
            lemmas = [form]
        found = {form, *lemmas}
        for lemma in lemmas:
            found.update(self._inflected.get(lemma, ()))
            if lemma not in self._zipf or (self.classes[lemma] == "o" and not self._inflected.get(lemma)):
                found.add(lemma + "s")  # not listed with inflections: a name or a term
        return sorted(found)


# The sound with which a word begins, for a / an.

SILENT_H = re.compile(r"(?:hour|honest|honor|honour|heir|hors$)")
SPOKEN_H = re.compile(r"h(?!erb)[aeiou]{1,2}[^aeiouy]{0,2}e?$|h(?:and|ead|eart|arm(?!on)|am[ms]|ome|ouse|orse|igh|ard|alf|eavy|ealth|elp|und)")  # of one syllable, or with the stress on the first
CONSONANT_SOUND = re.compile(  # written with a vowel, spoken with y- or w-
    r"eu|ew|ukr|uni(?!m|n[^i]|ntelligible)|u[bcfgkt][aeiou]|us[aeu](?!ble$)|usu|ur[aeiou]|one(?!ir|rous)|once|ouija|unanim|uvula|uhf|ubiq|usable|usb|ukulele|uk$|utensil|uter|uyghur|ufo"
)
VOWEL_ANYWAY = re.compile(r"un(?:i[mn]|ideal|identif|illus|initi|ins|int|inv|iro|iss)|ush|urge|upp|urchin|utter|utmost|udder|ugly|ulcer|umbr")


def vowel_sound(word: str) -> bool | None:
    """Whether a word of small letters begins with a vowel's sound; None if that is open."""
    if not word.isalpha() or len(word) < 3:
        return None
    if word[0] == "h":
        return True if SILENT_H.match(word) else False if SPOKEN_H.match(word) else None
    if word[0] in "aeiou":
        if VOWEL_ANYWAY.match(word):
            return True
        return not CONSONANT_SOUND.match(word)
    return None if word[0] == "y" and word[1] not in "aeiou" else False


def numeral_vowel_sound(numeral: str) -> bool | None:
    """Whether a figure ("8", "11th", "18.5") is read with a vowel first; None if that is open ("1800": a year, or a number)."""
    whole = numeral.replace(",", "").partition(".")[0].rstrip("abcdefghijklmnopqrstuvwxyz")
    if whole[:2] in ("11", "18"):
        return None if len(whole) == 4 else len(whole) % 3 == 2  # eleven, eleven thousand, eleven million; but one hundred and ten
    return whole[:1] == "8"


# Endings and spellings in which British and American English differ, and variants of one word.
SPELLINGS = (
    ("ae", "e"), ("oe", "e"), ("our", "or"), ("ogue", "og"), ("ence", "ense"), ("mme", "m"), ("ll", "l"), ("re", "er"),
    ("ys", "yz"), ("is", "iz"), ("ck", "k"), ("que", "k"), ("ph", "f"), ("grey", "gray"), ("mould", "mold"), ("plough", "plow"),
)  # fmt: skip


def same_word(a: str, b: str) -> bool:
    """Whether two words are spellings of one another: British and American, or with a space or a hyphen."""
    return _spelling(a) == _spelling(b)


@cache
def _spelling(word: str) -> str:
    for british, american in SPELLINGS:
        word = word.replace(british, american)
    return word.replace(" ", "").replace("-", "")
