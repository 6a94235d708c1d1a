"""Marks of one's own at steps: their list, and their way into the file."""
