"""What the engine knows, as data; it imports nothing of the other rooms."""
