"""Where stacks, their settings and their configuration are kept."""
