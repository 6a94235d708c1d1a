"""Formulas of whole arrays: trees with shapes, their printers, their numbers, and the rules of the backward pass."""
