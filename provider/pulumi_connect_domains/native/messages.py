"""Our messages, which spell properties in snake_case, as the program spells them."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from functools import lru_cache

from ..host.engine_log import shown
from ..model.path import Path
from ..model.schema import UNDECLARED, Schema, Steps, walk
from ..model.spelling import Spelling
from ..stacks.project import runtime
from .values import Received, covers


@lru_cache(maxsize=1)
def spelling() -> Spelling:
    """snake_case for programs in Python, camelCase for all others. The engine starts a provider in the folder of the project."""
    return Spelling.SNAKE if runtime(os.getcwd()) == "python" else Spelling.CAMEL


def spelled(schema: Schema, text: str, also: Collection[str] = ()) -> str:
    """A message for the engine to show. `also` are more names that it may spell, which the schema does not know."""
    return shown(spelling().text(schema, text, also))


def path(schema: Schema, steps: Steps) -> str:
    """The path of a property."""
    return str(spelling().path(schema, Path(steps)))


def given_twice(schema: Schema, steps: Steps) -> str:
    """The mistake of a program that gives one input in both spellings."""
    keep = Spelling.CAMEL.path(schema, Path(steps))
    return shown(f"{path(schema, steps)}: is given twice, as {keep} and as {Path(steps)}; keep {keep}")


def without_secrets(text: str, inputs: Received) -> str:
    """The message; where it prints a secret of the inputs, only what it is about."""
    for steps, _, value in walk(UNDECLARED, inputs.document):
        if isinstance(value, (Mapping, list)) or not covers(inputs.secrets, steps):
            continue
        where, _, said = text.partition(": ")
        if str(value) in said and where == str(Path(steps)):
            return f"{where}: its value is not allowed; it is secret, so it is not shown"
    return text
