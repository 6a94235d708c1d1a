"""Where in somebody's code an array is made: the line, the functions around it, the variable that it is assigned to."""

from __future__ import annotations

import ast
import functools
import itertools
import linecache
import sysconfig
from types import CodeType, FrameType

from ..graph.array_record import SourceLine
from ..recording.caller import asker

_Span = tuple[int | None, int | None, int | None, int | None]
"""First and last line, first and last column of an expression."""

_OWN = __name__.rpartition(".scalar_array")[0].rpartition(".")[0]
_LIBRARIES = tuple({sysconfig.get_path(kind) for kind in ("stdlib", "platstdlib", "purelib", "platlib")})
_MOST_FRAMES = 64


class _Returned:
    """Stands for the variable of the caller that a function's result is assigned to."""


_RETURNED = _Returned()


def origin() -> tuple[SourceLine | None, tuple[str, ...], str]:
    """Say where the line stands that is being run outside of gradwalk, and what its result is assigned to.

    Returns the line, the functions that it is in, outermost first, and the name of the variable, "" where there is
    none. The function that gradwalk itself, or a library such as pytest, has called is none of those.
    """
    frame = asker()
    code = frame.f_code
    line, *_ = _span(frame)
    line = line or frame.f_lineno
    text = linecache.getline(code.co_filename, line, frame.f_globals).strip()
    function = "" if code.co_name == "<module>" else code.co_qualname.rpartition("<locals>.")[2]
    source = SourceLine(code.co_filename, line, text, function)
    return source, _functions(frame), _target(frame)


def variable_of(value: object) -> str:
    """Return the name of a variable that holds this very object; "" where there is none.

    Of the caller's functions that have one, the outermost counts, and these before the variables of the module.
    """
    innermost = asker()
    found = next((name for name, held in innermost.f_globals.items() if held is value and name[:1] != "_"), "")
    for frame in _own_frames(innermost):
        names = [name for name, held in frame.f_locals.items() if held is value and name.isidentifier()]
        found = next((name for name in names if not name.startswith("_")), found)
    return found


def _own_frames(frame: FrameType) -> list[FrameType]:
    """Return the frames of somebody's own code, innermost first: to a module's own line, or what gradwalk calls."""
    frames: list[FrameType] = []
    current: FrameType | None = frame
    while current is not None and len(frames) < _MOST_FRAMES and not _is_library(current):
        frames.append(current)
        if current.f_code.co_name == "<module>":
            break
        current = current.f_back
    return frames


def _is_library(frame: FrameType) -> bool:
    module: str = frame.f_globals.get("__name__", "")
    path = frame.f_code.co_filename
    installed = "site-packages" in path or "dist-packages" in path or path.startswith(_LIBRARIES)
    return installed or module == _OWN or module.startswith(_OWN + ".")


def _functions(frame: FrameType) -> tuple[str, ...]:
    frames = _own_frames(frame)
    if frames and frames[-1].f_code.co_name != "<module>":
        frames.pop()  # what is called from outside is the function itself, and no part of it
    names = (_function(each.f_code) for each in reversed(frames))
    return tuple(name for name in names if name)


def _function(code: CodeType) -> str:
    name = code.co_qualname.rpartition("<locals>.")[2]
    return "" if "<" in name else name.removesuffix(".__call__")


def _target(frame: FrameType) -> str:
    current: FrameType | None = frame
    for _ in range(_MOST_FRAMES):
        if current is None or _is_library(current):
            return ""
        target = _targets(current.f_code).get(_span(current), "")
        if isinstance(target, str):
            return target
        current = current.f_back
    return ""


def assigned_at(code: CodeType, instruction: int) -> str | None:
    """Return the variable that what an instruction computes is assigned to, None where the function returns it.

    "" where it is neither, but part of a larger expression, say. `instruction` is its offset, as in `f_lasti`.
    """
    none: _Span = (None, None, None, None)
    target = _targets(code).get(next(itertools.islice(code.co_positions(), instruction // 2, None), none), "")
    return target if isinstance(target, str) else None


def _span(frame: FrameType) -> _Span:
    none: _Span = (None, None, None, None)
    return next(itertools.islice(frame.f_code.co_positions(), frame.f_lasti // 2, None), none)


@functools.lru_cache(maxsize=256)
def _targets(code: CodeType) -> dict[_Span, str | _Returned]:
    return _assigned("".join(linecache.getlines(code.co_filename)))


@functools.lru_cache(maxsize=64)
def _assigned(text: str) -> dict[_Span, str | _Returned]:
    """Return the variables that the expressions of a file are assigned to, by where these stand."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return {}
    found: dict[_Span, str | _Returned] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            found[_place(node.value)] = node.targets[0].id
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and isinstance(node.target, ast.Name) and node.value:
            found[_place(node.value)] = node.target.id
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            found[_place(node)] = node.target.id
        elif isinstance(node, ast.Return) and node.value:
            found[_place(node.value)] = _RETURNED
    return found


def _place(node: ast.expr | ast.stmt) -> _Span:
    return node.lineno, node.end_lineno, node.col_offset, node.end_col_offset
