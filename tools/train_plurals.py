#!/usr/bin/env python3
"""Learn how grammar and neighbours tell a plural from a singular: the section "plurals" of lexicons/weights.json.

    python tools/train_plurals.py DATA

Which of both stands at each place of the clean documents of DATA is what a ridge logistic regression learns to tell; its bias is corrected to that
of as many plurals as singulars, so that its log-odds are of the place alone.  First the figures of every fifth document, learned without it,
are printed: of its plurals written as singulars, the share that is found, where one singular in so many is taken for one by mistake.
Needs the [tools] extra; takes two minutes.
"""
from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np

from artifactscan.compiled import builtin_tables, language_tables
from artifactscan.detectors.plurals import Plurals
from artifactscan.language import Language
from artifactscan.text import Text
from artifactscan.vocabulary import Vocabulary
from clean_text import abstracts, general
from train_weights import keep, logistic

LONGEST = 60_000  # code points of a document that are read
ABSTRACTS = 60  # every so manieth abstract is read: general English is to prevail
LEAST_SEEN = 1_000  # places from which a feature has a weight
FOLD = 5
MISTAKEN = (200, 500, 2_000)


def documents(data: Path) -> Iterator[str]:
    return (text[:LONGEST] for text in chain(general(data), islice(abstracts(data), 0, None, ABSTRACTS)))


def learned(x: Any, plural: Any) -> Any:
    """Weights of the columns of x, as of as many plurals as singulars."""
    weights = logistic(x, plural, np.ones(len(x)))
    weights[0] -= np.log(plural.sum() / (len(plural) - plural.sum()))
    return weights


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("data", type=Path)
    args = ap.parse_args()
    vocabulary, places = Vocabulary(builtin_tables()), Plurals(Language(language_tables()), {}).places
    rows: list[dict[str, float]] = []
    stands: list[bool] = []
    held_out: list[bool] = []
    for number, document in enumerate(documents(args.data)):
        for passage in Text(document, vocabulary.tokens).passages():
            for noun, features in places(passage, plurals=True):
                rows.append(features)
                stands.append(passage.tokens[noun.at] == noun.plural)
                held_out.append(number % FOLD == 0)
    seen = Counter(name for row in rows for name, value in row.items() if value)
    names = ["bias", *sorted(name for name, n in seen.items() if n >= LEAST_SEEN and name != "bias")]
    x = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    plural, rest = np.array(stands, float), ~np.array(held_out)
    print(f"{len(rows):,} places, {sum(stands):,} of them of plurals, {len(names)} features", file=sys.stderr)
    nats = x[~rest] @ learned(x[rest], plural[rest])
    plurals, singulars = nats[plural[~rest] > 0], np.sort(nats[plural[~rest] == 0])[::-1]
    for mistaken in MISTAKEN:
        limit = singulars[len(singulars) // mistaken]
        print(f"one singular in {mistaken:,} is {limit:.1f} nats likelier a plural; so are {100 * (plurals >= limit).mean():.1f} percent of the plurals")
    keep({"plurals": {name: round(float(weight), 4) for name, weight in zip(names, learned(x, plural), strict=True)}})


if __name__ == "__main__":
    main()
