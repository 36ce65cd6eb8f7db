"""A text and its copy side by side: a Comparison in, a string out.  One explicit table; each is imported when it is used."""
from __future__ import annotations

from importlib import import_module

from artifactscan.model import Comparison

FORMS = {"terminal": "artifactscan.sidebyside.terminal", "html": "artifactscan.sidebyside.html", "json": "artifactscan.sidebyside.json"}
NOTE = (
    "A sentence is reused when at least half of its words stand in the original's in the same order, or a third between two reused "
    "sentences. Who copied from whom, and whether that was fair, a comparison cannot tell."
)


def render(comparison: Comparison, form: str, **options: object) -> str:
    """The comparison in a format of FORMS."""
    text: str = import_module(FORMS[form]).render(comparison, **options)
    return text
