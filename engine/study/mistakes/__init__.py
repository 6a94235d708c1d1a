"""The mistakes that are known when a gradient is computed by hand: what each makes of a walk, and how to say it."""
