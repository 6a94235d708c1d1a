"""Functions and modules written for PyTorch: their values and gradients are those of torch.autograd, with float64."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gradwalk.engine.errors import GradwalkError
from gradwalk.engine.importing.errors import TooManyScalars, UnknownOperation, UntraceableFunction
from gradwalk.engine.importing.imported import Imported, imported
from gradwalk.engine.importing.libraries import Library
from gradwalk.engine.language.step_key import StepName
from gradwalk.engine.lens.walk import ArrayWalk
from gradwalk.engine.run.plan import run
from gradwalk.engine.walk.trace import Trace

torch = pytest.importorskip("torch")
nn = torch.nn
F = torch.nn.functional

pytestmark = [pytest.mark.torch, pytest.mark.thorough, pytest.mark.filterwarnings("ignore")]

random = np.random.default_rng(11)


def numbers(*shape: int) -> Any:
    return torch.from_numpy(random.normal(size=shape))


def walked(found: Imported) -> tuple[float, dict[str, Any]]:
    """Return the value of a walk, and its gradients by the arrays that were given; 0 for what is not in it."""
    graph = found.scenario.graph
    record = run(graph)
    gradients = record.backward.gradients
    given = [array for array in graph.arrays if not array.operation and array.name]
    return float(record.values[graph.output]), {
        array.name: np.where(array.entries >= 0, gradients[array.entries], 0.0) for array in given
    }


def own(fn: Callable[..., Any], *args: Any) -> tuple[float, list[Any]]:
    """Ask PyTorch itself."""
    leaves = [arg.clone().requires_grad_() if arg.is_floating_point() else arg for arg in args]
    value = fn(*leaves)
    asked = [leaf for leaf in leaves if leaf.is_floating_point()]
    return float(value), [gradient.numpy() for gradient in torch.autograd.grad(value, asked)]


def two_layers(W1, b1, W2, x, y):
    return ((torch.tanh(x @ W1 + b1) @ W2 - y) ** 2).mean()


def cross_entropy(W, x):
    return F.cross_entropy(x @ W, torch.tensor([0, 2, 1, 1]), label_smoothing=0.1)


def mean_squared_error(x, y):
    return F.mse_loss(F.gelu(x), F.gelu(y, approximate="tanh"))


def layer_norm(x, weight, bias):
    return F.layer_norm(x, (4,), weight, bias).sin().sum()


def batch_norm(x, weight, bias):
    return F.batch_norm(x, None, None, weight, bias, training=True).cos().sum()


def attention_head(x, Wq, Wk, Wv):
    q, k, v = x @ Wq, x @ Wk, x @ Wv
    scores = q @ k.T / k.shape[-1] ** 0.5
    scores = scores.masked_fill(torch.ones_like(scores).triu(1) != 0, float("-inf"))
    return (torch.softmax(scores, dim=-1) @ v).sum()


def attention(q, k, v):
    return F.scaled_dot_product_attention(q, k, v, is_causal=True).square().sum()


def convolution(image, kernel, bias):
    out = F.conv2d(image, kernel, bias, stride=2, padding=1)
    return F.max_pool2d(F.relu(out), 2).square().sum()


def transposed_convolution(image, kernel):
    return F.conv_transpose2d(image, kernel, stride=2, padding=1, output_padding=1, groups=2).square().sum()


def shapes(x):
    parts = torch.cat([x.flip(0), x.roll(1, 1), torch.stack([x[1], x[0]])]).unsqueeze(1).expand(-1, 2, -1)
    return (parts.permute(2, 0, 1)[1::2].reshape(-1) ** 2).sum() + x.repeat(1, 2).std() + x[x > 0].prod()


def einsums(a, b):
    return torch.einsum("bij,bkj->bik", a, b).var() + torch.einsum("bij->i", a).norm()


def reductions(x):
    return x.amax(1).sum() + x.max(0)[0].prod() + x.cumsum(1).mean() + torch.logsumexp(x, 0).sum() + x.median()


def choices(x):
    return (
        torch.where(x > 0, x, x.exp()).sum() + x.clamp(-0.5, 0.5).prod() + x.gather(1, torch.tensor([[1], [0]])).sum()
    )


def written_in_place(x):
    z = x * 2
    z[0] += 1
    z[:, 1] = x[:, 0] ** 2
    z.mul_(x).relu_()
    return z.sum()


def of_logits(z, y):
    losses = F.binary_cross_entropy_with_logits(40 * z, torch.sigmoid(y), reduction="none", pos_weight=y.detach().exp())
    return losses.square().sum() + nn.BCEWithLogitsLoss(weight=y.detach())(z, (y > 0).double())


def circular(x):
    return F.conv1d(F.pad(x, (1, 1), mode="circular"), x[:1]).square().sum()


def written_into_parts(x):
    assert len(x.tolist()) == 3
    z = x * 2
    first, rest = z[:1], z[1:]
    rest.mul_(x[1:])
    first.add_(1)
    z[2] = x[1] ** 2
    return (z * rest.sum()).sum() + first.prod() + z.view(3, 1).square().sum()


def activations(x):
    names = ("silu", "elu", "leaky_relu", "softplus", "mish", "selu", "hardtanh", "logsigmoid", "softsign")
    return sum(getattr(F, name)(3 * x).sum() for name in names)


def losses(a, b):
    p, q = torch.sigmoid(a), torch.sigmoid(b)
    return (
        F.l1_loss(a, b) + F.smooth_l1_loss(a, b, beta=0.5) + F.huber_loss(a, b, delta=0.7)
        + F.binary_cross_entropy(p, q) + F.binary_cross_entropy_with_logits(a, q)
        + F.kl_div(F.log_softmax(a, 1), F.softmax(b, 1))
        + F.cosine_similarity(a, b).sum() + F.gaussian_nll_loss(a, b, a.square() + 1) + F.triplet_margin_loss(a, b, p)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fn", "args"),
    [
        (two_layers, [(3, 4), (4,), (4, 2), (5, 3), (5, 2)]),
        (cross_entropy, [(3, 3), (4, 3)]),
        (mean_squared_error, [(3, 2), (3, 2)]),
        (layer_norm, [(3, 4), (4,), (4,)]),
        (batch_norm, [(5, 2), (2,), (2,)]),
        (attention_head, [(4, 3), (3, 2), (3, 2), (3, 2)]),
        (attention, [(1, 2, 4, 3), (1, 2, 4, 3), (1, 2, 4, 3)]),
        (convolution, [(1, 2, 6, 6), (3, 2, 3, 3), (3,)]),
        (transposed_convolution, [(1, 4, 3, 3), (4, 2, 3, 3)]),
        (shapes, [(2, 3)]),
        (einsums, [(2, 3, 4), (2, 5, 4)]),
        (reductions, [(3, 4)]),
        (choices, [(2, 3)]),
        (written_in_place, [(2, 3)]),
        (of_logits, [(3, 2), (3, 2)]),
        (circular, [(1, 2, 3)]),
        (written_into_parts, [(3,)]),
        (activations, [(3, 2)]),
        (losses, [(3, 2), (3, 2)]),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_value_and_gradients_are_those_of_pytorch(fn: Callable[..., Any], args: list[tuple[int, ...]]):
    tensors = [numbers(*shape) for shape in args]
    found = imported(fn, *tensors)
    assert found.library is Library.TORCH
    value, gradients = walked(found)
    expected, partials = own(fn, *tensors)
    assert value == pytest.approx(expected, rel=1e-12, abs=1e-12)
    for name, partial in zip(inspect.signature(fn).parameters, partials, strict=True):
        assert gradients[name] == pytest.approx(partial, rel=1e-12, abs=1e-12), name
    assert found.comparison is not None
    assert found.comparison.agrees


class Classifier(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.hidden = nn.Linear(3, 4)
        self.norm = nn.BatchNorm1d(4)
        self.out = nn.Linear(4, 2)

    def forward(self, x):
        h = torch.relu(self.norm(self.hidden(x)))
        return self.out(h)


def test_parameters_of_a_module_are_leaves_by_their_names_and_what_else_there_is_is_data():
    model, x, labels = Classifier(), torch.randn(5, 3), torch.tensor([0, 1, 1, 0, 1])
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    found = imported(lambda x, labels: F.cross_entropy(model(x), labels), x, labels)
    _, gradients = walked(found)

    double = Classifier().double()
    double.load_state_dict(before)
    F.cross_entropy(double(x.double()), labels).backward()
    for name, parameter in double.named_parameters():
        assert gradients[name] == pytest.approx(parameter.grad.numpy(), rel=1e-12, abs=1e-12), name
    assert not gradients["x"].any()
    assert found.scenario.graph.find("hidden.weight[1,2]") >= 0
    after = model.state_dict()
    assert all(
        torch.equal(after[name], tensor) and after[name].dtype is tensor.dtype for name, tensor in before.items()
    )
    assert all(parameter.grad is None for parameter in model.parameters())


def test_a_module_is_a_function_itself():
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    names = set(walked(imported(model, torch.randn(1, 2)))[1])
    assert names == {"input", "sequential.0.weight", "sequential.0.bias", "sequential.2.weight", "sequential.2.bias"}


def test_an_exported_program_and_a_compiled_function_are_walked_as_what_they_were_made_of():
    model, x = nn.Sequential(nn.Linear(2, 2), nn.Tanh()), torch.randn(1, 2)

    class Loss(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, x):
            return self.model(x).square().mean()

    plain = walked(imported(Loss(), x))
    exported, compiled = imported(torch.export.export(Loss(), (x,)), x), imported(torch.compile(Loss()), x)
    assert walked(exported)[0] == walked(compiled)[0] == plain[0]
    for found in (exported, compiled):
        assert [gradient.tolist() for gradient in walked(found)[1].values()] == [
            gradient.tolist() for gradient in plain[1].values()
        ]


def test_a_module_may_be_an_argument_and_labels_may_be_called_data():
    model, x, labels = Classifier(), torch.randn(5, 3), torch.tensor([0, 1, 1, 0, 1])

    def loss(model, x, labels, criterion):
        return criterion(model(x), labels)

    found = imported(loss, model, x, labels, nn.CrossEntropyLoss(), data=["x", "labels"])
    expected = imported(lambda x: F.cross_entropy(model(x), labels), x)
    for (name, given), (other, captured) in zip(walked(found)[1].items(), walked(expected)[1].items(), strict=True):
        assert name == other
        assert given == pytest.approx(captured, rel=1e-12), name
    assert all(parameter.dtype is torch.float32 for parameter in model.parameters())


def test_what_the_functions_of_ones_other_files_use_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "ones_own_net.py").write_text(
        "import torch\nnet = torch.nn.Linear(2, 1)\nx = torch.ones(3, 2)\ndef loss(): return net(x).square().mean()\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    module = importlib.import_module("ones_own_net")
    named = module.loss
    for called in (lambda: module.loss(), lambda: named()):
        assert {"weight", "bias", "x"} == set(walked(imported(called))[1])
    assert {"weight", "bias", "x"} == set(walked(imported(lambda: module.net(module.x).square().mean()))[1])


def test_a_step_of_training_is_no_loss():
    w = torch.ones(2, requires_grad=True)

    def step():
        loss = w.exp().sum()
        loss.backward()
        return loss

    with pytest.raises(UntraceableFunction, match=r"step goes backward itself: walk the function that returns"):
        imported(step)


def test_tensors_outside_of_the_function_go_by_their_variables():
    w, x = torch.randn(3, requires_grad=True), torch.randn(4, 3)

    def loss():
        return (x @ w).square().mean()

    _, gradients = walked(imported(loss))
    expected = torch.autograd.grad((x.double() @ w.double()).square().mean(), w)[0].double().numpy()
    assert gradients["w"] == pytest.approx(expected, rel=1e-6)
    assert not gradients["x"].any()


def test_every_step_knows_its_line_and_its_module():
    model = Classifier().eval()
    graph = imported(lambda x: model(x).sum(), torch.randn(2, 3)).scenario.graph
    lines, first = inspect.getsourcelines(Classifier.forward)
    arrays = {array.operation: array for array in graph.arrays}
    relu = arrays["relu"].source
    assert relu is not None
    assert (relu.text, relu.number, relu.function) == (lines[1].strip(), first + 1, "forward")
    assert relu.path.endswith("test_torch_import.py")
    assert arrays["matmul"].scope == ("out",)
    assert ("norm", "batch_norm") in {array.scope for array in graph.arrays}
    assert all(graph.source(node) is not None for node in range(graph.leaf_count, len(graph)))


@pytest.mark.parametrize(
    ("fn", "shapes", "compound"),
    [
        (lambda z: F.cross_entropy(z, torch.tensor([2, 0, 1])), [(3, 3)], "cross_entropy"),
        (lambda x, w, b: F.layer_norm(x, (4,), w, b).sin().sum(), [(3, 4), (4,), (4,)], "layer_norm"),
        (lambda x: nn.BatchNorm1d(2)(x).cos().sum(), [(5, 2)], "batch_norm"),
        (lambda q, k, v: F.scaled_dot_product_attention(q, k, v).sum(), [(1, 1, 3, 2)] * 3, "attention"),
    ],
    ids=["cross-entropy", "layer norm", "batch norm", "attention"],
)
def test_a_layer_is_one_step_at_the_level_of_arrays(fn: Callable[..., Any], shapes: list[Any], compound: str):
    walk = ArrayWalk(Trace(imported(fn, *(numbers(*shape) for shape in shapes)).scenario.graph))
    steps = [walk.step(number) for number in range(1, walk.total + 1)]
    assert compound in {step.array.operation for step in steps}
    assert all(step.difference is None or step.difference < 1e-10 for step in steps)


def softmax(z):
    powers = torch.exp(z)
    return powers / powers.sum(-1, keepdim=True)


def test_arrays_are_called_as_their_variables_and_functions_are_scopes():
    def loss(x, W):
        h = torch.tanh(x @ W)
        p = softmax(h)
        return p.square().sum()

    graph = imported(loss, numbers(2, 3), numbers(3, 2)).scenario.graph
    named = {array.name: array for array in graph.arrays if array.operation and array.name}
    assert {name: array.operation for name, array in named.items()} == {"h": "tanh", "powers": "exp", "p": "divide"}
    assert named["h"].scope == ()
    assert named["p"].scope == ("softmax",)
    assert graph.label(int(named["h"].entries[1, 0])) == "h[1,0]"


def test_a_constant_of_pytorch_in_single_precision_is_no_other_gradient():
    comparison = imported(lambda x: F.hardsigmoid(x).square().sum(), torch.tensor([0.3, -1.0])).comparison
    assert comparison is not None
    assert comparison.agrees
    assert comparison.rounds


def test_what_is_random_is_drawn_once():
    layer = nn.TransformerEncoderLayer(4, 2, 8, dropout=0.3, batch_first=True)
    x = torch.randn(1, 3, 4)
    state = torch.get_rng_state()
    found = imported(lambda x: layer(x).square().sum(), x)
    assert found.comparison is not None
    assert found.comparison.agrees
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU, nn.RNN])
def test_recurrent_layers(kind: Any):
    layer = kind(2, 3, batch_first=True)
    found = imported(lambda x: layer(x)[0].square().sum(), torch.randn(1, 3, 2))
    assert found.comparison is not None
    assert found.comparison.agrees


def without_gradient(x):
    with torch.no_grad():
        middle = x.mean()
    scale = x.sum().item()
    return (scale * (x - middle) ** 2 * x.detach()).sum() if x.sum() > 0 else x.sum()


def test_what_pytorch_gives_no_gradient_has_none():
    x = torch.tensor([1.0, 2.0, 4.5], dtype=torch.float64)
    found = imported(without_gradient, x)
    value, gradients = walked(found)
    expected, (partial,) = own(without_gradient, x)
    assert value == pytest.approx(expected, rel=1e-12)
    assert gradients["x"] == pytest.approx(partial, rel=1e-12)


OUTSIDE = torch.tensor([1.0, -2.0, 3.0], dtype=torch.float64)


def test_an_argument_is_told_from_what_is_found_outside_and_from_the_other_one():
    comparison = imported(lambda x: (x * OUTSIDE).sum(), OUTSIDE).comparison
    assert comparison is not None
    assert comparison.agrees
    gradients = walked(imported(lambda x, y: (x**2 * y).sum(), OUTSIDE, OUTSIDE))[1]
    assert gradients["x"].tolist() == [2.0, 8.0, 18.0]
    assert gradients["y"].tolist() == [1.0, 4.0, 9.0]


def changed_without_gradient(x):
    z = 2 * x
    with torch.no_grad():
        z[0] = 7.0
        z += 1
    return (z**2).sum()


@pytest.mark.parametrize(
    "fn",
    [
        lambda x: (x.index_fill(0, torch.tensor([1]), 2.0) ** 2).sum(),
        lambda x: (x.index_fill(0, torch.tensor([1]), x.sum()) ** 2).sum(),
        lambda x: (x.scatter(0, torch.tensor([1]), 3.0) ** 2).sum(),
        lambda x: torch.asinh(x - 1).sum(),
        lambda x: x[1],
        lambda x: x.sum().amax(-1) + x.sum().sum(0),
        lambda x: (0 * x).std(unbiased=False) + (0 * x).norm() + x.sum(),
        lambda x: (F.embedding(torch.tensor([0, 1, 1, 2]), x[:, None], padding_idx=1) ** 2).sum(),
        changed_without_gradient,
    ],
)
def test_what_is_filled_in_and_what_is_changed_outside_of_the_gradient_is_pytorchs(fn: Callable[..., Any]):
    found = imported(fn, OUTSIDE)
    value, (partial,) = own(fn, OUTSIDE)
    assert walked(found)[0] == pytest.approx(value, rel=1e-12)
    assert walked(found)[1]["x"] == pytest.approx(partial, rel=1e-12)


def changed_in_part(x):
    z = x * len(x.tolist())
    z[1:] *= 2
    return z.sum()


def counted_in_place(x):
    counts = torch.zeros(3, dtype=x.dtype)
    for place in range(len(x.tolist())):
        counts[place] = place
    return (counts * x).sum()


def test_a_part_that_is_changed_in_place_is_never_lost():
    assert walked(imported(changed_in_part, OUTSIDE))[1]["x"].tolist() == [3.0, 6.0, 6.0]
    assert walked(imported(counted_in_place, OUTSIDE))[1]["x"].tolist() == [0.0, 1.0, 2.0]


def test_what_pytorch_has_no_slope_for_is_walked_without_a_comparison():
    found = imported(lambda x: (torch.heaviside(x, torch.zeros(3, dtype=x.dtype)) * x).sum(), OUTSIDE)
    assert found.comparison is None
    assert walked(found)[1]["x"].tolist() == [1.0, 0.0, 1.0]


def test_where_numbers_are_equal_the_gradient_goes_where_pytorch_lets_it_go():
    x = torch.tensor([[1.0, 2.0, 2.0], [1.0, 2.0, 0.0]], dtype=torch.float64)

    def extremes(x):
        return 2 * x.max() + x.amax(0).sum() + x.max(1)[0].prod() + F.max_pool1d(x, 2, 1).sum() + x.clamp(max=2.0).sum()

    assert walked(imported(extremes, x))[1]["x"] == pytest.approx(own(extremes, x)[1][0], abs=1e-12)


def test_an_argument_may_be_numpy_numbers_or_in_a_dict():
    def loss(params, x):
        return (torch.as_tensor(x) @ params["W"] + params["b"]).square().sum()

    params = {"W": np.ones((2, 1)), "b": np.zeros(1)}
    found = imported(loss, params, np.array([[1.0, 2.0]]), data=["x"])
    _, gradients = walked(found)
    assert gradients["W"].tolist() == [[6.0], [12.0]]
    assert gradients["b"].tolist() == [6.0]
    assert not gradients["x"].any()


def test_an_operation_without_an_expansion_is_named_with_its_line():
    with pytest.raises(
        UnknownOperation, match=r"test_torch_import.py:\d+: PyTorch's operation aten\._linalg_det"
    ) as caught:
        imported(lambda x: torch.det(x), numbers(3, 3))
    assert "torch.det(x)" in str(caught.value)


def test_complex_numbers_are_refused_rather_than_cut():
    with pytest.raises(UnknownOperation, match="fft"):
        imported(lambda x: torch.fft.fft(x).abs().sum(), numbers(4))


def test_a_line_that_leaves_pytorch_is_named():
    with pytest.raises(UntraceableFunction, match=r"(?s)test_torch_import.py:\d+: .*with torch.*\n.*np\.sin\(x"):
        imported(lambda x: torch.as_tensor(np.sin(x.numpy())).sum() + x.sum(), numbers(3))


class Steep(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, upstream):
        return 10 * upstream


def test_a_backward_pass_of_its_own_is_told_from_the_derivative():
    comparison = imported(lambda x: Steep.apply(x).sum(), torch.tensor([1.0, 2.0])).comparison
    assert comparison is not None
    assert not comparison.agrees
    assert comparison.own_rules == ("Steep",)
    assert comparison.worst is not None
    assert (comparison.worst.own, comparison.worst.theirs) == (1.0, 10.0)


def test_what_the_function_prints_is_printed_once(capsys: pytest.CaptureFixture[str]):
    def loss(x):
        print("the sum is", float(x.sum()))
        return x.sum()

    imported(loss, torch.ones(2))
    assert capsys.readouterr().out == "the sum is 2.0\n"


def test_gradients_that_were_there_before_are_left():
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    (w * 3).sum().backward()
    imported(lambda x: (w * x).sum(), torch.tensor([1.0, 4.0]))
    assert w.grad.tolist() == [3.0, 3.0]
    assert w.grad.dtype is w.dtype is torch.float32


def test_steps_of_parameters_are_named_with_their_dots():
    net = nn.Sequential(nn.Linear(1, 1), nn.Tanh(), nn.Linear(1, 1))
    graph = imported(lambda x: net(x).sum(), torch.ones(1, 1)).scenario.graph
    (key,) = StepName.read("∂t1/∂net.0.weight[0,0]").keys(graph)
    assert graph.label(int(graph.operands_of(key.node)[key.position])) == "net.0.weight[0,0]"


def test_too_many_scalars_are_refused_with_a_smaller_slice():
    def loss(W, x, labels):
        return F.cross_entropy(torch.tanh(x @ W), labels)

    with pytest.raises(TooManyScalars, match=r"1,\d{3},\d{3} scalars.*x\[:(\d+)\], labels\[:\1\]"):
        imported(loss, torch.randn(20, 10), torch.randn(5000, 20), torch.zeros(5000, dtype=torch.long))


@pytest.mark.parametrize(
    ("fn", "args", "message"),
    [
        (lambda x: x * 2, [(2, 3)], "shape"),
        (lambda x: (x.sum(), x.mean()), [(2,)], "2 results"),
        (lambda x: None, [(2,)], "returns None"),
        (lambda: torch.ones(3).sum(), [], "requires a gradient"),
    ],
)
def test_what_is_no_loss_is_refused(fn: Callable[..., Any], args: list[tuple[int, ...]], message: str):
    with pytest.raises(UntraceableFunction, match=message):
        imported(fn, *(numbers(*shape) for shape in args))


def test_a_function_of_whole_numbers_alone_is_refused():
    with pytest.raises(GradwalkError):
        imported(lambda x: x.sum(), torch.tensor([1, 2]))
