"""What a learner is asked about a walk, how an answer is judged, and which mistake makes a wrong one."""
