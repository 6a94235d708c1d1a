"""The mathematics of gradwalk: scalar computational graphs and their walks. Knows no terminal."""
