"""Measure how long it takes from somebody's NumPy code to its walk; print a Markdown table.

    python benchmarks/arrays.py            # about ten seconds
    python benchmarks/arrays.py --rounds 3 # fewer rounds

Each round records the loss of a network with one hidden layer on new arrays of scalars, cuts out its graph and computes
the whole walk, forward and backward. The median of the rounds counts. The last column is what tree and circuit add.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
import time

import numpy as np
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.scalar_array.array import ScalarArray, scalars
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.walk.gathering import Gathering
from gradwalk.tui.walk.tree.view import lay_out

TARGET_NODES, TARGET_SECONDS = 100_000, 2.0
SIZES = ((4, 4, 8), (32, 16, 20), (64, 32, 36), (128, 64, 96))
"""Samples, inputs and hidden units."""


def loss(samples: int, inputs: int, hidden: int) -> ScalarArray:
    """Record the mean squared error of a network on random data, on a tape of its own."""
    random, tape = np.random.default_rng(7), Tape()
    x, y = random.normal(size=(samples, inputs)), random.normal(size=(samples, 1))
    w1 = scalars("W1", random.normal(size=(inputs, hidden)), tape=tape)
    b1 = scalars("b1", np.zeros(hidden), tape=tape)
    w2 = scalars("W2", random.normal(size=(hidden, 1)), tape=tape)
    h = np.tanh(x @ w1 + b1)
    return np.mean((h @ w2 - y) ** 2)  # pyright: ignore[reportReturnType]


def measured(size: tuple[int, int, int]) -> tuple[int, float, float, float, float]:
    """Return how many nodes there are, and the seconds to record, cut, walk and lay out."""
    times = [time.perf_counter()]
    made = loss(*size)
    times.append(time.perf_counter())
    graph = made.graph()
    times.append(time.perf_counter())
    trace = Trace(graph)
    trace.state(trace.total)
    times.append(time.perf_counter())
    Gathering(graph)
    lay_out(trace, lambda _: None)
    times.append(time.perf_counter())
    return len(graph), *(after - before for before, after in itertools.pairwise(times))  # pyright: ignore


def main() -> int:
    """Print the table; the status is 1 where a walk of the size that counts takes longer than it may."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    print("| nodes | record | cut | walk | to the walk | tree and circuit |")
    print("|---:|---:|---:|---:|---:|---:|")
    met = True
    for size in SIZES:
        runs = [measured(size) for _ in range(rounds)]
        nodes = runs[0][0]
        record, cut, walk, laid_out = (statistics.median(run[place] for run in runs) for place in range(1, 5))
        total = record + cut + walk
        met &= total <= TARGET_SECONDS * max(1.0, nodes / TARGET_NODES)
        print(f"| {nodes:,} | {record:.3f} s | {cut:.3f} s | {walk:.3f} s | **{total:.3f} s** | {laid_out:.3f} s |")
    print(f"\n100,000 nodes may take {TARGET_SECONDS} s to the walk: {'met' if met else 'missed'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
