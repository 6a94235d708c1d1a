"""The arrays that everything is kept in, by what they hold."""

from __future__ import annotations

from typing import Any

import numpy as np

# Written out what numpy.typing.NDArray stands for: importing that module takes a third of the time that numpy takes.

Floats = np.ndarray[tuple[Any, ...], np.dtype[np.float64]]
"""Numbers: values, gradients, local derivatives."""

Indices = np.ndarray[tuple[Any, ...], np.dtype[np.int32]]
"""Nodes, edges, or places in another array."""

Flags = np.ndarray[tuple[Any, ...], np.dtype[np.bool_]]
"""One yes or no each."""

Codes = np.ndarray[tuple[Any, ...], np.dtype[np.int8]]
"""What each node is: the place of an operation in the op table, or the kind of a leaf."""
