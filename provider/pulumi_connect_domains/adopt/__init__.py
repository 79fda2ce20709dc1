"""Existing domains brought under Pulumi: found, read, and written down as an import file and the program that declares them.

    command: scope -> search or moves -> adoption (declaring, naming) -> import_file, program (layout) -> sequence

`scope` says for which stack, `search` lists and reads, `moves` takes over what a stack holds as another provider's resource, `sequence`
goes the whole way on a stack by way of the Pulumi CLI. Nothing here changes AWS.
"""
