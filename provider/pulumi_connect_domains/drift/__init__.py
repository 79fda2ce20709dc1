"""The drift check compares what state says with what AWS says. It only reads.

A check goes through the modules in this order:

    stacks.sources (exports) -> state (what is expected) -> reading (what is live) -> judging (findings) -> model (the report) -> formats

`check` runs these steps, `command` is the command line. `requirements` says what must be true whatever is declared; `policy` reads that.
"""
