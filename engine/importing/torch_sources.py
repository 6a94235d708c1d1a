"""Where an operation of PyTorch comes from: the user's line, the modules around it, the variable it is assigned to."""

from __future__ import annotations

import dis
import itertools
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import FrameType
from typing import Any

from ..graph.array_record import SourceLine
from ..recording.caller import expression_at
from ..scalar_array.source import assigned_at
from .source_lines import Frame, is_installed, source_line

_HERE = os.path.dirname(__file__) + os.sep  # noqa: PTH120


@dataclass(frozen=True, slots=True)
class CallOrigin:
    """Where an operation was called.

    `source` is the line of the user's code. `scope` are the modules, the functions of `torch.nn` and the user's own
    that it was called in, the outermost first, without the function that is traced. `variable` is what the result of
    the line is assigned to, "" where it is nothing. `is_own_rule` says that it was called in the `forward` of a
    `torch.autograd.Function`, and `is_changing` that the line changes a tensor in place.
    """

    source: SourceLine | None = None
    scope: tuple[str, ...] = ()
    variable: str = ""
    is_own_rule: bool = False
    is_changing: bool = False


class Origins:
    """Reads the frames of calls, up to the code `outermost`; `module_names` are those of modules, by their id."""

    def __init__(self, torch: Any, outermost: Any, module_names: Mapping[int, str]) -> None:
        self._module: Any = torch.nn.Module
        self._outermost, self._module_names = outermost, module_names
        folder = os.path.dirname(torch.__file__) + os.sep  # noqa: PTH120
        self._folder = folder
        self._layers = f"{folder}nn{os.sep}"
        self._functional = f"{self._layers}functional.py"
        self._rules = f"{folder}autograd{os.sep}function.py"

    def of(self, frame: FrameType | None) -> CallOrigin:
        """Return where the operation was called that a frame, of PyTorch itself, carries out."""
        own: list[FrameType] = []
        scope: list[tuple[str, FrameType]] = []
        calling: FrameType | None = None
        is_own_rule = False
        while frame is not None and frame.f_code is not self._outermost:
            path = frame.f_code.co_filename
            is_own = not is_installed(path)
            if is_own:
                own.append(frame)
            is_layer = path.startswith(self._layers)
            if calling is None and (is_layer or not path.startswith((self._folder, _HERE))):
                calling = frame
            is_own_rule = is_own_rule or (frame.f_code.co_name == "apply" and path == self._rules)
            if name := self._name(frame, is_own=is_own):
                scope.append((name, frame))
            frame = frame.f_back
        if own and scope and scope[-1][1] is own[-1] and self._module_of(own[-1]) is None:
            scope.pop()  # it is the function that is traced, and no part of it
        return CallOrigin(
            _line(own[0]) if own else None,
            tuple(name for name, _ in itertools.groupby(name for name, _ in reversed(scope))),
            _variable(own),
            is_own_rule,
            calling is not None and _is_changing(calling),
        )

    def _name(self, frame: FrameType, *, is_own: bool) -> str:
        """Return what a frame adds to the scope: the name of a module or of a function."""
        name = frame.f_code.co_name
        if (module := self._module_of(frame)) is not None:
            return self._module_names.get(id(module), type(module).__name__)
        if frame.f_code.co_filename == self._functional:
            return "" if name.startswith("_") else name
        return name if is_own and not name.startswith(("<", "__")) else ""

    def _module_of(self, frame: FrameType) -> Any:
        """Return the module whose `forward` a frame is; None for anything else."""
        module = frame.f_locals.get("self") if frame.f_code.co_name == "forward" else None
        return module if isinstance(module, self._module) else None


def _is_changing(frame: FrameType) -> bool:
    """Say whether a frame changes a tensor: by a method such as `add_`, by `+=`, or by `x[0] = ...`."""
    is_item_set = dis.opname[frame.f_code.co_code[frame.f_lasti]] == "STORE_SUBSCR"
    return is_item_set or re.search(r"\w_\(|[-+*/]=", expression_at(frame)) is not None


def _line(frame: FrameType) -> SourceLine:
    return source_line(Frame(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name))


def _variable(own: list[FrameType]) -> str:
    """Return what the result is assigned to, in the function itself or in the one that it is returned to."""
    for frame in own:
        name = assigned_at(frame.f_code, frame.f_lasti)
        if name is not None:
            return name
    return ""
