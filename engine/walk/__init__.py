"""A walk computed whole: every step, and what is known after it."""
