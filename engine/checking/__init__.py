"""Gradients checked three ways, formulas compared at random points, published hashes: what agrees, what differs."""
