"""A terminal debugger for backpropagation; from Python, `from gradwalk import Scalar, show, walk`.

What is named here is loaded when it is first used.
"""

# In the checkout its folder is not beside theirs:
# pyright: reportMissingImports=false, reportUnknownVariableType=false

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .engine.scalar import Scalar
    from .engine.scalar_array.array import ScalarArray, scalars
    from .engine.value import Value
    from .tui.show import show
    from .tui.walked import Walk, walk

__all__ = ["Scalar", "ScalarArray", "Value", "Walk", "scalars", "show", "walk"]

_HOMES = {
    "Scalar": ".engine.scalar",
    "ScalarArray": ".engine.scalar_array.array",
    "Value": ".engine.value",
    "Walk": ".tui.walked",
    "scalars": ".engine.scalar_array.array",
    "show": ".tui.show",
    "walk": ".tui.walked",
    # what IPython calls at %load_ext gradwalk and %unload_ext gradwalk:
    "load_ipython_extension": ".tui.notebook_magic",
    "unload_ipython_extension": ".tui.notebook_magic",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module("importlib.metadata").version("gradwalk")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name], __name__), name)


def __dir__() -> list[str]:
    return __all__
