"""Our messages, which spell properties in snake_case, as the program spells them."""

from __future__ import annotations

import os
from collections.abc import Collection
from functools import lru_cache

from ..host.engine_log import shown
from ..model.path import Path
from ..model.schema import Schema, Steps
from ..model.spelling import Spelling
from ..stacks.project import runtime


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
