"""The keys of predict mode: on and off, and how much is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

from ...walk.command import Command
from ...walk.stage import Stage

if TYPE_CHECKING:
    from ...settings import Settings
    from ...study.predict_mode import PredictingStage, PredictMode


class _App(Protocol):
    """What is needed of the app: the settings of whoever sits here."""

    settings: Settings

    def warn(self, problem: str) -> None: ...


def _toggle(stage: Stage) -> None:
    """Ask for each step before it is shown, or no longer."""
    from ...words.study import PREDICT_OFF

    mode = _mode(stage)
    if stage.moment.prediction is not None:
        stage.moment = mode.ended()
        stage.say(PREDICT_OFF)
        return
    choice = _app(stage).settings.predict
    again = stage.moment.at_end
    stage.moment = mode.begun(choice)
    stage.say(mode.words(choice, again=again))


def _next_level(stage: Stage) -> None:
    """Ask for more, or, after the level that asks most, for less; it is remembered."""
    from ...words.study import CHOICE_WORDS

    app, prediction = _app(stage), stage.moment.prediction
    before = app.settings.predict if prediction is None else prediction.choice
    choice = _mode(stage).next_choice(before)
    app.settings.predict = choice
    app.warn(stage.session.store.save(app.settings))
    if prediction is not None:
        stage.moment = _mode(stage).at_level(choice)
    stage.say(f"Predict mode at the level {choice}: you are asked for {CHOICE_WORDS[choice]}.")


def _mode(stage: Stage) -> PredictMode:
    return cast("PredictingStage", stage).predict_mode


def _app(stage: Stage) -> _App:
    return cast("_App", stage.screen.app)


COMMANDS = (
    Command("walk.predict", "P", "Predict", "Ask for each step before it is shown, or no longer", _toggle, "P"),
    Command("walk.predict-level", "ctrl+l", "Level", "Choose how much is asked while you predict", _next_level),
)
