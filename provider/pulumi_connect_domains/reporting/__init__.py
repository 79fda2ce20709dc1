"""How reports look, and where they are written: words, text escaped for each medium, the formats, standard output and files."""
