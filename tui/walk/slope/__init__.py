"""The output of a walk as a curve over one input, with the gradient as the slope of its tangent."""
