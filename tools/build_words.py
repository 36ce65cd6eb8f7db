#!/usr/bin/env python3
"""Build lexicons/words.tsv.xz: every common English form with its lemmas, word classes and frequency.

    python tools/build_words.py DATA

DATA is a folder that holds masc_tagged.zip (see lexicons/SOURCES.toml for its address).  Needs the packages
wordfreq and lemminflect as pinned in the [tools] extra.

Each line: form, lemmas (most likely first), word classes, Zipf frequency (log10 per billion words).
A word class is a Penn tag, from the inflection table of lemminflect, kept when MASC does not contradict it:
a tag that 20 or more MASC tokens of the form use in fewer than one case in fifty is dropped.
"""
from __future__ import annotations

import csv
import gzip
import lzma
import re
import zipfile
from collections import Counter, defaultdict
from importlib import resources
from pathlib import Path

from thesauri import arguments

OUT = Path(__file__).parents[1] / "lexicons" / "words.tsv.xz"
LEAST_ZIPF = 2.0  # about one in ten million words
FORM = re.compile(r"[a-z]+")
COARSE = {"NNP": "NN", "NNPS": "NNS", "VBP": "VB", "VBD": "VBN", "JJR": "JJ", "JJS": "JJ", "RBR": "RB", "RBS": "RB"}
KEPT = {"NN", "NNS", "VB", "VBZ", "VBG", "VBN", "JJ", "RB"}


def masc_tags(archive: Path) -> dict[str, Counter[str]]:
    """Tags of every lower-case form in MASC."""
    tags: dict[str, Counter[str]] = defaultdict(Counter)
    with zipfile.ZipFile(archive) as z:
        for name in sorted(z.namelist()):
            if name.endswith(".txt") and "categories" not in name:
                for token in z.read(name).decode("utf-8", "replace").split():
                    form, _, tag = token.rpartition("_")
                    if FORM.fullmatch(form):
                        tags[form][COARSE.get(tag, tag)] += 1
    return tags


def tag_of(form: str, lemma: str, pos: str) -> set[str]:
    """The coarse Penn tags that a form of a lemma may have as this part of speech."""
    if pos == "noun":
        return {"NN"} if form == lemma else {"NNS"}
    if pos == "verb":
        if form == lemma:
            return {"VB"}
        return {"VBG"} if form.endswith("ing") else {"VBZ"} if form.endswith("s") else {"VBN"}
    return {"adj": {"JJ"}, "adv": {"RB"}}.get(pos, set())


def main() -> None:
    args = arguments(__doc__)
    from wordfreq import iter_wordlist, zipf_frequency

    masc = masc_tags(args.data / "masc_tagged.zip")
    lemmas: dict[str, dict[str, int]] = defaultdict(dict)
    tags: dict[str, set[str]] = defaultdict(set)
    table = resources.files("lemminflect").joinpath("resources/lemma_lu.csv.gz")
    with table.open("rb") as raw, gzip.open(raw, "rt", encoding="utf-8") as f:
        for form, pos, found in csv.reader(f):
            if FORM.fullmatch(form) and pos in ("noun", "verb", "adj", "adv"):
                for lemma in found.split("/"):
                    if FORM.fullmatch(lemma):
                        lemmas[form].setdefault(lemma, 0)
                        tags[form] |= tag_of(form, lemma, pos)
                        tags[lemma] |= tag_of(lemma, lemma, pos)
                        lemmas[lemma].setdefault(lemma, 0)
    listed = {w for w in iter_wordlist("en") if FORM.fullmatch(w) and zipf_frequency(w, "en") >= LEAST_ZIPF}
    lines = []
    for form in sorted(listed | {f for f in lemmas if masc.get(f)}):
        zipf = zipf_frequency(form, "en")
        seen = masc.get(form, Counter())
        total = sum(seen.values())
        possible = set(tags.get(form, ()))
        if total >= 20:
            possible = {t for t in possible | (set(seen) & KEPT) if seen[t] * 50 >= total}
        elif not possible:
            possible = {t for t in seen if t in KEPT and seen[t] * 3 >= total}
        base = sorted(lemmas.get(form, {form: 0}), key=lambda lem: (-zipf_frequency(lem, "en"), lem))
        lines.append("\t".join((form, "/".join(base), "/".join(sorted(possible)) or "-", f"{zipf:.2f}")) + "\n")
    OUT.write_bytes(lzma.compress("".join(lines).encode(), preset=9))


if __name__ == "__main__":
    main()
