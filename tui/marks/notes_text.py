"""Notes of one's own in the text of a scenario file: what stands in it already stays, comments included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from ...engine.errors import GradwalkError
from ...engine.language.names import normal
from ...engine.reading.scenario import read


@dataclass(frozen=True)
class Noted:
    """The text of a file with notes in it; `joined` says at how many steps there was a note already."""

    text: str
    joined: int


def with_notes(text: str, notes: Mapping[str, str], path: Path) -> Noted:
    """Put notes, by the names of their steps, into the `[notes]` of a scenario's text.

    A note that is there already stays, and the new one stands below it; the same words are not written twice. The text
    that comes out has been read: it is a scenario. Raises GradwalkError where it would be none. `path` is its file,
    beside which its data lies.
    """
    try:
        document: Any = tomlkit.parse(text)
        if "notes" not in document:
            document["notes"] = tomlkit.table()
        table = document["notes"]
        written = {normal(key): key for key in table}
        joined = 0
        for name, note in notes.items():
            key = written.get(name, name)
            before = str(table[key]) if key in table else ""
            if note in before.split("\n"):
                continue
            joined += bool(before)
            whole = f"{before}\n{note}" if before else note
            table[key] = tomlkit.string(whole, multiline="\n" in whole)
        noted = tomlkit.dumps(document)
    except TOMLKitError as error:
        raise GradwalkError(f"the file cannot be changed in place: {error}") from None
    read(str(path), noted.encode(), path.parent)
    return Noted(noted, joined)
