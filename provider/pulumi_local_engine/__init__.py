"""A local engine that behaves as the Pulumi CLI was recorded to behave, for any Python dynamic provider; README.md explains it.

Its doors: `program.engine.run` as a library, and `cli.main` as a command.
"""
