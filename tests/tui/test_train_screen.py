"""Stories of the training screen, told with Textual's Pilot."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

import numpy as np
import pytest
from gradwalk.engine.training.trainer import Trainer
from gradwalk.tui.plots.plot_view import PlotView
from gradwalk.tui.screens.goto import GotoScreen
from gradwalk.tui.screens.help import HelpScreen
from gradwalk.tui.screens.library import LibraryScreen
from gradwalk.tui.screens.train import TrainScreen
from gradwalk.tui.screens.walk import WalkScreen
from textual.pilot import Pilot

from .pilots import lines, notices, text, walk
from .training import running, scenario, screen, stands, training, until, without_data


def epoch(pilot: Pilot[None]) -> int:
    """Return the epoch on show."""
    return screen(pilot).player.epoch


def plot(pilot: Pilot[None], which: str) -> str:
    """Return what a plot's panel shows, its title included; nothing where it is hidden."""
    panel = screen(pilot).query_one(f"#{which}", PlotView)
    if not panel.display:
        return ""
    region = panel.region
    return "\n".join(line[region.x : region.right] for line in lines(pilot)[region.y : region.bottom])


class Gate:
    """Holds every epoch until the test lets it through, so that training runs exactly as long as it is told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._permits = threading.Semaphore(0)
        self.open = False
        trains = Trainer.train_epoch

        def train_epoch(trainer: Trainer, stopped: Callable[[], bool] = lambda: False) -> bool:
            while not self.open and not self._permits.acquire(timeout=0.005):
                if stopped():
                    return False
            return trains(trainer, stopped)

        monkeypatch.setattr(Trainer, "train_epoch", train_epoch)

    def let_through(self, epochs: int) -> None:
        """Let so many epochs be trained."""
        self._permits.release(epochs)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    return Gate(monkeypatch)


class TestGoingOnAndBack:
    async def test_every_key_goes_where_it_says(self) -> None:
        places: list[tuple[str, int]] = [
            ("right", 1), ("l l", 2), ("left", 0), ("right right left", 1), ("n", 10), ("shift+right p", 0),
            ("n n", 20), ("n n home", 0), ("n 0", 0), ("n home end", 10), ("n p dollar_sign", 10), ("h", 0),
        ]  # fmt: skip
        async with training(scenario()) as pilot:
            for keys, place in places:
                screen(pilot).action_reset()
                for key in keys.split():
                    await pilot.press(key)
                    await until(pilot, lambda: not running(pilot))
                assert (keys, epoch(pilot)) == (keys, place)
                assert f"epoch {place} of 50" in text(pilot)

    async def test_each_screen_on_the_way_back_is_the_one_on_the_way_out(self) -> None:
        async with training("regression") as pilot:
            await pilot.press("n")
            await stands(pilot)
            await pilot.press("home")
            seen = [text(pilot)]
            for _ in range(5):
                await pilot.press("right")
                await stands(pilot)
                seen.append(text(pilot))
            for expected in seen[-2::-1]:
                await pilot.press("left")
                assert text(pilot) == expected
            assert len(set(seen)) == 6

    async def test_g_trains_up_to_an_epoch_and_goes_back_to_one(self) -> None:
        async with training(scenario()) as pilot:
            await pilot.press("g", "3", "0", "enter")
            await stands(pilot)
            assert (epoch(pilot), screen(pilot).player.last) == (30, 30)
            await pilot.press("g", "7", "enter")
            await stands(pilot)
            assert (epoch(pilot), screen(pilot).player.last) == (7, 30)
            await pilot.press("g", "9", "9", "enter")
            assert isinstance(pilot.app.screen, GotoScreen)
            assert "training ends after 50 epochs; m allows more" in text(pilot)
            await pilot.press("escape")
            assert epoch(pilot) == 7

    async def test_reset_starts_again(self) -> None:
        async with training("regression") as pilot:
            start = text(pilot)
            await pilot.press("plus", "n")
            await stands(pilot)
            await pilot.press("r")
            assert text(pilot) == start

    async def test_at_the_end_it_says_which_keys_lead_on_and_m_trains_longer(self) -> None:
        async with training(scenario()) as pilot:
            await pilot.press("a")
            await stands(pilot)
            assert "All 50 epochs are done." in text(pilot)
            assert "m trains on · ← goes back · r starts again" in text(pilot)
            await pilot.press("right")
            await stands(pilot)
            assert epoch(pilot) == 50
            await pilot.press("m", "right")
            await stands(pilot)
            assert "epoch 51 of 100" in text(pilot)
            assert "All 50" not in text(pilot)


class TestWhileTrainingRuns:
    async def test_what_is_trained_is_shown_as_it_comes_and_space_pauses(self, gate: Gate) -> None:
        async with training("regression") as pilot:
            await pilot.press("space")
            assert running(pilot)
            gate.let_through(5)
            await until(pilot, lambda: screen(pilot).player.last == 5)
            await until(pilot, lambda: "epochs/s" in lines(pilot)[1])
            await pilot.press("space")
            assert not running(pilot)
            assert "epochs/s" not in lines(pilot)[1]
            assert epoch(pilot) == 5

    @pytest.mark.parametrize("key", ["escape", "space", "r", "home", "left", "right"])
    async def test_a_key_is_answered_at_once_though_an_epoch_is_under_way(self, gate: Gate, key: str) -> None:
        async with training("regression") as pilot:
            gate.let_through(3)
            await pilot.press("a")
            await until(pilot, lambda: screen(pilot).player.last == 3)
            await pilot.press(key)
            gate.open = True
            await stands(pilot)
            assert isinstance(pilot.app.screen, TrainScreen)
            assert epoch(pilot) == {"r": 0, "home": 0, "left": 2, "right": 4}.get(key, 3)

    async def test_escape_stops_training_first_and_leaves_after_that(self, gate: Gate) -> None:
        async with training("regression") as pilot:
            await pilot.press("a")
            assert running(pilot)
            await pilot.press("escape")
            assert not running(pilot)
            await pilot.press("escape")
            await pilot.pause()
            assert isinstance(pilot.app.screen, LibraryScreen)

    async def test_leaving_and_quitting_leave_no_thread_behind(self, gate: Gate) -> None:
        before = set(threading.enumerate())
        async with training("regression") as pilot:
            await pilot.press("a")
            assert running(pilot)
            await pilot.press("q")
        assert not [thread for thread in set(threading.enumerate()) - before if "_run" in thread.name]

    async def test_plots_and_help_can_be_looked_at(self, gate: Gate) -> None:
        async with training("regression") as pilot:
            await pilot.press("a", "v", "y", "question_mark")
            assert isinstance(pilot.app.screen, HelpScreen)
            gate.let_through(7)
            await pilot.press("escape")
            await until(pilot, lambda: screen(pilot).player.last == 7)
            assert running(pilot)
            assert "surface of the loss" in plot(pilot, "model")

    async def test_pressing_n_again_meanwhile_adds_ten_more(self, gate: Gate) -> None:
        async with training("regression") as pilot:
            await pilot.press("n", "n", "n")
            assert epoch(pilot) == 0
            gate.open = True
            await stands(pilot)
            assert epoch(pilot) == 30

    async def test_the_window_and_the_theme_may_change(self, gate: Gate) -> None:
        async with training("regression") as pilot:
            await pilot.press("a")
            for size in ((80, 24), (60, 20), (50, 15), (200, 60)):
                gate.let_through(3)
                await pilot.resize_terminal(*size)
                await pilot.press("t")
                await pilot.pause()
            gate.open = True
            await stands(pilot)
            assert "epoch 200 of 200" in text(pilot)

    @pytest.mark.parametrize("key", ["a", "space", "right"])
    async def test_a_failure_in_the_thread_is_said_and_the_screen_answers(
        self, monkeypatch: pytest.MonkeyPatch, key: str
    ) -> None:
        trains = Trainer.train_epoch

        def fail(trainer: Trainer, stopped: Callable[[], bool] = lambda: False) -> bool:
            if trainer.history.last >= 10:
                raise MemoryError("no room for another epoch")
            return trains(trainer, stopped)

        async with training(scenario()) as pilot:
            await pilot.press("n")
            await stands(pilot)
            monkeypatch.setattr(Trainer, "train_epoch", fail)
            await pilot.press(key)
            await until(pilot, lambda: bool(notices(pilot)))
            assert notices(pilot) == ["Training failed: no room for another epoch"]
            assert not running(pilot)
            assert epoch(pilot) == 10
            monkeypatch.setattr(Trainer, "train_epoch", trains)
            await pilot.press("right")
            await stands(pilot)
            assert epoch(pilot) == 11


class TestTheLearningRate:
    async def test_another_rate_makes_what_comes_after_anew_and_says_what_is_forgotten(self) -> None:
        async with training("regression") as pilot:
            await pilot.press("n", "n")
            await stands(pilot)
            await pilot.press("p", "minus")
            assert screen(pilot).player.last == 10
            assert notices(pilot) == ["The 10 epochs after this one are forgotten: another learning rate makes others."]
            assert "η = 0.016" in text(pilot)
            await pilot.press("plus")
            assert "η = 0.02" in text(pilot)

    async def test_while_training_runs_it_goes_on_as_it_did_with_the_new_one(self, gate: Gate) -> None:
        async with training("regression") as pilot:
            await pilot.press("a")
            gate.let_through(4)
            await until(pilot, lambda: screen(pilot).player.last == 4)
            await pilot.press("plus")
            assert running(pilot)
            assert epoch(pilot) == 4
            gate.open = True
            await stands(pilot)
            trainer = screen(pilot).player.trainer
            assert screen(pilot).player.last == 200
            assert (trainer.rate(3), trainer.rate(4), trainer.rate(100)) == (0.02, 0.025, 0.025)
            assert not notices(pilot)

    async def test_a_loss_that_grows_is_warned_of_and_every_way_on_stays_open(self) -> None:
        """At the rate 1.1 every epoch multiplies x with -1.2; a course prints 61.917364 for the tenth."""
        one_point = scenario(
            data="s = [1]", parameters="x = 10", prediction='h = "s*x"', loss='f = "mean(h^2)"',
            training="learning_rate = 1.1\nepochs = 10",
        )  # fmt: skip
        async with training(one_point) as pilot:
            for place in range(1, 11):
                await pilot.press("right")
                await stands(pilot)
                assert epoch(pilot) == place
                assert ("⚠ The loss grows: it has for the last 5 epochs on end" in text(pilot)) == (place >= 7)
                assert ("← goes back · - lowers η from there on" in text(pilot)) == (7 <= place < 10)
            said = " ".join(text(pilot).split())
            assert "x = 61.9174" in said
            assert "The learning rate 1.1 is probably too large" in said
            assert "All 10 epochs are done. m trains on" in said
            await pilot.press("m", "right")
            await stands(pilot)
            assert "epoch 11 of 20" in text(pilot)
            assert "x = -74.3008" in text(pilot)
            await pilot.press("a")
            await stands(pilot)
            assert epoch(pilot) == 20
            await pilot.press("home", *["right"] * 3)
            assert "⚠" not in text(pilot)
            await pilot.press("minus", "a")
            await stands(pilot)
            assert "⚠" not in text(pilot), "0.88 is small enough"

    async def test_an_overflow_is_explained_and_what_was_trained_stays(self) -> None:
        async with training("regression") as pilot:
            await pilot.press("n", *["plus"] * 7, "a")
            await stands(pilot)
            await pilot.press("m", "m", "m", "a")
            await stands(pilot)
            while not screen(pilot).player.trainer.diverged:
                await pilot.press("m", "a")
                await stands(pilot)
            last = epoch(pilot)
            said = " ".join(text(pilot).split())
            assert f"⚠ After epoch {last} the loss is infinite." in said
            assert "The learning rate 0.0954 is probably too large" in said
            assert "← goes back · - lowers η from there on · r starts again" in said
            assert len(screen(pilot).player.losses) == last + 1
            await pilot.press("a", "m", "right")
            await stands(pilot)
            assert epoch(pilot) == last, "there is no way on from here"
            await pilot.press("home", *["right"] * 10, *["minus"] * 7, "a")
            await stands(pilot)
            assert "⚠" not in text(pilot)

    async def test_a_loss_that_does_not_exist_from_the_start_can_be_walked_to_see_where(self) -> None:
        undefined = scenario(parameters="w = -1", prediction='h = "ln(w*x*x)"')
        async with training(undefined) as pilot:
            assert "At the start the loss is not a number (nan). There is no gradient to follow." in text(pilot)
            assert "⏎ shows where it comes from" in text(pilot)
            assert "the loss has no finite value yet" in plot(pilot, "loss")
            await pilot.press("a", "n", "right", "space", "y")
            await stands(pilot)
            assert epoch(pilot) == 0
            await pilot.press("enter")
            await pilot.pause()
            await pilot.press("end")
            assert "undefined" in text(pilot)


class TestDivingIn:
    async def test_enter_opens_the_epoch_as_a_walk_and_esc_comes_back_to_it(self) -> None:
        async with training("regression") as pilot:
            await pilot.press("n", "left", "left", "left")
            await stands(pilot)
            before = text(pilot)
            await pilot.press("enter")
            await pilot.pause()
            assert isinstance(pilot.app.screen, WalkScreen)
            assert "epoch 7 · Linear regression" in lines(pilot)[0]
            assert sum("▸ q[" in line for line in lines(pilot)) == 10, "each sample takes one line"
            await pilot.press("end")
            assert "update · step" in lines(pilot)[1]
            await pilot.press("escape")
            await pilot.pause()
            assert text(pilot) == before

    async def test_the_gradients_of_the_walk_are_those_that_training_used(self) -> None:
        async with training("regression") as pilot:
            await pilot.press("n")
            await stands(pilot)
            player = screen(pilot).player
            for place in (0, 4, 9):
                screen(pilot).action_seek(place)
                await pilot.press("enter")
                await pilot.pause()
                trace = walk(pilot).opened.trace
                used = player.trainer.history[place].gradient
                assert np.array_equal(trace.backward.gradients[player.scenario.model.parameters], used)
                assert trace.updates is not None
                after = [trace.updates[number].after for number in range(len(used))]
                assert after == player.trainer.history[place + 1].parameters.tolist()
                await pilot.press("escape")
                await pilot.pause()

    async def test_diving_stops_training_where_it_is(self, gate: Gate) -> None:
        async with training("regression") as pilot:
            await pilot.press("a")
            gate.let_through(6)
            await until(pilot, lambda: screen(pilot).player.last == 6)
            await pilot.press("enter")
            await pilot.pause()
            assert "epoch 6 · " in lines(pilot)[0]
            await pilot.press("escape")
            await pilot.pause()
            assert not running(pilot)
            assert epoch(pilot) == 6


class TestPlots:
    async def test_v_shows_the_data_the_surface_and_the_data_again(self) -> None:
        async with training("regression") as pilot:
            assert "data and model" in plot(pilot, "model")
            await pilot.press("v")
            assert "surface of the loss, and the way down" in plot(pilot, "model")
            await pilot.press("v")
            assert "data and model" in plot(pilot, "model")

    async def test_where_there_is_room_for_one_v_shows_each_in_turn(self) -> None:
        async with training("regression", (80, 24)) as pilot:
            seen = []
            for _ in range(4):
                shown = [which for which in ("loss", "model") if plot(pilot, which)]
                seen.append((shown, plot(pilot, shown[0]).split("\n")[0].strip("╭─╮ ")))
                await pilot.press("v")
            assert seen == [
                (["model"], "data and model"),
                (["loss"], "cost by epoch, linear axis"),
                (["model"], "surface of the loss, and the way down"),
                (["model"], "data and model"),
            ]

    async def test_where_there_is_room_for_one_the_bar_says_which_keys_show_more(
        self,
    ) -> None:
        async with training("regression", (80, 24)) as pilot:
            bar = lines(pilot)[-1].split("  ")
            assert {"v Plot", "+ η↑", "- η↓", "r Reset", "→ Epoch", "⏎ Walk", "q Quit"} <= {key.strip() for key in bar}

    async def test_v_says_so_where_there_is_no_other_plot(self) -> None:
        async with training("polynomial") as pilot:
            await pilot.press("v")
            assert notices(pilot) == ["There is no other plot of this training."]

    async def test_the_surface_has_a_legend_and_a_lost_way_a_mark_at_the_frame(self) -> None:
        async with training("regression") as pilot:
            await pilot.press("n", *["plus"] * 5, "a", "v")
            await stands(pilot)
            surface = plot(pilot, "model")
            assert "cost:" in surface.split("\n")[-2]
            assert any(arrow in surface for arrow in "←→↑↓")
            await pilot.press("y")
            assert "e+" in plot(pilot, "loss")

    async def test_one_parameter_has_a_curve_of_the_loss_with_the_way_down(self) -> None:
        async with training(scenario()) as pilot:
            await pilot.press("n", "v")
            await stands(pilot)
            assert "the loss by its parameter, and the way down" in plot(pilot, "model")
            assert "●" in plot(pilot, "model")

    @pytest.mark.parametrize(
        ("shift", "said"),
        [(" - 500", "no positive loss to draw on a logarithmic axis"), (" - 3", "▾ the loss is 0 or below")],
    )
    async def test_a_loss_below_zero_is_said_on_a_logarithmic_axis(self, shift: str, said: str) -> None:
        async with training(scenario(loss=f'cost = "mean((h - y)^2){shift}"')) as pilot:
            await pilot.press("a")
            await stands(pilot)
            assert "┌" in plot(pilot, "loss")
            await pilot.press("y")
            assert said in plot(pilot, "loss")

    async def test_y_changes_the_axis_of_the_loss(self) -> None:
        async with training("regression") as pilot:
            await pilot.press("a")
            await stands(pilot)
            linear = plot(pilot, "loss")
            await pilot.press("y")
            logarithmic = plot(pilot, "loss")
            assert "cost by epoch, logarithmic axis" in logarithmic
            assert "1000┤" in logarithmic
            assert "10┤" in logarithmic
            await pilot.press("y")
            assert plot(pilot, "loss") == linear

    async def test_without_plotext_the_panels_say_so_and_all_else_goes_on(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "plotext", None)
        async with training("regression") as pilot:
            assert "plots need plotext" in plot(pilot, "loss")
            await pilot.press("a")
            await stands(pilot)
            assert "epoch 200 of 200" in text(pilot)
            assert "w = 5.1017" in text(pilot)

    async def test_the_columns_of_the_parameters_stand_below_one_another(self) -> None:
        async with training("polynomial") as pilot:
            await pilot.press("a")
            await stands(pilot)
            rows = [line for line in lines(pilot) if "∂cost/∂c" in line]
            assert len(rows) == 4
            assert len({row.index("∂cost") for row in rows}) == 1

    @pytest.mark.parametrize("name", ["regression", "polynomial", "logistic", "xor", "moons"])
    @pytest.mark.parametrize("size", [(60, 20), (120, 40)])
    async def test_every_built_in_fits_every_size(self, name: str, size: tuple[int, int]) -> None:
        async with training(name, size) as pilot:
            await pilot.press("n")
            await stands(pilot)
            await pilot.press("v", "v")
            assert all(len(line) <= size[0] for line in lines(pilot))
            assert lines(pilot)[-1].endswith("q Quit")
            assert "┌" in text(pilot)

    async def test_a_window_that_is_too_small_says_so(self) -> None:
        async with training("regression", (50, 15)) as pilot:
            await pilot.press("a")
            await stands(pilot)
            assert "gradwalk needs a window" in text(pilot)


class TestWithoutData:
    async def test_one_parameter_goes_down_the_curve_of_the_loss(self) -> None:
        parabola = without_data("x^2", "x = 10", "learning_rate = 0.1\nepochs = 20")
        async with training(parabola) as pilot:
            assert "f by epoch" in plot(pilot, "loss")
            await pilot.press("right")
            await stands(pilot)
            assert "the loss by its parameter, and the way down" in plot(pilot, "model")
            assert "x = 8" in text(pilot), "10 - 0.1 · 2 · 10"
            await pilot.press("v")
            assert notices(pilot) == ["There is no other plot of this training."]
            await pilot.press("enter")
            await pilot.pause()
            assert isinstance(pilot.app.screen, WalkScreen)

    async def test_two_have_a_surface_and_the_loss_has_its_turn_where_there_is_room_for_one(self) -> None:
        rosenbrock = "(1 - x)^2 + 100*(y - x^2)^2"
        valley = without_data(rosenbrock, "x = -1.2\ny = 1", "learning_rate = 0.001\nepochs = 50")
        async with training(valley, (80, 24)) as pilot:
            await pilot.press("a")
            await stands(pilot)
            assert "surface of the loss, and the way down" in plot(pilot, "model")
            await pilot.press("v")
            assert "f by epoch" in plot(pilot, "loss")
            await pilot.press("v")
            assert "surface" in plot(pilot, "model")

    async def test_more_are_shown_by_epoch(self) -> None:
        start = "x = 1\ny = 2\nz = 3"
        three = without_data("x^2 + 2*y^2 + 3*z^2", start, "learning_rate = 0.1\nepochs = 9")
        async with training(three) as pilot:
            await pilot.press("a")
            await stands(pilot)
            assert "parameters by epoch" in plot(pilot, "model")
            assert "● x  ▲ y  ■ z" in plot(pilot, "model")


async def test_c_copies_the_epoch_as_text() -> None:
    async with training("regression") as pilot:
        await pilot.press("n")
        await stands(pilot)
        await pilot.press("c")
        assert pilot.app.clipboard.startswith("epoch 10 of 200\nloss")
        assert "∂cost/∂w = " in pilot.app.clipboard
