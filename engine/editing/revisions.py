"""`Revisions`: what was walked before each edit and after it, so that every edit can be taken back and made again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ..graph.graph import Graph
from ..scenario import Scenario
from ..walk.trace import Trace
from ..walk.update import Updates
from .edit import Edit


@dataclass(frozen=True, eq=False)
class Revision:
    """What a walk is made of: a scenario, and the graph that is walked, with the updates of an epoch of training.

    `edit` is what led here from the revision before; None for the first one.
    """

    scenario: Scenario
    graph: Graph
    updates: Updates | None = None
    edit: Edit | None = None

    @classmethod
    def of(cls, scenario: Scenario, trace: Trace) -> Revision:
        """Return what a walk is made of that nobody has changed; an epoch's leaves have the values of its run."""
        leaf_values = trace.values[: trace.graph.leaf_count]
        return cls(scenario, trace.graph.with_leaf_values(leaf_values), trace.in_reverse_mode().updates)

    def trace(self, notes: Mapping[str, str] | None = None) -> Trace:
        """Run the graph, forward and backward; the updates of training follow from the gradients that come out.

        `notes` are sentences to show in place of the scenario's own, by the names of their steps.
        """
        notes = self.scenario.notes if notes is None else notes
        trace = Trace(self.graph, notes)
        if self.updates is None:
            return trace
        parameters = list(self.updates.parameters)
        gradients = trace.backward.gradients[parameters]
        updates = replace(self.updates, before=self.graph.leaf_values[parameters], gradients=gradients)
        return Trace(self.graph, notes, trace.numbers.run, updates)


@dataclass(frozen=True, eq=False)
class Revisions:
    """Immutable: the revisions from the first one on, and the place of the one on show.

    As many are kept as have room in `most_bytes`, and no more than `most`: the newest, and the first, since it is what
    was opened. `saved` is the one that was saved last.
    """

    all: tuple[Revision, ...]
    place: int = 0
    most_bytes: int = 100_000_000
    most: int = 500
    saved: Revision | None = None

    @property
    def current(self) -> Revision:
        """The one on show."""
        return self.all[self.place]

    @property
    def first(self) -> Revision:
        """What was opened."""
        return self.all[0]

    @property
    def changed(self) -> bool:
        """Whether the one on show is not what was opened."""
        return self.place > 0

    @property
    def unsaved(self) -> bool:
        """Whether the one on show is in no file: neither opened nor saved."""
        return self.current is not (self.saved or self.first)

    def as_saved(self) -> Revisions:
        """Return the history with the one on show as the one that was saved last."""
        return replace(self, saved=self.current)

    def typed_value(self, label: str) -> float | None:
        """Return the value that an input was last given, other than by sliding; None where it is not known."""
        for revision in self.all[self.place :: -1]:
            edit = revision.edit
            if edit is not None and (edit.name != label or edit.slid) and label not in dict(edit.inputs):
                continue
            try:
                return float(revision.graph.leaf_values[revision.graph.find(label)])
            except (KeyError, IndexError):
                return None
        return None

    def with_scenarios(self, change: Callable[[Scenario], Scenario]) -> Revisions:
        """Return the history with the words of all its scenarios changed; what was saved is that no longer."""
        revisions = tuple(replace(revision, scenario=change(revision.scenario)) for revision in self.all)
        return replace(self, all=revisions, saved=None)

    def with_edit(self, revision: Revision) -> Revisions:
        """Return the history with one more revision, in the place of those that were taken back.

        Sliding makes one revision of all its steps, so that one undo leads back to where it began.
        """
        kept, edit = self.all[: self.place + 1], revision.edit
        last = self.current.edit
        if edit is not None and last is not None and edit.slid and last.slid and edit.name == last.name:
            revision = replace(revision, edit=replace(edit, before=last.before))
            kept = kept[:-1]
        while len(kept) > 1 and (len(kept) >= self.most or _size(*kept[1:], revision) > self.most_bytes):
            kept = (kept[0], *kept[2:])
        return replace(self, all=(*kept, revision), place=len(kept))

    def undone(self) -> Revisions | None:
        """Return the history one edit back; None where there is nothing to take back."""
        return replace(self, place=self.place - 1) if self.place else None

    def redone(self) -> Revisions | None:
        """Return the history with the next edit made again; None where there is none."""
        return replace(self, place=self.place + 1) if self.place + 1 < len(self.all) else None


def _size(*revisions: Revision) -> int:
    """Return about how many bytes the graphs of revisions take; those of one structure share it."""
    structures = {id(revision.graph.operands): revision.graph for revision in revisions}.values()
    shared = sum(graph.operands.nbytes + graph.operand_offsets.nbytes + graph.codes.nbytes for graph in structures)
    return shared + sum(revision.graph.leaf_values.nbytes for revision in revisions)
