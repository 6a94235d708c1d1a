"""`Source`: the text of a scenario file, and where in it a key or an expression stands.

What is wrong with a definition has no place; here, and nowhere else, it gets one.

`tomllib` says where a file stops being TOML, but not where a valid key stands, so the key is looked up in
the text.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ..errors import DefinitionError, DefinitionErrors, ExpressionError, ScenarioError, quoted, shortened, shown_keys
from ..language.hints import TYPOGRAPHIC_QUOTES, straight
from ..language.names import normal

_TABLE = re.compile(r"\s*\[\[?\s*(?P<name>[^\[\]\s](?:[^\[\]]*[^\[\]\s])?)\s*\]\]?\s*(?:#.*)?$")
_BARE_OR_QUOTED = r"[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*'"
_KEY = re.compile(rf"\s*(?P<key>(?:{_BARE_OR_QUOTED})(?:\s*\.\s*(?:{_BARE_OR_QUOTED}))*)\s*=\s*(?P<value>.*)")
_VALUE = re.compile(
    r"""\"\"\"[^\n]*|\'\'\'[^\n]*|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|\[(?:[^\[\]\n]|\[[^\]\n]*\])*\]?|\{[^}\n]*\}?|[^\n,}#]+"""
)
_TOML_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
_QUOTES = ('"""', "'''", '"', "'")
_DOTTED = re.compile(r"""(?<!["'\w-])(?:["'\w-]+[ \t]*\.[ \t]*){50}""")
_LONG_INTEGER = re.compile(r"[\d_]{4300,}")


@dataclass(frozen=True)
class Place:
    """A key's place in a text: where it starts, how long it is, and where its value starts (all from 0)."""

    start: int
    length: int
    value: int


@dataclass(frozen=True)
class Source:
    """The text of a file, by the path that errors call it; its lines end in a line feed alone."""

    path: str
    text: str

    @classmethod
    def decode(cls, path: str, content: bytes) -> Source:
        """Decode UTF-8; ScenarioError points at the first byte that is not."""
        content = content.removeprefix(codecs.BOM_UTF8)
        try:
            return cls(path, content.decode().replace("\r\n", "\n"))
        except UnicodeDecodeError as error:
            valid = content[: error.start].decode()
            text = valid + content[error.start :].decode(errors="replace")
            message = f"byte 0x{content[error.start]:02x} is not UTF-8"
            hint = "save the file with the encoding UTF-8"
            raise cls(path, text).error_at(message, len(valid), 1, hint=hint) from None

    def tables(self, parts: str = "a scenario has a title, [inputs] and [graph]") -> dict[str, Any]:
        """Parse the TOML; ScenarioError says where it is none, and of an empty file which `parts` it would have."""
        if not self.text.strip():
            raise ScenarioError("the file is empty", self.path, hint=parts)
        if dotted := _DOTTED.search(self.text):  # tomllib takes quadratic time and memory for such a key
            message = "this is not a key that gradwalk reads: it has more than 50 dots"
            raise self.error_at(message, dotted.start(), len(dotted[0]))
        try:
            return tomllib.loads(self.text)
        except RecursionError:
            raise ScenarioError("this is not TOML that can be read: nested too deeply", self.path) from None
        except ValueError as error:  # TOMLDecodeError, and what int() raises for a number of 4300 digits
            raise self._not_toml(str(error)) from None

    @contextmanager
    def places(self) -> Generator[None]:
        """Give what is raised in the block as DefinitionErrors its place here: ScenarioError, in the file's order."""
        try:
            yield
        except DefinitionErrors as several:
            located = sorted(map(self.located, several.errors), key=self._order)
            first, *further = located
            raise replace(first, further=further, cut=several.cut) from None

    def _order(self, error: ScenarioError) -> tuple[bool, bool, int, int]:
        """Sort errors as they stand in the file; those without a line come after, those of another file last."""
        return error.path != self.path, error.line == 0, error.line, error.column

    def located(self, error: DefinitionError | ScenarioError) -> ScenarioError:
        """Return an error with its place in this file; what has a place already keeps it."""
        if isinstance(error, ScenarioError):
            return error
        if error.inside:
            return self._expression_error(error.inside, error.keys)
        place = self.place(*error.keys)
        if place is None:
            return ScenarioError(error.message, self.path, shown_keys(error.keys), hint=error.hint)
        start, length = place.start, place.length
        if error.in_value:  # of a table, its header
            shown = _VALUE.match(self.text, place.value)
            length = length if place.value == start else len(shown[0].rstrip()) if shown else 1
            start = place.value
        return self.error_at(error.message, start, length, shown_keys(error.keys), error.hint)

    def error_at(self, message: str, start: int, length: int, key: str = "", hint: str = "") -> ScenarioError:
        """Make an error about `length` characters of the text from `start` on."""
        line_start = self.text.rfind("\n", 0, start) + 1
        line_end = self.text.find("\n", start)
        line_text = self.text[line_start : line_end if line_end >= 0 else len(self.text)]
        line, column = self.text.count("\n", 0, start) + 1, start - line_start + 1
        return ScenarioError(message, self.path, key, line, column, line_text, column - 1, length, hint)

    def _expression_error(self, error: ExpressionError, keys: tuple[str, ...]) -> ScenarioError:
        """Say an expression's error with its place in the file.

        Where the file has the expression in other characters (escapes), the expression itself is shown.
        """
        place = self.place(*keys)
        name = shown_keys(keys)
        if place:
            quote = next((quote for quote in _QUOTES if self.text.startswith(quote, place.value)), "")
            start = place.value + len(quote)
            start += len(quote) == 3 and self.text.startswith("\n", start)
            if self.text.startswith(error.text, start):
                return self.error_at(error.message, start + error.position, error.length, name, error.hint)
        line = self.text.count("\n", 0, place.start) + 1 if place else 0
        shown, position, length = error.text, error.position, error.length
        return ScenarioError(error.message, self.path, name, line, 0, shown, position, length, error.hint)

    def place(self, *keys: str) -> Place | None:
        """Find a key; or else what it stands in or what stands in it; None where the text shows none of them."""
        exact = self._first_places.get(keys) or self._first_places.get(tuple(map(normal, keys)))
        if exact or not keys:
            return exact
        inside = next((place for path, place in self._places if path[: len(keys)] == keys), None)
        return inside or self._inline(keys[-1], self.place(*keys[:-1]))

    def _inline(self, key: str, table: Place | None) -> Place | None:
        """Find a key in the inline table that starts at `table`; or else that table."""
        if table is None:
            return None
        end = self.text.find("\n", table.value)
        line = self.text[table.value : end if end >= 0 else len(self.text)]
        found = re.search(rf"(?<=[{{,\s])[\"']?(?P<key>{re.escape(key)})[\"']?\s*=\s*", line)
        if found is None:
            return table
        return Place(table.value + found.start("key"), len(key), table.value + found.end())

    @cached_property
    def _first_places(self) -> dict[tuple[str, ...], Place]:
        as_written = dict(reversed(self._places))
        return {**{tuple(map(normal, path)): place for path, place in reversed(self._places)}, **as_written}

    @cached_property
    def _places(self) -> list[tuple[tuple[str, ...], Place]]:
        return list(self._find_places())

    def _find_places(self) -> Iterator[tuple[tuple[str, ...], Place]]:
        table: tuple[str, ...] = ()
        counts: dict[str, int] = {}
        offset = 0
        unclosed = ""  # the quotes that end the text of several lines we are in
        for line in self.text.split("\n"):
            if unclosed:
                unclosed = "" if unclosed in line else unclosed
            elif header := _TABLE.match(line):
                table = _parts(header["name"])
                if line.lstrip().startswith("[["):
                    index = counts.get(header["name"], 0)
                    counts[header["name"]] = index + 1
                    table = (*table, str(index))
                start = offset + header.start("name")
                yield table, Place(start, len(header["name"]), start)
            elif key := _KEY.match(line):
                value = key["value"]
                place = Place(offset + key.start("key"), len(key["key"]), offset + key.start("value"))
                yield (*table, *_parts(key["key"])), place
                opened = value[:3] if value.startswith(('"""', "'''")) else ""
                unclosed = opened if opened and opened not in value[3:] else ""
            offset += len(line) + 1

    def _not_toml(self, message: str) -> ScenarioError:
        if message.startswith(("Cannot overwrite a value", "Cannot declare", "Duplicate inline table key")):
            return self._duplicate()
        if number := _LONG_INTEGER.search(self.text) if message.startswith("Exceeds the limit") else None:
            return self.error_at("this number has too many digits", number.start(), len(number[0]))
        place = _TOML_PLACE.search(message)
        reason = message[: place.start()] if place else message
        position = len(self.text.rstrip())
        if place and place["line"]:
            position = self._offset(int(place["line"])) + int(place["column"]) - 1
        line_start = self.text.rfind("\n", 0, position) + 1
        line = self.text[line_start:].partition("\n")[0]
        if "'\\n'" in reason:
            reason = "a quote is opened here and not closed in the same line"
            position = line_start + max(0, *(line.rfind(quote) for quote in "\"'"))
        elif reason == "Unterminated string" and ('"""' in self.text or "'''" in self.text):
            position = max(self.text.rfind(quote) for quote in _QUOTES[:2])
            reason = "a text is opened here and never closed"
        reason = reason if reason[1:2].isupper() else reason[:1].lower() + reason[1:]
        return self.error_at(f"this is not TOML: {reason}", position, 1, hint=_toml_hint(line, position - line_start))

    def _offset(self, line: int) -> int:
        """Return where a line starts, counted from 1."""
        return sum(len(text) + 1 for text in self.text.split("\n")[: line - 1])

    def _duplicate(self) -> ScenarioError:
        seen: dict[tuple[str, ...], Place] = {}
        for path, place in self._places:
            if path in seen:
                line = self.text.count("\n", 0, seen[path].start) + 1
                hint = f"every name is defined once; the first is in line {line}"
                return self.error_at("defined twice", place.start, place.length, shown_keys(path), hint)
            seen[path] = place
        return ScenarioError("this is not TOML: a key is defined twice", self.path)


def _parts(key: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_BARE_OR_QUOTED, key))


def _toml_hint(line: str, position: int) -> str:
    """Guess from the line what was meant."""
    outside = re.sub(r"\"[^\"]*\"|'[^']*'", "", line.partition("#")[0])
    if any(quote in outside for quote in TYPOGRAPHIC_QUOTES):
        return f"write straight quotes: {shortened(straight(line.strip()))}"
    if re.match(r"\s*[^\W\d]*[^\x00-\x7f]", line[: position + 1]):
        return f"a key with other letters than a to z stands in quotes: {quoted(line.partition('=')[0].strip())} = ..."
    key = _KEY.match(line)
    if key is None:
        return ""
    value = key["value"].partition("#")[0].strip()
    if re.fullmatch(r"[-+]?\d+,\d+", value):
        return f"a decimal point, not a comma: {key['key']} = {value.replace(',', '.')}"
    if value and value[0] not in "\"'[{":
        return f"an expression stands in quotes: {key['key']} = {quoted(value)}"
    return ""
