"""The walk on the screen: where it is, how it moves, what is looked for in it, and the views that draw it."""
