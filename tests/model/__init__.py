"""A model of what AWS must hold, beside the real provider host and the local engine: random histories, and the rules that always hold.

declared (programs and steps, as values) -> strategies (random ones) -> machine (a history of them)
world (takes a step: the engine, the host, the local AWS) -> rules (what must hold) -> expected (what AWS must hold)
"""
