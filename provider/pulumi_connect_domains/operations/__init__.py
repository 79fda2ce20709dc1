"""What a provider does, for any host: check, diff, create, read, update, delete. Knows no Pulumi."""
