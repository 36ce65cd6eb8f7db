"""Subtitles, .srt and .vtt: what is said, with the lines of the file; a sentence goes on from one cue to the next."""
from __future__ import annotations

import re

from artifactscan.model import Document
from artifactscan.readers.flow import Flow
from artifactscan.readers.plain import bounded, decode

TIMES = re.compile(r"\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}\s*-->")
NOT_CUES = ("WEBVTT", "NOTE", "STYLE", "REGION")
TAG = re.compile(r"</?(?:[a-zA-Z][^<>\n]{0,200}|\d[\d:.]*)>|\{\\[^{}\n]{0,200}\}|^\s*[\[(♪][^\])]*[\])♪]\s*$")  # styles, voices, times; what is heard, not said
SPEAKER = re.compile(r"\s*[-–—]\s+|\s*>>\s*")


def read(raw: bytes, name: str) -> Document:
    """The words of subtitles."""
    flow = Flow()
    said = False  # whether we are below a line of times
    source = decode(bounded(raw)).replace("\r\n", "\n")
    for number, line in enumerate(source.split("\n"), 1):
        if TIMES.match(line):
            said = True
        elif not line.strip() or (not said and line.startswith(NOT_CUES)):
            said = False
        elif said:
            _line(flow, line, number)
    return flow.document(name, source)


def _line(flow: Flow, line: str, number: int) -> None:
    flow.space()
    start = 0
    if speaker := SPEAKER.match(line):
        flow.block()
        start = speaker.end()
    for tag in TAG.finditer(line, start):
        flow.text(line[start : tag.start()], number, start + 1)
        start = tag.end()
    flow.text(line[start:], number, start + 1)
    if line.rstrip().endswith((".", "!", "?", "…")):
        flow.block()
