"""Asking git."""
from __future__ import annotations

import os
import subprocess

from artifactscan.model import ArtifactscanError


def git(*arguments: str, failure: str) -> bytes:
    """What git prints.  Raises ArtifactscanError with the failure's message, and git's own."""
    try:
        return subprocess.run(("git", *arguments), capture_output=True, check=True).stdout
    except FileNotFoundError as error:
        raise ArtifactscanError("git is not installed, or not on PATH; install it to use this") from error
    except subprocess.CalledProcessError as error:
        said = " ".join(os.fsdecode(error.stderr).split())
        raise ArtifactscanError(failure + (f" (git: {said})" if said else "")) from error


def git_line(*arguments: str, failure: str) -> str:
    """The one line that git prints.  Raises ArtifactscanError."""
    return os.fsdecode(git(*arguments, failure=failure)).rstrip("\n")


def root() -> str:
    """The top folder of the working directory's repository.  Raises ArtifactscanError if it is in none."""
    return os.path.realpath(git_line("rev-parse", "--show-toplevel", failure="this folder is in no git repository; go to one"))
