"""Gradients checked three ways, and the answers that exercises state: what agrees, differs, or cannot be said."""
