"""The common English forms: their word classes, lemmas and frequencies.

The hot part is one dictionary, form -> class letter; the rest is read only by those who compile or add entries.
"""
from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from artifactscan.tables import Tables

# Class letters, by the coarse Penn tags a form may have.  First row that fits, top to bottom.
#   n count noun   k count noun that never stands bare   u noun without a common plural   s plural noun   e singular or plural   m noun or verb
#   x plural noun or verb in -s   v verb, base form   z verb in -s   g -ing   d past or participle
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


class Vocabulary:
    """Forms of the compiled lexicon, all in lower case."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self.origin = f"{tables.path.name} {tables.fingerprint}"  # what is compiled with it depends on it

    @cached_property
    def forms(self) -> list[str]:
        return self._tables.text("forms").split("\n")

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
