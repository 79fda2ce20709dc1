"""How things look: text escaped for each medium, and standard output that every text can be written to."""
