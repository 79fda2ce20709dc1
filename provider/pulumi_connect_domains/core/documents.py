"""Inputs and outputs: how one is made from the other and from what is live. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from . import comparison, tags
from .comparison import Schema
from .configuration import Configuration
from .wire import Json


def outputs(schema: Schema, inputs: Json, live: Json, known: Json | None = None) -> Json:
    """The outputs: every input as it was given, then what AWS computed.

    `known` are the outputs before an update, whose answer does not tell everything: a computed member that it leaves out stays as
    known, one that lies within a setting goes with the setting.
    """
    computed: Json = {}
    for name, of_property in _properties(schema).items():
        if not of_property.get("readOnly"):
            continue
        source = str(of_property.get("source") or name)
        value = comparison.value_at(live, source)
        if value is comparison.ABSENT and known is not None and (not live or "." not in source):
            value = known.get(name, comparison.ABSENT)
        if value is not comparison.ABSENT:
            computed[name] = value
    return {**inputs, **computed}


def inputs_of(schema: Schema, document: Json) -> Json:
    """The inputs that outputs echo."""
    return {name: document[name] for name in comparison.input_properties(schema) if name in document}


def declared_values(schema: Schema, document: Json) -> Json:
    """What a program has put into inputs or outputs, under every key where it stands: the inputs, the merged tags, and what AWS
    repeats of an input among its outputs (`"repeats"` in the schema). The Region, which says nothing of anybody, is left out.
    """
    return {
        name: document[name]
        for name, of_property in _properties(schema).items()
        if name in document
        and (
            "repeats" in of_property
            or "mergedFrom" in of_property
            or not {"readOnly", "providerOnly"} & of_property.keys()
        )
    }


def read_inputs(schema: Schema, declared: Json, live: Json, configuration: Configuration) -> Json:
    """What is live as inputs, in check's shape: what the program declared, in its words, and nothing else."""
    kept = comparison.input_properties(schema)
    inputs = {name: value for name, value in declared.items() if kept.get(name, {}).get("providerOnly")}
    inputs |= comparison.project(schema, declared, live)
    tags.read(inputs, declared, live, configuration)
    return inputs


def settable(schema: Schema, live: Json) -> Json:
    """All that is live and could be declared; what AWS computes is left out at any depth."""
    kept: Json = {}
    for name, of_property in comparison.input_properties(schema).items():
        value = live.get(name)
        if value is not None:
            kept[name] = (
                settable(of_property, value) if isinstance(value, dict) and "properties" in of_property else value
            )
    return kept


def _properties(schema: Schema) -> Mapping[str, Schema]:
    properties = schema["properties"]
    return properties if isinstance(properties, dict) else {}
