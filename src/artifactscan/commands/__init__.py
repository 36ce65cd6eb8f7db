"""The commands, one file for each group of them; `cli.py` imports a file when one of its commands is called."""
