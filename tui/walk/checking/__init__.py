"""The panel that checks gradients: a table of three ways, and the V of the errors of a difference."""
