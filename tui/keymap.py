"""Checks the keys that a user has chosen in `settings.json`, so that a slip costs a sentence and not the program."""

from __future__ import annotations

import importlib
import pkgutil
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import KEY_NAME_REPLACEMENTS, Keys

from ..engine.errors import did_you_mean, quoted
from . import screens, study, walk

_MODIFIERS = {"ctrl", "shift", "alt", "super", "hyper", "meta"}
_NAMES = [key.value for key in Keys if key.value.isidentifier()] + list(KEY_NAME_REPLACEMENTS.values())


def bindings(app: type[App[Any]]) -> dict[str, Binding]:
    """Return every binding that can be changed, by its id: of `app`, its screens, questions and a walk's views."""
    owners: list[type[DOMNode]] = [app]
    for package in (screens, study, walk):
        for module in sorted(found.name for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")):
            contents = vars(importlib.import_module(module)).values()
            owners += [kind for kind in contents if isinstance(kind, type) and issubclass(kind, DOMNode)]
    declared = [binding for owner in owners for binding in owner.BINDINGS if isinstance(binding, Binding)]
    return {binding.id: binding for binding in declared if binding.id is not None}


def checked_keymap(keys: Mapping[str, str], known: Mapping[str, Binding]) -> tuple[dict[str, str], list[str]]:
    """Return the entries of `keys` that can be used, and a sentence about everything else.

    `known` are the `bindings` there are.
    A key that the user gives to one action is taken from the action of the same screen that had it.
    """
    keymap: dict[str, str] = {}
    problems: list[str] = []
    for name, wanted in keys.items():
        if name not in known:
            problems.append(f"no key binding is called {quoted(name)}; {_hint(name, known)}")
            continue
        usable: list[str] = []
        for key in _split(wanted):
            owner = _owner(key, name, keymap, known)
            if not _is_key(key):
                problems.append(f"{name}: {quoted(key)} is not a key; {_key_hint(key)}")
            elif owner:
                problems.append(f"{name}: {quoted(key)} is the key of {owner} already")
            else:
                usable.append(key)
        if usable:
            keymap[name] = ",".join(usable)
        else:
            problems.append(f"{name} needs a key, and keeps its own: {known[name].key}")
    problems += _without_key(keymap, known)
    return keymap, [f"settings.json: {problem}" for problem in problems]


def _owner(key: str, name: str, keymap: Mapping[str, str], known: Mapping[str, Binding]) -> str:
    """Return the binding that keeps the key from `name`: one of the user's, or a screen's from the whole app's."""
    for other, keys in keymap.items():
        if key in _split(keys) and _meet(name, other):
            return other
    if _scope(name) == "app":
        for other, binding in known.items():
            if key in _split(binding.key) and other not in keymap and _scope(other) != "app":
                return other
    return ""


def _without_key(keymap: Mapping[str, str], known: Mapping[str, Binding]) -> Iterator[str]:
    """Name the actions whose every key was given to others."""
    for name, binding in known.items():
        given = {key: other for other, keys in keymap.items() if _meet(name, other) for key in _split(keys)}
        if name not in keymap and all(key in given for key in _split(binding.key)):
            first = next(iter(_split(binding.key)))
            yield f"{given[first]} has taken {quoted(first)}, so {name} has no key"


def _meet(name: str, other: str) -> bool:
    """Say whether two bindings can be active at the same time."""
    scopes = {_scope(name), _scope(other)}
    return len(scopes) == 1 or "app" in scopes or scopes in ({"walk", "circuit"}, {"arrays", "entries"})


def _scope(name: str) -> str:
    return name.partition(".")[0]


def _split(keys: str) -> list[str]:
    return [key for part in keys.split(",") if (key := part.strip())]


def _is_key(key: str) -> bool:
    *modifiers, last = key.split("+") if key != "+" else [key]
    return set(modifiers) <= _MODIFIERS and (len(last) == 1 or last in _NAMES or _is_character(last))


def _is_character(name: str) -> bool:
    """Say whether a name is what Textual calls a character, such as question_mark."""
    try:
        return bool(unicodedata.lookup(name.replace("_", " ")))
    except KeyError:
        return False


def _hint(name: str, known: Mapping[str, Binding]) -> str:
    return did_you_mean(name, known, "the ? screen names them all")


def _key_hint(key: str) -> str:
    return did_you_mean(key.rpartition("+")[2], _NAMES, "a key is a character, or a name such as f2 or ctrl+n")
