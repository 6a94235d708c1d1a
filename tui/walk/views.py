"""The views of a graph that a walk's screen offers; the first is the one it opens with."""

from __future__ import annotations

from .graph_view import View
from .tree.view import TREE

VIEWS: tuple[View, ...] = (TREE,)
