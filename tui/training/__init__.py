"""Training on the screen: the epoch on show, and the plots."""
