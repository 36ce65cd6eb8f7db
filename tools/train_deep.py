#!/usr/bin/env python3
"""Learn the weights of deep mode, as train_weights.py does those of the decoder alone: the sections "deep" and "deep-document" of lexicons/weights.json.

    python tools/train_deep.py DATA [--documents N] [--bench samples/benchmark.jsonl] [--model FILE]

The language model is asked about every candidate of the documents: some 20 minutes of a processor core at first, nothing once its answers
are kept (in the cache folder).  Needs the [tools] and [deep] extras and an installed model.
"""
from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from artifactscan.channel import Channel
from artifactscan.compiled import builtin_tables, language_tables, scoring_weights
from artifactscan.deep import judge
from artifactscan.deep.rescoring import DEEP_FEATURES, Asked, Rescorer
from artifactscan.detectors.substitutions import Decoder
from artifactscan.language import Language
from artifactscan.model import Finding
from artifactscan.scan import Scanner
from artifactscan.text import Text
from artifactscan.vocabulary import Vocabulary
from train_weights import START, Kind, cross_validated, keep, labelled, seen_of, spun_and_clean, weights_of

KIND = Kind("deep", "", "deep-document", DEEP_FEATURES, 0.03, 15.0, {"usual": 0.1, "most": 5.0, "slope": 0.85, "offset": 2.0, "scepticism": 20.0, "tell": 4.0, "mild": 16.0})


class Remembering(Rescorer):
    """One that asks about a text once, whatever its weights."""

    known: dict[str, list[Asked]] = {}  # noqa: RUF012

    def answered(self, text: Text) -> list[Asked]:
        """The candidates of a text, answered."""
        if text.text not in self.known:
            self.known[text.text] = self.asked(text, *self.candidates(text))
        return self.known[text.text]

    def detect(self, text: Text) -> Iterator[Finding]:
        return self.of(self.answered(text))


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("data", type=Path)
    ap.add_argument("--documents", type=int, default=40, help="of each of the four kinds")
    ap.add_argument("--bench", type=Path)
    ap.add_argument("--model", type=Path)
    args = ap.parse_args()
    tables, vocabulary = language_tables(), Vocabulary(builtin_tables())
    own_weights = scoring_weights()
    decoder = Decoder(Language(tables), Channel(tables), own_weights["evidence"], thorough=True)
    asked_judge = judge(args.model, tables.fingerprint)
    rescorer = Remembering(decoder, asked_judge, {name: START.get(name, 0.0) for name in DEEP_FEATURES})
    pages = list(spun_and_clean(args.data, args.documents, vocabulary))
    own = len(pages)
    pages += labelled(args.bench) if args.bench else []
    seen = []
    for number, page in enumerate(pages):
        asked = rescorer.answered(Text(page.text, vocabulary.tokens))
        seen += [seen_of(number, page, a.passage, rescorer.judged(a)) for a in asked]
        print(f"\r{number + 1:,} of {len(pages):,} documents, {len(seen):,} candidates ", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    if args.bench:
        trained = partial(Scanner, deep=lambda decoder, weights: Remembering(decoder, asked_judge, weights))
        cross_validated(args.bench, pages, seen, own, KIND, lambda weights: trained(min_score=0, weights=own_weights | weights))
    keep(weights_of(pages, seen, own, KIND))


if __name__ == "__main__":
    main()
