"""The command `artifactscan`, also as `python -m artifactscan`."""
from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress

from artifactscan import CONTAINERS


def main() -> None:
    """Run the command line; Ctrl-C is answered in words from the first import on."""
    try:
        gc.set_threshold(CONTAINERS)  # searching what a start makes is a fifth of it
        from artifactscan import cli

        cli.main()
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        _leave(130)
    except SystemExit as end:
        _leave(end.code)


def _leave(status: str | int | None) -> None:
    """End the process as it is: taking its tables apart, word by word, would be a sixth of a short run.  A profiler calls cli.main."""
    with suppress(OSError, ValueError):  # what cannot be written is told as always
        sys.stdout.flush()
        sys.stderr.flush()
        if isinstance(status, int):
            os._exit(status)
    sys.exit(status)


if __name__ == "__main__":
    main()
