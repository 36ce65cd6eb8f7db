"""artifactscan finds what a synonym spinner or crude paraphraser left in a text.

    >>> from artifactscan import scan_text
    >>> report = scan_text("The parties has n't met since May.")
    >>> [(f.excerpt, f.originals[0]) for f in report.findings]
    [("has n't", "hasn't")]
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from artifactscan.scan import Scanner, scan_text

__version__ = "0.1.0"
CONTAINERS = 100_000  # made since the last search for garbage, from which there is another: the tables, made at the start, live to the end
__all__ = ["Scanner", "__version__", "scan_text"]


def __getattr__(name: str) -> Any:
    """Import the scanner only when it is asked for."""
    if name in ("Scanner", "scan_text"):
        from artifactscan import scan

        return getattr(scan, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
