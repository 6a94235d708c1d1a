"""Widgets that draw a walk; none of them keeps or computes a number of it."""
