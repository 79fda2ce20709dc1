"""A local engine that behaves as the Pulumi CLI was recorded to behave, for any Python dynamic provider; README.md explains it.

Its doors: `program.engine.run` as a library, `cli.main` as a command, and `cli.in_process.InProcessCommand` for the Automation API.
"""
