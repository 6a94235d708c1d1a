"""The scenarios that can be opened: the built-in ones by their names, others by their paths."""

from __future__ import annotations

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
    return in_sections(sorted(map(_card, built_in_names()), key=lambda card: (card.order, card.name)))


def _card(name: str) -> Card:
    return read_card((_BUILT_IN / f"{name}.toml").read_text(encoding="utf-8"), name)


def load(name: str) -> Scenario:
    """Open a built-in scenario by its name, or a scenario file by its path.

    Raises ScenarioError when there is none or it cannot be read.
    """
    from .reading.scenario import MAX_FILE_SIZE, read  # reading needs NumPy, and the list of scenarios does not

    known = built_in_names()
    if name in known:
        return read(f"{name}.toml", (_BUILT_IN / f"{name}.toml").read_bytes(), _BUILT_IN)
    path = Path(name)
    try:
        if path.suffix != ".toml" and len(path.parts) <= 1 and (not name or not path.exists()):
            hint = did_you_mean(name, known, f"built in are {', '.join(known)}; a file of your own ends in .toml")
            raise ScenarioError("there is no such scenario", name or '""', hint=hint)
        if not path.is_file() and not path.is_dir() and path.exists():
            raise ScenarioError("this is not a regular file", name)
        with path.open("rb") as file:
            content = file.read(MAX_FILE_SIZE + 1)
        return replace(read(name, content, path.parent), path=path.resolve())
    except FileNotFoundError:
        hint = f"the built-in scenario is called {path.stem}" if path.stem in known else ""
        raise ScenarioError("there is no such file", name, hint=hint) from None
    except IsADirectoryError:
        raise ScenarioError("this is a directory, not a scenario file", name) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ScenarioError(f"the file cannot be read: {reason}", name) from None
