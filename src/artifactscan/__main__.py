"""The command `artifactscan`, also as `python -m artifactscan`."""
import gc

from artifactscan import CONTAINERS


def main() -> None:
    """Run the command line; Ctrl-C is answered in words from the first import on."""
    try:
        gc.set_threshold(CONTAINERS)  # searching what a start makes is a fifth of it
        from artifactscan import cli

        cli.main()
    except KeyboardInterrupt:
        import sys

        print("interrupted", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
