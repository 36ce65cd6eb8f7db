"""The command `artifactscan`, also as `python -m artifactscan`."""


def main() -> None:
    """Run the command line; Ctrl-C is answered in words from the first import on."""
    try:
        from artifactscan import cli

        cli.main()
    except KeyboardInterrupt:
        import sys

        print("interrupted", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
