"""`connect-domains plugin install`: the native provider where the Pulumi CLI finds it, without a network.

command: the options -> launcher: the folder that Pulumi looks for, its files, and what is ours to remove.
Where Pulumi looks is in `stacks.plugins`.
"""
