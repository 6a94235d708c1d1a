"""Plots as text: what to draw is data, and plotext draws it safely; walks and trainings share them."""
