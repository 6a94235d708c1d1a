"""A model over data, the trainer that makes its loss small, and the history of its epochs."""
