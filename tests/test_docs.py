"""docs/workflow.md does what it says: its files are written and its commands run, in one folder, from top to bottom.  Of the other pages, what can be told by form.

Set ARTIFACTSCAN_UPDATE=1 to write the outputs anew, and read the difference before you commit it.
"""
from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "docs" / "workflow.md"
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_workflow(tmp_path: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "GIT_CONFIG_GLOBAL": os.devnull}

    def done(block: re.Match[str]) -> str:
        """The block as it should be."""
        kind, name, content = block.groups()
        if name:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(content, encoding="utf-8")
        if kind != "console":
            return block[0]
        parts = ["```console\n"]
        for command in re.findall(r"^\$ (.*)$", content, re.MULTILINE):
            ran = subprocess.run(["bash", "-c", command], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
            parts += f"$ {command}\n", ran.stdout
        return "".join((*parts, "```"))

    page = PAGE.read_text(encoding="utf-8")
    expected = BLOCK.sub(done, page)
    if os.environ.get("ARTIFACTSCAN_UPDATE"):
        PAGE.write_text(expected, encoding="utf-8")
    assert page == expected


@pytest.mark.parametrize("page", [PAGE.parents[1] / "README.md", *sorted(PAGE.parent.glob("*.md"))], ids=lambda page: page.name)
def test_commands_can_be_typed_as_they_stand(page: Path) -> None:
    """No words after an installation that are no packages, and no choice written as a pipe."""
    for line in re.findall(r"^ *((?:pip install|artifactscan) .*)$", page.read_text(encoding="utf-8"), re.MULTILINE):
        assert not re.search(r"\| (?:install|remove|show|prune|status|update|uninstall)\b", line), line
        if line.startswith("pip install"):
            assert re.fullmatch(r"pip install (?:\S+)(?: &&.*)?", shlex.join(shlex.split(line, comments=True)).replace("'&&'", "&&")), line


def test_the_map_names_every_source_of_the_lexicon() -> None:
    row = re.search(r"^    lexicons/ .*$", (PAGE.parent / "architecture.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert row and [path.name for path in (PAGE.parents[1] / "lexicons").iterdir() if path.name not in row[0]] == []
