"""What the app looks like, without a terminal: the picture of a step, the recording of a walk."""
