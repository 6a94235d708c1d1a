"""Predict mode: a whole walk that is asked for, and that nothing on the screen gives an answer away."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from gradwalk.engine.errors import GradwalkError
from gradwalk.engine.study.attempt import Attempt, Outcome
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.screens.walk_commands import COMMANDS
from gradwalk.tui.settings import Settings, SettingsFile
from gradwalk.tui.start import Start
from gradwalk.tui.study.predict_mode import PredictMode
from gradwalk.tui.walk.moment import Moment
from gradwalk.tui.walk.panels import PANELS
from textual.pilot import Pilot

from .pilots import HeldClock, cursor, lines, notices, opened, scenario_of, text, walk
from .pseudo_terminal import GRADWALK, PseudoTerminal

STEP, LAST_FACTOR, RESULT = "step", "last factor", "result"


@asynccontextmanager
async def predicting(
    level: str = STEP, what: str = "fabc", size: tuple[int, int] = (80, 24), **values: str
) -> AsyncIterator[Pilot[None]]:
    app = GradwalkApp(scenario_of(what, **values), start=Start(predict=level))
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        yield pilot


def mode(pilot: Pilot[None]) -> PredictMode:
    return walk(pilot).predict_mode


def outcomes(pilot: Pilot[None]) -> list[Outcome]:
    return [attempt.outcome for attempt in mode(pilot).tally.attempts]


def attempt_at(pilot: Pilot[None]) -> Attempt:
    attempt = mode(pilot).box.attempt
    assert attempt is not None
    return attempt


def is_asked(pilot: Pilot[None]) -> bool:
    return walk(pilot).moment.is_asked


async def answer(pilot: Pilot[None], typed: str) -> None:
    """Answer what is asked; that the field takes what is typed is shown in the tests of the box."""
    for _ in range(20):  # it takes the keys when it has been laid out
        if mode(pilot).box.has_keys:
            break
        await pilot.pause()
    mode(pilot).box.field.value = typed
    await pilot.press("enter")
    await pilot.pause()


async def answer_step(pilot: Pilot[None], *answers: str) -> None:
    """Go on, and answer all that is asked."""
    await pilot.press("right")
    for typed in answers:
        assert is_asked(pilot), typed
        await answer(pilot, typed)
    assert not is_asked(pilot)


class TestAWholeWalk:
    async def test_right_wrong_helped_and_skipped_are_told_at_the_end(self) -> None:
        async with predicting() as pilot:
            await answer_step(pilot, "1")  # l
            assert "✓ Right: 1." in text(pilot)
            assert "→ goes on" in text(pilot)
            assert "= ln(2.7183)" in text(pilot), "the step is shown as always"
            await pilot.press("right")
            await answer(pilot, "4")  # s is 3: wrong at first
            assert cursor(pilot) == 1
            assert "✗" in text(pilot)
            await answer(pilot, "a + l")
            assert cursor(pilot) == 2
            await pilot.press("right", "question_mark")
            await pilot.pause()
            assert "hint 1 of 3" in text(pilot)
            await answer(pilot, "1/3")
            await pilot.press("right", "ctrl+n")
            await pilot.pause()
            assert "skipped: q = 1/3" in text(pilot)
            assert outcomes(pilot) == [Outcome.RIGHT, Outcome.HELPED, Outcome.HELPED, Outcome.SKIPPED]
            await answer_step(pilot, "0.667")
            await pilot.press("right")
            assert "the seed" in text(pilot), "what is known is not asked"
            await answer_step(pilot, "1", "1")  # r
            await answer_step(pilot, "1", "1")  # q
            await pilot.press("right")
            for _ in range(4):
                await pilot.press("question_mark")
            await pilot.pause()
            assert "–" in text(pilot), "the answer was shown, and the next part is asked"
            await answer(pilot, "-1/9")
            assert "-1/9" in text(pilot)
            await pilot.press("right")
            await answer(pilot, "1/s^2")
            said = " ".join(text(pilot).split())
            assert attempt_at(pilot).verdicts[-1].mistakes == ("sign",)
            assert attempt_at(pilot).verdicts[-1].sentence[:40] in said
            await answer(pilot, "-1/s^2")
            await answer(pilot, "-1/9")
            await answer_step(pilot, "1", "-1/9")
            await answer_step(pilot, "1", "-1/9")
            await answer_step(pilot, "1/e", "-1/(9*e)")
            assert walk(pilot).moment.at_end
            said = text(pilot)
            assert "What you predicted in this walk:" in said
            assert "3 helped · 1 wrong · 1 skipped" in said
            assert "1 step shown without a question" in said, "the seed"
            assert "to practise:" in said
            assert "local derivative of 1/x" in said
            assert "gradwalk drill" in " ".join(said.split())
            assert "1 shows this last step" in said

    async def test_the_panel_s_key_leads_from_the_end_to_the_last_step(self) -> None:
        async with predicting() as pilot:
            await pilot.press("end")
            assert "nothing was asked" in text(pilot)
            await pilot.press("1")
            await pilot.pause()
            assert "∂f/∂b += ∂f/∂l · ∂l/∂b" in text(pilot)
            assert "What you predicted" not in text(pilot)

    async def test_every_attempt_is_remembered_when_it_is_closed(self) -> None:
        async with predicting() as pilot:
            await answer_step(pilot, "1")
            progress = walk(pilot).session.progress
            assert progress.standing("value:ln").right == 1
            await pilot.press("right")
            await answer(pilot, "7")
            assert progress.standing("value:+").answered == 0, "it is open"
            await pilot.press("escape", "end")
            await pilot.pause()
            assert progress.standing("value:+").wrong == 1, "given up after a wrong answer"

    async def test_the_keys_come_back_to_the_graph_and_to_the_question(self) -> None:
        async with predicting() as pilot:
            await pilot.press("right")
            await pilot.pause()
            assert mode(pilot).box.has_keys
            await pilot.press("escape")
            await pilot.press("down")
            assert not mode(pilot).box.has_keys
            assert walk(pilot).moment.selected is not None, "the graph has the keys"
            assert is_asked(pilot)
            assert "The question waits: → or a click" in text(pilot)
            await pilot.press("right")
            await pilot.pause()
            assert mode(pilot).box.has_keys, "going on comes back to the question"
            assert "The question waits" not in text(pilot)
            await answer(pilot, "1")
            assert cursor(pilot) == 1
            assert not mode(pilot).box.has_keys

    async def test_the_question_takes_the_keys_when_it_comes_back_from_behind_the_graph(self) -> None:
        async with predicting() as pilot:
            await pilot.press("right", "escape", "z")
            await pilot.pause()
            await pilot.press("right")
            await pilot.pause()
            assert mode(pilot).box.has_keys
            await pilot.press("escape", "z", "z", "z")
            await pilot.pause()
            assert not mode(pilot).box.has_keys, "the graph has them, since the field was left"

    async def test_no_panel_stands_below_a_question(self) -> None:
        async with predicting() as pilot:
            await answer_step(pilot, "1")
            await pilot.press("2", "1", "right")
            await pilot.pause()
            assert is_asked(pilot)
            assert "ln(2.7183)" not in text(pilot)

    async def test_an_answer_is_given_by_the_mouse_too(self) -> None:
        async with predicting() as pilot:
            await pilot.press("right", "escape")
            await pilot.click("#question", offset=(3, 1))
            await pilot.pause()
            assert mode(pilot).box.has_keys
            row = next(row for row in lines(pilot)[::-1] if row.strip())
            await pilot.click("KeyBar", offset=(row.index("Skip"), 0))
            await pilot.pause()
            assert outcomes(pilot) == [Outcome.SKIPPED]


class TestWhatIsAsked:
    async def test_the_last_factor_with_the_rest_of_the_step(self) -> None:
        async with predicting(LAST_FACTOR) as pilot:
            await pilot.press("right")
            assert "l = ln(b) = ln(2.7183)" in text(pilot)
            await pilot.press("escape", "g", *"6", "enter", "right")
            await pilot.pause()
            assert "∂f/∂f = 1" in text(pilot), "the upstream gradient"
            await answer(pilot, "1")
            assert cursor(pilot) == 7, "no more is asked"

    async def test_several_contributions_are_added_up(self) -> None:
        async with predicting(STEP, "x * x + x", x="3") as pilot:
            await pilot.press("g", *"5", "enter")
            await answer_step(pilot, "3", "3", "4")  # the second of three
            await pilot.press("right")
            await answer(pilot, "x")
            await answer(pilot, "3")
            assert "its 3 contributions added up" in " ".join(text(pilot).split())
            await answer(pilot, "7")
            assert walk(pilot).moment.at_end

    async def test_only_the_results(self) -> None:
        async with predicting(RESULT) as pilot:
            await pilot.press("right")
            await pilot.pause()
            assert "What is the value of f?" in text(pilot)
            await answer(pilot, "2/3")
            assert cursor(pilot) == 5
            for name, typed in [("c", "-1/9"), ("a", "-1/9"), ("b", "-1/(9e)")]:
                await pilot.press("right")
                await pilot.pause()
                assert f"What is ∂f/∂{name}?" in text(pilot)
                await answer(pilot, typed)
            assert walk(pilot).moment.at_end
            assert outcomes(pilot) == [Outcome.RIGHT] * 4

    async def test_it_fades_as_the_learner_succeeds(self) -> None:
        async with predicting("fading", "ln(x) * ln(y) * ln(z) * ln(w)", x="2", y="3", z="5", w="7") as pilot:
            assert "Predict mode: → asks for the next step" in text(pilot)
            await pilot.press("right")
            assert cursor(pilot) == 1, "the first logarithm is shown"
            assert "Shown as an example; the next of its kind is asked for.   → goes on" in text(pilot)
            await pilot.press("right")
            assert "= ln(3)" in text(pilot), "the second one with its numbers"
            await answer(pilot, "ln(3)")
            while not is_asked(pilot):
                await pilot.press("right")
            assert "ln(" in text(pilot)

    async def test_playing_stops_at_a_question(self, monkeypatch: pytest.MonkeyPatch) -> None:
        clock = HeldClock(monkeypatch)
        async with predicting() as pilot:
            await pilot.press("space")
            clock.tick()
            await pilot.pause()
            assert is_asked(pilot)
            assert clock.interval is None
            await answer(pilot, "1")
            await pilot.press("home", "space")
            clock.tick()
            assert cursor(pilot) == 1, "it plays over what was seen"
            assert not is_asked(pilot)

    async def test_going_back_and_jumping_ask_nothing(self) -> None:
        async with predicting() as pilot:
            await answer_step(pilot, "1")
            await answer_step(pilot, "3")
            await pilot.press("left", "left", "right", "right")
            assert cursor(pilot) == 2
            assert not is_asked(pilot)
            await pilot.press("right_square_bracket")
            assert cursor(pilot) == 6
            assert mode(pilot).not_asked == 4
            await pilot.press("right")
            assert is_asked(pilot)
            await pilot.press("escape", "left")
            assert not is_asked(pilot), "the question waits"
            await pilot.press("right", "right")
            assert is_asked(pilot)
            await pilot.press("escape", "dollar_sign")
            assert walk(pilot).moment.at_end
            assert "11 steps shown" in text(pilot)

    async def test_the_row_s_next_step_is_asked_for_itself(self) -> None:
        async with predicting() as pilot:
            await pilot.press("enter")  # the output's value
            await pilot.pause()
            assert "What is the value of f?" in text(pilot)
            assert cursor(pilot) == 4
            assert mode(pilot).not_asked == 4

    async def test_a_key_begins_and_ends_it_and_another_chooses_how_much(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("P", "ctrl+l", "ctrl+l", "ctrl+l")
            assert walk(pilot).moment.prediction is not None
            assert walk(pilot).moment.prediction.choice == STEP
            assert SettingsFile().load()[0].predict == STEP
            await pilot.press("right")
            await pilot.pause()
            assert is_asked(pilot)
            await pilot.press("escape", "P", "right")
            assert cursor(pilot) == 1
            await pilot.press("end", "P")
            assert cursor(pilot) == 0, "all was seen, so it begins again"
            assert walk(pilot).moment.hides_ahead

    async def test_another_walk_of_other_numbers_is_asked_for_from_its_step_on(self) -> None:
        async with predicting() as pilot:
            await answer_step(pilot, "1")
            await answer_step(pilot, "3")
            await pilot.press("right", "escape", "greater_than_sign")
            await pilot.pause()
            moment = walk(pilot).moment
            assert moment.prediction is not None
            assert (moment.prediction.seen, moment.prediction.asked) == (2, 0)
            assert not mode(pilot).box.display

    async def test_a_wrong_level_in_the_settings_is_named(self) -> None:
        SettingsFile().save(Settings(predict="everything"))
        async with opened("fabc") as pilot:
            assert any('"everything" is no level of predicting' in notice for notice in notices(pilot))


def test_a_terminal_has_its_cursor_where_the_answer_is_typed_and_then_on_the_row_of_the_step() -> None:
    with PseudoTerminal(GRADWALK, "fabc", "--predict", "--level", "step") as terminal:

        def row() -> str:
            return terminal.lines[terminal.screen.cursor.y]

        terminal.wait_for("predict: step")
        terminal.press("right")
        terminal.wait_for(lambda: row().startswith(" l ="))
        terminal.press("1", "enter")
        terminal.wait_for("goes on")
        terminal.wait_for(lambda: row().startswith("▶"))


def test_a_level_that_there_is_not_is_named() -> None:
    with pytest.raises(GradwalkError, match="there are fading, worked example, last factor, step, result"):
        Start(predict="everything").check()


def test_a_moment_says_in_words_that_somebody_predicts() -> None:
    app_start = Start(predict=STEP)
    moment = app_start.look(scenario_trace())
    again = Moment(moment.trace).standing(moment.at(3).stand)
    assert again.prediction is not None
    assert (again.prediction.choice, again.prediction.seen, again.prediction.asked) == (STEP, 3, 0)


def scenario_trace() -> Any:
    from gradwalk.engine.walk.trace import Trace

    return Trace(scenario_of("fabc").graph)


# ---- nothing gives an answer away

ODD = {"x": "1.7", "y": "0.6", "z": "2.9"}
"""Inputs at which no two numbers of the walk below are equal, and none is short."""

EXPRESSION = "ln(x * y) + z / (x + y) - exp(y) * x"


def numbers_ahead(moment: Moment) -> set[str]:
    """Return how the numbers of all steps that were not seen yet are written, to three digits, but for known ones."""
    trace = moment.trace
    ahead: set[float] = set()
    for step in range(moment.cursor + 1, trace.total + 1):
        found = trace.step(step)
        ahead.add(found.value)
        if found.factor is not None:
            ahead |= {found.factor.local, found.factor.contribution, found.factor.after, found.factor.upstream}
    known: set[float] = set(trace.values[: trace.graph.leaf_count].tolist())
    for step in range(1, moment.cursor + 1):
        found = trace.step(step)
        known.add(found.value)
        if found.factor is not None:
            known |= {found.factor.local, found.factor.contribution, found.factor.before, found.factor.upstream}
    return {f"{abs(number):.3g}" for number in ahead - known} - {f"{abs(number):.3g}" for number in known} - {"0", "1"}


def given_away(shown: str, moment: Moment) -> set[str]:
    written = {f"{float(number):.3g}" for number in re.findall(r"\d+\.\d+(?:e[+-]?\d+)?", shown)}
    return written & numbers_ahead(moment)


CLOSED = {"walk.library", "walk.save-scenario", "walk.save", "walk.reload", "walk.predict", "walk.forward",
          "walk.next-node", "walk.next-phase", "walk.end", "walk.run", "walk.go-to-write", "walk.play",
          "walk.start", "walk.back", "walk.previous-node", "walk.previous-phase"}  # fmt: skip
"""Commands that leave the walk, write files, or take steps: what they show was gone to."""


class TestNothingIsGivenAway:
    def test_the_check_finds_what_is_shown(self) -> None:
        moment = Moment(scenario_trace()).at(6)
        assert given_away("the contribution is -0.1111", moment) == {"0.111"}

    @pytest.mark.parametrize(
        ("view", "size"), [("tree", (80, 24)), ("circuit", (120, 40))], ids=["tree-80x24", "circuit-120x40"]
    )
    async def test_by_no_view_and_no_panel(self, view: str, size: tuple[int, int]) -> None:
        async with predicting(STEP, EXPRESSION, size=size, **ODD) as pilot:
            await pilot.press(*["v"] * (view == "circuit"), "g", *"12", "enter", "right")
            await pilot.pause()
            moment = walk(pilot).moment
            assert moment.is_asked
            assert moment.view == view
            assert len(numbers_ahead(moment)) > 5
            assert not given_away(text(pilot), moment)
            await pilot.press("escape")
            for panel in PANELS:
                await pilot.press(panel.key)
                await pilot.pause()
                assert not given_away(text(pilot), moment), panel.name
            await pilot.press("left")  # no question stands before the panels then
            for panel in PANELS:
                await pilot.press(panel.key)
                await pilot.pause()
                assert not given_away(text(pilot), moment), panel.name
                assert ("Hidden while you predict" in text(pilot)) is (panel.name != "step")

    @pytest.mark.thorough
    async def test_by_no_command(self) -> None:
        copied: list[str] = []
        async with predicting(STEP, EXPRESSION, size=(120, 40), **ODD) as pilot:
            pilot.app.copy_to_clipboard = copied.append  # type: ignore[method-assign]
            await pilot.press("g", *"12", "enter", "right", "escape")
            moment = walk(pilot).moment
            for command in COMMANDS.values():
                if command.id in CLOSED:
                    continue
                walk(pilot).action_command(command.id)
                await pilot.pause()
                now = text(pilot) + " ".join(notices(pilot))
                assert not given_away(now, moment), command.id
                while pilot.app.screen is not pilot.app.screen_stack[0]:
                    pilot.app.pop_screen()
                    await pilot.pause()
                if walk(pilot).moment.trace is not moment.trace:  # an edit: as it was
                    walk(pilot).action_command("walk.undo")
                    await pilot.pause()
                    await pilot.press("right", "escape")
                    moment = walk(pilot).moment
        assert copied
        assert not given_away(copied[0], moment)

    async def test_not_by_a_hint_until_it_is_asked_for(self) -> None:
        async with predicting(what="fabc") as pilot:
            hints = [exercise.hint for exercise in walk(pilot).opened.scenario.exercises if exercise.hint]
            assert not any(hint[:30] in text(pilot) for hint in hints)
            await pilot.press("P", "J", "J")
            await pilot.pause()
            assert not hints or any(hint[:30] in text(pilot) for hint in hints)
