"""gradwalk as one column among other engines: each phase of a workload as a function to be timed.

`regression(m)` and `diamond(depth)` return {phase: callable}. The phases are `build` (by operators), `forward`,
`backward`, `epoch_rebuilt` and `epoch_reused`; `check` returns (cost, ∂cost/∂w, ∂cost/∂b), or (value, gradient).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from gradwalk.engine.graph.graph import Graph
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.run.loop import forward
from gradwalk.engine.run.plan import Plan
from gradwalk.engine.scalar import Scalar
from workloads import RATE, regression_cost, regression_data, regression_graph

Phases = dict[str, Callable[[], Any]]


class Gradwalk:
    name, grads = "gradwalk", "all"

    def regression(self, m: int) -> Phases:
        xs, ys = regression_data(m)
        graph = regression_graph(m)
        places = np.array([graph.find("w"), graph.find("b")])
        plan = Plan(graph)
        now: dict[str, Any] = {"w": 0.0, "b": 0.0}

        def build() -> None:
            tape = Tape()
            x, y = ([Scalar(value, tape=tape) for value in column] for column in (xs, ys))
            w, b = (Scalar(now[name], name, tape=tape) for name in ("w", "b"))
            now["cost"] = regression_cost(x, y, w, b)

        def backward() -> None:
            now["partials"] = now["cost"].grad()

        def epoch_rebuilt() -> None:
            build()
            backward()
            for name in ("w", "b"):
                now[name] -= RATE * now["partials"][name]

        def epoch_reused() -> None:
            plan.run()
            plan.leaf_values[places] -= RATE * plan.leaf_gradients[places]

        def check() -> tuple[float, float, float]:
            now["w"] = now["b"] = 0.0
            build()
            backward()
            plan.leaf_values[places] = 0.0
            assert plan.run() == now["cost"].value
            assert plan.leaf_gradients[places].tolist() == [now["partials"][name] for name in ("w", "b")]
            return now["cost"].value, now["partials"]["w"], now["partials"]["b"]

        return {
            "build": build,
            "forward": lambda: forward(graph),
            "backward": backward,
            "epoch_rebuilt": epoch_rebuilt,
            "epoch_reused": epoch_reused,
            "check": check,
        }

    def diamond(self, depth: int) -> Phases:
        now: dict[str, Any] = {}

        def build() -> None:
            x = Scalar(1.0, "x", tape=Tape())
            for _ in range(depth):
                x = x * x
            now["y"] = x

        def backward() -> None:
            now["partials"] = now["y"].grad()

        def forward_again() -> None:
            graph: Graph = now.setdefault("graph", now["y"].graph())
            forward(graph)

        def check() -> tuple[float, float]:
            build()
            backward()
            gradient = now["partials"]["x"]
            return now["y"].value, math.inf if math.isnan(gradient) else gradient  # nan says that it overflows

        return {"build": build, "forward": forward_again, "backward": backward, "check": check}
