"""Compiles lexicons/ into the wheel, so that an installed artifactscan opens its tables by mmap at once."""
from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds artifactscan/lexicon.bin and language.bin to a wheel; an editable install compiles on first use instead."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        from artifactscan.compiled import compile_folder, compile_language
        from artifactscan.tables import Tables

        lexicon, language = (Path(self.directory) / name for name in ("lexicon.bin", "language.bin"))
        compile_folder(root / "lexicons", lexicon)
        compile_language(root / "lexicons", Tables(lexicon), language)
        build_data["force_include"] |= {str(path): f"artifactscan/{path.name}" for path in (lexicon, language)}
        build_data["pure_python"] = True
