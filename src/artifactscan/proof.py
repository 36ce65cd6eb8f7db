"""The proof of a lexicon: every entry flags its own sentences and leaves its others alone."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from artifactscan.compiled import builtin_entries, builtin_tables
from artifactscan.detectors import known_phrases
from artifactscan.lexicon import Entry, Problem, duplicates, read_entries
from artifactscan.phrasebook import Phrasebook, compile_entries
from artifactscan.text import Text
from artifactscan.vocabulary import Vocabulary


def prove(files: Iterable[Path]) -> tuple[int, list[Problem]]:
    """(number of entries, what is wrong) of lexicon files.  Raises ArtifactscanError for a file that is no lexicon."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    for path in files:
        read, wrong = read_entries(path)
        entries += read
        problems += wrong
    problems += duplicates(entries)
    return len(entries), problems + list(disproved(entries))


def prove_builtin() -> tuple[int, list[Problem]]:
    """The same of the built-in lexicon, in which every entry must also have both kinds of sentences."""
    entries = builtin_entries()
    problems = [
        Problem(e.place, f"entry {e.id!r} has no sentence that it {kind}", f"add {kind} = [...]") for e in entries for kind in ("flags", "passes") if not getattr(e, kind)
    ]
    return len(entries), problems + list(disproved(entries))


def disproved(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Entries that miss a sentence which they should flag, or match one which they should leave alone."""
    vocabulary = Vocabulary(builtin_tables())
    classes = vocabulary.tokens
    for entry in entries:
        sections = compile_entries([entry], vocabulary)
        book = Phrasebook.load(sections["phrase-index"], memoryview(sections["phrases"]), memoryview(sections["phrase-ends"]))

        def matches(sentence: str, book: Phrasebook = book) -> bool:
            return any(True for p in Text(sentence, classes).passages() for _ in known_phrases.detect(p, book))

        for original in entry.originals:
            if matches(f"It is {original}."):
                yield Problem(entry.place, f"entry {entry.id!r} matches its own original {original!r}", "leave that wording out, or set exact = true")
        for sentence in entry.flags:
            if not matches(sentence):
                yield Problem(entry.place, f"entry {entry.id!r} does not flag {sentence!r}", "mend the wording, the conditions or the sentence")
        for sentence in entry.passes:
            if matches(sentence):
                yield Problem(entry.place, f"entry {entry.id!r} does not leave alone {sentence!r}", "add a condition (near, unless) or mend the sentence")
