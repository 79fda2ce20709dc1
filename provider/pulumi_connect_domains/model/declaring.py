"""What a program needs of a contract when it declares a resource. Programs import it, so it imports little."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache

from .schema import Property, Schema

_HEX_DIGITS = 7


def proposed_name(schema: Schema, resource_name: str, project: str, stack: str) -> str:
    """A name where the program gives none: `<resource name>-<7 hex digits>`. For a schema that has a `name_input`.

    The name is the same in every preview and `up`, and another in each project and stack: the digits are a hash of project, stack and the
    whole resource name. The part before them is cut to the characters and the length that the service allows.
    """
    of_name = schema.inputs[schema.name_input]
    allowed = re.compile(of_name.pattern or ".*")
    room = (of_name.limits.max_length or 64) - _HEX_DIGITS - 1
    digest = hashlib.sha256(f"{project}/{stack}/{resource_name}".encode()).hexdigest()[:_HEX_DIGITS]
    stem = "".join(letter for letter in resource_name if letter != "\n" and allowed.fullmatch("a" + letter))
    return f"{stem.lstrip('-_')[:room] or schema.short_noun}-{digest}"


@lru_cache(maxsize=64)
def repeating(schema: Schema) -> dict[str, dict[str, str]]:
    """The outputs whose members may hold the value of an input, with that input: as it is (`repeats`), or inside a text (`quotes`).

    Shape: `{"update_details": {"old_kms_key_id": "encryption_configuration"}}`. Where that input is secret, check keeps a property of the
    output's name among the inputs (`secrecy_marks`): by it the engine knows that the output is secret.
    """
    found: dict[str, dict[str, str]] = {}
    for name, member, of in members_of_outputs(schema):
        if source := of.repeats or of.quotes:
            found.setdefault(name, {})[member] = source
    return found


def members_of_outputs(schema: Schema) -> Iterator[tuple[str, str, Property]]:
    """Each member of each property that has members: the property's name, its own name, and what it is."""
    for name, of in schema.members.items():
        for member, inner in of.members.items():
            yield name, member, inner
