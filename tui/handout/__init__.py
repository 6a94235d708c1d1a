"""A walk on paper: the whole of it, or with blanks to fill in, as Markdown, LaTeX or HTML."""
