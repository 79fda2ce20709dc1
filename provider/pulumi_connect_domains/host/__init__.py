"""Everything that depends on Pulumi: the dynamic provider host, and the classes that programs declare resources with."""
