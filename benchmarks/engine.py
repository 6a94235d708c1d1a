"""Measure the engine against its targets; print a Markdown table.

    python benchmarks/engine.py            # all of it, about two minutes
    python benchmarks/engine.py --quick    # smaller sizes, a quarter of that
    python benchmarks/engine.py --no-gc    # with Python's cyclic collector off while a clock runs

A ratio compares two things that ran in turn, round by round, in this process: a busy machine slows both. The
median of the rounds counts. Before each round all that exists is hidden from the cyclic collector, so that
nobody pays for what another keeps. micrograd (`pip install micrograd`) cannot run a graph again, so an epoch of it
always builds its operations; its leaves stay.
"""

from __future__ import annotations

import argparse
import gc
import math
import random
import statistics
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator

import numpy as np
from gradwalk.engine.graph.graph import Graph
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.rules.number_text import format_number
from gradwalk.engine.run.loop import input_gradients
from gradwalk.engine.run.plan import Plan
from gradwalk.engine.scalar import Scalar
from gradwalk.engine.value import Value as OwnValue
from gradwalk.engine.walk.trace import Trace
from workloads import (
    RATE,
    NumpyRegression,
    flat,
    irregular_graph,
    perceptron_graph,
    perceptron_loss,
    perceptron_parameters,
    regression_cost,
    regression_data,
    regression_graph,
    regression_tape,
)

try:
    from micrograd.engine import Value
except ImportError:
    Value = None

Row = tuple[str, str, str, bool]
"""What was measured, the target, the result, and whether it was met."""


class Benchmark:
    def __init__(self, quick: bool, collector: bool) -> None:
        self.quick = quick
        self.collector = collector
        self.sizes = [10, 100, 1000] if quick else [10, 100, 1000, 10_000, 100_000]
        self.large = 100_000 if quick else 1_000_000

    def seconds(self, *functions: Callable[[], float], rounds: int = 5, floor: float = 0.02) -> list[float]:
        """Return the median time of each function, all of them timed in turn; short ones are repeated.

        All of them compute the same number, or else there is nothing to compare.
        """
        first, *others = [function() for function in functions]
        assert all(math.isclose(first, other, rel_tol=1e-9) for other in others), (first, others)
        samples: list[list[float]] = [[] for _ in functions]
        for _ in range(3 if self.quick else rounds):
            for function, taken in zip(functions, samples, strict=True):
                taken.append(self._once(function, floor))
        return [statistics.median(taken) for taken in samples]

    def _once(self, function: Callable[[], float], floor: float) -> float:
        gc.collect()
        gc.freeze()
        if not self.collector:
            gc.disable()
        calls, start, spent = 0, time.perf_counter(), 0.0
        while spent < floor:
            function()
            calls += 1
            spent = time.perf_counter() - start
        gc.enable()
        gc.unfreeze()
        return spent / calls

    # ---- the rows

    def rows(self) -> Iterator[Row]:
        if Value is None:
            print("micrograd is not installed (pip install micrograd): its rows are left out.\n", file=sys.stderr)
        else:
            yield from self.epochs_against_micrograd()
            yield from self.perceptron()
            yield from self.once()
            yield from self.blocks()
        yield from self.epochs_against_numpy()
        yield from self.folded()
        yield from self.squarings()
        yield from self.memory()
        yield from self.opening()
        yield from self.seeking()

    def epochs_against_micrograd(self) -> Iterator[Row]:
        for m, target in zip(self.sizes, (6, 25, 150, 500, 600), strict=False):
            ours, theirs = self.seconds(reused_epoch(m), micrograd_epoch(m), rounds=3 if m >= 100_000 else 5)
            yield at_least(f"one epoch, graph reused, m = {m:,}, against micrograd", target, theirs / ours)

    def epochs_against_numpy(self) -> Iterator[Row]:
        for m in self.sizes:
            ours, theirs = self.seconds(reused_epoch(m), NumpyRegression(m).epoch)
            yield at_most(
                f"the same, m = {m:,}, against NumPy by hand that keeps every node and edge", 3, ours / theirs
            )

    def folded(self) -> Iterator[Row]:
        for m in self.sizes[2:]:
            folded, n_ary = self.seconds(reused_epoch(m), reused_epoch(m, n_ary=True))
            yield at_most(f"folded `sum()` against one n-ary node, m = {m:,}", 1.5, folded / n_ary)

    def perceptron(self) -> Iterator[Row]:
        graph, parameters = perceptron_graph()
        ours, theirs = self.seconds(descent(graph, parameters), perceptron_epoch(Value))
        yield at_least(f"micrograd's perceptron demo ({len(graph):,} nodes), reused", 150, theirs / ours)
        ours, theirs = self.seconds(perceptron_epoch(OwnValue), perceptron_epoch(Value), rounds=3)
        yield at_most("the same by its own script, with gradwalk's Value in the place of its own", 1, ours / theirs)

    def once(self) -> Iterator[Row]:
        for m in self.sizes[:4]:
            operators, blocks, theirs = self.seconds(built_once(m), built_in_blocks(m), micrograd_once(m))
            what = f"leaves, operations and backward once, m = {m:,}, against micrograd"
            yield at_most(f"{what}: operators", 0.4, operators / theirs)
            yield at_most(f"{what}: recorded in blocks", 0.4, blocks / theirs)

    def blocks(self) -> Iterator[Row]:
        m = self.sizes[-2]
        xs, ys = map(np.array, regression_data(m))
        ours, theirs = self.seconds(lambda: regression_tape(xs, ys).values[-1], micrograd_build(m))
        yield at_most(f"building in blocks, m = {m:,}, against micrograd", 1 / 50, ours / theirs)

    def squarings(self) -> Iterator[Row]:
        depth = self.large
        functions = [squaring_chain(depth // 10), squaring_chain(depth)]
        if Value is not None:
            functions.append(micrograd_squaring_chain(depth))
        tenth, whole, *theirs = self.seconds(*functions, rounds=3)
        what = f"squaring chain, depth {depth:,}, build + backward"
        yield at_most(f"{what}: against 10 × a tenth of the depth", 1.5, whole / (10 * tenth))
        for seconds in theirs:
            yield at_least(f"{what}: against micrograd", 2.5, seconds / whole)

    def memory(self) -> Iterator[Row]:
        n = self.large
        for what, limit, make in (
            (f"walk of a regression, {n:,} nodes", 100, lambda: regression_graph(n // 7)),
            (f"walk of random binary operations, {n:,} nodes", 160, lambda: irregular_graph(n)),
        ):
            tracemalloc.start()
            trace = Trace(make())
            keep_everything(trace)
            gc.collect()
            held = tracemalloc.get_traced_memory()[0]
            tracemalloc.stop()
            yield at_most(f"memory, {what}, bytes a node", limit, held / len(trace.graph))

    def opening(self) -> Iterator[Row]:
        def deep() -> Graph:
            tape = Tape()
            node = squarings(tape, self.large).node
            return tape.graph(node)

        wide, chain = regression_graph(self.large // 7), deep()
        for what, graph in (("a regression", wide), ("a chain", chain)):
            start = time.perf_counter()
            keep_everything(Trace(graph))
            yield at_most(f"opening {what}, {len(graph):,} nodes, in s", 2, time.perf_counter() - start)

    def seeking(self) -> Iterator[Row]:
        trace = Trace(regression_graph(self.large // 7))
        chance = random.Random(0)
        taken: list[float] = []
        parameters = [trace.graph.find("w"), trace.graph.find("b")]
        gc.collect()
        gc.freeze()
        for _ in range(2000):
            cursor = chance.randrange(trace.total + 1)
            first = chance.randrange(len(trace.graph) - 58)
            start = time.thread_time()  # of this thread alone: no ratio here evens out what else runs
            state = trace.state(cursor)
            for node in (*range(first, first + 58), *parameters):
                for number in (state.value(node), state.gradient(node)):
                    if number is not None:
                        format_number(number)
            taken.append(time.thread_time() - start)
        gc.unfreeze()
        taken.sort()
        result = taken[len(taken) * 99 // 100] * 1e3
        yield at_most(
            f"seek in {trace.total:,} steps, 60 rows with values and gradients printed, p99 in ms", 0.3, result
        )


# ---- what is timed


def descent(graph: Graph, parameters: list[int]) -> Callable[[], float]:
    plan, places = Plan(graph), np.array(parameters)

    def epoch() -> float:
        loss = plan.run()
        plan.leaf_values[places] -= RATE * plan.leaf_gradients[places]
        return loss

    return epoch


def reused_epoch(m: int, *, n_ary: bool = False) -> Callable[[], float]:
    graph = regression_graph(m, n_ary=n_ary)
    return descent(graph, [graph.find("w"), graph.find("b")])


def built_once(m: int) -> Callable[[], float]:
    xs, ys = regression_data(m)

    def epoch() -> float:
        tape = Tape()
        x, y = ([Scalar(value, tape=tape) for value in column] for column in (xs, ys))
        cost = regression_cost(x, y, Scalar(0.0, "w", tape=tape), Scalar(0.0, "b", tape=tape))
        cost.grad()
        return cost.value

    return epoch


def built_in_blocks(m: int) -> Callable[[], float]:
    xs, ys = map(np.array, regression_data(m))

    def epoch() -> float:
        tape = regression_tape(xs, ys)
        cost = len(tape) - 1
        assert len(input_gradients(tape, cost)) == 2 * m + 2
        return tape.values[cost]

    return epoch


def squarings(tape: Tape, depth: int) -> Scalar:
    x = Scalar(1.0, "x", tape=tape)
    for _ in range(depth):
        x = x * x
    return x


def squaring_chain(depth: int) -> Callable[[], float]:
    def chain() -> float:
        y = squarings(Tape(), depth)
        y.grad()
        return y.value

    return chain


def micrograd_epoch(m: int) -> Callable[[], float]:
    xs, ys = ([Value(number) for number in column] for column in regression_data(m))
    w, b = Value(0.0), Value(0.0)

    def epoch() -> float:
        w.grad = b.grad = 0.0
        cost = regression_cost(xs, ys, w, b)
        cost.backward()
        w.data -= RATE * w.grad
        b.data -= RATE * b.grad
        return cost.data

    return epoch


def micrograd_once(m: int) -> Callable[[], float]:
    data = regression_data(m)

    def once() -> float:
        xs, ys = ([Value(number) for number in column] for column in data)
        cost = regression_cost(xs, ys, Value(0.0), Value(0.0))
        cost.backward()
        return cost.data

    return once


def micrograd_build(m: int) -> Callable[[], float]:
    data = regression_data(m)

    def build() -> float:
        xs, ys = ([Value(number) for number in column] for column in data)
        return regression_cost(xs, ys, Value(0.0), Value(0.0)).data

    return build


def perceptron_epoch(kind: type) -> Callable[[], float]:
    """An epoch of the demo, written for micrograd's `Value` or what stands in its place."""
    layers = perceptron_parameters(kind)

    def epoch() -> float:
        for parameter in flat(layers):
            parameter.grad = 0.0
        loss = perceptron_loss(layers, kind)
        loss.backward()
        for parameter in flat(layers):
            parameter.data -= RATE * parameter.grad
        return loss.data

    return epoch


def micrograd_squaring_chain(depth: int) -> Callable[[], float]:
    def chain() -> float:
        x = Value(1.0)
        for _ in range(depth):
            x = x * x
        x.backward()
        return x.data

    return chain


def keep_everything(trace: Trace) -> None:
    """Have every array made that a walk can show, so that it is counted."""
    trace.state(trace.total).gradient(0)
    assert len(trace.backward.contributions) == len(trace.backward.accumulated) == trace.backward_steps
    assert len(trace.undefined_values) == len(trace.values)
    assert len(trace.undefined_contributions) == trace.backward_steps
    trace.step(trace.total)


# ---- the table


def at_least(what: str, target: float, measured: float) -> Row:
    return what, f"≥ {target:g}", f"{measured:.3g}", measured >= target


def at_most(what: str, target: float, measured: float) -> Row:
    return what, f"≤ {target:g}", f"{measured:.3g}", measured <= target


def main() -> None:
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="smaller sizes")
    parser.add_argument("--no-gc", action="store_true", help="turn the cyclic collector off while a clock runs")
    arguments = parser.parse_args()
    print("| | target | measured | |\n|---|---|---|---|")
    for what, target, measured, met in Benchmark(arguments.quick, not arguments.no_gc).rows():
        print(f"| {what} | {target} | {measured} | {'' if met else 'missed'} |", flush=True)


if __name__ == "__main__":
    # micrograd recurses once for each level of a graph: give it the room.
    sys.setrecursionlimit(20_000_000)
    threading.stack_size(1 << 29)
    thread = threading.Thread(target=main)
    thread.start()
    thread.join()
