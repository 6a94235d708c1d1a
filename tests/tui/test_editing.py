"""Changing a walk on the screen: in a field, by sliding, and back again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.scalar import Scalar
from gradwalk.engine.scenario import Scenario
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.screens.edit import EditScreen, ValueScreen
from gradwalk.tui.screens.walk import WalkScreen
from gradwalk.tui.session import Role, Session
from gradwalk.tui.walk import opened as opened_module
from gradwalk.tui.walk.panels import PANELS
from gradwalk.tui.walk.slope.panel import SlopePanel
from gradwalk.tui.walk.slope.slider_bar import SliderBar
from gradwalk.tui.walk.tree.graph_tree import GraphTree
from gradwalk.tui.walk.views import VIEWS
from textual.pilot import Pilot
from textual.widgets import Input

from .pilots import cursor, lines, notices, opened, text, tree, walk
from .training import until

FORWARD, END = 5, 13


async def select(pilot: Pilot[None], name: str) -> None:
    walk(pilot).select(walk(pilot).moment.trace.graph.find(name))
    await pilot.pause()


async def typed(pilot: Pilot[None], words: str) -> None:
    """Type into the field of the dialog, in place of what is there, and press Enter."""
    pilot.app.screen.query_one(Input).value = words
    await pilot.pause()
    await pilot.press("enter")
    await pilot.pause()


def value(pilot: Pilot[None], name: str) -> float:
    trace = walk(pilot).moment.trace
    return float(trace.values[trace.graph.find(name)])


def gradient(pilot: Pilot[None], name: str) -> float:
    trace = walk(pilot).moment.trace
    return float(trace.backward.gradients[trace.graph.find(name)])


def expression(pilot: Pilot[None], name: str) -> str:
    graph = walk(pilot).moment.trace.graph
    return graph.expression(graph.find(name))


class TestInAField:
    async def test_an_input_gets_another_value_and_the_walk_stays_at_its_step(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press(*["right"] * 9)
            await select(pilot, "a")
            await pilot.press("e")
            assert pilot.app.screen.query_one(Input).value == "2"
            await typed(pilot, "2.5")
            assert value(pilot, "f") == pytest.approx(1 / 3.5 + 1 / 3)
            assert gradient(pilot, "a") == pytest.approx(-1 / 3.5**2)
            assert cursor(pilot) == 9
            assert "a: 2 → 2.5" in notices(pilot)
            assert [row.split()[-2:] for row in lines(pilot) if "▾ f = r + q" in row] == [["0.619Δ", "1"]]
            assert "· edited" in lines(pilot)[0]
            assert "? help" in lines(pilot)[0]
            assert "a 2 → 2.5 · f 0.6667 → 0.619 · s 3 → 3.5 · r 0.3333 → 0.2857" in " ".join(text(pilot).split())

    async def test_the_circuit_marks_what_has_changed_too(self) -> None:
        async with opened("fabc", size=(120, 40)) as pilot:
            await pilot.press("end", "v")
            await select(pilot, "a")
            await pilot.press("greater_than_sign")
            await pilot.pause()
            assert "Δ3.1 " in text(pilot)
            assert "Δ∂ -0.1041" in text(pilot)
            await pilot.press("home")
            await pilot.pause()
            assert "Δ3.1 " not in text(pilot)

    async def test_what_is_not_known_yet_is_not_told_by_the_change(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("right", "right")
            await select(pilot, "a")
            await pilot.press("e")
            await typed(pilot, "2.5")
            said = " ".join(text(pilot).split())
            assert "values a 2 → 2.5 · s 3 → 3.5 " in said
            assert "0.619" not in said

    async def test_a_node_gets_another_expression(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("e")  # before any is selected, the output
            await typed(pilot, "r * q")
            assert expression(pilot, "f") == "r·q"
            assert gradient(pilot, "c") == pytest.approx(-1 / 27)
            assert cursor(pilot) == 0

    async def test_what_has_no_name_belongs_to_the_expression_of_one_that_has(self) -> None:
        async with opened("sin(x*y) + x", values={"x": "2", "y": "3"}) as pilot:
            await select(pilot, "t1")
            await pilot.press("e")
            assert "t1 is a part of f, so its whole expression is edited." in text(pilot)
            assert pilot.app.screen.query_one(Input).value == "sin(x*y) + x"

    async def test_an_error_is_said_under_the_field_with_a_caret_and_the_old_walk_stays(self) -> None:
        async with opened("fabc") as pilot:
            before = walk(pilot).moment
            await pilot.press("e")
            await typed(pilot, "r +  qq*2")  # two spaces: the caret stands below what was typed
            assert isinstance(pilot.app.screen, ValueScreen)
            await pilot.press("escape")
            rows = lines(pilot)
            row = next(place for place, shown in enumerate(rows) if "r +  qq*2" in shown)
            assert rows[row + 1].index("^^") == rows[row].index("qq")
            assert 'unknown name "qq"' in rows[row + 2]
            await typed(pilot, "   r + f")  # the spaces before it count for the caret too
            rows = lines(pilot)
            row = next(place for place, shown in enumerate(rows) if "   r + f" in shown)
            assert rows[row + 1].index("^") == rows[row].index("f", rows[row].index("+"))
            await typed(pilot, "r + )")
            rows = lines(pilot)
            row = next(place for place, shown in enumerate(rows) if "r + )" in shown)
            assert rows[row + 1].index("^") == rows[row].index(")")
            await pilot.press("escape")
            assert walk(pilot).moment is before

    async def test_a_cycle_is_marked_at_the_name_that_makes_it(self) -> None:
        async with opened("fabc") as pilot:
            await select(pilot, "s")
            await pilot.press("e")
            await typed(pilot, "a + l*f")
            assert "a cycle: s → f → r → s" in text(pilot)

    async def test_a_name_that_is_not_known_becomes_an_input_with_a_value(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("e")
            await typed(pilot, "r*k + q*m")
            assert isinstance(pilot.app.screen, ValueScreen)
            await typed(pilot, "2")
            await typed(pilot, "1/")
            assert "the expression ends too early" in text(pilot)
            await typed(pilot, "1/2")
            assert gradient(pilot, "k") == pytest.approx(1 / 3)
            assert value(pilot, "f") == pytest.approx(2 / 3 + 1 / 6)


class TestAddingANode:
    async def test_one_that_uses_the_output_is_the_output_and_is_said_to_be(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("a")
            assert "A new node that uses the output becomes the output." in " ".join(text(pilot).split())
            await typed(pilot, "g = f^2")
            graph = walk(pilot).moment.trace.graph
            assert graph.label(graph.output) == "g"
            assert walk(pilot).moment.node == graph.output
            assert "g uses the output, so it is the output now" in notices(pilot)[0]

    async def test_a_gradient_of_another_output_is_not_called_by_the_name_of_the_new_one(self) -> None:
        async with opened("fabc", size=(120, 40)) as pilot:
            await pilot.press("end", "a")
            await typed(pilot, "g = 2*f")
            await pilot.press("end")
            await pilot.pause()
            said = " ".join(text(pilot).split())
            assert "∂f/∂c -0.1111 → ∂g/∂c -0.2222" in said
            assert "∂g/∂c -0.1111" not in said

    async def test_one_that_nothing_uses_is_watched_until_something_does(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("a")
            await typed(pilot, "k = a*b")
            graph = walk(pilot).moment.trace.graph
            assert graph.label(graph.output) == "f"
            assert not graph.carries_gradient[graph.find("k")]
            assert "the output does not use k" in notices(pilot)[0]
            await select(pilot, "f")
            await pilot.press("e")
            await typed(pilot, "r + q + k")
            graph = walk(pilot).moment.trace.graph
            assert graph.carries_gradient[graph.find("k")]

    async def test_a_number_alone_is_an_input(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("a")
            await typed(pilot, "k = pi/2")
            assert value(pilot, "k") == pytest.approx(1.5707963)
            assert walk(pilot).moment.trace.graph.label(walk(pilot).moment.node) == "k"

    @pytest.mark.parametrize(
        ("words", "said", "marked"),
        [
            ("f^2", "a name and = are missing", ""),
            ("f = a*2", "f is a node already", ""),
            ("ln = a*2", "it is a function", ""),
            ("g h = a*2", "this is not a name", "g h"),
            ("g = a**", "the expression ends too early", ""),
            ("g = a +* b", 'unexpected "*"', "* b"),
        ],
    )
    async def test_what_cannot_be_added_is_said_at_its_place(self, words: str, said: str, marked: str) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("a")
            await typed(pilot, words)
            assert isinstance(pilot.app.screen, EditScreen)
            assert said in text(pilot)
            if marked:
                rows = lines(pilot)
                row = next(place for place, shown in enumerate(rows) if words in shown)
                assert rows[row + 1].index("^") == rows[row].index(marked)


class TestUndo:
    async def test_edits_are_taken_back_and_made_again(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("u")
            assert notices(pilot) == ["There is no edit to take back."]
            await select(pilot, "a")
            await pilot.press("e")
            await typed(pilot, "5")
            await pilot.press("a")
            await typed(pilot, "g = f^2")
            await pilot.press("u")
            assert "Taken back: g = f^2 is a new node" in notices(pilot)
            assert value(pilot, "a") == 5.0
            await pilot.press("u")
            assert value(pilot, "a") == 2.0
            assert "· edited" not in lines(pilot)[0]
            await pilot.press("U", "U")
            assert expression(pilot, "g") == "f²"
            await pilot.press("U")
            assert notices(pilot) == ["There is no edit to make again."]

    async def test_the_notes_of_an_edited_walk_say_that_they_were_written_before(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("right", "right", "right")
            assert "Written before" not in text(pilot)
            await select(pilot, "a")
            await pilot.press("greater_than_sign")
            assert "Written before the change: A division" in " ".join(text(pilot).split())
            await pilot.press("u")
            assert "Written before" not in text(pilot)

    async def test_breakpoints_and_the_selected_node_stay_at_what_has_their_name(self) -> None:
        async with opened("fabc") as pilot:
            await select(pilot, "s")
            await pilot.press("x")
            await select(pilot, "l")
            await pilot.press("e")
            await typed(pilot, "ln(b)^2 + 1")
            moment = walk(pilot).moment
            graph = moment.trace.graph
            assert [graph.label(node) for node in moment.breakpoints] == ["s"]
            assert graph.label(moment.node) == "l"

    async def test_an_edited_walk_is_found_again_as_it_was_left(self) -> None:
        async with opened("fabc") as pilot:
            await select(pilot, "a")
            await pilot.press("greater_than_sign", "escape")
            await pilot.pause()
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
            assert value(pilot, "a") == 2.1
            await pilot.press("u")
            assert value(pilot, "a") == 2.0


class TestSliding:
    async def test_keys_slide_the_selected_input_and_one_undo_takes_it_back(self) -> None:
        async with opened("fabc") as pilot:
            await select(pilot, "a")
            for expected in (2.1, 2.2, 2.3):
                await pilot.press("greater_than_sign")
                assert value(pilot, "a") == expected
            await pilot.press("less_than_sign")
            assert value(pilot, "a") == 2.2
            await pilot.press("u")
            assert value(pilot, "a") == 2.0

    async def test_the_views_stay_with_what_is_folded_in_them(self) -> None:
        async with opened("fabc") as pilot:
            widget = tree(pilot)
            await pilot.press("down", "o")
            await select(pilot, "c")
            await pilot.press("greater_than_sign")
            assert walk(pilot).query_one(GraphTree) is widget
            assert widget.rows.folded.any()

    async def test_a_click_and_a_drag_on_the_slider_slide_too(self) -> None:
        async with opened("fabc", size=(120, 40)) as pilot:
            await select(pilot, "a")
            await pilot.press("5")
            await pilot.pause()
            bar = walk(pilot).query_one(SliderBar)
            row = lines(pilot)[bar.content_region.y]
            left, right = row.index("├") - bar.region.x, row.index("┤") - bar.region.x
            await pilot.mouse_down(SliderBar, offset=(left + 1, 0))
            await pilot.pause()
            assert value(pilot, "a") == 0.0
            await pilot.hover(SliderBar, offset=((left + right) // 2, 0))
            await pilot.pause()
            assert 0.0 < value(pilot, "a") < 4.0
            await pilot.hover(SliderBar, offset=(right - 1, 0))
            await pilot.mouse_up(SliderBar, offset=(right - 1, 0))
            await pilot.pause()
            assert value(pilot, "a") == 4.0
            assert walk(pilot).query_one(SliderBar) is bar
            await pilot.press("u")
            assert value(pilot, "a") == 2.0

    async def test_the_panel_says_value_and_gradient_and_draws_the_tangent(self) -> None:
        async with opened("fabc") as pilot:
            await select(pilot, "a")
            await pilot.press("5", "greater_than_sign")
            await pilot.pause()
            shown = text(pilot)
            assert "f = 0.6559 at a = 2.1" in shown
            assert "∂f/∂a = -0.1041  the slope of ···" in shown
            assert "●" in shown

    async def test_where_the_output_is_undefined_there_is_no_slope_and_the_gap_is_said(self) -> None:
        async with opened("ln(x) + 0*y", values={"x": "1", "y": "1"}) as pilot:
            await select(pilot, "x")
            await pilot.press("5")
            await pilot.pause()
            assert "f has no value where the curve has a gap" in text(pilot)
            await pilot.press("1", "e")
            await typed(pilot, "-1")
            await pilot.press("5")
            await pilot.pause()
            assert "f is undefined at x = -1, so it has no slope there" in text(pilot)

    async def test_a_corner_is_said(self) -> None:
        async with opened("relu(x)*2 + y", values={"x": "0", "y": "1"}) as pilot:
            await select(pilot, "x")
            await pilot.press("5")
            await pilot.pause()
            assert "has a corner here: the slopes left and right may differ" in " ".join(text(pilot).split())

    async def test_without_a_selected_input_the_first_is_slid_and_that_is_said(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("5")
            await pilot.pause()
            assert "select another input than a to slide that" in text(pilot)
            await pilot.press("greater_than_sign")
            assert value(pilot, "a") == 2.1
            assert walk(pilot).moment.trace.graph.label(walk(pilot).moment.node) == "a"

    async def test_a_graph_without_inputs_says_so(self) -> None:
        async with GradwalkApp(from_expression("2 + 3", {})).run_test(size=(80, 24)) as pilot:
            await pilot.press("5", "greater_than_sign")
            await pilot.pause()
            assert "This walk has no input" in text(pilot)


class TestWithoutADefinition:
    def scenario(self) -> Scenario:
        x, y = Scalar(2.0, "x"), Scalar(3.0, "y")
        return Scenario("python", "p, from Python", "", "", (x * y + x.sin()).named("p").graph(), {})

    async def test_values_of_a_graph_from_python_can_be_changed_and_expressions_not(self) -> None:
        app = GradwalkApp(self.scenario())
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await pilot.pause()
            await pilot.press("e")
            assert "only its inputs and its data can be changed: p is computed from them" in notices(pilot)[0]
            await pilot.press("a")
            assert "no expression can be added" in notices(pilot)[0]
            await select(pilot, "y")
            await pilot.press("e")
            await typed(pilot, "1/")
            assert "the expression ends too early" in text(pilot)
            await typed(pilot, "10")
            assert gradient(pilot, "x") == pytest.approx(10 - 0.4161468)
            await pilot.press("greater_than_sign")
            assert value(pilot, "y") == 10.5
            await pilot.press("u", "u")
            assert value(pilot, "y") == 3.0
            await pilot.press("ctrl+s")
            assert "there is no scenario file to make of it" in notices(pilot)[0]


class TestLargeWalks:
    async def test_a_dialog_says_how_far_it_is(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async with opened("fabc") as pilot:
            monkeypatch.setattr(opened_module, "LARGE", 3)
            await select(pilot, "a")
            await pilot.press("greater_than_sign")
            await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen) and value(pilot, "a") == 2.1)
            await pilot.press("e")
            await typed(pilot, "7")
            await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen) and value(pilot, "a") == 7.0)

    async def test_a_curve_over_many_nodes_is_computed_in_a_thread(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("gradwalk.tui.walk.slope.panel._AT_ONCE", 10)
        async with opened("fabc", size=(120, 40)) as pilot:
            await pilot.press("5")
            panel = walk(pilot).query_one(SlopePanel)
            await until(pilot, lambda: panel._curve is not None)
            await pilot.pause()
            assert "●" in text(pilot)


class TestGuests:
    async def test_they_edit_and_save_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from .pilots import scenario_of

        app = GradwalkApp(scenario_of("fabc"), Session(Role.GUEST))
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await pilot.pause()
            await select(pilot, "a")
            await pilot.press("greater_than_sign")
            assert value(pilot, "a") == 2.1
            await pilot.press("ctrl+s")
            assert isinstance(pilot.app.screen, WalkScreen)
            assert "a guest can read and write no files here" in notices(pilot)[0]

    async def test_a_walk_that_grows_too_large_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from .pilots import scenario_of

        session = Session(Role.GUEST)
        monkeypatch.setattr("gradwalk.tui.session._GUEST_LIMITS", type(session.limits)(100_000, 10, 10**7))
        async with GradwalkApp(scenario_of("fabc"), session).run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            await pilot.press("e")
            await typed(pilot, "r + q + a + b + c + a + b + c")
            assert "a walk that is edited here has at most 10 nodes" in text(pilot)


@pytest.mark.thorough
async def test_every_view_and_panel_shows_the_walk_after_an_edit() -> None:
    shown = [*(("tree", panel.name) for panel in PANELS), *((view.name, "slope") for view in VIEWS[1:])]
    async with opened("fabc", size=(120, 40)) as pilot:
        for view, panel in shown:
            walk(pilot).moment = replace(walk(pilot).moment.at(END), view=view, panel=panel)
            await pilot.pause()
            before = text(pilot)
            await select(pilot, "c")
            await pilot.press("greater_than_sign")
            assert value(pilot, "c") == 3.25
            await pilot.press("a")
            await typed(pilot, "answer = f^2 + a*b")
            await pilot.pause()
            assert cursor(pilot) == walk(pilot).moment.trace.total
            assert "answer" in text(pilot)
            await pilot.press("u", "u")
            await pilot.pause()
            await pilot.pause()
            assert value(pilot, "c") == 3.0
            walk(pilot).moment = replace(walk(pilot).moment, selected=None)
            await pilot.pause()
            after = text(pilot)
            assert "answer" not in after.replace("answer = f^2 + a*b", ""), (view, panel)
            assert before.split("\n")[0] == after.split("\n")[0], (view, panel)
