#!/usr/bin/env python3
"""Measure whether documents say the same as plain text: convert texts into every format, scan both, compare the findings.

    python tools/compare_formats.py FOLDER [--formats md,html,...] [--work FOLDER] [--min-score 50] [--list]

FOLDER holds .txt files, one paragraph a line.  Needs pandoc, and LibreOffice (soffice) for .pdf.  For each format: how many
of plain text's findings were found, how many findings plain text does not have, and how many of those with a line
stand in the source where they say.
"""
from __future__ import annotations

import argparse
import html
import re
import subprocess
import sys
import tempfile
from collections import Counter
from email.message import EmailMessage
from pathlib import Path

from artifactscan.model import Document, Finding
from artifactscan.readers import read
from artifactscan.scan import Scanner

# suffix -> pandoc's arguments; the others are made here or by LibreOffice
PANDOC = {
    "md": ["-t", "gfm", "--wrap=auto"],
    "rst": ["-t", "rst"],
    "html": ["-s", "-t", "html", "--wrap=auto", "--metadata", "pagetitle=A"],  # which no reader sees: a title is a word more
    "docx": ["-t", "docx"],
    "odt": ["-t", "odt"],
    "tex": ["-s", "-t", "latex"],
    "epub": ["-t", "epub", "--metadata", "title=A"],
    "xml": ["-s", "-t", "jats_archiving", "--metadata", "title=A"],
}
CUE = 9  # words
WORD = re.compile(r"[^\W_]+")


def convert(text: str, stem: str, suffix: str, work: Path) -> Path:
    """The text as a file of that format."""
    target = work / f"{stem}.{suffix}"
    paragraphs = [p for p in text.splitlines() if p.strip()]
    if suffix in PANDOC:
        source = "<html><body>" + "".join(f"<p>{html.escape(p)}</p>\n" for p in paragraphs) + "</body></html>"
        subprocess.run(["pandoc", "-f", "html", *PANDOC[suffix], "-o", str(target)], input=source.encode(), check=True, capture_output=True)
    elif suffix == "eml":
        message = EmailMessage()
        message["Subject"] = stem
        message.set_content("\n".join(paragraphs), cte="quoted-printable")
        target.write_bytes(bytes(message))
    elif suffix == "srt":
        cues, number = [], 0
        for paragraph in paragraphs:
            words = paragraph.split(" ")
            for i in range(0, len(words), CUE):
                number += 1
                cues.append(f"{number}\n00:{number // 60:02}:{number % 60:02},000 --> 00:{number // 60:02}:{number % 60:02},900\n{' '.join(words[i : i + CUE])}\n")
        target.write_text("\n".join(cues), encoding="utf-8")
    return target


def to_pdf(documents: list[Path], work: Path) -> None:
    with tempfile.TemporaryDirectory() as profile:
        command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "pdf", "--outdir", str(work), *map(str, documents)]
        subprocess.run(command, check=True, capture_output=True)


def wordings(findings: tuple[Finding, ...]) -> Counter[tuple[str, str]]:
    """(rule, what it says without white space and hyphens, apostrophes straight) of each finding."""
    return Counter((f.rule, re.sub("[\\s\\u2010-]", "", f.excerpt.lower().replace("’", "'"))) for f in findings)


def truly_placed(path: Path, findings: tuple[Finding, ...]) -> int:
    """How many findings with a line begin there with the letters that the source has."""
    lines = path.read_bytes().decode("utf-8").splitlines()
    words = [(f, WORD.match(f.excerpt)) for f in findings if f.line]
    return sum(word is None or lines[f.line - 1].startswith(word[0], f.column - 1) for f, word in words)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--formats", default=",".join([*PANDOC, "eml", "srt", "pdf"]))
    parser.add_argument("--work", type=Path, help="keep the converted files there, and use those that are there already")
    parser.add_argument("--min-score", type=float, default=50.0)
    parser.add_argument("--list", action="store_true", help="list every finding that is missing or new")
    args = parser.parse_args()
    work = args.work or Path(tempfile.mkdtemp())
    work.mkdir(parents=True, exist_ok=True)
    texts = {p.stem: p.read_text(encoding="utf-8") for p in sorted(args.folder.glob("*.txt"))}
    if not texts:
        sys.exit(f"compare_formats: no .txt files in {args.folder}")
    formats = args.formats.split(",")
    if "pdf" in formats:
        missing = [stem for stem in texts if not (work / f"{stem}.pdf").exists()]
        sources = [work / f"{s}.docx" if (work / f"{s}.docx").exists() else convert(texts[s], s, "docx", work) for s in missing]
        if sources:
            to_pdf(sources, work)
    scanner = Scanner(min_score=args.min_score)
    plain = {stem: scanner.scan(Document(stem, text)).findings for stem, text in texts.items()}
    total = sum(map(len, plain.values()))
    print(f"{len(texts)} texts, {total} findings in plain text")
    for suffix in formats:
        found = new = lines = placed = 0
        for stem, text in texts.items():
            path = work / f"{stem}.{suffix}"
            if not path.exists():
                convert(text, stem, suffix, work)
            findings = scanner.scan(read(path)).findings
            wanted, got = wordings(plain[stem]), wordings(findings)
            found += (wanted & got).total()
            new += (got - wanted).total()
            if suffix not in ("eml", "pdf", "docx", "odt", "epub"):
                lines += sum(f.line > 0 for f in findings)
                placed += truly_placed(path, findings)
            if args.list:
                for sign, difference in (("missing", wanted - got), ("new", got - wanted)):
                    for rule, words in difference.elements():
                        print(f"  {suffix} {stem}: {sign} {rule} {words!r}")
        where = f", {placed} of {lines} in their place" if lines else ""
        print(f"{suffix:5} {found} of {total} ({100 * found / max(1, total):.1f}%), {new} new{where}")


if __name__ == "__main__":
    main()
