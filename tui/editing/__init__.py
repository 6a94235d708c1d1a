"""Changing a walk while it is looked at: what is shown after an edit, and the file that it is saved as."""
