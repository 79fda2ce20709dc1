"""Names that the program leaves out."""

from __future__ import annotations

import hashlib
import re

from .comparison import Schema, input_properties

_HEX_DIGITS = 7


def name_property(schema: Schema) -> str:
    """The input that names the domain: `domain_name` or `name`."""
    return next(name for name, of_property in input_properties(schema).items() if of_property.get("autoName"))


def candidate(schema: Schema, resource_name: str, project: str, stack: str) -> str:
    """`<resource name>-<7 hex>`, the same in preview and `up` and different between projects and stacks.

    The resource name is cut to what the service allows (characters and length, from the schema); the hex, made from project, stack
    and the whole resource name, never is.
    """
    of_name = input_properties(schema)[name_property(schema)]
    allowed = re.compile(str(of_name["pattern"]))
    digest = hashlib.sha256(f"{project}/{stack}/{resource_name}".encode()).hexdigest()[:_HEX_DIGITS]
    stem = "".join(letter for letter in resource_name if letter != "\n" and allowed.fullmatch("a" + letter))
    stem = stem.lstrip("-_")[: int(str(of_name["maxLength"])) - _HEX_DIGITS - 1]
    return f"{stem or 'domain'}-{digest}"
