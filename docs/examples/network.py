"""A network of two layers that is to learn xor, in NumPy: gradwalk open docs/examples/network.py:loss."""

import numpy as np

X = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([[0.0], [1], [1], [0]])

W1 = np.array([[0.5, -0.4, 0.8], [-0.6, 0.9, 0.3]])
b1 = np.zeros(3)
W2 = np.array([[1.1], [-0.7], [0.4]])
b2 = np.zeros(1)


def loss(W1, b1, W2, b2):
    """Return the mean of the squared errors."""
    H = np.tanh(X @ W1 + b1)
    P = H @ W2 + b2
    return np.mean((P - y) ** 2)
