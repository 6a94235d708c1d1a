"""The arrays that everything is kept in, by what they hold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
"""Numbers: values, gradients, local derivatives."""

Indices = NDArray[np.int32]
"""Nodes, edges, or places in another array."""

Flags = NDArray[np.bool_]
"""One yes or no each."""
