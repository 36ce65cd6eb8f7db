"""The contract of the JSON report: an old report stays valid, and docs/json.md does what it says."""
from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

from artifactscan.commands.schema import SCHEMAS
from test_cli import ROOT, run

STORED = ROOT / "tests" / "stored" / "report-v1.json"
EXAMPLES = re.findall(r"```(sh|python)\n(.*?)```\n\n```\n(.*?)```", (ROOT / "docs" / "json.md").read_text(encoding="utf-8"), re.S)
SCHEMA = json.loads(resources.files("artifactscan").joinpath("schema/report-v1.json").read_text(encoding="utf-8"))


def test_a_report_of_the_first_version_is_valid_for_ever() -> None:
    """Never write tests/stored/report-v1.json anew: what reads it today must read the reports of every version 1."""
    report = json.loads(STORED.read_text(encoding="utf-8"))
    jsonschema.validate(report, SCHEMA)
    assert {d["verdict"] for d in report["documents"]} == {"spun", "suspect", "clean", "too-short"}
    assert {f["severity"] for f in report["findings"]} == {"high", "medium", "low"}
    assert report["skipped"]


def test_no_field_of_version_1_is_gone() -> None:
    """Programs rely on these; new fields may only be optional."""
    report = json.loads(STORED.read_text(encoding="utf-8"))
    assert set(SCHEMA["required"]) == set(report)
    for part in ("documents", "findings", "skipped"):
        assert set(SCHEMA["properties"][part]["items"]["required"]) == set(report[part][0])


def test_the_page_names_every_field() -> None:
    page = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    for part in ("documents", "findings", "skipped"):
        for field in SCHEMA["properties"][part]["items"]["properties"]:
            assert f"`{field}`" in page


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_command_prints_a_schema(name: str) -> None:
    schema = json.loads(run("schema", name).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["properties"]["schema"]["const"] == f"artifactscan.{name}/1"


def test_the_report_is_the_default_and_other_names_are_refused() -> None:
    assert json.loads(run("schema").stdout) == SCHEMA
    wrong = run("schema", "nothing")
    assert (wrong.returncode, wrong.stdout) == (2, b"")


@pytest.mark.parametrize(("language", "code", "output"), EXAMPLES, ids=[code.strip().splitlines()[0][:40] for _, code, _ in EXAMPLES])
def test_the_examples_print_what_the_page_shows(tmp_path: Path, language: str, code: str, output: str) -> None:
    shutil.copy(STORED, tmp_path / "report.json")
    if language == "python":
        pytest.importorskip("pandas")
        command = [sys.executable, "-c", code]
    elif shutil.which("jq"):
        command = ["sh", "-c", code]
    else:
        pytest.skip("jq is not installed")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout == output
