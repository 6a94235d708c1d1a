"""`python -m gradwalk` is the command `gradwalk`."""

# In the checkout its folder is not beside the others:
# pyright: reportMissingImports=false, reportUnknownVariableType=false

from gradwalk.tui.cli import main

main(prog_name="gradwalk")
