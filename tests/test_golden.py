"""The samples' reports, in every format, as they are stored in samples/expected/.

Set ARTIFACTSCAN_UPDATE=1 to write them anew, and read the difference before you commit it.
"""
from __future__ import annotations

import json
import os
import re
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

from artifactscan import __version__
from artifactscan.detectors import RULES
from artifactscan.model import Document
from artifactscan.reporters import REPORTERS, render
from artifactscan.scan import Scanner

SAMPLES = ("spun_article.txt", "clean_news.txt", "clean_abstract.txt")


def report_of(samples: Path, name: str):
    scanner = Scanner(keep_text=True)
    return scanner.report([scanner.scan(Document(f"samples/{name}", (samples / name).read_text(encoding="utf-8")))])


@pytest.mark.parametrize("form", sorted(set(REPORTERS) - {"html"}))  # html is large; test_html.py tells what it must hold
@pytest.mark.parametrize("name", SAMPLES)
def test_report(samples: Path, name: str, form: str) -> None:
    text = render(report_of(samples, name), form, rules=RULES)
    text = re.sub(r'"lexicon": "\w+"', '"lexicon": "FINGERPRINT"', text).replace(f'"version": "{__version__}"', '"version": "VERSION"')
    stored = samples / "expected" / f"{Path(name).stem}.{form}.txt"
    if os.environ.get("ARTIFACTSCAN_UPDATE"):
        stored.parent.mkdir(exist_ok=True)
        stored.write_text(text, encoding="utf-8")
    assert text == stored.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SAMPLES)
def test_json_is_valid_against_the_schema(samples: Path, name: str) -> None:
    schema = json.loads(resources.files("artifactscan").joinpath("schema/report-v1.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(render(report_of(samples, name), "json")), schema)


def test_the_article_is_spun(samples: Path) -> None:
    report = report_of(samples, "spun_article.txt").documents[0]
    assert report.verdict == "spun"
    assert report.probability >= 0.99
    found = {f.excerpt for f in report.findings}
    assert {"has n’t", "totaling$ 240", "a early", "counterparts ‘", "helpful” no", "” I", "on” the", "each’s", "the western"} <= found


@pytest.mark.parametrize("width", [80, 140])
def test_the_terminal_report_fits_its_width(samples: Path, width: int) -> None:
    text = render(report_of(samples, "spun_article.txt"), "terminal", width=width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert "\x1b" not in text
