"""The summary as text and as one HTML page: no script, nothing loaded from elsewhere, plots as SVG with the same figures in a table beside them."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from artifactscan.corpus.summary import Group, Interval, Summary
from artifactscan.pages import policy
from artifactscan.painting import counted
from artifactscan.reporters.shared import CAVEAT

MOST_BARS = 40  # groups drawn; the table has them all

STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1f; --paper: #ffffff; --faint: #5d5d66; --line: #d4d4da; --bar: #2a62b8; --mark: #1b1b1f; }
@media (prefers-color-scheme: dark) { :root { --ink: #ececf1; --paper: #17171a; --faint: #a9a9b3; --line: #3b3b43; --bar: #6ea3f2; --mark: #ececf1; } }
body { background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; margin: 1rem 0 2rem; }
caption { text-align: left; color: var(--faint); padding-bottom: .4rem; }
th, td { text-align: right; padding: .25rem .5rem; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child, td.words { text-align: left; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
svg { width: 100%; height: auto; }
svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
svg .bar { fill: var(--bar); }
svg .whisker { stroke: var(--mark); stroke-width: 1.5; fill: none; }
p.note { color: var(--faint); }
"""

METHOD = (
    "Intervals are of 95%. Shares: Wilson. Rates: Poisson (Byar), widened by the design effect of documents as clusters of findings. "
    "Rising phrases: Fisher's exact test, one-sided, of the share of documents in the last month against the first; false discovery rate at most 5%."
)
GROUP_HEAD = ("documents", "words", "spun", "suspect", "spun or suspect (95%)", "findings", "per 10,000 words (95%)")
PHRASE_HEAD = ("phrase", "probably", "rule", "documents", "findings")
RISE_HEAD = ("phrase", "probably", "first month", "last month", "p", "q")


def text(summary: Summary) -> str:
    """The summary for a terminal."""
    s = summary
    lines = [f"{s.folder}: {counted(s.total.documents, 'document')}, {s.skipped:,} skipped" + ("" if s.state == "done" else "; the run is not finished"), ""]
    for head, groups in ((s.by, (*s.groups, s.total._replace(name="all"))), *([("month", s.months)] if s.by != "month" and s.months else [])):
        lines += [*_columns((head, *GROUP_HEAD), [_group_row(g) for g in groups], 1), ""]
    if s.phrases:
        lines += [*_columns(PHRASE_HEAD, [_phrase_row(p) for p in s.phrases], 3), ""]
    if s.rising:
        lines += [f"rising from {s.months[0].name} to {s.months[-1].name} (documents with the phrase)", *_columns(RISE_HEAD, [_rise_row(r) for r in s.rising], 2), ""]
    lines += [f"skipped: {reason} ({number:,})" for reason, number in s.reasons]
    return "\n".join([*lines, METHOD, CAVEAT]).translate(UNPRINTABLE) + "\n"


def html(summary: Summary) -> str:
    """The summary as a page."""
    s = summary
    title = f"artifactscan: {s.folder}"
    shown = s.groups[:MOST_BARS]
    body = [
        f"<h1>{escape(title)}</h1>",
        f"<p>{counted(s.total.documents, 'document')} of {counted(s.total.words, 'word')}; {s.skipped:,} skipped{'' if s.state == 'done' else '; the run is not finished'}.</p>",
        f'<p class="note">{CAVEAT}</p>',
        f"<h2>By {escape(s.by)}</h2>",
        _plot("share", f"Share of documents spun or suspect, by {s.by}, in percent", [(g.name, Interval(*(100 * v for v in g.share))) for g in shown]),
        _plot("rate", f"Findings per 10,000 words, by {s.by}", [(g.name, g.rate) for g in shown]),
        _table(f"Every {s.by}, with 95% intervals", (s.by, *GROUP_HEAD), (_group_row(g) for g in (*s.groups, s.total))),
    ]
    if s.months and s.by != "month":
        months = s.months[-MOST_BARS:]
        body += [
            "<h2>By month</h2>",
            _plot("months", "Findings per 10,000 words, by month", [(g.name, g.rate) for g in months]),
            _table("Every month, with 95% intervals", ("month", *GROUP_HEAD), map(_group_row, s.months)),
        ]
    body += ["<h2>Phrases</h2>", _table("Phrases in the most documents", PHRASE_HEAD, map(_phrase_row, s.phrases), 3)]
    if s.rising:
        body.append(_table(f"Rising phrases, from {s.months[0].name} to {s.months[-1].name}", RISE_HEAD, map(_rise_row, s.rising), 2))
    if s.reasons:
        body += ["<h2>Skipped</h2>", _table("Why documents were skipped", ("reason", "documents"), ((reason, f"{n:,}") for reason, n in s.reasons))]
    body.append(f'<p class="note">{METHOD}</p>')
    content = "\n".join(body)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy(STYLE)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{STYLE}</style>
</head>
<body>
<main>
{content}
</main>
</body>
</html>
""".encode("utf-8", "replace").decode()


UNPRINTABLE = dict.fromkeys((*range(10), *range(11, 32), *range(127, 160)), "\ufffd")


def _plot(name: str, title: str, values: Sequence[tuple[str, Interval]]) -> str:
    """Horizontal bars with whiskers."""
    if not values:
        return ""
    top = max(interval.high for _, interval in values) or 1.0
    row, left, width, right = 22, 200, 480, 120

    def x(value: float) -> float:
        return round(left + width * min(1.0, value / top), 1)

    lines = []
    for i, (label, v) in enumerate(values):
        y = i * row
        lines.append(f'<text x="{left - 8}" y="{y + 15}" text-anchor="end">{escape(_cut(label, 28))}</text>')
        lines.append(f'<rect class="bar" x="{left}" y="{y + 4}" width="{round(x(v.value) - left, 1)}" height="14"/>')
        lines.append(f'<path class="whisker" d="M{x(v.low)} {y + 11}H{x(v.high)}M{x(v.low)} {y + 7}v8M{x(v.high)} {y + 7}v8"/>')
        lines.append(f'<text x="{left + width + 8}" y="{y + 15}">{_figure(v.value)}</text>')
    head = f'<svg viewBox="0 0 {left + width + right} {row * len(values)}" role="img" aria-labelledby="{name}-title {name}-desc">'
    about = f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">Bars are estimates, whiskers 95% intervals; the table below has the figures.</desc>'
    return "\n".join([f"<h3>{escape(title)}</h3>", head, about, *lines, "</svg>"])


def _table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], words: int = 1) -> str:
    """A table; its first `words` columns are words, the others figures."""
    lines = [f'<div class="scroll"><table><caption>{escape(caption)}</caption>', "<thead><tr>" + "".join(f'<th scope="col">{escape(h)}</th>' for h in head) + "</tr></thead>", "<tbody>"]
    lines += ["<tr>" + "".join(f'<td class="words">{escape(c)}</td>' if i < words else f"<td>{escape(c)}</td>" for i, c in enumerate(row)) + "</tr>" for row in rows]
    return "\n".join([*lines, "</tbody></table></div>"])


def _columns(head: Sequence[str], rows: Sequence[Sequence[str]], words: int) -> Iterator[str]:
    """Aligned lines; the first `words` columns to the left, the others to the right."""
    cells = [[_cut(c, 48) for c in row] for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        yield "  ".join(c.ljust(w) if i < words else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))).rstrip()


def _group_row(g: Group) -> tuple[str, ...]:
    share = Interval(*(100 * v for v in g.share))
    return (
        g.name, f"{g.documents:,}", f"{g.words:,}", f"{g.spun:,}", f"{g.suspect:,}", f"{_figure(share.value)}% ({_figure(share.low)}-{_figure(share.high)})",
        f"{g.findings:,}", f"{_figure(g.rate.value)} ({_figure(g.rate.low)}-{_figure(g.rate.high)})",
    )  # fmt: skip


def _phrase_row(p: Sequence[object]) -> tuple[str, ...]:
    return tuple(f"{v:,}" if isinstance(v, int) else str(v) for v in p)


def _rise_row(r: Sequence[object]) -> tuple[str, ...]:
    return tuple(f"{v:.2g}" if isinstance(v, float) else str(v) for v in r)


def _figure(value: float) -> str:
    """A figure with three digits that count."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 1 else f"{value:.3f}" if value else "0"


def _cut(label: str, length: int) -> str:
    return label if len(label) <= length else "…" + label[1 - length :]
