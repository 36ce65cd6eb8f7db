"""`python -m artifactscan` is the command `artifactscan`."""
from artifactscan.cli import main

main()
