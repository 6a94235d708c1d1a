"""The walk of arrays: what is looked at, the list of arrays, the entries of one."""
