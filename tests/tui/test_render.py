"""`render`: the words for a step, the same on the screen and in headless output."""

from __future__ import annotations

import io

import pytest
from gradwalk.engine.library import load
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.rules.number_text import format_number
from gradwalk.engine.scalar import Scalar
from gradwalk.engine.walk.step import Phase
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.training.player import TrainingPlayer
from gradwalk.tui.walk.step_panel import StepPanel
from gradwalk.tui.words.console import CONSOLE_THEME, write
from gradwalk.tui.words.lines import Line, labelled, line, paragraphs, plain
from gradwalk.tui.words.training import epoch_lines
from gradwalk.tui.words.walk import (
    moment_lines,
    position_words,
    result_lines,
    start_lines,
    step_lines,
    trace_lines,
)
from rich.cells import cell_len
from rich.console import Console

from .pilots import WALKS, opened, walk
from .training import scenario


def words(what: str, cursor: int, **values: str) -> list[str]:
    scenario = from_expression(what, values) if values else load(what)
    trace = Trace(scenario.graph, scenario.notes)
    return plain(moment_lines(scenario, trace.state(cursor))).split("\n")


class TestAStep:
    def test_forward_says_the_formula_the_numbers_put_in_and_the_result(self) -> None:
        assert words("fabc", 3)[:3] == ["r = 1/s", "  = 1/3", "  = 0.3333"]

    def test_the_seed_says_so(self) -> None:
        assert words("fabc", 6)[0] == "∂f/∂f = 1   the seed"

    def test_backward_says_both_factors_the_product_and_the_sum(self) -> None:
        assert words("fabc", 10)[:8] == [
            "r = 1/s",
            "∂f/∂s += ∂f/∂r · ∂r/∂s",
            "",
            "local derivative   ∂r/∂s = -1/s² = -1/3² = -0.1111 = -1/9",
            "upstream gradient  ∂f/∂r = 1",
            "contribution       1 · (-0.1111) = -0.1111 = -1/9",
            "accumulated        ∂f/∂s = 0 + (-0.1111) = -0.1111 = -1/9",
            "",
        ]

    def test_a_second_path_adds_to_the_first(self) -> None:
        shown = words("square", 11)
        assert "accumulated        ∂d/∂b = 60 + 60 = 120" in shown
        assert "                   contribution 2 of 2" in shown

    def test_a_local_derivative_that_is_a_number_is_said_once(self) -> None:
        assert "local derivative   ∂f/∂r = 1" in words("fabc", 7)

    @pytest.mark.parametrize("name", ["fabc", "ehg", "chain", "square"])
    def test_the_lessons_have_a_note_at_every_step(self, name: str) -> None:
        scenario = load(name)
        trace = Trace(scenario.graph, scenario.notes)
        for number in range(1, trace.total + 1):
            step = trace.step(number)
            assert step.note
            assert step.note.strip() in plain(step_lines(trace, step.number))

    @pytest.mark.parametrize("name", WALKS)
    def test_every_number_on_a_step_is_the_engine_s(self, name: str) -> None:
        scenario = load(name)
        trace = Trace(scenario.graph)
        for number in range(1, trace.total + 1):
            step = trace.step(number)
            shown = plain(step_lines(trace, step.number))
            assert format_number(step.value) in shown
            if step.factor is not None:
                for value in (step.factor.upstream, step.factor.local, step.factor.contribution, step.factor.after):
                    assert format_number(value) in shown
            elif step.phase is Phase.FORWARD:
                assert shown.startswith(f"{step.name} = {step.expression}")


class TestWhatIsUndefined:
    def test_the_step_says_what_and_why(self) -> None:
        shown = words("ln(x)*y", 1, x="-1", y="2")
        assert "   = undefined" in shown
        assert "⚠ undefined: ln is defined for positive numbers" in shown

    def test_where_only_floats_fail_it_says_what_they_could_not_hold(self) -> None:
        assert words("ln(sigmoid(x))", 2, x="-1000")[-1] == (
            "⚠ undefined here, though not in mathematics: t1 = sigmoid(x) is about 5.1e-435, too small for a 64-bit "
            "float, so it became 0"
        )
        assert words("1/(1 + exp(-x))", 3, x="-800")[-1] == (
            "⚠ undefined, because t2 is: t2 = exp(t1) is about 2.7e+347, too large for a 64-bit float"
        )
        assert words("exp(x)", 1, x="1000")[-1] == (
            "⚠ undefined: the result is too large for a 64-bit float (overflow): it is about 2.0e+434"
        )

    def test_a_gradient_that_is_infinite_is_undefined_in_every_line(self) -> None:
        shown = words("sqrt(x)", 3, x="0")
        assert "accumulated        ∂f/∂x = 0 + undefined = undefined" in shown
        assert not any("∞" in said for said in shown)

    def test_a_function_has_no_slope_where_it_has_no_value(self) -> None:
        shown = words("ln(x) + y", 6, x="-1", y="1")
        assert "local derivative   ∂t1/∂x = 1/x = undefined" in shown

    def test_operations_are_called_as_people_call_them(self) -> None:
        assert "⚠ undefined: division is defined for a denominator other than 0" in words("x/y", 1, x="1", y="0")
        assert "⚠ undefined: 1/x is defined for numbers other than 0" in words("1/x", 1, x="0")

    def test_a_corner_is_said(self) -> None:
        corner = "corner             the slope is 0 below x = 0 and 1 above; 0 is taken"
        assert corner in words("relu(x)", 3, x="0")
        assert corner in words("max(x, 0)", 3, x="0")
        jump = "jump               the value jumps at x = 0 and has no slope there; 0 is taken"
        assert jump in words("step(x)", 3, x="0")

    def test_what_hangs_on_it_names_it(self) -> None:
        assert "⚠ undefined, because t1 is" in words("ln(x)*y", 2, x="-1", y="2")

    def test_no_gradient_is_a_number_when_the_output_is_none(self) -> None:
        shown = words("ln(x)*y", 4, x="-1", y="2")
        assert "upstream gradient  ∂f/∂f = undefined" in shown
        assert "contribution       undefined · 2 = undefined" in shown

    def test_a_second_path_does_not_begin_with_a_number(self) -> None:
        scenario = from_expression("ln(x)*y + y", {"x": "-1", "y": "2"})
        trace = Trace(scenario.graph)
        seconds = [
            plain(step_lines(trace, step.number))
            for step in map(trace.step, range(1, trace.total + 1))
            if step.factor is not None and step.factor.contribution_number == 2
        ]
        assert len(seconds) == 1
        assert "∂f/∂y = undefined + undefined = undefined" in seconds[0]

    @pytest.mark.parametrize(
        ("expression", "values"),
        [("1/x", {"x": "0"}), ("exp(x)", {"x": "1000"}), ("sqrt(x)", {"x": "0"}), ("x^y", {"x": "-1", "y": "0.5"})],
    )
    def test_every_moment_can_be_said_without_nan_or_inf(self, expression: str, values: dict[str, str]) -> None:
        scenario = from_expression(expression, values)
        trace = Trace(scenario.graph)
        shown = "\n".join(line.plain for line in trace_lines(scenario, trace))
        assert "undefined" in shown
        assert "nan" not in shown
        assert "inf" not in shown


class TestTheEnds:
    def test_the_start_gives_the_intro_and_the_exercises(self) -> None:
        shown = plain(start_lines(load("fabc")))
        assert shown.startswith("Pen and paper: f(a, b, c)")
        assert "∂f/∂b = ?" in shown

    def test_what_is_printed_names_no_key(self) -> None:
        training = scenario()
        product = from_expression("x*y", {"x": "2", "y": "5"})
        for about, trace in ((product, Trace(product.graph)), (training, TrainingPlayer(training).moment.trace())):
            shown = plain(trace_lines(about, trace))
            assert "start · " in shown
            assert "Press" not in shown
            assert "Esc" not in shown

    def test_the_end_gives_the_output_and_its_partials(self) -> None:
        trace = Trace(load("fabc").graph)
        assert plain(result_lines(trace)).split("\n")[1:] == [
            "  f = 0.6667 = 2/3",
            "  ∂f/∂a = -0.1111 = -1/9",
            "  ∂f/∂b = -0.0409 = -1/(9e)",
            "  ∂f/∂c = -0.1111 = -1/9",
        ]
        assert words("fabc", 13)[-4:] == plain(result_lines(trace)).split("\n")[1:]

    def test_many_inputs_are_cut_short(self) -> None:
        names = {f"x{k}": "1" for k in range(30)}
        shown = plain(result_lines(Trace(from_expression(" + ".join(names), names).graph)))
        assert shown.endswith("and 18 more")

    def test_the_place_in_a_walk_has_words(self) -> None:
        trace = Trace(load("fabc").graph)
        assert [position_words(trace, cursor) for cursor in (0, 1, 6, 13)] == [
            "start · 13 steps",
            "forward · step 1 of 13",
            "seed · step 6 of 13",
            "backward · step 13 of 13",
        ]


class TestTheSameWordsEverywhere:
    @pytest.mark.parametrize("name", WALKS)
    async def test_the_step_panel_and_the_headless_trace_agree_at_every_moment(self, name: str) -> None:
        scenario = load(name)
        trace = Trace(scenario.graph, scenario.notes)
        printed = " ".join("\n".join(line.plain for line in trace_lines(scenario, trace)).split())
        async with opened(name, size=(200, 60)) as pilot:
            for _ in range(trace.total + 1):
                panel = walk(pilot).query_one(StepPanel)
                shown = [panel.render_line(y).text for y in range(panel.size.height)]
                said = " ".join(" ".join(shown).split())
                assert said
                assert said in printed
                await pilot.press("right")


class TestLayoutOfLines:
    def test_a_continuation_is_indented_like_its_line_or_past_its_label(self) -> None:
        assert line("    four").indent == 4
        assert labelled("label", 8, "rest").indent == 8
        assert line(("all of it", "label")).indent == 0
        assert line("    ", ("styled", "note")).indent == 4
        assert labelled("label", 8, "rest").indented(2).indent == 10

    def test_labels_are_filled_up_to_cells_and_not_to_characters(self) -> None:
        assert labelled("损失", 6, "x").plain == "损失  x"
        assert labelled("损失", 6, "x").indent == 6

    def test_the_equals_signs_stand_below_one_another_whatever_the_script(self) -> None:
        for name in ("s", "损失函数", "α̂", "🙂"):
            result = (Scalar(3.0, "x") * 2).named(name)
            shown = step_lines(Trace(result.graph()), 1)
            assert len({cell_len(said.plain.split(" = ")[0]) for said in shown}) == 1

    def test_the_summary_of_training_has_columns_whatever_the_script(self) -> None:
        made = scenario(parameters='"权重" = 1\nb = 0', prediction='h = "权重*x + b"')
        rows = [said.plain for said in epoch_lines(TrainingPlayer(made).moment) if "∂" in said.plain]
        assert len(rows) == 2
        assert len({cell_len(row[: row.index("∂")]) for row in rows}) == 1

    def test_a_longer_text_is_a_line_a_line(self) -> None:
        assert [said.plain for said in paragraphs("one\ntwo\n", "note")] == ["one", "two"]

    def test_what_a_terminal_would_obey_is_shown_by_its_code(self) -> None:
        assert line("a\x1b[31mb", ("\u202ec", "name")).plain == "a\\x1b[31mb\\u202ec"
        result = (Scalar(3.0, "evil\x1b]0;title\x07") * 2).named("f")
        shown = plain(step_lines(Trace(result.graph()), 1))
        assert "\\x1b]0;title\\x07" in shown
        assert "\x1b" not in shown

    def test_an_empty_line_stays_empty_when_it_is_moved(self) -> None:
        assert Line().indented(2).plain == ""

    def test_a_console_knows_every_style(self) -> None:
        scenario = from_expression("ln(x)", {"x": "-1"})
        console = Console(theme=CONSOLE_THEME, file=io.StringIO(), force_terminal=True, color_system="truecolor")
        write(trace_lines(scenario, Trace(scenario.graph)), console)
        assert "\x1b[1;31m" in console.file.getvalue()  # type: ignore[attr-defined]
