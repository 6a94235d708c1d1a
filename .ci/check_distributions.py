"""Check that the wheel and the sdist hold all that they must, and the wheel nothing else.

`check_distributions.py FILE...`
"""

from __future__ import annotations

import re
import sys
import tarfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]

_ABOUT = re.compile(r"gradwalk-[^/]+\.(dist-info/|data/data/share/man/man1/gradwalk\.1$)")
"""What a wheel holds beside the package."""


def names(file: str) -> set[str]:
    """Return the names in a wheel or an sdist."""
    if file.endswith(".whl"):
        return set(zipfile.ZipFile(file).namelist())
    with tarfile.open(file) as archive:
        return {name.partition("/")[2] for name in archive.getnames()}


def differences(file: str) -> tuple[set[str], set[str]]:
    """Return what should be in a wheel or an sdist and is not, and what is in a wheel and should not be."""
    wheel = file.endswith(".whl")
    prefix = "gradwalk/" if wheel else ""
    sources = [path for top in ("engine", "tui", "scenarios") for path in (ROOT / top).rglob("*") if path.is_file()]
    left_out = {".pyc"}
    shipped = {path.relative_to(ROOT) for path in sources if path.suffix not in left_out}
    if wheel:  # the package gradwalk itself has its folder among the others
        shipped = {path.relative_to("tui/front") if path.is_relative_to("tui/front") else path for path in shipped}
    wanted = {f"{prefix}{path.as_posix()}" for path in shipped}
    there = names(file)
    licensed = any(name.endswith("LICENSE") for name in there)
    manual = any(name.endswith("man/man1/gradwalk.1" if wheel else "docs/man/gradwalk.1") for name in there)
    absent = (wanted - there) | (set() if licensed else {"LICENSE"}) | (set() if manual else {"gradwalk.1"})
    strange = {name for name in there - wanted if not _ABOUT.match(name)} if wheel else set[str]()
    return absent, strange


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        if argument.endswith((".whl", ".tar.gz")):
            absent, strange = differences(argument)
            print(f"{Path(argument).name}: {len(names(argument))} files, missing: {sorted(absent) or 'nothing'}")
            if absent or strange:
                print(f"what should not be there: {sorted(strange) or 'nothing'}")
                sys.exit(1)
