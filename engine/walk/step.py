"""`Step`: one step of a walk, with all that a widget, a text or a file says about it."""

from __future__ import annotations

from dataclasses import dataclass

from ..graph.array_record import SourceLine
from .equation import Equation
from .exact_value import ExactValue
from .phase import Phase
from .reason import Reason
from .update import Update


@dataclass(frozen=True, slots=True)
class Corner:
    """A point where a local derivative does not exist, because the slopes on the two sides differ.

    `operand` is the operand's value there, `left` and `right` are the slopes as it comes from below and as it goes on.
    At a jump of the operation itself (`step` at 0) there are none: both are null in JSON, nan here.
    """

    operand: float
    left: float
    right: float
    is_jump: bool


@dataclass(frozen=True, slots=True)
class Factor:
    """The chain-rule factors of one backward step: accumulated += upstream · local.

    `consumer` is the node the gradient flows back from, `consumer_name` its label; `operand_position`
    is the operand's place in it (0 is the first). `upstream` is ∂out/∂consumer, `local` ∂consumer/∂operand: of
    this one operation, its other operands held fixed. `local_name` is what that is called: `∂r/∂s`, or
    `∂(t1 + x)/∂x` where ∂f/∂x would also be the gradient that several contributions add up to. Its rule is
    `local_formula` (`-1/s²`) and with numbers put in `local_substituted` (`-1/3² = -0.1111`).
    `contribution` is their product (`product` as an equation), `before` and `after` the operand's accumulated
    gradient around it (`accumulation`);
    this is contribution `contribution_number` of `contribution_count`, one for each place the operand is used.
    Each `..._undefined` says that a number does not exist; `after` is undefined where the step is. At a `corner`
    of the operation `local` is the one that is taken of many. `upstream_exact` is the upstream gradient in closed form,
    where there is a short one; those of the other numbers stand in their equations.
    """

    consumer: int
    consumer_name: str
    consumer_expression: str
    operand_position: int
    upstream: float
    local_name: str
    local_formula: str
    local_substituted: Equation
    local: float
    contribution: float
    before: float
    after: float
    product: Equation
    accumulation: Equation
    contribution_number: int
    contribution_count: int
    upstream_undefined: bool = False
    local_undefined: bool = False
    contribution_undefined: bool = False
    before_undefined: bool = False
    corner: Corner | None = None
    upstream_exact: ExactValue | None = None


@dataclass(frozen=True, slots=True)
class TangentTerm:
    """One product of a tangent step: the local derivative by one operand times that operand's tangent.

    The `local...` are those of `Factor`. `tangent_name` is what the operand's tangent is called (`ȧ`), `tangent` its
    number, `product` that of the two. Where the operand does not depend on the input its tangent is 0, and so is the
    product, whatever the local derivative is: nothing is multiplied. `tangent_exact` is the tangent in closed form,
    where there is a short one.
    """

    operand: int
    operand_name: str
    operand_position: int
    local_name: str
    local_formula: str
    local_substituted: Equation
    local: float
    tangent_name: str
    tangent: float
    product: float
    depends: bool
    local_undefined: bool = False
    tangent_undefined: bool = False
    corner: Corner | None = None
    tangent_exact: ExactValue | None = None


@dataclass(frozen=True, slots=True)
class TangentSum:
    """What the tangent of a node is made of: ṡ = ∂s/∂a · ȧ + ∂s/∂l · l̇.

    `name` is what the tangent is called, `node_expression` the node's operation. `terms` are those of the operands
    that carry a gradient; of more than six there are the first three and the last one, and `term_count` says how many
    they are. `multiplications` is how many of them depend on the input and are therefore multiplied.
    """

    name: str
    node_expression: str
    terms: tuple[TangentTerm, ...]
    term_count: int
    multiplications: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a walk: the number, the formula it comes from, and what they mean.

    `number` counts from 1 to `total`. `node` is the node whose value (forward, update) or gradient (seed and
    backward) or tangent the step writes, `name` its label, `output_name` the label of the function's result. `op` is
    the operation of a forward step's node and the consumer's of a backward step. A forward step has the
    operation as `expression` (`a + t1`), with numbers put in as `substituted` (`2 + 1 = 3`), and the `value`;
    a backward step has a `factor`, and `value` is the gradient after it; an update step has an `update`, and
    `value` is the parameter's new one. In forward mode `tangent_of` is the input that the tangents are by, empty
    elsewhere; a tangent step has a `tangent`, and `value` is that of the node. `source` is the line of somebody's code
    that the operation `op` comes from, None where the function was not read from code. `undefined` says why a number of
    this step does not exist, None where all do; `note` is the scenario's sentence for this step.
    """

    number: int
    total: int
    phase: Phase
    node: int
    name: str
    output_name: str
    op: str
    expression: str
    substituted: Equation
    value: float
    factor: Factor | None = None
    update: Update | None = None
    undefined: Reason | None = None
    note: str = ""
    tangent_of: str = ""
    tangent: TangentSum | None = None
    source: SourceLine | None = None
