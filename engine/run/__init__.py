"""Numbers for a whole graph: the loop, the plan, and how one of the two is chosen."""
