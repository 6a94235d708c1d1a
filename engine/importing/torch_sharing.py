"""`Sharing`: what a traced function writes into a part of a tensor is in all that share its numbers."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, cast

import numpy as np

from .reader import Recorded
from .torch_reader import TorchReader
from .torch_views import base_of, is_in_place, places_in


class Sharing:
    """Keeps what is known of the nodes of a traced function up to date, while they are read one after the other."""

    def __init__(self, reader: TorchReader) -> None:
        self._reader, self._known = reader, reader.known
        self._sharing: defaultdict[Any, list[Any]] = defaultdict(list)

    def share(self, node: Any) -> None:
        """Remember a node that is a part of another one; let what it has written be in all that share its numbers."""
        base = base_of(node)
        if base is node:
            return
        if is_in_place(node.target):
            written = self._known[node]
            if node.args[0] is not base:
                self._known[base] = self._put(base, node, written)
            else:
                self._known[base] = written
            for part in self._sharing[base]:
                self._known[part] = self._part(base, part)
        self._sharing[base].append(node)

    def _put(self, base: Any, node: Any, written: Any) -> Any:
        """Return the numbers of a base after others were written into a part of it."""
        whole, places = self._known[base], self._places(base, node)
        if not isinstance(whole, Recorded) and not isinstance(written, Recorded):
            flat = whole.detach().clone().reshape(-1)
            flat[places.reshape(-1)] = written.detach().reshape(-1)
            return flat.reshape(whole.shape)
        flat, new = (self._reader.record("reshape", each, shape=(-1,)) for each in (whole, written))
        replaced = self._reader.record("put", flat, new, key=places.numpy().reshape(-1))
        return self._reader.record("reshape", replaced, shape=self._reader.shape(whole))

    def _part(self, base: Any, node: Any) -> Any:
        """Return the numbers of a part of a base, as the base has them now; of several parts a tuple."""
        whole, places = self._known[base], self._places(base, node)
        if isinstance(places, tuple | list):
            return tuple(self._taken(whole, each) for each in cast("tuple[Any, ...]", places))
        return self._taken(whole, places)

    def _taken(self, whole: Any, places: Any) -> Any:
        if not isinstance(whole, Recorded):
            return whole.detach().reshape(-1)[places]
        return self._reader.record("take", self._reader.record("reshape", whole, shape=(-1,)), indices=places.numpy())

    def _places(self, base: Any, node: Any) -> Any:
        shape = self._reader.shape(self._known[base])
        codes = self._reader.torch.arange(int(np.prod(shape, dtype=np.int64))).reshape(shape)
        return places_in(node, base, codes, lambda value: self._reader.argument(value))
