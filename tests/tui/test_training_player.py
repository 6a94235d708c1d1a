"""`TrainingPlayer`: where a training run is, and how it moves on; no screen is needed for it."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from gradwalk.engine.training.ending import EpochsDone
from gradwalk.tui.training.player import TrainingPlayer
from gradwalk.tui.words.training import pace_words

from .training import scenario


@pytest.fixture
def player() -> TrainingPlayer:
    return TrainingPlayer(scenario())


def losses(player: TrainingPlayer) -> list[float]:
    return player.losses.tolist()


def test_going_on_trains_and_going_back_keeps_what_came_after(player: TrainingPlayer) -> None:
    assert (player.epoch, player.last, player.epochs) == (0, 0, 50)
    assert player.forward(10)
    assert (player.epoch, player.last) == (10, 10)
    trained = losses(player)
    player.seek(4)
    assert player.now is player.trainer.history[4]
    assert player.forward(6)
    assert (player.epoch, player.last) == (10, 10)
    assert losses(player) == trained


def test_it_stops_at_the_end_and_says_why(player: TrainingPlayer) -> None:
    assert not player.forward(1000)
    assert (player.epoch, player.last) == (50, 50)
    assert player.ended == EpochsDone(50)
    player.seek(49)
    assert not player.ended, "from here it can go on, if only over what has been trained"
    assert player.forward()
    assert not player.forward()


@pytest.mark.parametrize(("wanted", "shown"), [(-3, 0), (0, 0), (7, 7), (10, 10), (99, 10)])
def test_it_shows_the_nearer_end_where_an_epoch_has_not_been_trained(
    player: TrainingPlayer, wanted: int, shown: int
) -> None:
    player.forward(10)
    player.seek(wanted)
    assert player.epoch == shown


def test_another_rate_forgets_what_came_after_and_makes_it_anew(player: TrainingPlayer) -> None:
    player.forward(10)
    before = losses(player)
    player.seek(4)
    assert player.scale_rate(2.0) == 6
    assert (player.epoch, player.last) == (4, 4)
    player.forward(6)
    assert losses(player)[:5] == before[:5]
    assert all(now != then for now, then in zip(losses(player)[5:], before[5:], strict=True))
    assert player.trainer.rate(3) == 0.1
    assert player.trainer.rate(4) == 0.2


def test_a_reset_is_a_start_from_which_the_same_comes_out(player: TrainingPlayer) -> None:
    player.forward(20)
    before = losses(player)
    trainer = player.trainer
    player.seek(0)
    player.scale_rate(3.0)
    player.trainer.train_longer(500)
    player.forward(3)
    player.reset()
    assert (player.epoch, player.last, player.epochs) == (0, 0, 50)
    assert player.trainer is trainer, "nothing is compiled again"
    player.forward(20)
    assert losses(player) == before


def test_a_reset_after_divergence_can_be_trained() -> None:
    player = TrainingPlayer(scenario(training="learning_rate = 1e200\nepochs = 400"))
    assert not player.forward(400)
    assert player.trainer.diverged
    player.reset()
    assert not player.ended
    assert player.forward()


def test_training_after_an_epoch_leaves_the_one_on_show(player: TrainingPlayer) -> None:
    assert player.train_after(0)
    assert (player.epoch, player.last) == (0, 1)
    assert player.train_after(0)
    assert player.last == 1, "it was there already"


def test_an_epoch_of_many_batches_can_be_given_up_between_two_of_them() -> None:
    player = TrainingPlayer(scenario(training="learning_rate = 0.1\nepochs = 50\nbatch_size = 1"))
    asked: list[bool] = []

    def stopped() -> bool:
        asked.append(len(asked) >= 3)
        return asked[-1]

    assert not player.train_after(0, stopped)
    assert (len(asked), player.last, player.ended) == (4, 0, None)
    assert player.train_after(0)


def test_a_walk_opened_while_training_runs_has_the_numbers_of_its_own_epoch(player: TrainingPlayer) -> None:
    player.forward(5)
    expected = player.trainer.trace(3).backward.gradients.copy()
    stop = threading.Event()

    def train() -> None:
        while not stop.is_set() and player.train_after(player.last):
            pass
        player.reset()

    for _ in range(8):
        player.trainer.train_longer(1000)
        thread = threading.Thread(target=train)
        thread.start()
        for _ in range(20):
            assert np.array_equal(player.trainer.trace(0).values, player.trainer.trace(0).values)
        stop.set()
        thread.join()
        stop.clear()
        player.forward(5)
        assert np.array_equal(player.trainer.trace(3).backward.gradients, expected)


@pytest.mark.parametrize(
    ("speed", "remaining", "words"),
    [
        (0.0, 50, "training"),
        (50.0, 100, "50 epochs/s · 2 s left"),
        (2.0, 100, "2 epochs/s · 50 s left"),
        (1.0, 600, "1 epochs/s · 10 min left"),
        (12345.6, 0, "12,346 epochs/s · 0 s left"),
    ],
)
def test_the_pace_says_how_long_the_rest_takes(speed: float, remaining: int, words: str) -> None:
    assert pace_words(speed, remaining) == words
