"""The drift check: what state says against what AWS says, read-only.

The modules in the order in which a check goes through them: `sources` (exports) -> `state` (expectations) -> `reading` (what is
live, paced) -> `judging` (findings, pure) -> `model` (the report) -> `formats`. `check` ties them, `command` is the command line.
"""
