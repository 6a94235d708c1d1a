"""Expressions as people write them: read safely, with positions for errors."""
