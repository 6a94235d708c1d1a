"""Saving a text to a file: a new one in the folder where gradwalk was started, or one that somebody names.

A file that is replaced is never half-written: the text is complete on the disk, beside it, before it takes its place.
"""

from __future__ import annotations

import os
import re
import stat
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
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


def write_new(path: Path, text: str) -> None:
    """Write a text to a new file; GradwalkError where there is one already, or none can be written."""
    with _readable(path):
        target = path.resolve()
        with _complete_copy(target, text, 0o666 & ~_umask()) as copy:
            try:
                os.link(copy, target)  # unlike a replacement, it fails where a file has come there meanwhile
            except FileExistsError:
                raise
            except OSError:  # a file system without such links
                with target.open("x", encoding="utf-8"):
                    copy.replace(target)


def replace_file(path: Path, text: str) -> None:
    """Put a text in the place of a file's; its permissions stay, and where `path` is a link, so does the link.

    Raises GradwalkError where it cannot be written; the file is as it was then.
    """
    with _readable(path):
        target = path.resolve(strict=True)
        if not os.access(target, os.W_OK):
            raise PermissionError(13, "Permission denied")
        with _complete_copy(target, text, stat.S_IMODE(target.stat().st_mode)) as copy:
            copy.replace(target)


@contextmanager
def _complete_copy(target: Path, text: str, mode: int) -> Generator[Path]:
    """Write a text to a file beside another one, all the way to the disk, and take it away where it is left over."""
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name[:40]}-", dir=target.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        yield Path(name)
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()


@contextmanager
def _readable(path: Path) -> Generator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise GradwalkError(f"{path} cannot be written: {reason}") from None


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
