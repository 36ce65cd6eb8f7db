"""Where the compiled lexicons are, and how they are made when they are not there yet.

An installed package carries its compiled lexicon; a checkout compiles lexicons/ on first use and whenever they
change; a user's lexicon file is compiled once for each content.  Compiled files live in the user's cache folder, one for
each checkout and each of a user's lexicons.
"""
from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from artifactscan import __version__
from artifactscan.model import ArtifactscanError
from artifactscan.packing import Words
from artifactscan.tables import FORMAT, Tables, write_tables
from artifactscan.vocabulary import COMMON, RARE, ZIPF_STEP, Vocabulary, class_of, hot_table

if TYPE_CHECKING:
    from artifactscan.lexicon import Entry

INSTALLED = Path(__file__).parent / "lexicon.bin"
INSTALLED_LANGUAGE = Path(__file__).parent / "language.bin"
CHECKOUT = Path(__file__).parents[2] / "lexicons"
WORDS = "words.tsv.xz"
MOMENT = 60  # seconds
WORD_LISTS = ("never_bare.txt", "compounds.txt")


def builtin_tables() -> Tables:
    """The built-in lexicon, compiled."""
    if INSTALLED.exists():
        return Tables(INSTALLED)
    if not CHECKOUT.is_dir():
        raise ArtifactscanError(f"{INSTALLED}: the compiled lexicon is missing; reinstall artifactscan (pip install --force-reinstall artifactscan)")
    state = stamp((*sources_in(CHECKOUT), *sorted(Path(__file__).parent.glob("*.py"))))
    return _cached("checkout", CHECKOUT, _digest(state), partial(compile_folder, CHECKOUT))


def language_tables() -> Tables:
    """The decoder's tables, compiled."""
    if INSTALLED_LANGUAGE.exists():
        return Tables(INSTALLED_LANGUAGE)
    from artifactscan.language_tables import language_sources

    code = [Path(__file__).with_name(f"{name}.py") for name in ("language", "language_tables", "packing", "tables")]

    def compiled(target: Path) -> None:
        print("artifactscan: compiling the language tables of this checkout (once, about half a minute)", file=sys.stderr)
        compile_language(CHECKOUT, builtin_tables(), target)

    return _cached("checkout-language", CHECKOUT, _digest(stamp((*language_sources(CHECKOUT), CHECKOUT / WORDS, *code))), compiled)


def scoring_weights() -> dict[str, dict[str, float]]:
    """"evidence": the weight of each kind of the decoder's evidence; "first-look" and "document": those of scoring.py; "deep" and "deep-document": of deep mode; "plurals": of detectors/plurals.py."""
    weights: dict[str, dict[str, float]] = json.loads(builtin_tables().text("weights"))
    return weights


def compile_language(folder: Path, lexicon: Tables, target: Path) -> None:
    """Compile the decoder's sources into one file, with the words of the compiled lexicon; the same sources give the same bytes."""
    from artifactscan.language_tables import language_sections, language_sources

    forms = [(form, lemmas.split("/"), frozenset(tags.split("/"))) for form, lemmas, tags, _ in word_rows(folder)]
    fingerprint = _digest(*(p.name.encode() + b"\0" + p.read_bytes() for p in language_sources(folder)), FORMAT)
    write_tables(target, fingerprint, *language_sections(folder, forms, Vocabulary(lexicon)))


def builtin_entries() -> list[Entry]:
    """The entries of the built-in lexicon, whole, in order of id."""
    from artifactscan.lexicon import Entry

    rows = [json.loads(line) for line in builtin_tables().text("entries").split("\n")]
    return [Entry._make(tuple(v) if isinstance(v, list) else v for v in row.values()) for row in rows]


def user_tables(source: Path, vocabulary: Vocabulary) -> Tables:
    """A user's lexicon file, compiled.  Raises ArtifactscanError for a file with errors, naming the first ones."""
    from artifactscan.lexicon import duplicates, read_entries

    try:
        content = source.read_bytes()
    except OSError as error:
        raise ArtifactscanError(f"{source}: the lexicon cannot be read ({error.strerror}); name a TOML file of [[phrase]] entries") from error
    fingerprint = _digest(content, __version__, FORMAT, vocabulary.origin)

    def compiled(target: Path) -> None:
        from artifactscan.phrasebook import compile_entries

        entries, problems = read_entries(source)
        problems += duplicates(entries)
        if problems:
            more = f"\n... and {len(problems) - 3} more; `artifactscan lexicon check {source}` lists them" if len(problems) > 3 else ""
            raise ArtifactscanError("\n".join(map(str, problems[:3])) + more)
        write_tables(target, fingerprint, compile_entries(entries, vocabulary))

    return _cached("user", source.resolve(), fingerprint, compiled)


def _cached(kind: str, source: Path, state: str, compiled: Callable[[Path], None]) -> Tables:
    """The tables of a source in this state, compiled if they are not in the cache, or damaged there; then those of its older states go.

    Other installations, which may be of other versions, have tables of their own.  What another process may have made
    this very moment, and not opened yet, stays.
    """
    name = f"{kind}-{_digest(os.fsencode(source), os.fsencode(Path(__file__).parent))}"
    path = cache_folder() / f"{name}-{state}.bin"
    with suppress(ArtifactscanError):  # not there yet, or damaged
        return Tables(path)
    compiled(path)
    tables = Tables(path)
    for old in path.parent.glob(f"{name}-*.bin"):
        with suppress(OSError):  # gone already, or open elsewhere on a system that keeps such files
            if old != path and old.stat().st_mtime < path.stat().st_mtime - MOMENT:
                old.unlink()
    return tables


def compile_folder(folder: Path, target: Path) -> None:
    """Compile a folder of lexicon sources into one file; the same sources give the same bytes."""
    from artifactscan.lexicon import duplicates, read_entries
    from artifactscan.phrasebook import compile_entries

    sources = sources_in(folder)
    fingerprint = _digest(*(p.name.encode() + b"\0" + p.read_bytes() for p in sources), FORMAT)
    never_bare, compounds = ((folder / name).read_text(encoding="utf-8").splitlines() for name in WORD_LISTS)
    sections = _vocabulary_sections(word_rows(folder), never_bare, compounds)
    entries: list[Entry] = []
    for path in sources:
        if path.suffix == ".toml" and path.parent.name == "phrases":
            read, problems = read_entries(path)
            if problems:
                raise ArtifactscanError("\n".join(map(str, problems)))
            entries += [e._replace(place=f"lexicons/phrases/{path.name}:{e.place.rpartition(':')[2]}") for e in read]
    for problem in duplicates(entries):
        raise ArtifactscanError(str(problem))
    import tempfile

    with tempfile.TemporaryDirectory() as scratch:  # the vocabulary is needed to compile the phrases
        write_tables(Path(scratch) / "vocabulary.bin", fingerprint, sections)
        sections |= compile_entries(entries, Vocabulary(Tables(Path(scratch) / "vocabulary.bin")))
    sections["entries"] = _entry_lines(entries)
    sections["weights"] = (folder / "weights.json").read_bytes()
    write_tables(target, fingerprint, sections)


def sources_in(folder: Path) -> list[Path]:
    """The files that a compiled lexicon is made from."""
    return [folder / WORDS, *(folder / name for name in WORD_LISTS), folder / "weights.json", *sorted((folder / "phrases").glob("*.toml"))]


def stamp(files: Iterable[Path]) -> str:
    """Names, sizes and times of files: another when one of them has changed."""
    return "".join(f"{p.name} {p.stat().st_mtime_ns} {p.stat().st_size}\n" for p in files)


def cache_folder() -> Path:
    """Where compiled files are kept: $ARTIFACTSCAN_CACHE, else the user's cache; a temporary folder if it is not writable."""
    if set_by_user := os.environ.get("ARTIFACTSCAN_CACHE"):
        folder = Path(set_by_user)
    elif sys.platform == "win32":
        folder = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "artifactscan"
    elif sys.platform == "darwin":
        folder = Path.home() / "Library" / "Caches" / "artifactscan"
    else:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "artifactscan"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    import tempfile

    return Path(tempfile.gettempdir()) / f"artifactscan-{os.getuid() if hasattr(os, 'getuid') else 'cache'}"


def word_rows(folder: Path) -> list[list[str]]:
    """Form, lemmas, tags and frequency of every word."""
    import lzma

    with lzma.open(folder / WORDS, "rt", encoding="utf-8") as f:
        return [line.rstrip("\n").split("\t") for line in f]


def _vocabulary_sections(rows: Sequence[Sequence[str]], never_bare: Sequence[str], compounds: Sequence[str]) -> dict[str, bytes]:
    bare = frozenset(never_bare)
    zipf = {form: float(z) for form, _, _, z in rows}
    plural_of: dict[str, float] = {}
    for form, lemmas, tags, _ in rows:
        if "NNS" in tags.split("/"):
            for lemma in lemmas.split("/"):
                plural_of[lemma] = max(plural_of.get(lemma, 0.0), zipf[form])
    counts = {form: plural_of.get(form, 0.0) >= max(2.3, zipf[form] - 1.5) for form in zipf}
    classes = [class_of(frozenset(tags.split("/")), counts[form], form in bare) for form, _, tags, _ in rows]
    hot = hot_table(dict(zip(zipf, classes, strict=True)), zipf)
    apart: dict[str, list[str]] = {}
    for first, second in map(str.split, compounds):
        apart.setdefault(first, []).append(second)
    tokens, letters = list(hot), "".join(hot.values())
    return {
        "tokens": "\n".join(tokens[:COMMON]).encode(),
        "letters": letters[:COMMON].encode(),
        **dict(zip(RARE, Words.pack(tokens[COMMON:]), strict=True)),
        "rare-letters": letters[COMMON:].encode(),
        "forms": "\n".join(form for form, *_ in rows).encode(),
        "classes": "".join(classes).encode(),
        "lemmas": "\n".join("" if lemmas == form else lemmas for form, lemmas, *_ in rows).encode(),
        "compounds": "\n".join((" ".join(apart), " ".join(map("|".join, apart.values())))).encode(),
        "zipf": bytes(min(255, round(z / ZIPF_STEP)) for z in zipf.values()),
    }


def _entry_lines(entries: Iterable[Entry]) -> bytes:
    return "\n".join(json.dumps(e._asdict(), ensure_ascii=False) for e in sorted(entries)).encode()


def _digest(*parts: object) -> str:
    """16 hexadecimal digits that name these parts."""
    import hashlib

    return hashlib.sha256(b"\0".join(p if isinstance(p, bytes) else str(p).encode() for p in parts)).hexdigest()[:16]
