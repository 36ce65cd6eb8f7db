"""Reporters: a Report in, a string out.  One explicit table; each is imported only when it is used."""
from __future__ import annotations

from importlib import import_module

from artifactscan.model import DocumentReport, Report

# Format -> module, in the order of --help.
REPORTERS = {
    "terminal": "artifactscan.reporters.terminal",
    "html": "artifactscan.reporters.html",
    "markdown": "artifactscan.reporters.markdown",
    "json": "artifactscan.reporters.json",
    "jsonl": "artifactscan.reporters.jsonl",
    "csv": "artifactscan.reporters.csv",
    "sarif": "artifactscan.reporters.sarif",
    "github": "artifactscan.reporters.github",
    "gitlab": "artifactscan.reporters.gitlab",
    "rdjsonl": "artifactscan.reporters.rdjsonl",
}

# Suffix of an output -> its format, where none is named.
SUFFIXES = {
    "": "terminal", ".txt": "terminal", ".htm": "html", ".html": "html", ".md": "markdown", ".json": "json", ".jsonl": "jsonl", ".csv": "csv",
    ".sarif": "sarif", ".rdjsonl": "rdjsonl",
}  # fmt: skip

# Formats that need DocumentReport.text or .source.
NEED_TEXT = frozenset({"html", "rdjsonl"})

# Formats whose reporter also has `lines`, so that they can be written while the scan goes on.
STREAMED = frozenset({"jsonl"})


def render(report: Report, form: str, **options: object) -> str:
    """The report in a format of REPORTERS."""
    text: str = import_module(REPORTERS[form]).render(report, **options)
    return text


def lines(document: DocumentReport, form: str) -> str:
    """What a format of STREAMED says of one document."""
    text: str = import_module(REPORTERS[form]).lines(document)
    return text
