"""Existing domains brought under Pulumi: found, read, and written as an import file and the program that declares them.

    command: scope -> search or moves -> adoption (declaring) -> files, program -> sequence

`scope` says for which stack (`stack`, through the Pulumi CLI) and what its `state` holds, `search` lists and reads domains, `moves` reads
those that a stack holds as another provider's resources, `sequence` imports them into the stack. Nothing here changes AWS.
"""
