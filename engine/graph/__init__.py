"""A computational graph as flat arrays: nodes, names and edges, and the tape that it is cut from."""
