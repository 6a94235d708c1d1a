"""Changes of what a walk is made of: edits of a definition, their history, and what they did to the numbers."""
