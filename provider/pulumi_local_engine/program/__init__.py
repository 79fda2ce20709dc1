"""Programs: how they run, what they ask for, and the engine as a library."""
