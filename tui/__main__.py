"""`python -m gradwalk.tui` is the command `gradwalk`."""

from .cli import main

main(prog_name="gradwalk")
