"""`gradwalk serve`: a room of learners over SSH, each in a process of their own, and the lecture that they share."""
