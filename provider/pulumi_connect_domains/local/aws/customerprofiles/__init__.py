"""Customer Profiles: its domains and their tags."""
