"""Functions written for NumPy, JAX or PyTorch become scenarios: traced by their library, expanded to scalar nodes."""
