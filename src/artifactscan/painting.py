"""What reports in words share: counts, and lines of (text, style), painted where there is colour.  rich is imported only for that."""
from __future__ import annotations

from collections.abc import Iterable

Line = list[tuple[str, str]]


def painted(lines: Iterable[Line], colour: bool) -> str:
    """The lines as text, in colour or bare."""
    if not colour:
        return "".join("".join(text for text, _ in line).rstrip() + "\n" for line in lines)
    import io

    from rich.console import Console
    from rich.text import Text

    out = io.StringIO()
    console = Console(file=out, force_terminal=True, color_system="standard", highlight=False, markup=False, emoji=False)
    for line in lines:
        console.print(Text.assemble(*line), soft_wrap=True)
    return out.getvalue()


def counted(number: int, noun: str, plural: str = "") -> str:
    """1 finding, 2 findings; `plural` where it is not the noun and an s."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def printable(text: str) -> str:
    """Text that cannot move the cursor or break the terminal."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)
