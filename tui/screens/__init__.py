"""The screens: the library, the walk, and the small ones that open over them."""
