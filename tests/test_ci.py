"""pre-commit, GitHub and GitLab: their files are valid, and what they run works."""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from helpers import git

ROOT = Path(__file__).parents[1]
SPUN = "It has n't rained since May.\n"


@pytest.mark.parametrize(
    "command",
    [
        ("check_jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml"),
        ("check_jsonschema", "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", "templates/gitlab-ci.yml"),
        ("pre_commit", "validate-manifest", ".pre-commit-hooks.yaml"),
    ],
    ids=lambda command: command[-1],
)
def test_valid(command: tuple[str, ...]) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def sh(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A step of CI, as a runner runs it."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(["bash", "-e", "-o", "pipefail", "-c", script], cwd=folder, capture_output=True, text=True, env={**os.environ, "PATH": path, **environment})


def test_the_action_reports_and_fails(tmp_path: Path) -> None:
    steps = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["runs"]["steps"]
    script = next(step["run"] for step in steps if step.get("id") == "check")
    (tmp_path / "a.txt").write_text(SPUN, encoding="utf-8")
    output = tmp_path / "output"
    environment = {"RUNNER_TEMP": str(tmp_path), "GITHUB_OUTPUT": str(output), "CHECK_PATHS": "a.txt", "CHECK_OPTIONS": ""}
    done = sh(script, tmp_path, **environment)
    assert (done.returncode, output.read_text()) == (1, f"sarif={tmp_path}/artifactscan.sarif\n")
    assert "file=a.txt" in done.stdout
    assert '"detached-contraction"' in (tmp_path / "artifactscan.sarif").read_text(encoding="utf-8")
    assert sh(script, tmp_path, **environment | {"CHECK_OPTIONS": "--min-score 100"}).returncode == 0


def test_the_gitlab_job_reports_and_fails(tmp_path: Path) -> None:
    job = yaml.safe_load((ROOT / "templates" / "gitlab-ci.yml").read_text(encoding="utf-8"))["artifactscan"]
    (tmp_path / "a.txt").write_text(SPUN, encoding="utf-8")
    done = sh("\n".join(job["script"]), tmp_path, **job["variables"])
    assert done.returncode == 1
    assert "[has n't]" in done.stdout
    assert '"detached-contraction"' in (tmp_path / job["artifacts"]["reports"]["codequality"]).read_text(encoding="utf-8")
    assert sh("\n".join(job["before_script"][1:]), tmp_path).returncode != 0  # nobody said what to install


@pytest.mark.skipif("ARTIFACTSCAN_SLOW" not in os.environ, reason="builds an environment; set ARTIFACTSCAN_SLOW=1")
def test_pre_commit(tmp_path: Path) -> None:
    """pre-commit itself, on a repository that uses this one."""
    hooks, project = tmp_path / "hooks", tmp_path / "project"
    for name in ("src", "lexicons", "tools", "pyproject.toml", "README.md", "LICENSE", "NOTICE", ".pre-commit-hooks.yaml"):
        source = ROOT / name
        hooks.mkdir(exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, hooks / name)
    project.mkdir()
    for name, text in (("clean.md", "All is well.\n"), ("a b.txt", SPUN), ("code.py", f"# {SPUN}"), ("page.html", SPUN)):
        (project / name).write_text(text, encoding="utf-8")
    for folder in (hooks, project):
        git(folder, "init", "-q")
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", "all")
    revision = git(hooks, "rev-parse", "HEAD").strip()
    hook_ids = "\n".join(f"  - id: {name}" for name in ("artifactscan", "artifactscan-documents"))
    (project / ".pre-commit-config.yaml").write_text(f"repos:\n- repo: {hooks}\n  rev: {revision}\n  hooks:\n{hook_ids}\n", encoding="utf-8")
    git(project, "add", "-A")

    def pre_commit(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "home"), "GIT_CONFIG_GLOBAL": os.devnull}
        return subprocess.run([sys.executable, "-m", "pre_commit", "run", *arguments], cwd=project, capture_output=True, text=True, env=environment)

    failed = pre_commit("artifactscan", "--all-files")
    assert failed.returncode == 1, failed.stderr
    assert "a b.txt:1:4  detached-contraction" in failed.stdout
    assert "2 documents" in failed.stdout
    assert "page.html:1:4  detached-contraction" in pre_commit("artifactscan-documents", "--all-files").stdout
    assert pre_commit("artifactscan", "--files", "clean.md", "code.py").returncode == 0
