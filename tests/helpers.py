"""What the tests of detectors share."""
from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from artifactscan.model import Document, Finding
from artifactscan.scan import Scanner


@cache
def scanner() -> Scanner:
    """A scanner of everything but the decoder, which considers much and has tests of its own."""
    return Scanner(min_score=0, ignore=("substitution",))


def found(text: str, *rules: str) -> list[Finding]:
    """Every candidate of these rules (of all rules if none is named) in a text."""
    return [f for f in scanner().scan(Document("-", text)).findings if not rules or f.rule in rules]


def pairs(text: str, *rules: str) -> list[tuple[str, str]]:
    """(excerpt, first original) of each."""
    return [(f.excerpt, f.originals[0]) for f in found(text, *rules)]


def loaded(*arguments: str) -> set[str]:
    """The modules that are loaded after a command with these arguments."""
    code = f"import sys\nfrom artifactscan.cli import cli\ntry: cli({list(arguments)!r})\nexcept SystemExit: pass\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, by nobody's configuration."""
    settings = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false", "-c", "protocol.file.allow=always")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")} | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(["git", *settings, *arguments], cwd=folder, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr
