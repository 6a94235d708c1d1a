"""What happened, as small messages between widgets, screens and the app: data, no functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message
from textual.screen import Screen

if TYPE_CHECKING:  # the library is shown without what a graph or a training needs
    from pathlib import Path

    from ..engine.card import Card
    from ..engine.scenario import Scenario
    from ..engine.study.course import Lesson
    from ..engine.training.moment import TrainingMoment
    from .kept import Opened
    from .lecture.messages import Answered


@dataclass(eq=False)
class FromScreen(Message):
    """Something was asked for on a screen; it counts only while that screen is still on show (keys can come fast)."""

    screen: Screen[None]


@dataclass(eq=False)
class ScenarioChosen(FromScreen):
    """A scenario was chosen in the library: a built-in one by its card, or one that had been opened before."""

    scenario: Card | Scenario


@dataclass(eq=False)
class CourseWanted(FromScreen):
    """The built-in course is to be shown."""


@dataclass(eq=False)
class CourseLeft(FromScreen):
    """A course was left, for the library."""


@dataclass(eq=False)
class LessonChosen(FromScreen):
    """A lesson of the course is to be gone into."""

    lesson: Lesson


@dataclass(eq=False)
class TrainingWanted(FromScreen):
    """The training of a scenario is to be shown, before a lesson that walks an epoch of it."""

    scenario: Scenario


@dataclass(eq=False)
class WalkLeft(FromScreen):
    """A walk, a training or their opening was left, for whatever it was opened from."""


@dataclass(eq=False)
class ReloadWanted(FromScreen):
    """The file of the scenario on show is to be read anew."""


@dataclass(eq=False)
class ScenarioSaved(FromScreen):
    """The walk on show was saved as a scenario file."""

    path: Path


@dataclass(eq=False)
class EpochOpened(FromScreen):
    """An epoch of a training run was opened as a walk."""

    moment: TrainingMoment


@dataclass(eq=False)
class WalkOpened(FromScreen):
    """Another walk was opened from a walk, such as that of its derivative; leaving it leads back."""

    opened: Opened


@dataclass(eq=False)
class OpeningDone(FromScreen):
    """What was being opened is ready to be shown."""

    opened: Opened


@dataclass(eq=False)
class OpeningFailed(FromScreen):
    """What was being opened cannot be shown, for a `reason`."""

    reason: str


@dataclass(eq=False)
class InputSlid(Message):
    """An input, a leaf of the graph, is to have another value: a slider was moved there."""

    node: int
    value: float


@dataclass(eq=False)
class CopyWanted(Message):
    """A text is to go to the clipboard; `what` it is begins a sentence, such as "This step"."""

    what: str
    text: str


@dataclass(eq=False)
class SaveWanted(Message):
    """A text is to go to a file, whose name begins with `name`, such as "fabc-step-7"."""

    what: str
    text: str
    name: str


@dataclass(eq=False)
class StepAnswered(Message):
    """A follower of a lecture has answered what everybody is asked for, or that has come to something else."""

    answered: Answered
