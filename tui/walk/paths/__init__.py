"""Panels about the gradient of the selected node: its contributions, its paths, and why it is as it is."""
