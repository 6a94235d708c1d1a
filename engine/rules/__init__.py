"""The op table and what is made of it: rules as functions of floats and of arrays, printed formulas, optimizers."""
