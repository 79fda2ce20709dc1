"""What is done to a stack, and the journal of it."""
