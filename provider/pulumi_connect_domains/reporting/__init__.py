"""How things look and where they go: text escaped for each medium, standard output that every text can be written to, `--out`."""
