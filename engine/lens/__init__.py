"""The walk at the level of arrays: a step is the rule of a whole array, in matrix form, with its shapes and numbers."""
