"""Compiles lexicons/ into the wheel, so that an installed artifactscan opens its tables by mmap at once."""
from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds artifactscan/lexicon.bin to a wheel; an editable install compiles on first use instead."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        from artifactscan.compiled import compile_folder

        target = Path(self.directory) / "lexicon.bin"
        compile_folder(root / "lexicons", target)
        build_data["force_include"][str(target)] = "artifactscan/lexicon.bin"
        build_data["pure_python"] = True
