"""Saving a text to a file in the folder where gradwalk was started."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path

from ..engine.errors import GradwalkError


def save_text(name: str, text: str) -> Path:
    """Write a text to a new file, called `name`.txt or nearly so, and return its whole path.

    No file that exists is touched. Raises GradwalkError where none can be written.
    """
    stem = re.sub(r"[^\w.-]+", "-", name).strip("-.")[:80] or "gradwalk"
    for number in count(1):
        path = Path.cwd() / (f"{stem}.txt" if number == 1 else f"{stem}-{number}.txt")
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            continue
        except OSError as error:
            raise GradwalkError(f"{path} cannot be written: {error.strerror}") from None
        return path
    raise AssertionError("there is always one more number")
