"""Random functions that are fair to ask about: small, with readable numbers, and each node one operation."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from ..definition import Definition, Value
from ..language.parser import parse
from ..rules.closed_form import ClosedForm
from ..rules.ops import CODES, OPS
from ..walk.closed_forms import CONSTANT_FORMS
from ..walk.trace import Trace
from .drill_fair import is_fair_number, is_fair_walk
from .drill_random import SeededRandom

_INPUTS = ("abc", "xyz", "uvw")
_NODES = "pqrs"
OUTPUT = "f"

_USUAL = ("1", "2", "3", "4", "5", "-1", "-2", "-3", "1/2", "-1/2", "3/2")
"""Values of inputs."""

_FITTING: dict[str, tuple[str, ...]] = {
    "ln": ("e", "e^2", "1", "1/e"),
    "exp": ("1", "2", "-1", "0"),
    "sqrt": ("4", "9", "16", "1/4"),
    "sin": ("pi", "pi/2", "pi/6", "0"),
    "cos": ("pi", "pi/2", "pi/3", "0"),
    "sigmoid": ("0",),
}
"""Values of inputs at which a function has a readable value."""

_TAKE_ZERO = frozenset({"exp", "sin", "cos", "sigmoid"})
"""What is said of 0 here that is worth a question; a factor or a term 0 would make the rest of the function idle."""

_KEEP = frozenset({"relu", "max"})
"""Operations whose result is an operand as it is."""

_UNDONE_BY = {"ln": "exp", "exp": "ln", "reciprocal": "reciprocal", "neg": "neg", "square": "sqrt", "sqrt": "square"}
"""An operation on the result of this one would say nothing."""

MOST_TRIES = 2_000
"""So many functions are drawn before a demand is given up."""


@dataclass(frozen=True)
class _Move:
    """A way to make a node: how it is written, how often it is tried, and the operation that it is.

    `text` has a place for each operand; a `constant` is drawn for the last one, where there are some.
    """

    rule: str
    text: str
    weight: int
    arity: int
    constants: tuple[int, ...] = ()

    def value(self, operands: Sequence[ClosedForm]) -> ClosedForm | None:
        """Compute the node; None where it has no fair value."""
        try:
            result = OPS[CODES[self.rule]].forward(*operands)
        except ArithmeticError:
            return None
        form = ClosedForm.of(result)
        is_root = self.rule == "sqrt" and any(powers.radicand > 1 for powers in form.terms)
        return form if is_fair_number(form) and not is_root else None


_MOVES = (
    _Move("add", "{} + {}", 4, 2),
    _Move("sub", "{} - {}", 3, 2),
    _Move("mul", "{}*{}", 7, 2),
    _Move("div", "{}/{}", 4, 2),
    _Move("add", "{} + {}", 2, 1, (1, 2, 3)),
    _Move("sub", "{} - {}", 1, 1, (1, 2, 3)),
    _Move("mul", "{1}*{0}", 2, 1, (2, 3, -2)),
    _Move("neg", "-{}", 1, 1),
    _Move("reciprocal", "1/{}", 3, 1),
    _Move("square", "{}^2", 3, 1),
    _Move("pow", "{}^{}", 3, 1, (3, 4)),
    _Move("ln", "ln({})", 3, 1),
    _Move("exp", "exp({})", 3, 1),
    _Move("sqrt", "sqrt({})", 3, 1),
    _Move("sin", "sin({})", 2, 1),
    _Move("cos", "cos({})", 2, 1),
    _Move("sigmoid", "sigmoid({})", 2, 1),
    _Move("relu", "relu({})", 1, 1),
    _Move("max", "max({}, {})", 1, 2),
    _Move("mean", "mean({}, {})", 2, 2),
)

RULES: tuple[str, ...] = tuple(dict.fromkeys(move.rule for move in _MOVES))
"""The operations, by their names in the op table, that these functions are made of."""


@dataclass
class _Draft:
    """A function that is being drawn."""

    inputs: dict[str, str] = field(default_factory=dict[str, str])
    nodes: dict[str, str] = field(default_factory=dict[str, str])
    forms: dict[str, ClosedForm] = field(default_factory=dict[str, ClosedForm])
    uses: dict[str, int] = field(default_factory=dict[str, int])
    rules: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def unused(self) -> list[str]:
        return [name for name in self.forms if not self.uses[name]]

    def suits(self, move: _Move, operands: Sequence[str], form: ClosedForm) -> bool:
        """Say whether a node would tell its operands apart, and itself from all others."""
        inner = [self.rules.get(operand, "") for operand in operands]
        if len(set(operands)) < len(operands) or (
            move.arity == 1 and inner[0] in (_UNDONE_BY.get(move.rule), move.rule)
        ):
            return False
        if move.rule not in _TAKE_ZERO and any(
            not self.forms[operand].terms and not (made_by == "relu" and move.rule in ("add", "sub"))
            for operand, made_by in zip(operands, inner, strict=True)
        ):
            return False
        return move.rule in _KEEP or form not in self.forms.values()

    def add(self, name: str, form: ClosedForm, operands: Sequence[str] = ()) -> None:
        self.forms[name] = form
        self.uses[name] = 0
        for operand in operands:
            self.uses[operand] += 1


def fair_function(
    random: SeededRandom, sizes: Sequence[int], rule: str = "", wanted: Callable[[Trace], bool] = lambda trace: True
) -> tuple[Definition, Trace]:
    """Draw a function whose numbers are all fair, and return it with its walk.

    It has as many operations as one of `sizes` says; one of them is `rule`, where one is named; and it is `wanted`.
    Raises LookupError where none was found.
    """
    for _ in range(MOST_TRIES):
        definition = _drawn(random, random.choice(sizes), rule)
        if definition is None:
            continue
        trace = Trace(definition.build().graph)
        if is_fair_walk(trace) and wanted(trace):
            return definition, trace
    raise LookupError(f"no fair function with {rule or 'what is wanted'} was found")


def _drawn(random: SeededRandom, size: int, rule: str) -> Definition | None:
    """Draw a function of so many operations; None where it has come to an end that is not fair."""
    draft = _Draft()
    names = random.choice(_INPUTS)[: random.weighted([(1, 2), (2, 5), (3, 3)])]
    for place, name in enumerate(names):
        fitting = _FITTING.get(rule, _USUAL) if not place and random.below(4) else _USUAL
        if place and not random.below(5):
            fitting = random.choice([*_FITTING.values()])
        values = [value for value in fitting if _constant(value) not in draft.forms.values()]
        if not values:
            return None
        draft.inputs[name] = random.choice(values)
        draft.add(name, _constant(draft.inputs[name]))
    for place in range(size):
        left = size - place
        joins = len(draft.unused) - 1  # so many operations of two nodes are needed to bring all together
        name = OUTPUT if left == 1 else _NODES[place]
        if joins > left or not _add_node(random, draft, name, rule, must_join=joins == left):
            return None
    if draft.unused != [OUTPUT] or not draft.forms[OUTPUT].terms or (rule and rule not in draft.rules.values()):
        return None
    inputs: dict[str, Value] = {}
    for name, value in draft.inputs.items():
        inputs[name] = int(value) if value.lstrip("-").isdigit() else value
    return Definition(inputs, dict(draft.nodes))


def _add_node(random: SeededRandom, draft: _Draft, name: str, rule: str, *, must_join: bool) -> bool:
    """Draw an operation on what there is; False where no fair one came."""
    moves = [move for move in _MOVES if move.arity == 2] if must_join else _MOVES
    favoured = "" if rule in draft.rules.values() else rule
    for _ in range(12):
        move = random.weighted((move, move.weight * (8 if move.rule == favoured else 1)) for move in moves)
        unused, known = draft.unused, [*draft.forms]
        if must_join:
            operands = random.shuffled(unused)[:2]
        else:
            operands = [random.choice(unused if unused and random.below(4) else known) for _ in range(move.arity)]
        constants = [random.choice(move.constants)] if move.constants else []
        form = move.value([draft.forms[operand] for operand in operands] + [*map(ClosedForm.of, constants)])
        if form is not None and draft.suits(move, operands, form):
            draft.nodes[name] = move.text.format(*operands, *constants)
            draft.rules[name] = move.rule
            draft.add(name, form, operands)
            return True
    return False


@functools.cache
def _constant(text: str) -> ClosedForm:
    return parse(text).fold(
        lambda value: ClosedForm.of(Fraction(value)),
        lambda used: CONSTANT_FORMS[used.name],
        lambda _, op, operands: ClosedForm.of(OPS[CODES[op]].forward(*operands)),
    )
