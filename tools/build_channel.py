#!/usr/bin/env python3
"""Build lexicons/channel.txt.xz: what a spinner may write for a word or a phrase.

    python tools/build_channel.py DATA [--without K/N]

The channel P(spun | original), by lemma, mixes four sources by the weights in WEIGHTS: the pairs of the published list
(DATA/pps_*.csv), aligned word by word with IBM Model 1 (Brown et al. 1993) that prefers like places, and three thesauri (Moby, WordNet, PPDB), each
with 1 / number of synonyms: a spinner picks one of many.  Phrases that the list holds unguarded come whole, and so do those of
lexicons/rewordings.tsv, unless clean text has them too often; those that it never has are marked like published ones.
--without K/N leaves out the fold K of N of the list (by sha1 of the phrase), to measure what is found unseen.  Needs the
[tools] extra.

Each line: a spun word or phrase, a tab, and its originals (spaces as "_"), each with one character for the probability,
chr(33 + round(-10 * log10 P)); "=" before it marks a published pair.
"""
from __future__ import annotations

import lzma
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from artifactscan.compiled import builtin_tables
from artifactscan.language_tables import PARTICLES
from artifactscan.text import words_of
from artifactscan.vocabulary import Vocabulary
from clean_text import documents
from thesauri import LEXICONS, WORD, arguments, moby, ppdb, published, rewordings, wordnet

WEIGHTS = {"published": 0.45, "wordnet": 0.2, "moby": 0.25, "ppdb": 0.1}
SMOOTH = 2.0  # unseen pairs of an original that the published list holds rarely
MOST = 160  # originals kept of each spun word, by P(spun | original) * sqrt(P(original))
ROUNDS = 12  # of expectation and maximisation
DIAGONAL = 4.0  # how much words in like places are preferred (Dyer, Chahuneau and Smith 2013)
MOST_OF_PHRASE = 8
LEAST_WORD, LEAST_HEAD = 2.4, 3.4  # Zipf frequency of a word, and of one before a particle
LEAST_PHRASE = 1e-4  # probability of a phrase of the thesauri
WHOLE = 0.3  # probability of a published phrase, shared among its originals
MOST_IN_CLEAN = 10  # times that clean text, some 30 million words, may have a rewording
Pairs = dict[tuple[str, str], float]  # (spun, original) -> probability


VULGAR = frozenset(  # no report says that such a word probably stood there
    "arse arsehole ass asshole assholes bastard bastards bitch bitches bitchy bollocks bugger bullshit cock cocks cocksucker coon crap cunt dick dickhead dyke fag faggot fart fuck "
    "fucked fucker fucking homo hooker kike motherfucker negro nigger piss pissed prick pussy queer shit shite shitty sissy slag slut spic tit tits turd twat wank wanker whore wog".split()
)


def aligned(rows: list[tuple[tuple[str, ...], tuple[str, ...]]], lemma: Any) -> Pairs:
    """P(spun | original) by IBM Model 1 over lemmas with DIAGONAL, both directions multiplied, smoothed by SMOOTH."""
    pairs = [([lemma(w) for w in a], [lemma(w) for w in b]) for a, b in rows]
    counts: dict[tuple[str, str], float] = {}
    forward = _model1(pairs)
    backward = _model1([(b, a) for a, b in pairs])
    for a, b in pairs:
        for i, s in enumerate(a):
            weights = [forward.get((s, o), 0.0) * backward.get((o, s), 0.0) * _near(i, a, j, b) ** 2 for j, o in enumerate(b)]
            total = sum(weights)
            for o, w in zip(b, weights, strict=True):
                if total and w / total > 0.3:
                    counts[s, o] = counts.get((s, o), 0.0) + w / total
    of: Counter[str] = Counter()
    for (_, o), n in counts.items():
        of[o] += n
    return {(s, o): n / (of[o] + SMOOTH) for (s, o), n in counts.items() if s != o and n > 0.4}


def _near(i: int, a: Sequence[str], j: int, b: Sequence[str]) -> float:
    """How readily word i of a and word j of b are aligned, by where they stand."""
    return math.exp(-DIAGONAL * abs((i + 0.5) / len(a) - (j + 0.5) / len(b)))


def _model1(pairs: list[tuple[list[str], list[str]]]) -> dict[tuple[str, str], float]:
    """P(first | second) for co-occurring words."""
    p: dict[tuple[str, str], float] = {(s, o): 1.0 for a, b in pairs for s in a for o in b}
    for s, o in p:
        p[s, o] = 5.0 if s == o else 1.0  # a word that stands on both sides stands for itself
    for _ in range(ROUNDS):
        counts: dict[tuple[str, str], float] = defaultdict(float)
        totals: dict[str, float] = defaultdict(float)
        for a, b in pairs:
            for i, s in enumerate(a):
                shares = [p[s, o] * _near(i, a, j, b) for j, o in enumerate(b)]
                norm = sum(shares)
                for o, share in zip(b, shares, strict=True):
                    counts[s, o] += share / norm
                    totals[o] += share / norm
        p = {(s, o): n / totals[o] for (s, o), n in counts.items()}
    return p


def occurrences(texts: Iterable[str], phrases: Iterable[tuple[str, ...]]) -> Counter[tuple[str, ...]]:
    """How often each phrase stands in the texts."""
    by_start: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
    for phrase in phrases:
        by_start[phrase[:2]].append(phrase)
    counts: Counter[tuple[str, ...]] = Counter()
    for text in texts:
        words = tuple(words_of(text))
        for i, pair in enumerate(pairwise(words)):
            for phrase in by_start.get(pair, ()):
                counts[phrase] += words[i : i + len(phrase)] == phrase
    return counts


def main() -> None:
    args = arguments(__doc__, folds=True)
    vocabulary = Vocabulary(builtin_tables())
    lemma = vocabulary.lemma

    def known(phrase: str) -> bool:
        """A common word, or one with a particle ("chop down"): other phrases of a thesaurus are terms of their own."""
        head, _, tail = phrase.partition(" ")
        return bool(WORD.fullmatch(head)) and vocabulary.zipf(head) >= (LEAST_HEAD if tail else LEAST_WORD) and (not tail or tail in PARTICLES)

    def one_form(phrase: str) -> str:
        """A compound as one word if that is a word: "front-runner" as "frontrunner"."""
        parts = re.split(r"[ -]", phrase)
        joined = "".join(parts)
        return joined if len(parts) > 1 and vocabulary.zipf(joined) >= LEAST_WORD and vocabulary.classes[joined] != "o" else " ".join(parts)

    rows = published(args.data, args.without)
    p: Pairs = defaultdict(float)
    marked: set[tuple[str, str]] = set()
    for pair, q in aligned(rows, lemma).items():
        p[pair] += WEIGHTS["published"] * q
        marked.add(pair)
    for name, source in (("moby", moby()), ("wordnet", wordnet(args.data)), ("ppdb", ppdb(args.data))):
        for original, synonyms in source:
            if not WORD.fullmatch(original) or vocabulary.zipf(original) < LEAST_WORD:
                continue
            kept = {w for w in map(one_form, synonyms) if known(w)}
            for spun in kept:
                p[lemma(spun) if " " not in spun else spun, lemma(original)] += WEIGHTS[name] / (len(kept) + 3)
    by_spun: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for (spun, original), q in p.items():
        if spun != original and (" " not in spun or q >= LEAST_PHRASE):
            by_spun[spun].append((math.log10(q) + 0.5 * (vocabulary.zipf(original) - 9), original))
    lines: dict[str, dict[str, tuple[float, bool]]] = {}
    for spun, originals in by_spun.items():
        best = sorted(originals, reverse=True)[: MOST if " " not in spun else MOST_OF_PHRASE]
        lines[spun] = {o: (p[spun, o], (spun, o) in marked) for _, o in best}
        lines[spun] |= {o: (p[spun, o], True) for _, o in originals if (spun, o) in marked}
    whole: dict[str, Counter[str]] = defaultdict(Counter)
    for a, b in rows:
        if len(a) > 1:
            whole[" ".join(a)]["_".join(b)] += 1
    for spun, counts in whole.items():
        for original, c in counts.items():
            lines.setdefault(spun, {})[original] = (WHOLE * c / sum(counts.values()), True)
    listed = {" ".join(a) for a, _ in published(args.data)}  # also those left out: they are to be found unseen
    own = {tuple(words_of(spun)): originals for spun, originals in rewordings() if spun not in listed}
    clean = occurrences(documents(args.data), own)
    for words, originals in own.items():
        if clean[words] <= MOST_IN_CLEAN:
            lines[" ".join(words)] = {o.replace(" ", "_"): (WHOLE / (1 + n), not clean[words]) for n, o in enumerate(originals)}
    lines = {spun: kept for spun, originals in lines.items() if (kept := {o: pair for o, pair in originals.items() if VULGAR.isdisjoint(o.split("_"))})}
    text = "".join(
        f"{spun}\t" + " ".join(f"{o}{'=' if mark else ''}{_char(q)}" for o, (q, mark) in sorted(originals.items())) + "\n"
        for spun, originals in sorted(lines.items())
    )
    (LEXICONS / "channel.txt.xz").write_bytes(lzma.compress(text.encode(), preset=9))
    print(f"{len(lines):,} spun words and phrases, {sum(map(len, lines.values())):,} pairs", file=sys.stderr)


def _char(probability: float) -> str:
    return chr(33 + max(0, min(90, round(-10 * math.log10(probability)))))


if __name__ == "__main__":
    main()
