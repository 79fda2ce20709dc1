"""Where reports go. `out`: `--out FORMAT=FILE`, for every command that has it."""
