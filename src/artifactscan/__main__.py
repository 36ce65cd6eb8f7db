"""The command `artifactscan`, also as `python -m artifactscan`."""
import gc

CONTAINERS = 50_000  # made since the last time, from which garbage is looked for: what a start makes lives to the end


def main() -> None:
    """Run the command line; Ctrl-C is answered in words from the first import on."""
    try:
        gc.set_threshold(CONTAINERS)
        from artifactscan import cli

        cli.main()
    except KeyboardInterrupt:
        import sys

        print("interrupted", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
