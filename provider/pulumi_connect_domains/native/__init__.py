"""The native host: the same core as a Pulumi provider plugin, for programs in every language."""
