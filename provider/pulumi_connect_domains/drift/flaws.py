"""What is wrong with a domain's entry in a state, so that nothing can be judged by it. Pure.

A provider of ours never writes such an entry; a hand, a script or a broken disk may. Only kinds are looked at, not limits: those of an
older version may have been others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..model.comparison import Schema, input_properties
from ..model.naming import name_property
from ..model.values import Json, is_unknown
from ..operations.forms import REGION
from . import paths
from .paths import Keys

_KINDS: Mapping[str, tuple[tuple[type, ...], str]] = {
    "object": ((dict,), "a map"),
    "array": ((list,), "a list"),
    "string": ((str,), "a text"),
    "boolean": ((bool,), "true or false"),
    "integer": ((int,), "a whole number"),
    "number": ((int, float), "a number"),
}
_ANY = (object, bool)
_ARN = re.compile(r"arn:[^:]+:[^:]+:[^:]*:([0-9]{12})?:.+")


def of_declared(schema: Schema, inputs: Json) -> str:
    """What is wrong with the inputs, or ""."""
    required = schema.get("required")
    for name in required if isinstance(required, list) else ():
        if name not in inputs:
            return f"state does not hold what is declared of it: {name} is missing"
    return _first(schema, {name: inputs[name] for name in input_properties(schema) if name in inputs})


def of_outputs(schema: Schema, outputs: Json) -> str:
    """What is wrong with the outputs, or ""."""
    arn = outputs.get("arn")
    if isinstance(arn, str) and not _ARN.fullmatch(arn):
        return "state is damaged: its arn is no ARN"
    return _first(schema, outputs)


def of_place(schema: Schema, id: str, region: str) -> str:
    """What is wrong with where AWS is to be asked, and for what, or ""."""
    if not _may_be_id(schema, id):
        return "state is damaged: no domain can have its id"
    if region and not REGION.fullmatch(region):
        return "state is damaged: its region is the name of none"
    return ""


def _may_be_id(schema: Schema, id: str) -> bool:
    """Whether AWS can have given it. Domains are known by their `domain_id`, and those that have none by their name."""
    properties = schema.get("properties")
    by_id = properties.get("domain_id") if isinstance(properties, Mapping) else None
    node = by_id or input_properties(schema)[name_property(schema)]
    fits = int(str(node["minLength"])) <= len(id) <= int(str(node["maxLength"]))
    return fits and bool(re.fullmatch(str(node["pattern"]), id))


def _first(schema: Schema, document: Json) -> str:
    found = next(_misfits(schema, document, ()), None)
    return f"state is damaged: {paths.text(found[0])} is not {found[1]}" if found else ""


def _misfits(node: Schema, value: object, keys: Keys) -> Iterator[tuple[Keys, str]]:
    """Every value that is not of the kind that the schema says, and that kind in words."""
    kinds, words = _KINDS.get(str(node.get("type")), (_ANY, ""))
    if is_unknown(value):
        return
    if not isinstance(value, kinds) or ((value is True or value is False) and bool not in kinds):
        yield keys, words
    elif isinstance(value, dict):
        properties, others = node.get("properties"), node.get("additionalProperties")
        for key, item in value.items():
            inner = properties.get(key) if isinstance(properties, dict) else others
            yield from _misfits(inner if isinstance(inner, dict) else {}, item, (*keys, key))
    elif isinstance(value, list):
        inner = node.get("items")
        for position, item in enumerate(value):
            yield from _misfits(inner if isinstance(inner, dict) else {}, item, (*keys, position))
