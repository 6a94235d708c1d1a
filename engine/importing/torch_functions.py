"""Functions and modules written for PyTorch: traced with `make_fx`, their operations recorded on a tape."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import io
import math
import warnings
from collections.abc import Callable, Collection, Generator, Sequence
from typing import Any

from ..errors import GradwalkError, shortened
from ..graph.array_record import SourceLine
from .errors import UntraceableFunction, at_line
from .limit import MAX_SCALARS, Shapes, check_count
from .names import function_name
from .reader import Recorded
from .recording import Recording
from .source_lines import frames_of, is_installed, source_line, users_frame
from .torch_arguments import Arguments, Given, given_tensors, in_double_precision, not_compiled, taken_apart
from .torch_captured import Captured, captured_by
from .torch_count import coarsest_unit, scalars_of
from .torch_own_gradients import own_result
from .torch_reader import TorchReader
from .torch_rules import RULES
from .torch_sharing import Sharing
from .torch_tracing import drawing_again, random_results, traced
from .traced import Traced


def trace(fn: Callable[..., Any], args: Sequence[Any], names: Sequence[str] | None, data: Collection[str]) -> Traced:
    """Read a function or a module that is written for PyTorch, as `Tracer` says.

    It is calculated with float64, whatever the tensors hold, and so is PyTorch's own gradient; tensors and modules are
    left as they were, and so are random numbers. Where any tensor requires a gradient, an argument or a parameter,
    those that do not are data.
    """
    torch: Any = importlib.import_module("torch")
    fn = not_compiled(fn)
    arguments = taken_apart(torch, fn, args, names)
    captured = captured_by(torch, fn, arguments.others)
    with torch.random.fork_rng(devices=[]), in_double_precision(torch, [*captured.tensors, *arguments.tensors]):
        state = torch.get_rng_state()
        _try(arguments, captured)
        torch.set_rng_state(state)
        with _said_once():
            return _read(arguments, captured, data, state)


def _read(arguments: Arguments, captured: Captured, data: Collection[str], state: Any) -> Traced:
    """Trace the function, record it, and ask PyTorch; `state` is that of the random numbers before."""
    torch = arguments.torch
    graph_module, own_rules = _traced(arguments, captured, arguments.tensors)
    given = given_tensors(arguments, captured, graph_module, data)
    _check_count(arguments, captured, graph_module, given, state)
    recording = Recording()
    places = {id(each.tensor): _recorded(recording, each) for each in given}
    inputs = [places.get(id(tensor), tensor) for tensor in arguments.tensors]
    reader = TorchReader(torch, recording, RULES)
    output = reader.read(graph_module, inputs, places, Sharing(reader).share)
    if not isinstance(output, Recorded):
        raise UntraceableFunction(
            f"{function_name(arguments.fn)} depends on no tensor of floats that it is called with or that requires a "
            "gradient"
        )
    node = int(recording.tape.arrays[output.place].entries.reshape(-1)[0])
    with drawing_again(torch, random_results(graph_module)):
        result = own_result(arguments, given, coarsest_unit(torch, graph_module.graph), own_rules)
    return Traced(recording.tape, node, result)


@contextlib.contextmanager
def _said_once() -> Generator[None]:
    """Let nothing be printed again that the function has printed when it was tried, nor warned of."""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _recorded(recording: Recording, given: Given) -> Recorded:
    return Recorded(recording.given(given.tensor.detach().to(given.tensor.dtype).numpy(), given.kind, given.name))


def _try(arguments: Arguments, captured: Captured) -> None:
    """Call the function, so that what it raises itself is raised as it is.

    Raises UntraceableFunction where a number leaves PyTorch on the way, and where no single number comes back.
    """
    torch, name = arguments.torch, function_name(arguments.fn)
    is_asked = any(tensor.requires_grad for tensor in (*arguments.tensors, *captured.tensors))
    try:
        with torch.enable_grad():
            found = arguments.call(
                *(
                    tensor.detach().requires_grad_(tensor.is_floating_point()) if not is_asked else tensor
                    for tensor in arguments.tensors
                )
            )
    except RuntimeError as error:
        if "numpy() on Tensor that requires grad" not in str(error):
            raise
        message = (
            f"this line of {name} takes a tensor out of PyTorch, so no gradient would come back through it: write it "
            "with torch, as torch.sin(x) instead of numpy.sin(x), or x.detach().numpy() where none is meant to"
        )
        raise UntraceableFunction(at_line(_line_of(error), message)) from error
    if len(found) != 1:
        raise UntraceableFunction(
            f"{name} returns {len(found)} results, and a walk needs one number: return the loss alone"
        )
    if not isinstance(found[0], torch.Tensor):
        raise UntraceableFunction(
            f"{name} returns {shortened(repr(found[0]), 40)}, which is no tensor: return the loss that PyTorch computes"
        )
    if math.prod(found[0].shape) != 1:
        raise UntraceableFunction(
            f"{name} returns a tensor of the shape {tuple(found[0].shape)}, and a walk needs one number: "
            "return its mean or its sum, a loss, or one of its entries"
        )


def _traced(arguments: Arguments, captured: Captured, tensors: Sequence[Any]) -> tuple[Any, list[str]]:
    """Trace the function; return its graph, and the functions in it whose backward pass is written by hand."""
    own_rules: list[str] = []
    functions: Any = importlib.import_module("torch.autograd.function")
    apply = functions.Function.__dict__["apply"]

    def applied(kind: Any, *args: Any, **kwargs: Any) -> Any:
        if kind.__name__ not in own_rules and not is_installed(inspect.getfile(kind)):
            own_rules.append(kind.__name__)
        return apply.__get__(None, kind)(*args, **kwargs)

    functions.Function.apply = classmethod(applied)
    try:
        graph_module = traced(
            arguments.torch, lambda *given: arguments.call(*given)[0], tensors, captured.module_names, RULES
        )
    except GradwalkError:
        raise
    except Exception as error:  # whatever PyTorch says of a function that it has calculated before
        said = str(error).strip().partition("\n")[0] or type(error).__name__
        line = _line_of(error)
        message = f"PyTorch cannot trace {function_name(arguments.fn)}: {shortened(said, 200)}"
        if line is not None and (".backward(" in line.text or "autograd.grad(" in line.text):
            message += (
                "; the walk finds the gradients of what the function returns, and torch.func.grad those within it"
            )
        raise UntraceableFunction(at_line(line, message)) from error
    finally:
        functions.Function.apply = apply
    return graph_module, own_rules


def _line_of(error: BaseException) -> SourceLine | None:
    frame = users_frame(frames_of(error))
    return None if frame is None else source_line(frame)


def _check_count(
    arguments: Arguments, captured: Captured, graph_module: Any, given: Sequence[Given], state: Any
) -> None:
    """Raise TooManyScalars where the function makes too many, with the slice of the arguments that does not."""
    called = {id(each.tensor): each.name for each in given}
    names = [called.get(id(tensor), path[-1]) for path, tensor in zip(arguments.paths, arguments.tensors, strict=True)]
    shapes = {name: tuple(tensor.shape) for name, tensor in zip(names, arguments.tensors, strict=True)}

    def count(of_shapes: Shapes) -> int:
        if of_shapes is shapes:
            return scalars_of(graph_module)
        arguments.torch.set_rng_state(state)
        sliced = [
            tensor if tuple(tensor.shape) == of_shapes[name] else tensor[: of_shapes[name][0]]
            for name, tensor in zip(names, arguments.tensors, strict=True)
        ]
        return scalars_of(_traced(arguments, captured, sliced)[0])

    check_count(shapes, count, MAX_SCALARS)
