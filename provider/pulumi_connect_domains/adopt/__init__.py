"""Existing domains brought under Pulumi: found, read, and written down as an import file and the program that declares them.

    where (command, state) -> search or moves -> declaring -> naming -> import_file, program -> sequence

Nothing here changes AWS. `search` lists and reads, `moves` takes over what a stack holds as another provider's resource; the rest is pure,
but for `stack`, which asks the Pulumi CLI.
"""
