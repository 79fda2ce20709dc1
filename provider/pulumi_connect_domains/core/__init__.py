"""What every resource shares: Pulumi's life cycle, validation, comparison, AWS access. Never names a service."""
