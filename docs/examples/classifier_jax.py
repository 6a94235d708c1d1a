"""A classifier of three classes, for JAX: gradwalk open docs/examples/classifier_jax.py:loss --data x --data y."""

import jax
import jax.numpy as jnp

x = jnp.array([[1.0, 2.0], [-1.0, 0.5]])
y = jnp.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
W = jnp.array([[0.2, -0.4, 0.1], [0.3, 0.5, -0.6]])
b = jnp.zeros(3)


def loss(W, b, x, y):
    """Return the cross-entropy of the classes that are predicted and those that are right."""
    scores = x @ W + b
    return -jnp.mean(jnp.sum(y * jax.nn.log_softmax(scores), axis=1))
