"""A student with a pencil, who knows nothing of the engine: gradients by recursion, and mistakes made on the way.

Values, derivatives and mistakes are written here once more, by hand, so that a diagnosis is judged by wrong numbers
which it did not make itself. Of a walk only its shape is read: operations, operands, and which step is which.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from gradwalk.engine.graph.graph import Graph, Leaf
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.language.step_key import StepKind
from gradwalk.engine.rules.ops import CODES
from gradwalk.engine.study.task import TaskKind
from gradwalk.engine.walk.trace import Trace

Edge = tuple[int, int]
"""A consumer, and the place of the operand in it."""


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


VALUES: dict[str, Callable[..., float]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "neg": lambda x: -x,
    "reciprocal": lambda x: 1 / x,
    "pow": lambda x, n: x**n,
    "square": lambda x: x**2,
    "sqrt": lambda x: x**0.5,
    "exp": math.exp,
    "ln": math.log,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "tanh": math.tanh,
    "sigmoid": _sigmoid,
    "softplus": lambda x: math.log(1 + math.exp(x)),
    "erf": math.erf,
    "relu": lambda x: x if x > 0 else 0.0,
    "abs": abs,
    "sum": lambda *xs: math.fsum(xs),
    "mean": lambda *xs: math.fsum(xs) / len(xs),
}

SLOPES: dict[Edge | tuple[str, int], Callable[..., float]] = {
    ("add", 0): lambda a, b: 1.0,
    ("add", 1): lambda a, b: 1.0,
    ("sub", 0): lambda a, b: 1.0,
    ("sub", 1): lambda a, b: -1.0,
    ("mul", 0): lambda a, b: b,
    ("mul", 1): lambda a, b: a,
    ("div", 0): lambda a, b: 1 / b,
    ("div", 1): lambda a, b: -a / b**2,
    ("neg", 0): lambda x: -1.0,
    ("reciprocal", 0): lambda x: -1 / x**2,
    ("pow", 0): lambda x, n: n * x ** (n - 1),
    ("pow", 1): lambda x, n: x**n * math.log(x),
    ("square", 0): lambda x: 2 * x,
    ("sqrt", 0): lambda x: 0.5 * x**-0.5,
    ("exp", 0): math.exp,
    ("ln", 0): lambda x: 1 / x,
    ("sin", 0): math.cos,
    ("cos", 0): lambda x: -math.sin(x),
    ("tan", 0): lambda x: 1 / math.cos(x) ** 2,
    ("tanh", 0): lambda x: 1 / math.cosh(x) ** 2,
    ("sigmoid", 0): lambda x: _sigmoid(x) * _sigmoid(-x),
    ("softplus", 0): _sigmoid,
    ("erf", 0): lambda x: 2 / math.sqrt(math.pi) * math.exp(-(x**2)),
    ("relu", 0): lambda x: 1.0 if x > 0 else 0.0,
    ("abs", 0): lambda x: 1.0 if x > 0 else -1.0 if x < 0 else 0.0,
}  # fmt: skip

WRONG_SLOPES: dict[str, dict[tuple[str, int], Callable[..., float]]] = {
    "reciprocal": {
        ("ln", 0): lambda x: x,
        ("reciprocal", 0): lambda x: -(x**2),
        ("sqrt", 0): lambda x: 2 * x**0.5,
        ("div", 0): lambda a, b: b,
        ("div", 1): lambda a, b: -a * b**2,
    },
    "square-forgotten": {
        ("reciprocal", 0): lambda x: -1 / x,
        ("div", 1): lambda a, b: -a / b,
        ("tanh", 0): lambda x: 1 - math.tanh(x),
        ("tan", 0): lambda x: 1 + math.tan(x),
    },
    "power-exponent": {
        ("square", 0): lambda x: 2 * x**2,
        ("pow", 0): lambda x, n: n * x**n,
        ("sqrt", 0): lambda x: 0.5 * x**0.5,
    },
    "power-factor": {
        ("square", 0): lambda x: x,
        ("pow", 0): lambda x, n: x ** (n - 1),
        ("sqrt", 0): lambda x: x**-0.5,
    },
    "other-operand": {
        ("mul", 0): lambda a, b: a,
        ("mul", 1): lambda a, b: b,
        ("div", 0): lambda a, b: -a / b**2,
        ("div", 1): lambda a, b: 1 / b,
    },
    "degrees": {
        ("sin", 0): lambda x: math.cos(x * math.pi / 180),
        ("cos", 0): lambda x: -math.sin(x * math.pi / 180),
        ("tan", 0): lambda x: 1 / math.cos(x * math.pi / 180) ** 2,
    },
}

WRONG_VALUES: dict[str, dict[str, Callable[..., float]]] = {
    "sign": {"sub": lambda a, b: a + b, "neg": lambda x: x},
    "reciprocal": {"reciprocal": lambda x: x, "div": lambda a, b: b / a},
    "square-forgotten": {"square": lambda x: x},
    "mean-forgotten": {"mean": lambda *xs: math.fsum(xs)},
    "degrees": {
        "sin": lambda x: math.sin(x * math.pi / 180),
        "cos": lambda x: math.cos(x * math.pi / 180),
        "tan": lambda x: math.tan(x * math.pi / 180),
    },
}

CURVED = {"reciprocal", "pow", "square", "sqrt", "exp", "ln", "sin", "cos", "tan", "tanh", "sigmoid", "softplus"}
"""Functions whose slope depends on the point."""


PAIRED = (
    "sign", "upstream-forgotten", "local-forgotten", "contribution-missing", "factor-dropped", "other-operand",
    "wrong-point", "reciprocal", "square-forgotten", "power-exponent", "power-factor", "mean-forgotten",
)  # fmt: skip
"""Mistakes that are made together with others."""

MANY = 60
"""In a walk over more nodes than these a mistake is made near to what is asked."""


@dataclass(frozen=True)
class Asks:
    """A number of a walk."""

    trace: Trace
    kind: TaskKind
    step: int


@dataclass(frozen=True)
class Slip:
    """A mistake as the student makes it: `at` an edge, or at a node (with place -1), or in the answer alone.

    `how` tells its variants apart; `number` is what stands there then.
    """

    mistake: str
    at: Edge | None = None
    how: str = ""
    number: float = 0.0


@dataclass(frozen=True)
class Way:
    """The edges that a number is made of: its own ones, and those between them and the output."""

    asks: Asks
    own: list[Edge]
    above: list[Edge]

    @property
    def edges(self) -> list[Edge]:
        return [*self.own, *self.above]

    @property
    def is_local(self) -> bool:
        return self.asks.kind is TaskKind.LOCAL_DERIVATIVE


Slips = tuple[Slip, ...]
"""Mistakes that are made at once."""


class Student:
    """Computes numbers of a walk by hand, rightly or with a slip."""

    def __init__(self, trace: Trace, most_steps: int = 10**9) -> None:
        graph = trace.graph
        self.trace = trace
        self.ops = ["" if (op := graph.op(node)) is None else op.name for node in range(len(graph))]
        self.operands = [tuple(graph.operands_of(node).tolist()) for node in range(len(graph))]
        self.output = graph.output
        self.uses: dict[int, list[Edge]] = {}
        self.edge_of: dict[int, Edge] = {}
        self.carried: dict[int, int] = {}
        for step in range(trace.seed_step + 1, trace.last_backward_step + 1):
            key = trace.key(step)
            assert key.kind is StepKind.ALONG
            self.edge_of[step] = (key.node, key.position)
            self.uses.setdefault(self.operands[key.node][key.position], []).append((key.node, key.position))
            self.carried[key.node] = self.carried.get(key.node, 0) + 1
        self.values: list[float] = []
        for node in range(len(graph)):
            if self.ops[node]:
                self.values.append(VALUES[self.ops[node]](*self._operand_values(node)))
            else:
                self.values.append(graph.leaf_values.item(node))
        self._memo: dict[tuple[int, Slips], float] = {}

    def target(self, edge: Edge) -> int:
        """The node that an edge leads back to."""
        return self.operands[edge[0]][edge[1]]

    def _operand_values(self, node: int) -> list[float]:
        return [self.values[operand] for operand in self.operands[node]]

    # ---- numbers, with slips or without

    def slope(self, edge: Edge, slips: Slips = ()) -> float:
        node, place = edge
        xs, op = self._operand_values(node), self.ops[node]
        number = 1.0 if op == "sum" else 1 / len(xs) if op == "mean" else SLOPES[op, place](*xs)
        for slip in slips:
            if slip.how == "all degrees" and (op, place) in WRONG_SLOPES["degrees"]:
                number = WRONG_SLOPES["degrees"][op, place](*xs)
            if slip.how == "mean" and slip.at is not None and slip.at[0] == node:
                number = 1.0
            if slip.at == edge and slip.how == "slope":
                number = WRONG_SLOPES[slip.mistake][op, place](*xs)
            if slip.at == edge and slip.how == "point":
                number = SLOPES[op, place](*xs[:place], slip.number, *xs[place + 1 :])
            if slip.at == edge and slip.how == "number":
                number = slip.number
        return self._rounded(number, slips)

    def term(self, edge: Edge, slips: Slips = ()) -> float:
        """What an edge contributes."""
        node, _ = edge
        slope, upstream, sign = self.slope(edge, slips), self.gradient(node, slips), 1.0
        for slip in slips:
            how = slip.how if slip.at == edge else ""
            if how == "omitted":
                return 0.0
            if how == "upstream":
                upstream = slip.number
            if how == "product":
                upstream, slope = self.gradient(self.uses[node][0][0], slips), slip.number
            if how == "no slope" or (slip.how == "inner" and edge in self.inner(slip.at)):
                slope = 1.0
            if how == "negated":
                sign = -1.0
        return self._rounded(sign * upstream * slope, slips)

    def gradient(self, node: int, slips: Slips = ()) -> float:
        if node == self.output:
            return 1.0
        if (node, slips) not in self._memo:
            for each in sorted(self._consumers(node), reverse=True):
                if (each, slips) not in self._memo and each != self.output:
                    self._memo[each, slips] = self.total(self.uses.get(each, []), slips)
        return self._memo[node, slips]

    def _consumers(self, node: int) -> set[int]:
        """All nodes between a node and the output, both included."""
        found, nearest = {node}, [node]
        while nearest:
            nearest = [*{user for each in nearest for user, _ in self.uses.get(each, [])} - found]
            found.update(nearest)
        return found

    def total(self, edges: list[Edge], slips: Slips = ()) -> float:
        total = 0.0
        for edge in edges:
            term = self.term(edge, slips)
            is_overwritten = any(slip.how == "overwrites" and slip.at == edge for slip in slips)
            total = term if is_overwritten else total + term
        return self._rounded(total, slips)

    def _rounded(self, number: float, slips: Slips) -> float:
        for slip in slips:
            if slip.how == "decimals":
                return round(number, int(slip.number))
            if slip.how == "significant":
                return float(f"{number:.{int(slip.number)}g}")
        return number

    def inner(self, at: Edge | None) -> list[Edge]:
        """The edges from one on towards the output, up to what stands inside a function."""
        edges: list[Edge] = []
        while at is not None:
            edges.append(at)
            above = self.uses.get(at[0], [])
            if len(above) != 1:
                return []
            if self.ops[above[0][0]] in CURVED and above[0][1] == 0:
                return edges
            at = above[0]
        return []

    def value(self, node: int, slips: Slips = ()) -> float:
        """A value, with slips in it or in the values before."""
        op = self.ops[node]
        if not op:
            return self.values[node]
        xs = [self.value(operand, slips) for operand in self.operands[node]]
        for slip in slips:
            if slip.at == (node, -1):
                return slip.number if slip.how == "number" else WRONG_VALUES[slip.mistake][op](*xs)
        return VALUES[op](*xs)

    def answer(self, asks: Asks, *slips: Slip) -> float:
        """What the student answers."""
        sign = 1.0
        for slip in slips:
            if slip.how == "answer":
                return slip.number
            if slip.how == "other sign":
                sign = -1.0
        if asks.kind is TaskKind.VALUE:
            return sign * self.value(self.trace.node_of(asks.step), slips)
        edge = self.edge_of[asks.step]
        if asks.kind is TaskKind.LOCAL_DERIVATIVE:
            return (-sign if any(slip.how == "negated" for slip in slips) else sign) * self.slope(edge, slips)
        if asks.kind is TaskKind.CONTRIBUTION:
            return sign * self.term(edge, slips)
        return sign * self.total(self.own(asks), slips)

    # ---- where slips can be made

    def own(self, asks: Asks) -> list[Edge]:
        """The edges that the asked number is made of."""
        edge = self.edge_of[asks.step]
        if asks.kind is not TaskKind.GRADIENT:
            return [edge]
        uses = self.uses[self.target(edge)]
        return uses[: uses.index(edge) + 1]

    def above(self, asks: Asks, most: int = 40) -> list[Edge]:
        """The edges between these and the output, near ones first."""
        if asks.kind is TaskKind.LOCAL_DERIVATIVE:
            return []
        found: dict[Edge, None] = {}
        nearest = [self.edge_of[asks.step][0]] if len(self.operands) > MANY else [node for node, _ in self.own(asks)]
        while nearest and len(found) < most:
            following: list[int] = []
            for node in dict.fromkeys(nearest):
                for edge in self.uses.get(node, [])[:8]:
                    found.setdefault(edge)
                    following.append(edge[0])
            nearest = following
        return [*found][:most]

    def before(self, node: int) -> list[int]:
        """The operations that a value is computed from, its own included."""
        if not self.ops[node]:
            return []
        found = [node]
        for operand in dict.fromkeys(self.operands[node]):
            found += self.before(operand)
        return [*dict.fromkeys(found)]

    def slips(self, mistake: str, asks: Asks) -> Iterator[Slip]:
        """All ways in which a mistake can be made on the way to a number."""
        if asks.kind is TaskKind.VALUE:
            yield from self._slips_of_value(mistake, asks)
            return
        own, above = self.own(asks), self.above(asks)
        if len(self.operands) > MANY:
            own = own[-1:]  # of many samples the last one
        way = Way(asks, own, [edge for edge in above if edge not in own])
        for edge in way.edges:
            if (self.ops[edge[0]], edge[1]) in WRONG_SLOPES.get(mistake, {}):
                yield Slip(mistake, edge, "slope")
        more = getattr(self, "_" + mistake.replace("-", "_"), None)
        if more is not None:
            yield from more(mistake, way)

    def _sign(self, mistake: str, way: Way) -> Iterator[Slip]:
        yield Slip(mistake, None, "other sign")
        for edge in way.edges:
            if self.slope(edge) < 0 or (not way.is_local and self.term(edge) < 0):
                yield Slip(mistake, edge, "negated")

    def _upstream_forgotten(self, mistake: str, way: Way) -> Iterator[Slip]:
        for edge in [] if way.is_local else way.edges:
            yield Slip(mistake, edge, "upstream", 1.0)

    def _local_forgotten(self, mistake: str, way: Way) -> Iterator[Slip]:
        for edge in [] if way.is_local else way.own:
            yield Slip(mistake, edge, "no slope")

    def _contribution_for_sum(self, mistake: str, way: Way) -> Iterator[Slip]:
        own = self.own(way.asks)
        if len(own) > 1 and way.asks.kind is TaskKind.GRADIENT:
            for edge in own if len(own) <= 8 else (own[0], own[-1]):
                yield Slip(mistake, None, "answer", self.term(edge))

    def _sum_for_contribution(self, mistake: str, way: Way) -> Iterator[Slip]:
        uses = self.uses[self.target(way.own[0])]
        if way.asks.kind is TaskKind.CONTRIBUTION and len(uses) > 1:
            yield Slip(mistake, None, "answer", self.total(uses))
            yield Slip(mistake, None, "answer", self.total(uses[: uses.index(way.own[0]) + 1]))

    def _contribution_missing(self, mistake: str, way: Way) -> Iterator[Slip]:
        for edge in [] if way.is_local else way.edges:
            uses = self.uses[self.target(edge)]
            if edge in way.own and (way.asks.kind is not TaskKind.GRADIENT or len(self.own(way.asks)) < 2):
                continue
            if len(uses) > 1:
                yield Slip(mistake, edge, "omitted")
            if edge != uses[0]:
                yield Slip(mistake, edge, "overwrites")

    def _factor_dropped(self, mistake: str, way: Way) -> Iterator[Slip]:
        for edge in way.above:
            yield Slip(mistake, edge, "no slope")
        for edge in way.edges:
            op, (x, *more) = self.ops[edge[0]], self._operand_values(edge[0])
            if op == "sigmoid":
                yield Slip(mistake, edge, "number", _sigmoid(x))
                yield Slip(mistake, edge, "number", 1 - _sigmoid(x))
            if op == "div" and edge[1] == 1:
                yield Slip(mistake, edge, "number", -1 / more[0] ** 2)

    def _composition_as_product(self, mistake: str, way: Way) -> Iterator[Slip]:
        """f(g(x)) taken for f(x)·g(x), which has the derivative f'(x)·g(x) + f(x)·g'(x)."""
        for edge in [] if way.is_local else way.edges:
            inside, _ = edge
            above = self.uses.get(inside, [])
            if len(above) != 1 or self.carried[inside] != 1 or self.ops[above[0][0]] not in CURVED or above[0][1]:
                continue
            x = self.values[self.target(edge)]
            outer, (_, *more) = self.ops[above[0][0]], self._operand_values(above[0][0])
            product = SLOPES[outer, 0](x, *more) * self.values[inside]
            yield Slip(mistake, edge, "product", product + VALUES[outer](x, *more) * self.slope(edge))

    def _wrong_point(self, mistake: str, way: Way) -> Iterator[Slip]:
        for edge in way.edges:
            node, place = edge
            if self.ops[node] in CURVED and place == 0:
                yield Slip(mistake, edge, "point", self.values[node])
                for operand in self.operands[self.operands[node][0]]:
                    yield Slip(mistake, edge, "point", self.values[operand])

    def _inner_derivative(self, mistake: str, way: Way) -> Iterator[Slip]:
        for edge in [] if way.is_local else way.edges:
            if self.inner(edge):
                yield Slip(mistake, edge, "inner")

    def _mean_forgotten(self, mistake: str, way: Way) -> Iterator[Slip]:
        for edge in way.edges:
            if self.ops[edge[0]] == "mean":
                yield Slip(mistake, edge, "mean")

    def _value_for_gradient(self, mistake: str, way: Way) -> Iterator[Slip]:
        edge = way.own[-1]
        if way.is_local:
            yield Slip(mistake, None, "answer", self.values[edge[0]])
            if self.ops[edge[0]] != "mul":
                yield Slip(mistake, None, "answer", self.values[self.target(edge)])
        else:
            yield Slip(mistake, None, "answer", self.values[self.target(edge)])
            yield Slip(mistake, None, "answer", self.values[self.output])
            yield Slip(mistake, edge, "upstream", self.values[edge[0]])

    def _degrees(self, mistake: str, way: Way) -> Iterator[Slip]:
        if not way.is_local and any(self.ops[node] in WRONG_VALUES[mistake] for node, _ in way.edges):
            yield Slip(mistake, None, "all degrees")

    def _rounding(self, mistake: str, way: Way) -> Iterator[Slip]:
        for digits in (2, 3):
            yield Slip(mistake, None, "decimals", digits)
            yield Slip(mistake, None, "significant", digits)
            for edge in way.edges:
                yield Slip(mistake, edge, "number", float(f"{self.slope(edge):.{digits}g}"))

    def _slips_of_value(self, mistake: str, asks: Asks) -> Iterator[Slip]:
        asked = self.trace.node_of(asks.step)
        nodes = self.before(asked) if len(self.operands) <= MANY else [asked]
        for node in nodes:
            if self.ops[node] in WRONG_VALUES.get(mistake, {}):
                yield Slip(mistake, (node, -1))
            if mistake == "rounding":
                for digits in (2, 3):
                    yield Slip(mistake, (node, -1), "number", float(f"{self.values[node]:.{digits}g}"))
        if mistake == "sign":
            yield Slip(mistake, None, "other sign")
        if mistake == "value-for-gradient" and asked in self.uses:
            yield Slip(mistake, None, "answer", self.gradient(asked))


def planted(student: Student, mistake: str, asks: Asks, chance: Random) -> float | None:
    """Make a mistake at random on the way to a number; None where it cannot be made, or changes nothing."""
    try:
        slips = [*student.slips(mistake, asks)]
    except (ArithmeticError, ValueError):
        return None
    chance.shuffle(slips)
    for slip in slips[:4]:
        try:
            number, right = student.answer(asks, slip), student.answer(asks)
        except (ArithmeticError, ValueError, TypeError):
            continue
        if isinstance(number, complex):  # a root of a negative number
            continue
        if mistake == "rounding" and abs(number - right) > 0.05 * abs(right):
            continue  # no number that somebody would take for the right one, rounded
        if math.isfinite(number) and abs(number) > 1e-9 and is_wrong(number, right):
            return number
    return None


def planted_pair(student: Student, asks: Asks, chance: Random) -> tuple[set[str], float] | None:
    """Make two different mistakes at once, which both show in the number; None where they cannot be made."""
    try:
        slips = [slip for mistake in PAIRED for slip in student.slips(mistake, asks) if slip.how != "answer"]
    except (ArithmeticError, ValueError):
        return None
    for _ in range(6 if len(slips) > 1 else 0):
        pair = chance.sample(slips, 2)
        try:
            numbers = [student.answer(asks), *(student.answer(asks, slip) for slip in pair)]
            number = student.answer(asks, *pair)
        except (ArithmeticError, ValueError, TypeError):
            continue
        if any(isinstance(each, complex) for each in (number, *numbers)):
            continue
        is_readable = math.isfinite(number) and abs(number) > 1e-9
        if pair[0].mistake != pair[1].mistake and is_readable and all(is_wrong(number, other) for other in numbers):
            return {slip.mistake for slip in pair}, number
    return None


def is_wrong(number: float, right: float) -> bool:
    """Say whether a number is another one, to three digits: else it would be taken for the right one, rounded."""
    return float(f"{number:.3g}") != float(f"{right:.3g}")


def question(student: Student, chance: Random) -> Asks:
    """Ask for some number of a walk, most often for a gradient."""
    trace = student.trace
    kind = chance.choices(
        [TaskKind.GRADIENT, TaskKind.CONTRIBUTION, TaskKind.LOCAL_DERIVATIVE, TaskKind.VALUE], [6, 2, 2, 1]
    )[0]
    if kind is TaskKind.VALUE:
        return Asks(trace, kind, chance.randint(1, trace.forward_steps))
    step = chance.randint(trace.seed_step + 1, trace.last_backward_step)
    if kind is TaskKind.GRADIENT and chance.random() < 0.7:
        step = trace.gradient_steps(trace.node_of(step))[-1]
    return Asks(trace, kind, step)


UNARY = ("neg", "reciprocal", "square", "sqrt", "exp", "ln", "sin", "cos", "tan", "tanh", "sigmoid", "softplus")
BINARY = ("add", "sub", "mul", "mul", "div")


def random_walk(chance: Random) -> Trace:
    """A random function of a learner's size: two to four inputs, three to nine operations, numbers from 0.05 to 500."""
    while True:
        graph = _random_graph(chance)
        if graph is not None:
            return Trace(graph)


def _random_graph(chance: Random) -> Graph | None:
    tape = Tape()
    digits = chance.choice([0, 1, 2])
    inputs = [tape.leaf(_readable(chance, digits), Leaf.INPUT, name) for name in "abcd"[: chance.randint(2, 4)]]
    nodes = [*inputs, tape.leaf(chance.choice([2.0, 3.0, 1.0, -1.0, 0.5]), Leaf.CONSTANT)]
    for _ in range(chance.randint(3, 9)):
        first, second = chance.choice(nodes[-4:]), chance.choice(nodes)
        draw = chance.random()
        if draw < 0.45:
            node = tape.operation(CODES[chance.choice(BINARY)], [first, second])
        elif draw < 0.5:
            node = tape.operation(CODES["mean"], [chance.choice(nodes) for _ in range(chance.randint(2, 4))])
        elif draw < 0.58:
            exponent = tape.leaf(chance.choice([2.0, 3.0, 4.0, -1.0]), Leaf.CONSTANT)
            node = tape.operation(CODES["pow"], [first, exponent])
        else:
            node = tape.operation(CODES[chance.choice(UNARY)], [first])
        value = tape.values[node]
        if not math.isfinite(value) or not 0.05 <= abs(value) <= 500:
            return None
        tape.names[node] = f"n{node}"
        nodes.append(node)
    graph = tape.graph(nodes[-1])
    if len(graph.edges) < 3:
        return None
    return graph


def _readable(chance: Random, digits: int) -> float:
    return round(chance.choice([-1, 1, 1]) * chance.uniform(0.6, 4.4), digits) or 1.0
