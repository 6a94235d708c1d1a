"""The rules of the backward pass in matrix form, by families of operations."""
