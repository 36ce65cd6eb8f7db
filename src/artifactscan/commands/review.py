"""What a run reports of what it finds.

Left out is what the text or the project says is meant (ignored by a comment, allowed by the configuration), and does
not count for its document; and what is known by a baseline or stands on unchanged lines, and does.  Start reading at
`Review.scan`.
"""
from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from artifactscan.detectors import RULES
from artifactscan.model import COMMENT_MARK, ArtifactscanError, Document, DocumentReport, Finding, Notice, Report, Skipped
from artifactscan.painting import counted

if TYPE_CHECKING:
    from artifactscan.commands.settings import Settings
    from artifactscan.scan import Scanner
    from artifactscan.suppression import Comment

SCANNING = ("min-score", "only", "ignore", "quotes")  # settings that a scanner is made from and that may differ by path


class Review:
    """One run over any number of documents.  `make_scanner` takes the settings of SCANNING by name; `outputs` are the files that it writes."""

    def __init__(self, settings: Settings, make_scanner: Callable[..., Scanner], *, baseline: Path | None = None, changed_since: str | None = None, outputs: Iterable[Path] = ()) -> None:
        self.settings = settings
        self.notices: list[Notice] = []
        self.left_out: Counter[str] = Counter()
        self._make_scanner = make_scanner
        self._scanners: dict[tuple[object, ...], Scanner] = {}
        self._baseline = baseline
        self._own = {os.path.realpath(path) for path in (*outputs, *([baseline] if baseline else []))}
        self._known = None if baseline is None else read_baseline(baseline)
        self._changes = None
        if changed_since is not None:
            from artifactscan import changed

            self._changes = changed.changed_since(changed_since)
        self._main = self._scanner(tuple(settings.options[key] for key in SCANNING))

    def wants(self, path: Path) -> bool:
        """Whether a file is to be read at all: it has changed, a rule is left for it, and it is neither the baseline nor a file that this run writes."""
        if self._own and os.path.realpath(path) in self._own:
            return False
        only, ignore = (self.settings.value(key, str(path)) for key in ("only", "ignore"))
        if set(ignore).issuperset(only or RULES):
            return False
        return self._changes is None or self._changes.touches_file(str(path))

    def scan(self, document: Document) -> DocumentReport:
        """What is to be reported of a document."""
        scanner = self._scanner(tuple(self.settings.value(key, document.path) for key in SCANNING))
        comments = self._comments(document, scanner)
        config = self.settings.config
        allowed = [a for a in config.allow if not a.paths or config.matches(a.paths, document.path)] if config else []
        used: set[Comment] = set()

        def accept(finding: Finding) -> bool:
            ignoring = [c for c in comments if c.covers(finding)]
            if not ignoring and not any(a.covers(finding, document.text) for a in allowed):
                return True
            if finding.score >= scanner.min_score:
                used.update(ignoring)
                self.left_out["ignored" if ignoring else "allowed"] += 1
            return False

        report = scanner.scan(document, accept if comments or allowed else None)
        if report.unexamined:
            why = "it was interrupted" if self.interrupted() else "give it more time (--budget)"
            self.notices.append(Notice(document.path, 1, "unexamined", f"the language model was not asked about {counted(report.unexamined, 'place')}; {why}"))
        for comment in comments:
            if comment not in used and scanner.rules.issuperset(comment.rules or RULES):
                self.notices.append(Notice(document.path, comment.line, "unused", "hides no finding; take it out"))
        return report._replace(findings=tuple(f for f in report.findings if self._is_new(document.path, f)))

    def report(self, documents: Iterable[DocumentReport], skipped: Iterable[Skipped]) -> Report:
        """A report over scanned documents, with what was left out."""
        return self._main.report(documents, skipped)._replace(notices=tuple(sorted(self.notices)), left_out=tuple(sorted(self.left_out.items())))

    def interrupted(self) -> bool:
        """Whether somebody stopped the language model."""
        return any(s.rescorer is not None and s.rescorer.interrupted for s in self._scanners.values())

    def fails(self, report: Report) -> bool:
        """Whether a finding reaches its document's --fail-on."""
        return any(f.score >= (self.settings.value("fail-on", d.path) or 0) for d in report.documents for f in d.findings)

    def _scanner(self, values: tuple[object, ...]) -> Scanner:
        """The scanner for values of SCANNING."""
        if values not in self._scanners:
            self._scanners[values] = self._make_scanner(**{key.replace("-", "_"): value for key, value in zip(SCANNING, values, strict=True)})
        return self._scanners[values]

    def _is_new(self, path: str, finding: Finding) -> bool:
        """Whether the baseline does not know a finding, and its lines have changed."""
        if self._known is not None and self._baseline is not None:
            from artifactscan.baseline import line_of, take

            if take(self._known, line_of(name_in(self._baseline, path), finding)):
                self.left_out["known"] += 1
                return False
        if self._changes is not None and path != "-" and not self._changes.touches(path, finding):
            self.left_out["unchanged"] += 1
            return False
        return True

    def _comments(self, document: Document, scanner: Scanner) -> list[Comment]:
        """The comments of a document that hold; what is wrong with the others is noted."""
        source = document.text if document.source is None else document.source
        if COMMENT_MARK not in source:
            return []
        from datetime import date

        from artifactscan.suppression import read_comments

        holding = []
        for comment in read_comments(source):
            problem = comment.problem(today=date.today(), rules=RULES, require_reason=self.settings.value("require-reason", document.path))
            if problem is None:
                holding.append(comment)
            else:
                self.notices.append(Notice(document.path, comment.line, *problem))
        return holding


def read_baseline(path: Path) -> Counter[str]:
    """The lines of a baseline file.  Raises ArtifactscanError."""
    from artifactscan.baseline import parse

    try:
        return parse(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ArtifactscanError(f"{path}: the baseline cannot be read ({reason}); make one with `artifactscan baseline write`") from error


def name_in(baseline: Path, document: str) -> str:
    """A document's path as a baseline has it: seen from its folder."""
    return document if document == "-" else os.path.relpath(document, baseline.parent).replace(os.sep, "/")


def warn(notices: Iterable[Notice]) -> None:
    """Tell notices on standard error."""
    for n in notices:
        place = n.path if n.kind == "unexamined" else f"{n.path}:{n.line}: artifactscan comment"
        click.echo(f"{place}: {n.message}", err=True)
