"""What can be done about a database that is damaged, and about a file system without locks."""

from __future__ import annotations

import itertools
import os
import tempfile
from pathlib import Path


def set_aside(path: Path, identity: tuple[int, int] | None) -> Path | None:
    """Give a damaged file, and its journal, another name; return it.

    `identity` is the device and the number of the file that was found damaged. Where another file stands there now,
    another terminal was faster: nothing is done then, and None returned. Raises OSError where it cannot be renamed.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    if identity is not None and (found.st_dev, found.st_ino) != identity:
        return None
    names = (path.with_name(f"{path.name}.damaged{'' if n == 1 else f'-{n}'}") for n in itertools.count(1))
    aside = next(name for name in names if not name.exists())
    journal = path.with_name(f"{path.name}-journal")
    if journal.exists():  # it belongs to the damaged file; SQLite would play it back into the new one
        journal.replace(aside.with_name(f"{aside.name}-journal"))
    path.replace(aside)
    return aside


def has_locks(folder: Path) -> bool:
    """Say whether files in a folder can be locked, which some network file systems refuse."""
    try:
        import fcntl
    except ImportError:
        return True
    try:
        handle, name = tempfile.mkstemp(prefix=".gradwalk-", dir=folder)
    except OSError:
        return True
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(handle)
        Path(name).unlink(missing_ok=True)
    return True
