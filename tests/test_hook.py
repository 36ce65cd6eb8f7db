"""The hooks that `artifactscan hook install` writes, run by git itself."""
from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest

from helpers import git
from test_cli import run

SPUN = "It has n't rained since May.\n"
CLEAN = "All is well.\n"


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "--bare", "server.git")
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q")
    git(folder, "remote", "add", "origin", "../server.git")
    return folder


def commit(folder: Path, *options: str, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "text", *options)


def refused(folder: Path, *arguments: str) -> bool:
    """Whether the hook refuses it, for the finding."""
    try:
        git(folder, *arguments)
        return False
    except AssertionError as error:
        return "detached-contraction" in str(error)


def test_install_and_uninstall(repository: Path) -> None:
    hook = repository / ".git" / "hooks" / "pre-push"
    (repository / "below").mkdir()
    for _ in range(2):  # its own hook is written anew
        assert run("hook", "install", cwd=repository / "below").returncode == 0
        assert hook.stat().st_mode & stat.S_IXUSR
    assert run("hook", "uninstall", cwd=repository).returncode == 0
    assert not hook.exists()
    assert run("hook", "uninstall", cwd=repository).returncode == 2


def test_a_hook_that_is_a_link_is_replaced_not_what_it_leads_to(repository: Path) -> None:
    (repository / "own.sh").write_text("#!/bin/sh\n", encoding="utf-8")
    hook = repository / ".git" / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.symlink_to("../../own.sh")
    assert run("hook", "install", cwd=repository).returncode == 2
    assert run("hook", "install", "--force", cwd=repository).returncode == 0
    assert (repository / "own.sh").read_text() == "#!/bin/sh\n" and not hook.is_symlink()


@pytest.mark.parametrize("kind", ["pre-push", "pre-commit"])
def test_a_foreign_hook_stays(repository: Path, kind: str) -> None:
    hook = repository / ".git" / "hooks" / kind
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\n", encoding="utf-8")
    for command in ("install", "uninstall"):
        done = run("hook", command, f"--{kind}", cwd=repository)
        assert (done.returncode, hook.read_text(encoding="utf-8")) == (2, "#!/bin/sh\n")
        assert str(hook) in done.stderr.decode()
    assert run("hook", "install", f"--{kind}", "--force", cwd=repository).returncode == 0
    assert "artifactscan" in hook.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", ["hooks", "../common hooks"])
def test_another_folder_of_hooks(repository: Path, path: str) -> None:
    git(repository, "config", "core.hooksPath", path)
    (repository / "below").mkdir()
    assert run("hook", "install", "--pre-commit", cwd=repository / "below").returncode == 0
    assert (repository / path / "pre-commit").exists()
    (repository / "a.txt").write_text(SPUN, encoding="utf-8")
    git(repository, "add", "a.txt")
    assert refused(repository, "commit", "-m", "text")


def test_outside_of_a_repository(tmp_path: Path) -> None:
    done = run("hook", "install", cwd=tmp_path, GIT_CEILING_DIRECTORIES=str(tmp_path.parent))
    assert done.returncode == 2
    assert "in no git repository" in done.stderr.decode()


def test_pre_commit(repository: Path) -> None:
    commit(repository, a=SPUN)
    assert run("hook", "install", "--pre-commit", cwd=repository).returncode == 0
    commit(repository, a=SPUN + CLEAN)  # the finding was there before
    (repository / "code.py").write_text(f"# {SPUN}", encoding="utf-8")
    commit(repository, b=CLEAN)
    (repository / "not added.txt").write_text(SPUN, encoding="utf-8")
    (repository / "a b.txt").write_text(SPUN, encoding="utf-8")
    git(repository, "add", "a b.txt")
    assert refused(repository, "commit", "-m", "text")
    git(repository, "commit", "--no-verify", "-m", "text")
    git(repository, "rm", "-q", "a b.txt")
    git(repository, "commit", "-m", "a file less")


def test_the_first_commit_and_other_files(repository: Path) -> None:
    assert run("hook", "install", "--pre-commit", cwd=repository).returncode == 0
    (repository / "a.note").write_text(SPUN, encoding="utf-8")
    git(repository, "add", "a.note")
    git(repository, "config", "artifactscan.files", "*.note")
    assert refused(repository, "commit", "-m", "text")


def test_pre_push(repository: Path) -> None:
    commit(repository, a=CLEAN)
    assert run("hook", "install", cwd=repository).returncode == 0
    git(repository, "push", "-q", "origin", "main")
    commit(repository, b=SPUN)
    assert refused(repository, "push", "-q", "origin", "main")
    git(repository, "push", "-q", "--no-verify", "origin", "main")
    (repository / "not added.txt").write_text(SPUN, encoding="utf-8")
    (repository / "a.txt").write_text(CLEAN * 2, encoding="utf-8")
    git(repository, "commit", "-q", "-a", "-m", "text")
    git(repository, "push", "-q", "origin", "main")  # what is known there is not said again


def test_pre_push_of_a_new_branch(repository: Path) -> None:
    commit(repository, a=SPUN)
    assert run("hook", "install", cwd=repository).returncode == 0
    assert refused(repository, "push", "-q", "origin", "main")  # nothing is there: all of it is new
    git(repository, "push", "-q", "--no-verify", "origin", "main")
    git(repository, "remote", "set-head", "origin", "main")
    git(repository, "switch", "-q", "-c", "branch")
    commit(repository, b=CLEAN)
    git(repository, "push", "-q", "origin", "branch")
    git(repository, "push", "-q", "origin", "--delete", "branch")
    commit(repository, c=SPUN)
    assert refused(repository, "push", "-q", "origin", "branch")
    git(repository, "switch", "-q", "main")
    assert "branch is not checked out" in git(repository, "push", "origin", "branch")


@pytest.mark.parametrize("kind", ["pre-push", "pre-commit"])
def test_the_scripts_are_plain_sh(kind: str) -> None:
    import artifactscan

    script = Path(artifactscan.__file__).parent / "hooks" / kind
    subprocess.run(["sh", "-n", str(script)], check=True)
