"""The dynamic provider host and the program's side of every resource: whatever is so because Pulumi is so."""
