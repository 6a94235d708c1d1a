"""A module and its loss, for PyTorch: gradwalk open docs/examples/module_torch.py:loss."""

import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1)).double()
x = torch.tensor([[0.0, 1.0], [1.0, 1.0]], dtype=torch.float64)
y = torch.tensor([[1.0], [0.0]], dtype=torch.float64)


def loss(x, y):
    """Return the binary cross-entropy of the module's logits."""
    return nn.functional.binary_cross_entropy_with_logits(model(x), y)
