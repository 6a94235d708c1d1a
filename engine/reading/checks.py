"""Checks of a file's tables, one value at a time, so that an error can point at the very key that is wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, cast

import msgspec

from ..errors import did_you_mean
from ..language.expression import FUNCTIONS, NAME, PYTHON_WORDS
from .source import Source

_WORDS = {
    "str": "text in quotes",
    "float | str": "a number or an expression in quotes",
    "int": "a whole number",
    "int | null": "a whole number",
    "float": "a number",
    "float | null": "a number",
    "str | array": "a name in quotes or a list of them",
    "object": "a table",
    "array": "a list of tables, [[exercise]]",
}
_ARTICLES = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
}


_RANGE = re.compile(r"Expected `(?:int|float)` (?P<sign>[<>]=?) (?P<bound>\S+)")
_SIGNS = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}


def check(source: Source, value: Any, kind: Any, *keys: str) -> None:
    """Check the type of one value, found at `keys`; ScenarioError points at it."""
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise source.value_error(_plain(str(error)), *keys) from None


def check_keys(source: Source, table: Mapping[str, Any], known: Iterable[str], *keys: str) -> None:
    """Check that the table at `keys` has no unknown key; ScenarioError says which is meant."""
    names = list(known)
    for key in table:
        if key not in names:
            raise source.error(
                "unknown key", *keys, key, hint=did_you_mean(key, names, f"known are {', '.join(names)}")
            )


def check_table(source: Source, tables: Mapping[str, Any], name: str, kind: Any) -> None:
    """Check that tables[name], if it is there, is a table whose values are all of one type."""
    table = tables.get(name, {})
    check(source, table, dict[str, Any], name)
    for key, value in table.items():
        check(source, value, kind, name, key)


def refuse_control_characters(source: Source, value: Any, *keys: str) -> None:
    """Refuse text that would tell a terminal to do something; only long texts may have line feeds and tabs.

    ScenarioError points at the first key whose text has a control character.
    """
    if isinstance(value, str):
        allowed = "" if keys and keys[-1] in ("title", "summary") else "\n\t"
        wrong = next((c for c in value if unicodedata.category(c) == "Cc" and c not in allowed), "")
        if wrong:
            hint = "text on one line, without control characters" if not allowed else "text without control characters"
            raise source.error(f"the character U+{ord(wrong):04X} cannot stand in a text", *keys, hint=hint)
    elif isinstance(value, dict):
        for key, part in cast(dict[str, Any], value).items():
            refuse_control_characters(source, part, *keys, key)
    elif isinstance(value, list):
        for place, part in enumerate(cast(list[Any], value)):
            refuse_control_characters(source, part, *keys, *([str(place)] if isinstance(part, dict) else []))


def check_name(source: Source, table: str, key: str) -> None:
    """Check that a key can be used as a name in expressions."""
    if not NAME.fullmatch(key):
        hint = "a name has letters, digits and _, and starts with a letter"
        raise source.error("this is not a name", table, key, hint=hint)
    if key in FUNCTIONS or key in PYTHON_WORDS:
        reason = "a function" if key in FUNCTIONS else "a word of Python"
        raise source.error(f"this name is taken: it is {reason}", table, key, hint=f"{key}_1 is free")


def _plain(message: str) -> str:
    """Say msgspec's "Expected `str`, got `int` - at `$.x`" in the words of the format."""
    if message.startswith("Number out of range"):
        return "this number is too large for a 64-bit float"
    if message.startswith("Integer value out of range"):
        return "this number is too large"
    if found := _RANGE.match(message):
        return f"this must be {_SIGNS[found['sign']]} {float(found['bound']):,.15g}"
    wanted, _, got = message.partition(", got ")
    wanted = wanted.removeprefix("Expected ").strip("`")
    got = got.partition(" - at ")[0].strip("`")
    return f"this must be {_WORDS.get(wanted, wanted)}, not {_ARTICLES.get(got, f'a {got}')}"
