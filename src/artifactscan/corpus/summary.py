"""What a run found, by groups of documents and over time; read through DuckDB, so the datasets may be larger than memory.

Methods.  A share has Wilson's 95% interval.  Findings come in clusters (a spun document has twenty), so a rate's
variance is that of a ratio of sums over documents; the design effect D is that variance over the one that independent
findings would have (1 at least), and the 95% interval is Byar's approximation of the exact Poisson interval, for
findings / D, times D.  A phrase rises if the share of documents with it is greater in the last month than in the
first: Fisher's exact test, one-sided, and of all phrases tested those with a false discovery rate of at most 5%
(Benjamini and Hochberg).
"""
from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from artifactscan.corpus import require
from artifactscan.corpus.store import manifest
from artifactscan.model import ArtifactscanError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Z = 1.959964  # the normal quantile of 97.5%
FALSE_DISCOVERIES = 0.05
DATES = ("date", "published", "publication_date", "created", "timestamp", "month", "year")  # where a document's month is looked for


class Interval(NamedTuple):
    """An estimate with its 95% interval."""

    value: float
    low: float
    high: float


class Group(NamedTuple):
    """Documents that have something in common; rates are findings per 10,000 words."""

    name: str
    documents: int
    words: int
    spun: int
    suspect: int
    findings: int
    share: Interval  # of the documents with a verdict: spun or suspect
    rate: Interval


class Phrase(NamedTuple):
    """A wording that was found, and what probably stood there."""

    phrase: str
    original: str
    rule: str
    documents: int
    findings: int


class Rise(NamedTuple):
    """A phrase in documents of the first month and of the last; `p` is Fisher's, `q` corrected for the number of phrases."""

    phrase: str
    original: str
    before: int
    after: int
    p: float
    q: float


class Summary(NamedTuple):
    """Everything that `corpus summary` tells."""

    folder: str
    by: str
    state: str
    skipped: int
    total: Group
    groups: tuple[Group, ...]
    months: tuple[Group, ...]
    phrases: tuple[Phrase, ...]
    rising: tuple[Rise, ...]
    reasons: tuple[tuple[str, int], ...]


def summarise(folder: Path, by: str = "source", top: int = 20) -> Summary:
    """The summary of a run, grouped by a column of its documents or of their metadata, or by `month` or `year`.

    Raises ArtifactscanError for a folder without a run, and for a column that no document has.
    """
    about = manifest(folder)
    with connect(folder) as db:
        total, groups, months = _groups(db, "'all'"), _groups(db, _column(db, by)), _groups(db, _month(7))
        return Summary(
            str(folder),
            by,
            about["state"],
            _one(db, "SELECT count(*) FROM documents WHERE skipped IS NOT NULL"),
            total[0] if total else _group(("all", *[0] * 9)),
            tuple(sorted(groups, key=lambda g: -g.documents)) if by not in ("month", "year") else tuple(groups),
            tuple(g for g in months if g.name != "unknown"),
            tuple(Phrase(*row) for row in db.execute(f"{PHRASES} ORDER BY documents DESC, findings DESC, phrase, original, rule LIMIT ?", [top]).fetchall()),
            tuple(_rising(db, [g.name for g in months if g.name != "unknown"])[:top]),
            tuple(db.execute(f"{REASONS} LIMIT ?", [top]).fetchall()),
        )


PHRASES = """
    SELECT lower(regexp_replace(excerpt, '\\s+', ' ', 'g')) AS phrase, originals[1] AS original, rule,
           count(DISTINCT (input, row, document)) AS documents, count(*) AS findings
    FROM findings GROUP BY ALL"""

REASONS = "SELECT skipped, count(*) FROM documents WHERE skipped IS NOT NULL GROUP BY ALL ORDER BY 2 DESC, 1"

# n, words, findings, spun, suspect, judged, sums of squares and products: what the intervals need
SUMS = """
    SELECT coalesce({by}, 'unknown') AS name, count(*), sum(words), sum(findings), count(*) FILTER (verdict = 'spun'),
           count(*) FILTER (verdict = 'suspect'), count(*) FILTER (verdict <> 'too-short'),
           sum(findings::DOUBLE * findings), sum(findings::DOUBLE * words), sum(words::DOUBLE * words)
    FROM documents WHERE skipped IS NULL GROUP BY 1 ORDER BY 1"""


def connect(folder: Path) -> DuckDBPyConnection:
    """A connection with the run's two tables, `documents` and `findings`: those of committed parts."""
    require("duckdb")
    import duckdb

    parts = sorted((folder / "documents").glob("part-*.parquet"))
    if not parts:
        raise ArtifactscanError(f"{folder}: nothing is finished there yet; run `artifactscan corpus` with --resume")
    db = duckdb.connect()
    for name in ("documents", "findings"):  # the same parts of both: a part's findings come first, its documents say that it is whole
        files = ", ".join("'" + str(folder / name / part.name).replace("'", "''") + "'" for part in parts)
        db.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet([{files}])")
    return db


def wilson(hits: int, of: int) -> Interval:
    """A share (0-1) with Wilson's interval."""
    if not of:
        return Interval(0.0, 0.0, 1.0)
    share, z2 = hits / of, Z * Z
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z / (1 + z2 / of) * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    return Interval(share, 0.0 if hits == 0 else middle - half, 1.0 if hits == of else middle + half)


def rate(n: int, words: float, findings: float, ff: float, fw: float, ww: float) -> Interval:
    """Findings per 10,000 words over n documents, from sums over them: findings squared, findings times words, words squared."""
    if not words:
        return Interval(0.0, 0.0, 0.0)
    ratio = findings / words
    spread = max(0.0, ff - 2 * ratio * fw + ratio * ratio * ww) * n / max(1, n - 1)
    design = max(1.0, spread / findings) if findings else 1.0
    low, high = byar(findings / design)
    return Interval(1e4 * ratio, 1e4 * low * design / words, 1e4 * high * design / words)


def byar(count: float) -> tuple[float, float]:
    """The 95% interval of a Poisson mean of which `count` was seen."""
    low = count * (1 - 1 / (9 * count) - Z / (3 * math.sqrt(count))) ** 3 if count > 0 else 0.0
    return max(0.0, low), (count + 1) * (1 - 1 / (9 * (count + 1)) + Z / (3 * math.sqrt(count + 1))) ** 3


def fisher(before: int, of_before: int, after: int, of_after: int) -> float:
    """The probability, if nothing changed, of as many documents as `after` or more in the last period."""
    hits, documents = before + after, of_before + of_after

    def log_choose(n: int, k: int) -> float:
        return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)

    whole = log_choose(documents, hits)
    terms = (math.exp(log_choose(of_after, k) + log_choose(of_before, hits - k) - whole) for k in range(after, min(hits, of_after) + 1))
    return min(1.0, math.fsum(terms))


def discoveries(ps: Sequence[float]) -> list[float]:
    """The false discovery rate at which each test would count (Benjamini and Hochberg)."""
    qs = [1.0] * len(ps)
    least = 1.0
    for rank, i in reversed(list(enumerate(sorted(range(len(ps)), key=lambda i: ps[i]), 1))):
        least = qs[i] = min(least, ps[i] * len(ps) / rank)
    return qs


def _groups(db: DuckDBPyConnection, by: str) -> list[Group]:
    return [_group(row) for row in db.execute(SUMS.format(by=by)).fetchall()]


def _group(row: Sequence[Any]) -> Group:
    name, n, words, findings, spun, suspect, judged, ff, fw, ww = row
    return Group(str(name), n, int(words or 0), spun, suspect, int(findings or 0), wilson(spun + suspect, judged), rate(n, words, findings, ff, fw, ww))


def _column(db: DuckDBPyConnection, by: str) -> str:
    """The expression for a column by which documents are grouped."""
    if by in ("month", "year"):
        return _month(7 if by == "month" else 4)
    if by in ("source", "verdict", "input"):
        return f"{by}::VARCHAR"
    known = [key for (key,) in db.execute("SELECT DISTINCT unnest(map_keys(metadata)) FROM documents ORDER BY 1").fetchall()]
    if by not in known:
        raise ArtifactscanError(f"no document has a column {by!r}; group by source, month, year, verdict or one of {', '.join(known) or 'no others'}")
    return _field(by)


def _month(length: int) -> str:
    """The expression for the month (7 characters) or year (4) of a document."""
    pattern = r"^\d{4}-\d{2}" if length == 7 else r"^\d{4}"
    return "coalesce(" + ", ".join(f"nullif(regexp_extract({_field(name)}, '{pattern}'), '')" for name in DATES) + ")"


def _field(name: str) -> str:
    return "metadata['" + name.replace("'", "''") + "']"


def _rising(db: DuckDBPyConnection, months: list[str]) -> list[Rise]:
    """The phrases that stand in a greater share of documents in the last month than in the first."""
    if len(months) < 2:
        return []
    month = _month(7)
    counts = dict(db.execute(f"SELECT {month}, count(*) FROM documents WHERE skipped IS NULL GROUP BY ALL").fetchall())
    rows = db.execute(
        f"""
        SELECT lower(regexp_replace(f.excerpt, '\\s+', ' ', 'g')) AS phrase, min(f.originals[1]),
               count(DISTINCT (d.input, d.row, d.path)) FILTER (d.month = $first), count(DISTINCT (d.input, d.row, d.path)) FILTER (d.month = $last)
        FROM findings f JOIN (SELECT *, {month} AS month FROM documents) d
          ON d.path = f.document AND d.input IS NOT DISTINCT FROM f.input AND d.row IS NOT DISTINCT FROM f.row
        WHERE d.month IN ($first, $last) GROUP BY 1 ORDER BY 1""",
        {"first": months[0], "last": months[-1]},
    ).fetchall()
    ps = [fisher(before, counts[months[0]], after, counts[months[-1]]) for _, _, before, after in rows]
    rises = [Rise(phrase, original, before, after, p, q) for (phrase, original, before, after), p, q in zip(rows, ps, discoveries(ps), strict=True) if q <= FALSE_DISCOVERIES]
    return sorted(rises, key=lambda r: (r.p, -r.after, r.phrase))


def _one(db: DuckDBPyConnection, query: str) -> int:
    row = db.execute(query).fetchone()
    return int(row[0]) if row else 0
