"""Checks of a file's tables, one value at a time, so that each error can point at the very key that is wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, cast

import msgspec

from ..errors import Problems, did_you_mean

_WORDS = {
    "str": "text in quotes",
    "float | str": "a number or an expression in quotes",
    "float | str | null": "a number or an expression in quotes",
    "int": "a whole number",
    "int | null": "a whole number",
    "float": "a number",
    "float | null": "a number",
    "str | array": "a name in quotes or a list of them",
    "object": "a table",
    "array": "a list",
}
_LISTS = {
    "exercise": "a list of tables, [[exercise]]",
    "exercises": "a list of texts in quotes",
    "lesson": "a list of tables, [[lesson]]",
    "watch": "a list of names in quotes",
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


def check(problems: Problems, value: Any, kind: Any, *keys: str) -> bool:
    """Say whether the value at `keys` is of a kind, and keep the problem where it is not."""
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        problems.add_value(_plain(str(error), keys), *keys)
        return False
    return True


def check_keys(problems: Problems, table: Mapping[str, Any], known: Iterable[str], *keys: str) -> set[str]:
    """Keep a problem for each unknown key of the table at `keys`; return the known ones that are probably meant."""
    names = list(known)
    meant: set[str] = set()
    for key in table:
        if key not in names:
            meant.update(name for name in names if did_you_mean(key, [name]))
            hint = did_you_mean(key, names, f"known are {', '.join(names)}")
            problems.add("unknown key", *keys, key, hint=hint)
    return meant


def right_values(problems: Problems, tables: Mapping[str, Any], name: str, kind: Any) -> dict[str, Any]:
    """Return the values of tables[name] that are of a kind, and keep a problem for each other one."""
    table = tables.get(name, {})
    if not check(problems, table, dict[str, Any], name):
        return {}
    return {key: value for key, value in table.items() if check(problems, value, kind, name, key)}


def right_expressions(problems: Problems, tables: Mapping[str, Any], name: str) -> dict[str, float | str]:
    """Return the numbers and expressions of tables[name], and keep a problem for each value that is neither.

    A number takes the place of such a value: its name is defined all the same, and what uses it is right.
    """
    right = right_values(problems, tables, name, float | str)
    table = tables.get(name, {})
    return {key: right.get(key, 1.0) for key in cast(dict[str, Any], table)} if isinstance(table, dict) else {}


def refuse_control_characters(problems: Problems, value: Any, *keys: str) -> None:
    """Refuse text that would tell a terminal to do something; only long texts may have line feeds and tabs."""
    if isinstance(value, str):
        allowed = "" if keys and keys[-1] in ("title", "summary", "section") else "\n\t"
        wrong = next((c for c in value if unicodedata.category(c) == "Cc" and c not in allowed), "")
        if wrong:
            hint = "text on one line, without control characters" if not allowed else "text without control characters"
            problems.add(f"the character U+{ord(wrong):04X} cannot stand in a text", *keys, hint=hint)
    elif isinstance(value, dict):
        for key, part in cast(dict[str, Any], value).items():
            refuse_control_characters(problems, part, *keys, key)
    elif isinstance(value, list):
        for place, part in enumerate(cast(list[Any], value)):
            refuse_control_characters(problems, part, *keys, *([str(place)] if isinstance(part, dict) else []))


def _plain(message: str, keys: tuple[str, ...]) -> str:
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
    words = _LISTS.get(keys[-1]) if wanted == "array" else None
    return f"this must be {words or _WORDS.get(wanted, wanted)}, not {_ARTICLES.get(got, f'a {got}')}"
