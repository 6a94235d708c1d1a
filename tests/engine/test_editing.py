"""Edits of a definition: whatever is edited, undone and redone, the walk is the one that a fresh file would give."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import hypothesis.strategies as st
import numpy as np
import pytest
from gradwalk.engine.definition import Definition
from gradwalk.engine.editing.change import Change
from gradwalk.engine.editing.counterparts import Counterparts, cursor_after
from gradwalk.engine.editing.curve import curve, kinks
from gradwalk.engine.editing.edit import EditKind
from gradwalk.engine.editing.edits import Editor, problem
from gradwalk.engine.editing.revisions import Revision, Revisions
from gradwalk.engine.editing.slider import STEPS, slider_around
from gradwalk.engine.errors import DefinitionError, ExpressionError, GradwalkError
from gradwalk.engine.library import load
from gradwalk.engine.reading.scenario import read
from gradwalk.engine.scenario import Scenario
from gradwalk.engine.walk.trace import Trace
from hypothesis import given, settings
from numpy.testing import assert_array_equal

NAMES = ("a", "b", "c", "s", "l", "r", "f", "k", "m")
OPERANDS = st.sampled_from([*NAMES, "2", "0.5", "e"])
EXPRESSIONS = st.one_of(
    st.tuples(OPERANDS, st.sampled_from("+-*/"), OPERANDS).map(" ".join),
    st.tuples(st.sampled_from(["ln", "sin", "relu", "exp"]), OPERANDS).map("{0[0]}({0[1]})".format),
    st.tuples(OPERANDS, OPERANDS, OPERANDS).map("({0[0]} + {0[1]})*{0[2]}^2".format),
    st.sampled_from(["2 +", "", "(a", "-3", "1e400", "∞"]),
)
ACTIONS = st.one_of(
    st.tuples(st.just("change"), st.sampled_from(NAMES), EXPRESSIONS),
    st.tuples(st.just("change"), st.sampled_from("abc"), st.floats(-3, 3).map(repr)),
    st.tuples(st.just("change"), st.sampled_from("abc"), st.sampled_from(["1/3", "2*pi", "e", "sqrt(2)"])),
    st.tuples(st.just("add"), st.sampled_from([*NAMES, "pi", "ln"]), EXPRESSIONS),
    st.tuples(st.just("slide"), st.sampled_from("abc"), st.sampled_from(["0.5", "1", "1.5"])),
    st.sampled_from([("undo", "", ""), ("redo", "", "")]),
)


def scenario_of(definition: Definition) -> Scenario:
    built = definition.build()
    return Scenario("x", "x", "", "", built.graph, built.notes, definition.exercises, definition=definition)


def file_of(definition: Definition) -> bytes:
    """Write a definition as a file, by nothing but what TOML and JSON have in common."""

    def value(value: object) -> str:
        return json.dumps(value, ensure_ascii=False) if not isinstance(value, float) else repr(value)

    def table(name: str, entries: dict[str, object]) -> list[str]:
        return [f"[{name}]", *(f"{value(key)} = {value(entry)}" for key, entry in entries.items())]

    lines = ['title = "x"', f"output = {value(definition.output)}", f"watch = {value([*definition.watch])}"]
    lines += [*table("inputs", dict(definition.inputs)), *table("graph", dict(definition.nodes))]
    lines += table("notes", dict(definition.notes))
    for asked in definition.exercises:
        lines += ["[[exercise]]", f"ask = {value(asked.ask)}", f"hint = {value(asked.hint)}"]
    return "\n".join(lines).encode()


def edited(revisions: Revisions, action: str, name: str, text: str) -> Revisions:
    """Return the history after an action; the same where nothing can be done."""
    if action in ("undo", "redo"):
        return (revisions.undone() if action == "undo" else revisions.redone()) or revisions
    definition, origin = revisions.current.scenario.definition, revisions.first.scenario.definition
    assert definition is not None
    editor = Editor(definition, origin, definition.build())
    try:
        done = editor.add(name, text) if action == "add" else editor.change(name, text, slid=action == "slide")
    except (GradwalkError, KeyError):
        return revisions
    old = revisions.current.scenario
    scenario = replace(old, graph=done.built.graph, notes=done.built.notes, definition=done.definition,
                       exercises=done.definition.exercises)  # fmt: skip
    return revisions.with_edit(Revision(scenario, scenario.graph, edit=done.edit))


def same_walk(one: Trace, other: Trace) -> None:
    assert [one.key(k).name(one.graph) for k in range(1, one.total + 1)] == [
        other.key(k).name(other.graph) for k in range(1, other.total + 1)
    ]
    for number in range(1, one.total + 1):
        assert repr(one.step(number)) == repr(other.step(number))  # as text, since nan is not nan
    assert_array_equal(one.values, other.values)
    assert_array_equal(one.backward.gradients, other.backward.gradients)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(["fabc", "ehg", "square"]), st.lists(ACTIONS, max_size=8))
def test_any_edits_and_undos_give_the_walk_of_a_fresh_file(name: str, actions: list[tuple[str, str, str]]):
    scenario = load(name)
    revisions = Revisions((Revision.of(scenario, Trace(scenario.graph, scenario.notes)),))
    model, place = [scenario.definition], 0  # undo as everybody knows it: a list of definitions
    for action in actions:
        before, revisions = revisions, edited(revisions, *action)
        if action[0] == "undo":
            place = max(place - 1, 0)
        elif action[0] == "redo":
            place = min(place + 1, len(model) - 1)
        elif revisions is not before:
            edit, last = revisions.current.edit, before.current.edit
            merged = last is not None and edit is not None and edit.slid and last.slid and edit.name == last.name
            model = [*model[: place + (not merged)], revisions.current.scenario.definition]
            place = len(model) - 1
        assert revisions.current.scenario.definition == model[place]
        definition = model[place]
        assert definition is not None
        fresh = read("x.toml", file_of(definition))
        same_walk(revisions.current.trace(), Trace(fresh.graph, fresh.notes))


def test_an_error_says_where_in_the_field_and_leaves_everything_as_it_was():
    definition = load("fabc").definition
    assert definition is not None
    cases = [
        ("s", "a +* l", 'unexpected "*"', "*"),
        ("s", "a + ll", 'unknown name "ll"', "ll"),
        ("s", "l + f*2", "a cycle: s → f → r → s; a node cannot depend on itself", "f"),
        ("l", "l + 1", "a cycle: l → l; a node cannot depend on itself", "l"),
        ("a", "c + 1", "c is another input", "c"),
        ("b", "1/0", "this value is infinite: too large for a 64-bit float, or 1/0", "1/0"),
    ]
    for name, text, message, marked in cases:
        with pytest.raises(GradwalkError) as caught:
            Editor(definition).change(name, text)
        shown = problem(caught.value, name)
        assert isinstance(shown, ExpressionError)
        assert (shown.message, shown.text[shown.position : shown.position + shown.length]) == (message, marked)
    assert definition == load("fabc").definition


def test_a_node_that_uses_the_output_is_the_output_and_any_other_is_watched():
    definition = load("fabc").definition
    assert definition is not None
    squared = Editor(definition).add("g", "f^2")
    assert (squared.edit.output, squared.definition.output_name) == ("g", "g")
    assert squared.edit.left_out == ("∂f/∂f", "∂f/∂a", "∂f/∂b", "∂f/∂c")  # of the former output
    assert squared.definition.notes["s"] == definition.notes["s"]
    beside = Editor(squared.definition, definition).add("k", "a*b")
    assert (beside.edit.output, beside.edit.watched) == ("", ("k",))
    used = Editor(beside.definition, definition).change("g", "f*k")
    assert (used.definition.watch, used.built.graph.label(used.built.graph.output)) == ((), "g")


def test_what_is_used_no_longer_is_watched_and_its_notes_come_back_with_it():
    definition = load("fabc").definition
    assert definition is not None
    without = Editor(definition).change("s", "a + b")
    assert without.edit.watched == ("l",)
    assert set(without.edit.left_out) == {"∂s/∂l", "∂l/∂b"}
    again = Editor(without.definition, definition).change("s", "a + l*2")
    assert again.definition.watch == ()
    assert "∂l/∂b" in again.definition.notes  # l has its step again, and the note its place


def test_an_edited_node_that_comes_to_use_the_output_is_the_output():
    definition = Definition({"a": 2.0}, {"f": "a^2", "k": "a + 1"}, output="f", watch=("k",))
    edited = Editor(definition).change("k", "f + 1")
    assert (edited.edit.output, edited.definition.watch) == ("k", ())


def test_what_needs_no_other_name_is_added_as_an_input():
    definition = load("fabc").definition
    assert definition is not None
    added = Editor(definition).add("k", "2*pi")
    assert added.edit.kind is EditKind.INPUT
    assert added.definition.inputs["k"] == "2*pi"
    assert [*Editor(definition).unknown_names("g", "k*f + m - pi")] == ["k", "m"]
    both = Editor(definition).add("g", "k*f + m", {"k": "2", "m": "1/3"})
    assert both.edit.inputs == (("k", "2"), ("m", "1/3"))
    assert both.built.graph.label(both.built.graph.output) == "g"


@pytest.mark.parametrize("name", ["", "ln", "2x", "s", "a", "e", "a b"])
def test_a_name_that_cannot_be_taken_is_refused(name: str):
    definition = Definition({"a": 2.0}, {"s": "a*e", "f": "s^2"})
    with pytest.raises(DefinitionError):
        Editor(definition).add(name, "f + 1")


CHAIN = Definition({"a": 2.0, "b": 3.0}, {"p": "a*b", "q": "p + a", "f": "q*p"})


@pytest.mark.parametrize("expression", ["p + a", "a + p", "p*p", "sin(p)", "p - 1", "b + a"])
def test_the_cursor_stays_at_its_step_or_at_the_last_one_that_is_left(expression: str):
    one = scenario_of(CHAIN)
    done = Editor(CHAIN).change("q", expression)
    before, after = Trace(one.graph), Trace(done.built.graph)
    counterparts = Counterparts(before.graph, after.graph)
    names = {after.key(k).name(after.graph): k for k in range(after.total, 0, -1)}
    expected = 0
    for cursor in range(before.total + 1):
        if cursor:
            named = names.get(before.key(cursor).name(before.graph))
            expected = named if named is not None else expected
        found = cursor_after(before, cursor, after, counterparts)
        assert found == (after.total if cursor == before.total else expected)


def test_unnamed_nodes_are_the_same_by_their_place_in_what_has_a_name():
    one = Definition({"a": 2.0, "b": 3.0}, {"s": "a*b + 1", "f": "s*(a + b)^2"})
    two = Editor(one).change("s", "sin(a)*b + 1").definition
    before, after = one.build().graph, two.build().graph
    counterparts = Counterparts(before, after)
    same = {after.expression(k): int(node) for k, node in enumerate(counterparts.before)}
    assert before.expression(same["a + b"]) == "a + b"
    assert same["sin(a)"] == -1
    assert before.label(same[after.expression(after.output)]) == "f"


def test_a_change_tells_what_has_another_value_and_gradient():
    definition = load("fabc").definition
    assert definition is not None
    done = Editor(definition).change("a", "2.5")
    before, after = Trace(definition.build().graph), Trace(done.built.graph)
    change = Change(done.edit, before, after, Counterparts(before.graph, after.graph))
    names = [after.graph.label(k) for k in range(len(after.graph))]
    assert {name for name, differs in zip(names, change.values, strict=True) if differs} == {"a", "s", "r", "f"}
    assert {name for name, differs in zip(names, change.gradients, strict=True) if differs} == {"a", "b", "l", "s"}
    assert change.values_before[after.graph.output] == before.values[before.graph.output]
    assert not change.new.any()


def test_values_of_a_graph_without_a_definition_can_be_changed():
    moons = load("logistic")
    trace = Trace(moons.graph, moons.notes)
    revision = Revision.of(moons, trace)
    values = revision.graph.leaf_values.copy()
    values[0] += 0.5
    graph = revision.graph.with_leaf_values(values)
    fresh = replace(moons.graph, leaf_values=values)
    assert_array_equal(Trace(graph).backward.gradients, Trace(fresh).backward.gradients)


def test_the_updates_of_an_epoch_follow_from_the_new_gradients():
    scenario = load("square") if not load("regression").is_trained else load("regression")
    trainer = scenario.trainer()  # pyright: ignore[reportAttributeAccessIssue]
    trace = trainer.trace(0)
    revision = Revision.of(scenario, trace)
    again = revision.trace()
    assert [again.step(k) for k in range(1, again.total + 1)] == [trace.step(k) for k in range(1, trace.total + 1)]
    parameter = trace.updates.parameters[0]
    values = revision.graph.leaf_values.copy()
    values[parameter] = 3.0
    moved = replace(revision, graph=revision.graph.with_leaf_values(values)).trace()
    assert moved.updates is not None
    update = moved.updates[0]
    assert (update.before, update.gradient) == (3.0, moved.backward.gradients[parameter])
    assert update.after == update.before - update.decrease


@pytest.mark.parametrize("name", ["fabc", "ehg", "chain", "square", "xyz"])
def test_a_curve_goes_through_the_output_of_a_walk_with_each_value(name: str):
    scenario = load(name)
    trace = Trace(scenario.graph)
    for leaf in np.flatnonzero(scenario.graph.carries_gradient[: scenario.graph.leaf_count]).tolist():
        x = np.linspace(-2.0, 3.0, 11)
        found = curve(scenario.graph, trace.values, leaf, x)
        for number, y in zip(x.tolist(), found.y.tolist(), strict=True):
            values = scenario.graph.leaf_values.copy()
            values[leaf] = number
            expected = float(Trace(scenario.graph.with_leaf_values(values)).values[-1])
            assert y == expected or (math.isnan(y) and math.isnan(expected))


def test_a_curve_has_gaps_where_the_output_has_no_value_and_is_flat_where_it_does_not_use_the_leaf():
    graph = Definition({"a": 2.0, "b": 1.0}, {"f": "ln(a)"}).build().graph
    trace = Trace(graph)
    assert curve(graph, trace.values, graph.find("a"), np.array([-1.0, 0.0, 1.0])).has_gaps
    assert_array_equal(curve(graph, trace.values, graph.find("b"), np.array([0.0, 5.0])).y, [math.log(2)] * 2)


def test_a_kink_on_the_way_to_the_output_is_found():
    graph = Definition({"a": 0.0, "b": 1.0}, {"h": "relu(a)", "f": "h + abs(b) + step(a)"}).build().graph
    trace = Trace(graph)
    found = kinks(trace, graph.find("a"))
    assert [(graph.expression(kink.node), kink.is_jump) for kink in found] == [("relu(a)", False), ("step(a)", True)]
    assert kinks(trace, graph.find("b")) == []


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_a_slider_holds_any_number(home: float, value: float):
    slider = slider_around(home, value)
    for number in (slider.moved(value, 1), slider.moved(value, -1), slider.at(0.0), slider.at(1.0)):
        assert math.isfinite(number)
    assert slider.low < slider.high
    assert 0.0 <= slider.share(value) <= 1.0


@given(st.floats(-1e12, 1e12), st.integers(-30, 30))
def test_sliding_there_and_back_stays_on_even_steps(home: float, steps: int):
    slider = slider_around(home, home)
    assert slider.low - slider.step * 1e-6 <= home <= slider.high + slider.step * 1e-6
    assert slider.step == pytest.approx((slider.high - slider.low) / STEPS)
    value = slider.moved(home, 1)
    assert value > home or slider.step < abs(home) * 1e-11
    there = slider.moved(value, steps)
    assert slider.moved(there, -steps) == value
    moved, rounding = slider_around(home, there), slider.step * 1e-6
    assert moved.low - rounding <= there <= moved.high + rounding
