"""The table of what cannot go wrong: every operation of every resource type, every AWS call that it makes, every fault, in each attempt.

scenarios (what a command finds, and what it is to do) -> faults (what goes wrong, and where) -> cases (one for each call that was counted)
trial (a case: with the fault, then again without it, then the rules) -> table (all outcomes, as the page in the docs and as JSON)
mutations (each protection taken out: the case that turns red)
"""
