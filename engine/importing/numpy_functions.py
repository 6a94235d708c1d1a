"""Functions written for NumPy, or for plain numbers: they are called with scalars that record what is done with them."""
