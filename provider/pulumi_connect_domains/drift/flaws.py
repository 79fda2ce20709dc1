"""Damage in a resource's entry in a state, with which nothing can be compared. Pure.

Our provider never writes such an entry, but a person, a script or a broken disk may. Only the types of values are checked, not their
limits: an older version may have had other limits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..model.path import Path
from ..model.schema import Property, Schema, walk
from ..model.values import Json, is_unknown
from ..operations.forms import REGION

_KINDS: Mapping[str, tuple[tuple[type, ...], str]] = {
    "object": ((dict,), "a map"),
    "map": ((dict,), "a map"),
    "array": ((list,), "a list"),
    "string": ((str,), "a text"),
    "boolean": ((bool,), "true or false"),
    "integer": ((int,), "a whole number"),
    "number": ((int, float), "a number"),
    "": ((object, bool), ""),
}
_ARN = re.compile(r"arn:[^:]+:[^:]+:[^:]*:([0-9]{12})?:.+")


def of_declared(schema: Schema, inputs: Json) -> str:
    """What is wrong with the inputs; "" where nothing is."""
    for name in schema.required:
        if name not in inputs:
            return f"state does not hold what is declared of it: {name} is missing"
    return _first(schema, {name: inputs[name] for name in schema.inputs if name in inputs})


def of_outputs(schema: Schema, outputs: Json) -> str:
    """What is wrong with the outputs; "" where nothing is."""
    arn = outputs.get("arn")
    if isinstance(arn, str) and not _ARN.fullmatch(arn):
        return "state is damaged: its arn is no ARN"
    return _first(schema, outputs)


def of_place(schema: Schema, id: str, region: str) -> str:
    """What is wrong with the id, or with the Region that AWS would be asked in; "" where nothing is."""
    if not _may_be_id(schema, id):
        return "state is damaged: no domain can have its id"
    if region and not REGION.fullmatch(region):
        return "state is damaged: its region is the name of none"
    return ""


def _may_be_id(schema: Schema, id: str) -> bool:
    """Whether AWS can have given this id. True for a resource type whose id is none of its properties."""
    of = schema.members.get(schema.id_property)
    if of is None:
        return True
    fits = (of.limits.min_length or 0) <= len(id) <= (of.limits.max_length or len(id))
    return fits and bool(re.fullmatch(of.pattern or ".*", id))


def _first(schema: Schema, document: Json) -> str:
    """A sentence on the first value whose type is not the schema's; "" where there is none."""
    if _fits(schema, document):
        return ""
    for steps, of, value in walk(schema, document):
        kinds, words = _KINDS[of.kind]
        if is_unknown(value) or (isinstance(value, kinds) and not (isinstance(value, bool) and bool not in kinds)):
            continue
        return f"state is damaged: {Path(steps)} is not {words}"
    return ""


def _fits(of: Property, value: object) -> bool:
    """Whether no value has another type than the schema's. Quick, since most documents are like that; `_first` finds the place."""
    kinds, _ = _KINDS[of.kind]
    if value.__class__ is bool:
        return bool in kinds
    if not isinstance(value, kinds):
        return is_unknown(value)
    if isinstance(value, dict):
        return all(_fits(of.step(key), item) for key, item in value.items())
    return not isinstance(value, list) or all(_fits(of.step(0), item) for item in value)
