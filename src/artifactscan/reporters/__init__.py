"""Reporters: a Report in, a string out.  One explicit table; each is imported only when it is used."""
from __future__ import annotations

from importlib import import_module

from artifactscan.model import Report

REPORTERS = {"terminal": "artifactscan.reporters.terminal", "json": "artifactscan.reporters.json"}


def render(report: Report, form: str, **options: object) -> str:
    """The report in a format of REPORTERS."""
    text: str = import_module(REPORTERS[form]).render(report, **options)
    return text
