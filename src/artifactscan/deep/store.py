"""What the language model has said about texts, on disk: one small file for each text, the oldest removed when they grow too large.

Files are written in one step; one that is damaged is as good as none, and of two runs that write at once the later wins.
"""
from __future__ import annotations

import contextlib
import json
import os
import zlib
from pathlib import Path
from typing import Any

LIMIT = 256 << 20  # bytes of all files


class Store:
    """Values by text and by whatever else they depend on (`origin`: the model, the version)."""

    def __init__(self, folder: Path, origin: str, limit: int = LIMIT) -> None:
        self.folder = folder
        self.origin = origin
        self.limit = limit

    def get(self, kind: str, text: str) -> Any:
        """The value kept for a text, as JSON gives it back; None if there is none."""
        path = self._path(kind, text)
        try:
            value = json.loads(zlib.decompress(path.read_bytes()))
            os.utime(path)  # used just now
        except (OSError, zlib.error, ValueError):
            return None
        return value

    def put(self, value: Any, kind: str, text: str) -> None:
        """Keep a value; where that is impossible nothing happens."""
        path = self._path(kind, text)
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(zlib.compress(json.dumps(value).encode()))
            os.replace(part, path)
            self._shrink()

    def _path(self, kind: str, text: str) -> Path:
        import hashlib

        name = hashlib.sha256("\0".join((self.origin, kind, text)).encode("utf-8", "surrogatepass")).hexdigest()
        return self.folder / f"{name[:32]}.answers"

    def _shrink(self) -> None:
        """Remove what was used longest ago until all fits."""
        files = []
        for path in self.folder.iterdir():
            with contextlib.suppress(OSError):
                files.append((path.stat().st_mtime_ns, path.stat().st_size, path))
        size = sum(s for _, s, _ in files)
        for _, bytes_, path in sorted(files):
            if size <= self.limit:
                return
            path.unlink(missing_ok=True)
            size -= bytes_
