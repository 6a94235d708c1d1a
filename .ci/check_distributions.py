"""Check that the wheel and the sdist hold all that they must: `check_distributions.py FILE...`."""

from __future__ import annotations

import sys
import tarfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def names(file: str) -> set[str]:
    """Return the names in a wheel or an sdist."""
    if file.endswith(".whl"):
        return set(zipfile.ZipFile(file).namelist())
    with tarfile.open(file) as archive:
        return {name.partition("/")[2] for name in archive.getnames()}


def missing(file: str) -> set[str]:
    """Return what should be in a wheel or an sdist and is not."""
    wheel = file.endswith(".whl")
    prefix = "gradwalk/" if wheel else ""
    sources = [path for top in ("engine", "tui", "scenarios") for path in (ROOT / top).rglob("*") if path.is_file()]
    shipped = {path.relative_to(ROOT) for path in sources if path.suffix in (".py", ".toml", ".tcss", ".typed")}
    if wheel:  # the package gradwalk itself has its folder among the others
        shipped = {path.relative_to("tui/front") if path.is_relative_to("tui/front") else path for path in shipped}
    wanted = {f"{prefix}{path}" for path in shipped}
    there = names(file)
    licensed = any(name.endswith("LICENSE") for name in there)
    return (wanted - there) | (set() if licensed else {"LICENSE"})


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        if argument.endswith((".whl", ".tar.gz")):
            absent = missing(argument)
            print(f"{Path(argument).name}: {len(names(argument))} files, missing: {sorted(absent) or 'nothing'}")
            if absent:
                sys.exit(1)
