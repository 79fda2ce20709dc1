"""Kills of real processes at counted moments: engine, program and host each get a signal at every AWS call and every write of the backend.

preloaded/killable (the engine's process, which waits at each write of a file) -> processes (starts it, and strikes) -> mortal (a World
whose command may be struck) -> scenarios and cases (generated from a counted run) -> lives (a case, to its end) -> table

It is a part of the model's tests, since the world around the command, what it must hold and its end are the same.
"""
