"""Names that the program leaves out."""

from __future__ import annotations

import hashlib
import re

from .schema import Schema

_HEX_DIGITS = 7


def candidate(schema: Schema, resource_name: str, project: str, stack: str) -> str:
    """`<resource name>-<7 hex>`, the same in preview and `up` and different between projects and stacks.

    The resource name is cut to what the service allows (characters and length, from the schema); the hex, made from project, stack
    and the whole resource name, never is. For a schema that has a `name_input`.
    """
    of_name = schema.inputs[schema.name_input]
    allowed = re.compile(of_name.pattern or ".*")
    room = (of_name.limits.max_length or 64) - _HEX_DIGITS - 1
    digest = hashlib.sha256(f"{project}/{stack}/{resource_name}".encode()).hexdigest()[:_HEX_DIGITS]
    stem = "".join(letter for letter in resource_name if letter != "\n" and allowed.fullmatch("a" + letter))
    return f"{stem.lstrip('-_')[:room] or schema.short_noun}-{digest}"
