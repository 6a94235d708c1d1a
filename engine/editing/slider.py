"""`Slider`: the values that an input can be slid to, and the steps between them."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass

STEPS = 40
"""Steps from one end of a slider to the other."""

_TOO_FAR = 1e6
"""Beyond so many halves of a range nobody has slid: the value has come there in another way."""

_LARGEST = 1e300
"""Beyond this there is no room for a range around a number."""


@dataclass(frozen=True, slots=True)
class Slider:
    """A range of values with even steps; `step` divides `low` and `high` up to rounding."""

    low: float
    high: float
    step: float

    def moved(self, value: float, steps: int) -> float:
        """Return the value so many steps on; from between two steps the next one that way is the first."""
        place = value / self.step
        nearest = round(place)
        if abs(place - nearest) > 1e-6:
            nearest = math.floor(place) if steps > 0 else math.ceil(place)
        return self._at_step(nearest + steps)

    def at(self, share: float) -> float:
        """Return the value at a share of the way, 0 at `low` to 1 at `high`, at the nearest step."""
        value = self.low + min(max(share, 0.0), 1.0) * (self.high - self.low)
        return self._at_step(round(value / self.step))

    def share(self, value: float) -> float:
        """Return where a value stands, 0 at `low` to 1 at `high`."""
        return min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)

    def _at_step(self, place: int) -> float:
        """Return a multiple of the step, without the digits that only rounding has put there."""
        number = float(f"{place * self.step:.12g}")
        return number if math.isfinite(number) else math.copysign(sys.float_info.max, number)


def slider_around(home: float, value: float) -> Slider:
    """Return the slider of an input: as wide on either side as the number `home` is large, 1 around 0.

    `home` is the value that was given to it. Where it has been slid beyond an end, to `value`, the range has moved
    along by halves of its width.
    """
    home = min(max(home, -_LARGEST), _LARGEST)
    half = _round_up(abs(home)) if home else 1.0
    if abs(value - home) > _TOO_FAR * half:
        return slider_around(value, min(max(value, -_LARGEST), _LARGEST))
    step = half * 2 / STEPS
    middle = round(home / step) * step
    halves = math.trunc((value - middle) / half * (1 - 1e-9))
    middle += halves * half
    return Slider(middle - half, middle + half, step)


def _round_up(number: float) -> float:
    """Return the least of 1, 2 and 5 times a power of ten that is not less."""
    power = 10.0 ** math.floor(math.log10(number)) if number > 1e-300 else 1e-300
    return next((times * power for times in (1.0, 2.0, 5.0) if times * power >= number * (1 - 1e-12)), 10 * power)
