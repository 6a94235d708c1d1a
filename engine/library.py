"""The scenarios that can be opened: the built-in ones by their names, others by their paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from .. import scenarios
from .card import Card, in_sections, read_card
from .errors import ScenarioError, did_you_mean

if TYPE_CHECKING:
    from .scenario import Scenario

_BUILT_IN = Path(next(iter(scenarios.__path__)))


def built_in_names() -> list[str]:
    """Return the names of the scenarios that come with gradwalk."""
    return sorted(file.stem for file in _BUILT_IN.iterdir() if file.suffix == ".toml")


def library() -> list[Card]:
    """Return a card for every built-in scenario, in the order the library shows them; no graph is made."""
    return in_sections(sorted(map(card_of, built_in_names()), key=lambda card: (card.order, card.name)))


def card_of(name: str) -> Card:
    """Return the card of a built-in scenario."""
    return read_card((_BUILT_IN / f"{name}.toml").read_text(encoding="utf-8"), name)


def load(name: str) -> Scenario:
    """Open a built-in scenario by its name, or a scenario file by its path.

    Raises ScenarioError when there is none or it cannot be read.
    """
    from .reading.scenario import MAX_FILE_SIZE, read  # reading needs NumPy, and the list of scenarios does not

    known = built_in_names()
    if name in known:
        return read(f"{name}.toml", (_BUILT_IN / f"{name}.toml").read_bytes(), _BUILT_IN)
    content = content_of(name, MAX_FILE_SIZE, known, "scenario")
    path = Path(name)
    return replace(read(name, content, path.parent), path=path.resolve())


def content_of(name: str, most: int, known: Sequence[str], kind: str) -> bytes:
    """Return what is in a file, at most `most` bytes and one more; ScenarioError says why it cannot be read.

    `kind` is what the file would be, "scenario" or "course"; those `known` by a name are built in.
    """
    path = Path(name)
    try:
        if path.suffix != ".toml" and len(path.parts) <= 1 and (not name or not path.exists()):
            hint = did_you_mean(name, known, f"built in are {', '.join(known)}; a file of your own ends in .toml")
            raise ScenarioError(f"there is no such {kind}", name or '""', hint=hint)
        if not path.is_file() and not path.is_dir() and path.exists():
            raise ScenarioError("this is not a regular file", name)
        with path.open("rb") as file:
            return file.read(most + 1)
    except FileNotFoundError:
        hint = f"the built-in {kind} is called {path.stem}" if path.stem in known else ""
        raise ScenarioError("there is no such file", name, hint=hint) from None
    except IsADirectoryError:
        raise ScenarioError(f"this is a directory, not a {kind} file", name) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ScenarioError(f"the file cannot be read: {reason}", name) from None
