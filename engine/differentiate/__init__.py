"""Differentiation: the backward pass of a walk, recorded as a graph that is walked like any other."""
