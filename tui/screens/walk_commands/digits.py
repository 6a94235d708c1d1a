"""The key that chooses how many digits numbers are shown with."""

from __future__ import annotations

from dataclasses import replace

from ...walk.command import Command
from ...walk.stage import Stage
from ...words.walk import digits_words, next_digits


def _next_digits(stage: Stage) -> None:
    digits = next_digits(stage.moment.digits)
    stage.moment = replace(stage.moment, digits=digits)
    stage.say(digits_words(digits))


COMMANDS = (
    Command("walk.digits", "D", "Digits", "Show all numbers with 4, 8 or 17 digits, or as before", _next_digits),
)
