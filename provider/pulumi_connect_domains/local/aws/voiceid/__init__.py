"""Voice ID: its domains and their tags."""
