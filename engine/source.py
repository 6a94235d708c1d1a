"""`Source`: the text of a scenario file, and where in it a key or an expression stands.

`tomllib` says where a file stops being TOML, but not where a valid key stands, so the key's line is
looked up in the text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .errors import ExpressionError, ScenarioError

_TABLE = re.compile(r"\s*\[\[?(?P<name>[^\[\]]+)\]\]?\s*(?:#.*)?$")
_BARE_OR_QUOTED = r"[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*'"
_KEY = re.compile(rf"\s*(?P<key>(?:{_BARE_OR_QUOTED})(?:\s*\.\s*(?:{_BARE_OR_QUOTED}))*)\s*=\s*(?P<value>.*)")
_TOML_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")


@dataclass(frozen=True)
class Place:
    """A key's place: `line` and `column` (from 1) of the key, and the column its value starts at."""

    line: int
    column: int
    length: int
    value_column: int


@dataclass(frozen=True)
class Source:
    """The text of a file, by the path that errors call it."""

    path: str
    text: str

    @classmethod
    def decode(cls, path: str, content: bytes) -> Source:
        """Decode UTF-8; ScenarioError names the line of the first byte that is not."""
        try:
            return cls(path, content.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            before = content[: error.start].decode("utf-8", "replace")
            line = before.count("\n") + 1
            column = len(before) - (before.rfind("\n") + 1) + 1
            message = f"byte 0x{content[error.start]:02x} is not UTF-8"
            line_text = content.split(b"\n")[line - 1].decode("utf-8", "replace")
            hint = "save the file with the encoding UTF-8"
            raise ScenarioError(message, path, "", line, column, 1, line_text, hint) from None

    def tables(self) -> dict[str, Any]:
        """Parse the TOML; ScenarioError says where it is none."""
        if not self.text.strip():
            raise ScenarioError("the file is empty", self.path, hint="a scenario has a title, [inputs] and [graph]")
        try:
            return tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            raise self._not_toml(str(error)) from None
        except RecursionError:
            raise ScenarioError("this is not TOML: nested too deeply", self.path) from None

    def _not_toml(self, message: str) -> ScenarioError:
        place = _TOML_PLACE.search(message)
        lines = self.text.splitlines()
        line = int(place["line"]) if place and place["line"] else len(lines)
        column = int(place["column"]) if place and place["column"] else 0
        reason = message[: place.start()] if place else message
        line_text = lines[line - 1] if 0 < line <= len(lines) else ""
        if reason.startswith("Cannot overwrite a value") or reason.startswith("Cannot declare"):
            key = line_text.partition("=")[0].strip()
            column = len(line_text) - len(line_text.lstrip()) + 1
            return ScenarioError(
                "defined twice", self.path, key, line, column, len(key), line_text, "every name is defined once"
            )
        hint = 'text stands in quotes: s = "a + b"' if reason == "Invalid value" else ""
        return ScenarioError(f"this is not TOML: {reason}", self.path, "", line, column, 1, line_text, hint)

    def place(self, *keys: str) -> Place | None:
        """Find a key, given as its path such as ("graph", "s"); None where the text does not show it.

        For a list of tables the path holds the index as text: ("exercise", "0", "ask").
        """
        return next((place for path, place in self._places() if path == keys), None)

    def error(self, message: str, *keys: str, hint: str = "") -> ScenarioError:
        """Make an error about a key."""
        place = self.place(*keys) or Place(0, 0, 1, 0)
        line_text = self.text.splitlines()[place.line - 1] if place.line else ""
        name = ".".join(keys)
        return ScenarioError(message, self.path, name, place.line, place.column, place.length, line_text, hint)

    def expression_error(self, error: ExpressionError, *keys: str) -> ScenarioError:
        """Say an expression's error with its place in the file, or with its own text where that is not found."""
        place = self.place(*keys)
        name = ".".join(keys)
        if place:
            line_text = self.text.splitlines()[place.line - 1]
            start = place.value_column + (2 if line_text[place.value_column - 1 :].startswith(('"""', "'''")) else 0)
            column = start + error.position + 1
            if line_text[start : start + len(error.text)] == error.text:
                return ScenarioError(
                    error.message, self.path, name, place.line, column, error.length, line_text, error.hint
                )
        line, column = (place.line, place.value_column) if place else (0, 0)
        return ScenarioError(error.message, self.path, name, line, column, error.length, error.text, error.hint)

    def _places(self) -> Iterator[tuple[tuple[str, ...], Place]]:
        table: tuple[str, ...] = ()
        counts: dict[str, int] = {}
        for number, line in enumerate(self.text.splitlines(), start=1):
            if header := _TABLE.match(line):
                table = _parts(header["name"])
                if line.lstrip().startswith("[["):
                    index = counts.get(header["name"], 0)
                    counts[header["name"]] = index + 1
                    table = (*table, str(index))
                start = header.start("name")
                yield table, Place(number, start + 1, len(header["name"]), start + 1)
            elif key := _KEY.match(line):
                path = (*table, *_parts(key["key"]))
                yield path, Place(number, key.start("key") + 1, len(key["key"]), key.start("value") + 1)


def _parts(key: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_BARE_OR_QUOTED, key))
