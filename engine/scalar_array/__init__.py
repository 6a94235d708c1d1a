"""`ScalarArray`: NumPy code that was written for numbers records what it computes."""
