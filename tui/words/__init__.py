"""How a step, a node and a training run read: the one place for sentences."""
