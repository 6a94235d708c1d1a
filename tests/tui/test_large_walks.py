"""Walks of a hundred thousand nodes feel like walks of ten: every key works, and only what is in view is formatted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from gradwalk.engine.library import load
from gradwalk.engine.scalar import Scalar
from gradwalk.engine.scenario import Scenario
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.screens.opening import OpeningScreen
from gradwalk.tui.screens.ranking import RankingScreen
from gradwalk.tui.screens.walk import WalkScreen
from gradwalk.tui.walk.tree.row import TreeRow
from textual.pilot import Pilot

from .pilots import HeldClock, cursor, lines, notices, selected, text, tree, walk
from .training import scenario, until

pytestmark = pytest.mark.thorough

DEEP, SAMPLES = 100_000, 16_000
HEIGHT = 40


def chain() -> Scenario:
    node = Scalar(1.0, "x")
    for _ in range(DEEP):
        node = node.square()
    return replace(load("fabc"), title="A chain of squares", graph=node.graph(), notes={})


def regression() -> Scenario:
    made = scenario(
        data=f'samples = {SAMPLES}\nseed = 1\nx = "uniform(-1, 1)"\ny = "3*x"',
        parameters="w = 1\nb = 0",
        prediction='h = "w*x + b"',
    )
    fields = {name: getattr(made, name) for name in Scenario.__dataclass_fields__}
    return Scenario(**fields)


SCENARIOS = {"deep": chain, "wide": regression}


class Counted:
    """Counts the rows that are formatted and the steps that are made."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rows = self.steps = 0
        pieces, step = TreeRow.pieces, Trace.step

        def counted_pieces(row: TreeRow, *arguments: int, **options: bool) -> object:
            self.rows += 1
            return pieces(row, *arguments, **options)

        def counted_step(trace: Trace, number: int, digits: int = 0) -> object:
            self.steps += 1
            return step(trace, number, digits)

        monkeypatch.setattr(TreeRow, "pieces", counted_pieces)
        monkeypatch.setattr(Trace, "step", counted_step)

    def check(self, screens: int = 1) -> None:
        """Fail where more has been done since the last check than so many screens take."""
        assert self.rows <= 3 * HEIGHT * screens
        assert self.steps <= 8 * screens
        self.rows = self.steps = 0


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counted]:
    yield Counted(monkeypatch)


async def shown(pilot: Pilot[None]) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
    await pilot.pause()


@pytest.mark.parametrize("kind", SCENARIOS)
async def test_every_key_works_and_formats_what_is_in_view_alone(
    kind: str, counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = HeldClock(monkeypatch)
    app = GradwalkApp(SCENARIOS[kind]())
    async with app.run_test(size=(120, HEIGHT), notifications=True) as pilot:
        await until(pilot, lambda: isinstance(app.screen, OpeningScreen | WalkScreen))
        await shown(pilot)
        trace = walk(pilot).opened.trace
        assert len(trace.graph) >= 80_000
        counted.check()

        await pilot.press("right", "right", "left")
        counted.check(3)
        assert cursor(pilot) == 1

        await pilot.press("g", *"123456", "enter")
        assert f"step 123456 of {trace.total}" in text(pilot)
        assert sum(line.startswith(("▶", "▷")) for line in lines(pilot)) == 1, "the step's row is in view"
        counted.check(2)

        await pilot.press("end", "home", "right_square_bracket", "n", "p")
        assert cursor(pilot) == trace.seed_step
        counted.check(5)

        await pilot.press("space")
        for _ in range(5):
            clock.tick()
            await pilot.pause()
        assert cursor(pilot) == trace.seed_step + 5
        await pilot.press("space")
        counted.check(8)

        await pilot.press("O")
        few = len(tree(pilot).rows.sight)
        await pilot.press("O")
        assert len(tree(pilot).rows.sight) != few
        await pilot.press("pagedown", "pagedown", "o", "o", "pageup")
        counted.check(8)

        wanted = {"deep": "t54321", "wide": "h[4321]"}[kind]
        await pilot.press("slash", *wanted, "enter")
        await shown(pilot)
        assert selected(pilot) == wanted
        assert any(wanted in line for line in lines(pilot))
        await pilot.press("full_stop")
        await shown(pilot)
        assert wanted in text(pilot)
        assert selected(pilot) != wanted, "the consumer of a node names it too"
        counted.check(8)

        await pilot.press("x", "f")
        assert notices(pilot) == [f"breakpoint: {selected(pilot)}"]
        counted.check(6)

        await pilot.press("end", "s")
        assert isinstance(app.screen, RankingScreen)
        await pilot.press("end", "enter")
        await shown(pilot)
        counted.check(4)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_a_deep_row_keeps_its_name_and_its_numbers_in_view(size: tuple[int, int]) -> None:
    app = GradwalkApp(chain())
    async with app.run_test(size=size) as pilot:
        await shown(pilot)
        await pilot.press("g", *"1234", "enter")
        row = next(line for line in lines(pilot) if line.startswith("▶"))
        assert "levels left out" in lines(pilot)[2]
        place = lines(pilot).index(row)
        assert "t1234" in row
        assert "t1235" in lines(pilot)[place - 1]
        assert row.index("t1234") == lines(pilot)[place - 1].index("t1235") + 2, (
            "its parent stands above it, a level less"
        )
        column = 60 * size[0] // 100 if size[0] >= 100 else size[0]
        assert " 1 " in row[:column], "its value"
        await pilot.press("end")
        assert "∂f/∂x" in text(pilot) or "∂t" in text(pilot)
