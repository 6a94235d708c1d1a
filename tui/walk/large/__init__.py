"""The numbers of a step, so large that they are read from the back of a room: their drawing, and the widget."""
