"""Functions in files of Python: `model.py:loss` is read, and its arguments from a file of arrays or from the same file.

This runs the file. Whoever may not run code of their own must not come here.
"""

from __future__ import annotations

import importlib.util
import inspect
import json
import sys
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import numpy as np

from ..errors import GradwalkError, did_you_mean, listing, quoted
from .errors import at_line
from .source_lines import frames_of, source_line, users_frame

_USUAL = "loss"
"""The function that is meant where a file has several, and none is named."""

_MISSING: Any = object()


@dataclass(frozen=True, eq=False)
class FunctionInFile:
    """A function, or an object that can be called, that a file of Python defines."""

    path: Path
    name: str
    function: Callable[..., Any]
    module: ModuleType

    def arguments(self, arrays: Mapping[str, Any]) -> list[Any]:
        """Return what the function is called with, one for each parameter.

        An argument is the array of the parameter's name (`params.W` is the entry W of a dict `params`), else what the
        file defines by that name, else the parameter's default. Arrays without names, `arr_0`, ..., come in their
        order. Raises GradwalkError for a parameter that nothing is found for.
        """
        unnamed = [arrays[name] for name in sorted(arrays, key=_number_of) if _number_of(name) >= 0]
        found: list[Any] = []
        for parameter in _parameters(self.function):
            if parameter.kind is parameter.VAR_POSITIONAL:
                found += unnamed[len(found) :]
                continue
            value = _within(arrays, parameter.name)
            if value is _MISSING and len(found) < len(unnamed):
                value = unnamed[len(found)]
            if value is _MISSING:
                value = getattr(self.module, parameter.name, parameter.default)
            if value is parameter.empty:
                raise self._nothing_for(parameter.name, arrays)
            found.append(value)
        return found

    def check_names(self, names: Iterable[str]) -> None:
        """Raise GradwalkError for a name that no parameter has: what is written for it would be left out of account."""
        parameters = [parameter.name for parameter in _parameters(self.function)]
        for name in names:
            if name.replace("/", ".").partition(".")[0] not in parameters and _number_of(name) < 0:
                hint = did_you_mean(name, parameters, f"it has {listing(parameters)}" if parameters else "it has none")
                raise GradwalkError(f"{self.name} has no argument {quoted(name)}; {hint}")

    def _nothing_for(self, name: str, arrays: Mapping[str, Any]) -> GradwalkError:
        hint = did_you_mean(name, arrays, f"--args data.npz with an array {name}, or {name} = ... in {self.path.name}")
        has = f"; the arguments given are {listing(arrays)}" if arrays else ""
        return GradwalkError(f"{self.name} needs {name}{has}: {hint}")


def function_in_file(place: str) -> FunctionInFile:
    """Run a file of Python and return a function in it: `model.py:loss`, or `model.py` where it is plain which.

    Raises GradwalkError where there is no such file or function, or the file cannot be run.
    """
    path, name = _parts(place)
    if not path.is_file():
        raise GradwalkError(f"{path}: there is no such file; write the file and the function, as in model.py:loss")
    module = _run(path)
    if not name:
        name = _only_function(module, path)
    found: Any = module
    for part in name.split("."):
        found = getattr(found, part, _MISSING)
        if found is _MISSING:
            known = _functions(module)
            hint = did_you_mean(name, known, f"it defines {listing(known)}" if known else "it defines no function")
            raise GradwalkError(f"{path}: there is no {quoted(name)} in this file; {hint}")
    if not callable(found) or inspect.isclass(found):
        kind = "a class, and what is walked is a function or an object" if inspect.isclass(found) else "no function"
        raise GradwalkError(f"{path}: {name} is {kind}; name a function that returns one number")
    return FunctionInFile(path, name, cast("Callable[..., Any]", found), module)


def arrays_in_file(path: Path) -> dict[str, Any]:
    """Return the arrays in a file `.npz` by their names, and that of a file `.npy` as `arr_0`; numbers are numbers.

    Raises GradwalkError where it cannot be read.
    """
    try:
        content: Any = np.load(path, allow_pickle=False)
    except FileNotFoundError:
        raise GradwalkError(f"{path}: there is no such file") from None
    except OSError as error:
        raise GradwalkError(f"{path}: the file cannot be read: {error.strerror or error}") from None
    except (ValueError, EOFError):
        raise GradwalkError(
            f"{path}: this is no file of arrays; write one with numpy.savez({path.name!r}, x=x)"
        ) from None
    if isinstance(content, np.ndarray):
        return {"arr_0": _plain(content)}
    try:
        return {name: _plain(content[name]) for name in content.files}
    except ValueError:
        raise GradwalkError(f"{path}: an array in this file holds Python objects, which are not loaded") from None


def number_or_array(name: str, text: str) -> Any:
    """Return the value that somebody wrote for a name: a number, or an array where it is a list of them.

    A number without a point is a float too, for it is to carry a gradient. Raises GradwalkError for anything else.
    """
    try:
        value: Any = json.loads(text)
        array = np.asarray(value, dtype=np.float64)
    except (ValueError, TypeError):
        raise GradwalkError(
            f'{name}={text} is no number and no list of numbers; write {name}=2 or "{name}=[1, 2, 3]"'
        ) from None
    return array if array.ndim else float(array)


@contextmanager
def users_errors(path: Path) -> Generator[None]:
    """Say what somebody's code raises in the block as one sentence, with the line of theirs that raised it."""
    try:
        yield
    except GradwalkError:
        raise
    except SyntaxError as error:
        place = f"{error.filename or path}:{error.lineno or 1}"
        raise GradwalkError(f"{place}: this is no Python: {error.msg}") from error
    except ModuleNotFoundError as error:
        raise GradwalkError(_at(error, path, f"the module {error.name} is not installed here")) from error
    except SystemExit as error:
        raise GradwalkError(f"{path}: it ends the program while it is run") from error
    except Exception as error:
        words = " ".join(str(error).split("\n")[0].split())
        raise GradwalkError(
            _at(error, path, f"{type(error).__name__}: {words}" if words else type(error).__name__)
        ) from error


def _at(error: BaseException, path: Path, message: str) -> str:
    frame = users_frame(frames_of(error))
    return f"{path}: {message}" if frame is None else at_line(source_line(frame), message)


def _parts(place: str) -> tuple[Path, str]:
    """Take a place apart: the file and the function; a colon before a slash is that of a drive."""
    path, colon, name = place.rpartition(":")
    if not colon or "/" in name or "\\" in name or (name.endswith(".py") and not path.endswith(".py")):
        return Path(place), ""
    return Path(path), name.strip()


def _run(path: Path) -> ModuleType:
    folder, name = str(path.resolve().parent), path.stem
    if folder not in sys.path:
        sys.path.insert(0, folder)
    if name in sys.modules or not name.isidentifier():
        name = f"opened_{name}"
    spec = importlib.util.spec_from_file_location(name, path.resolve())
    if spec is None or spec.loader is None:
        raise GradwalkError(f"{path}: this is no file of Python; its name ends in .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    with users_errors(path):
        spec.loader.exec_module(module)
    return module


def _functions(module: ModuleType) -> list[str]:
    """Name the functions that a file defines itself."""
    return [
        name
        for name, value in vars(module).items()
        if inspect.isfunction(inspect.unwrap(value) if callable(value) else value)
        and getattr(value, "__module__", "") == module.__name__
        and not name.startswith("_")
    ]


def _only_function(module: ModuleType, path: Path) -> str:
    known = _functions(module)
    if _USUAL in known:
        return _USUAL
    if len(known) == 1:
        return known[0]
    raise GradwalkError(
        f"{path}: which function is to be walked? Write one of {listing(f'{path.name}:{name}' for name in known)}"
        if known
        else f"{path}: this file defines no function"
    )


def _parameters(fn: Callable[..., Any]) -> Sequence[inspect.Parameter]:
    """Return the parameters that a function is called with by position; those of a module's `forward`."""
    called: Any = fn if inspect.isroutine(fn) else getattr(fn, "forward", fn)
    try:
        parameters = inspect.signature(called).parameters.values()
    except (TypeError, ValueError):
        return ()
    return [each for each in parameters if each.kind not in (each.KEYWORD_ONLY, each.VAR_KEYWORD)]


def _within(arrays: Mapping[str, Any], name: str) -> Any:
    """Return the array of a name, or those whose names begin with it and a dot or a slash, as dicts and lists."""
    if name in arrays:
        return arrays[name]
    inner = {key[len(name) + 1 :]: value for key, value in arrays.items() if key.startswith((f"{name}.", f"{name}/"))}
    if not inner:
        return _MISSING
    keys = dict.fromkeys(key.replace("/", ".").partition(".")[0] for key in inner)
    nested = {key: _within(inner, key) for key in keys}
    if all(key.isdecimal() for key in keys):
        return [nested[key] for key in sorted(keys, key=int)]
    return nested


def _number_of(name: str) -> int:
    """Return which of the arrays without a name this one is, -1 for one that has a name."""
    number = name.removeprefix("arr_")
    return int(number) if number != name and number.isdecimal() else -1


def _plain(array: Any) -> Any:
    """Return an array, or the number that is in one without axes."""
    return array.item() if array.ndim == 0 else array
