"""Inputs and outputs: how one is made from the other and from what is live. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from ..operations.configuration import Configuration
from . import comparison, tags
from .comparison import Schema
from .values import Json


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
    return {**{name: value for name, value in inputs.items() if name not in repeating(schema)}, **computed}


def repeating(schema: Schema) -> dict[str, dict[str, str]]:
    """The outputs whose members may hold an input's value, and of which input: as such (`"repeats"`), or within a text (`"quotes"`).

    Shape: `{"update_details": {"old_kms_key_id": "encryption_configuration"}}`. Where that input is secret, check keeps a property of the
    output's name among the inputs, by which the engine knows what to keep secret.
    """
    return _holding(schema, "repeats", "quotes")


def _holding(schema: Schema, *keywords: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, of_property in _properties(schema).items():
        members = of_property.get("properties")
        for member, each in members.items() if isinstance(members, dict) else ():
            for keyword in keywords:
                if keyword in each:
                    found.setdefault(name, {})[member] = str(each[keyword])
    return found


def secrecy_marks(schema: Schema, inputs: Json) -> Json:
    """What stands among the inputs to keep outputs secret, in its one form: each member an empty text."""
    return {name: dict.fromkeys(members, "") for name, members in repeating(schema).items() if name in inputs}


def is_exposed(schema: Schema, inputs: Json, state_inputs: Json | None, outputs: Json) -> bool:
    """Whether outputs stand in clear in state that these inputs make secret: the inputs in state have no mark of it yet."""
    if state_inputs is None:
        return False
    new = {name: members for name, members in repeating(schema).items() if name in inputs and name not in state_inputs}
    there = {name: outputs.get(name) for name in new}
    return any(isinstance(value, dict) and not new[name].keys().isdisjoint(value) for name, value in there.items())


def without_exposed(outputs: Json, marks: Json, known: Json) -> Json:
    """The outputs of a read without what would be secret and could not be kept so.

    The engine keeps an output of a read secret where the state's output of the same name is; a member that state does not know yet would
    be stored in clear. `marks` are those of the inputs, `known` the outputs in state.
    """
    kept = dict(outputs)
    for name, members in marks.items():
        there, before = outputs.get(name), known.get(name)
        if isinstance(there, dict) and isinstance(members, dict):
            seen = before if isinstance(before, dict) else {}
            kept[name] = {member: value for member, value in there.items() if member not in members or member in seen}
    return kept


def inputs_of(schema: Schema, document: Json) -> Json:
    """The inputs that outputs echo."""
    return {name: document[name] for name in comparison.input_properties(schema) if name in document}


def declared_values(schema: Schema, document: Json) -> Json:
    """What a program has put into inputs or outputs, under every key where it stands: the inputs, the merged tags, and what AWS
    repeats of an input among its outputs (`"repeats"` in the schema). The Region, which says nothing of anybody, is left out.
    """
    given: Json = {}
    for name, of_property in _properties(schema).items():
        is_ours = "mergedFrom" in of_property or not {"readOnly", "providerOnly"} & of_property.keys()
        if name in document and is_ours:
            given[name] = document[name]
    for name, members in _holding(schema, "repeats").items():
        there = document.get(name)
        if isinstance(there, dict):
            given[name] = {member: there[member] for member in members if member in there}
    return given


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
