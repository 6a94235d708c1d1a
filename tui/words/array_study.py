"""What is said to a learner who predicts the steps of a walk of arrays."""

from __future__ import annotations

from ...engine.lens.array_task import Asks
from ...engine.lens.rules import derivative_label
from ...engine.lens.walk import ArrayWalk
from ...engine.study.attempt import Outcome
from ...engine.study.tally import Tally
from ...engine.walk.phase import Phase
from .array_rows import made_words, shape_words
from .lines import Line, line

ANSWERS = (
    "A shape is written (4, 3). A rule is written as NumPy does, X.T @ G, or as on the screen, Xᵀ · G, with the names "
    "of the arrays and G for the upstream gradient; the numbers themselves are an answer too, in rows: 1 2; 3 4."
)
NO_ANSWER_ARRAYS = "An answer is a shape, (4, 3), a rule, X.T @ G, or numbers in rows, 1 2; 3 4."
PLACEHOLDERS = {
    Asks.SHAPE: "(rows, columns)",
    Asks.RULE: "such as X.T @ G or sum(G, axis=0), or 1 2; 3 4",
    Asks.ENTRY: "a number",
}
"""What stands in the empty line, for each that is asked."""

PREDICT_ON = "Predict mode: {arrays.forward} asks for each step before it is shown, its shape or its rule."
PREDICT_OFF = "Predict mode is off: steps are shown as they are taken."
HIDDEN = "Hidden while you predict, since it tells of steps to come; {arrays.predict} ends predicting."
QUESTION_WAITS = "The question waits: {arrays.forward} or a click comes back to it."
GO_ON = "{arrays.forward} goes on"
AGAIN = "Next: {arrays.predict} twice predicts this walk again."
"""With the ids of the bindings whose keys stand there."""


def asked_lines(walk: ArrayWalk, number: int) -> list[Line]:
    """Say what is known of a step that is asked for: what was computed forward, and the upstream gradient."""
    step = walk.step(number)
    if step.phase is not Phase.BACKWARD or step.consumer is None:
        shapes = [f"{each.label} {shape_words(each.shape)}" for each in step.shapes[1:]]
        return [line((", ".join(shapes), "label"))] if shapes else []
    consumer = step.consumer
    upstream = derivative_label(walk.graph, consumer.place)
    operands = [walk.arrays[place] for place in dict.fromkeys(consumer.operands) if place >= 0]
    return [
        line((f"{consumer.label} = {made_words(walk, consumer.place)}", "name")),
        line(
            ("upstream gradient ", "label"),
            (f"G = {upstream}", "upstream"),
            (f" {shape_words(consumer.shape)}", "upstream"),
            *((f"; {array.label} {shape_words(array.shape)}", "label") for array in operands),
        ),
    ]


def told_lines(said: list[Line], tally: Tally, not_asked: int, *, at_end: bool) -> list[Line]:
    """Say what came of a question, and how to go on; at the end of a walk, what came of all of them."""
    if not at_end:
        last = said[-1]
        return [*said[:-1], line(*last.styled, (f"   {GO_ON}", "label"))]
    counts = [f"{tally.count(outcome)} {outcome}" for outcome in Outcome if outcome is not Outcome.OPEN]
    lines = [*said, line(("What you predicted in this walk: ", "heading"), " · ".join(counts))]
    if not_asked:
        lines.append(line((f"{not_asked} step{'s' * (not_asked != 1)} shown without a question", "label")))
    return [*lines, line((AGAIN, "label"))]
