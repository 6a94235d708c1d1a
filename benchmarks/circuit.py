"""Measure the circuit at 15 to 10^6 nodes: `python benchmarks/circuit.py`.

First the layout alone, at 15, 300 and 3,000 boxes. Then gradwalk and a hello-world Textual app, by turns in one run, in
real 120x40 pseudo-terminals: the time from a key to the last byte of what it paints, of steps forward and backward, of
panning and of zooming. The graphs are `fabc` and epochs of generated regressions, one scalar node for every number,
and at the end a graph without any regularity, which is shown as a neighbourhood. The tables on standard output are
Markdown. Times of different machines say nothing, so what counts is the ratio to hello-world.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from gradwalk.engine.graph.graph import Graph
from gradwalk.tui.walk.circuit.layers import Edge
from gradwalk.tui.walk.circuit.layout import Size, Spacing, lay_out
from gradwalk.tui.walk.circuit.wires import Wires
from screen import ENTER, REGRESSION, RIGHT, Screen
from startup import HELLO, Terminal, measure
from workloads import irregular_graph

NODES = (300, 1_000, 100_000, 1_000_000)
"""Sizes of the regressions that are walked."""

LAID_OUT = ((15, 3), (300, 20), (3_000, 50))
"""Nodes of the graphs that are laid out whole, and how many stand in a layer."""

SPACING = Spacing(1, 2, 9)
"""That of full boxes."""

PAN, ZOOM_OUT, ZOOM_IN, VIEW = b"H", b"I", b"i", b"v"

SHOW = """
import sys
sys.path.insert(0, {folder!r})
from gradwalk.engine.scenario import Scenario
from gradwalk.tui.app import GradwalkApp
from workloads import irregular_graph

GradwalkApp(Scenario("irregular", "Without regularity", "", "", irregular_graph(1_000_000), {{}})).run()
"""


@dataclass
class Figures:
    """What was measured of a walk, in seconds and bytes."""

    showing: list[float] = field(default_factory=list)
    steps: list[float] = field(default_factory=list)
    pans: list[float] = field(default_factory=list)
    zooms: list[float] = field(default_factory=list)
    written: list[int] = field(default_factory=list)


def diagram(graph: Graph) -> tuple[list[Size], list[Edge]]:
    """Return a full box for each node, and its edges."""
    sizes: list[Size] = []
    edges: list[Edge] = []
    for node in range(len(graph)):
        operands = graph.operands_of(node).tolist()
        count = len(operands)
        pins = (2,) if count == 1 else tuple(range(1, 2 * count, 2))
        sizes.append(Size(14, max(5, 2 * count + 1), pins if count else ()))
        edges += [(operand, node, pin) for pin, operand in enumerate(operands)]
    return sizes, edges


def best_of(rounds: int, work: Callable[[], object]) -> float:
    """Return the shortest of some times, in seconds."""
    times: list[float] = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def measure_layouts(rounds: int) -> None:
    """Print how long a layout takes, and the drawing of its wires."""
    print("| boxes | wires | layout | drawing | width x height |")
    print("|---|---|---|---|---|")
    for nodes, width in LAID_OUT:
        sizes, edges = diagram(irregular_graph(nodes, width))
        layout = lay_out(sizes, edges, SPACING)
        seconds = best_of(rounds, partial(lay_out, sizes, edges, SPACING))
        drawing = best_of(rounds, partial(Wires, layout))
        size = f"{layout.width} x {layout.height}"
        print(f"| {len(sizes)} | {len(edges)} | {seconds * 1e3:.1f} ms | {drawing * 1e3:.1f} ms | {size} |")
    print()


def walk_in_the_circuit(terminal: Terminal, figures: Figures, keys: int) -> None:
    """Show the circuit of a walk that is on the screen; take steps, move, zoom."""
    figures.showing.append(terminal.answer(VIEW)[0])
    terminal.drain()
    for pass_ in range(2):
        for _ in range(keys):
            seconds, count = terminal.answer(RIGHT)
            figures.steps.append(seconds)
            figures.written.append(count)
        if not pass_:
            terminal.answer(b"]")
    for times, key in ((figures.pans, PAN), (figures.zooms, ZOOM_OUT), (figures.zooms, ZOOM_IN)):
        for _ in range(keys):
            seconds, count = terminal.answer(key, 0.5)
            if not count:  # no further that way
                break
            times.append(seconds)


def measure_walk(command: list[str], environment: dict[str, str], figures: Figures, keys: int, shown: str) -> None:
    """Open a walk, or a training and its first epoch, and use its circuit."""
    terminal = Terminal(command, environment)
    try:
        screen = Screen(terminal)
        screen.wait_for(shown)
        terminal.drain()
        if shown != "start · ":
            screen.type(ENTER)
            screen.wait_for("start · ")
            terminal.drain()
        walk_in_the_circuit(terminal, figures, keys)
    finally:
        terminal.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keys", type=int, default=12)
    options = parser.parse_args()
    measure_layouts(options.rounds)
    gradwalk = str(Path(sys.executable).with_name("gradwalk"))
    figures: dict[str, Figures] = {}
    hello_keys: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        hello, irregular = Path(folder) / "hello.py", Path(folder) / "irregular.py"
        hello.write_text(HELLO, encoding="utf-8")
        irregular.write_text(SHOW.format(folder=str(Path(__file__).parent)), encoding="utf-8")
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "XDG_CONFIG_HOME": folder}
        walks = {"fabc, 8 nodes": ([gradwalk, "fabc"], "start · ")}
        for size in NODES:
            path = Path(folder) / f"{size}.toml"
            path.write_text(REGRESSION.format(samples=round(size / 6)), encoding="utf-8")
            walks[f"a regression of {size:,} nodes"] = [gradwalk, str(path)], "epoch 0 of 100"
        walks["a neighbourhood in 1,000,000 nodes"] = [sys.executable, str(irregular)], "start · "
        for _ in range(options.rounds):
            hello_keys += measure([sys.executable, str(hello)], b"hello, world", environment, options.keys)[1]
            for title, (command, shown) in walks.items():
                measure_walk(command, environment, figures.setdefault(title, Figures()), options.keys, shown)
    report(options.rounds, statistics.median(hello_keys), figures)


def report(rounds: int, hello: float, figures: dict[str, Figures]) -> None:
    """Print the table."""
    print(f"| key to paint, median of {rounds} runs; hello-world: {hello * 1e3:.1f} ms | step | ratio (target ≤ 3) |"
          " pan | zoom | bytes of a step | first shown |")  # fmt: skip
    print("|---|---|---|---|---|---|---|")
    for title, measured in figures.items():
        step, pan, zoom, showing = (
            f"{statistics.median(times or [0]) * 1e3:.1f} ms"
            for times in (measured.steps, measured.pans, measured.zooms, measured.showing)
        )
        ratio = statistics.median(measured.steps) / hello
        written = statistics.median(measured.written)
        print(f"| {title} | {step} | {ratio:.2f} | {pan} | {zoom} | {written:.0f} | {showing} |")


if __name__ == "__main__":
    main()
