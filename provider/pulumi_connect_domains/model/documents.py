"""Inputs and outputs: how each is made from the other, and from what is live."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from . import comparison, tags
from .declaring import members_of_outputs, repeating
from .path import Path
from .schema import UNDECLARED, Property, Schema, Steps, transform
from .tags import TagPolicy
from .values import ABSENT, HOST_KEY, SECRET, Json, is_unknown, members


def outputs(schema: Schema, inputs: Json, live: Json, known: Json | None = None) -> Json:
    """The outputs: every input as it was given, then what AWS computed.

    `known` are the outputs before an update. AWS's answer to an update (`live`) does not hold every output. One that it lacks keeps its
    known value; but an output that AWS returns inside a setting goes away with the setting, unless `live` is empty.
    """
    computed: Json = {}
    for name, of in schema.outputs.items():
        source = of.source or Path((name,))
        value = source.find(live)
        if value is ABSENT and known is not None and (not live or len(source) == 1):
            value = known.get(name, ABSENT)
        if value is not ABSENT:
            computed[name] = value
    marks = repeating(schema)
    return {**{name: value for name, value in inputs.items() if name not in marks}, **computed}


def after_parts(schema: Schema, known: Json, parts: Iterable[tuple[Json, Json]]) -> tuple[Json, Json]:
    """The inputs that a resource has, and what is live, after these parts of an update; `known` are the outputs before it.

    A part is the inputs that AWS has now (ABSENT where one was removed), and its answer.
    """
    inputs, live = inputs_of(schema, known), dict[str, object]()
    for changed, answer in parts:
        inputs, live = {**inputs, **changed}, {**live, **answer}
    return {name: value for name, value in inputs.items() if value is not ABSENT}, live


def inputs_of(schema: Schema, document: Json) -> Json:
    """The inputs, as the outputs repeat them."""
    return {name: document[name] for name in schema.inputs if name in document}


def read_inputs(schema: Schema, declared: Json, live: Json, policy: TagPolicy) -> Json:
    """What is live, as inputs of the shape that check returns: what the program declared, in its words, and nothing else."""
    kept = {name: declared[name] for name, of in schema.inputs.items() if of.provider_only and name in declared}
    projected = comparison.project(schema, declared, live)
    return {**kept, **projected, **tags.read(schema, declared, live, policy)}


def settable(schema: Property, live: Json) -> Json:
    """All live values that a program could declare. What AWS computes is left out, at any depth."""

    def visit(steps: Steps, of: Property, value: object) -> object:
        return ABSENT if value is None or of.read_only or not of.is_declared else value

    kept = transform(schema, {name: live[name] for name in schema.inputs if name in live}, visit)
    return kept if isinstance(kept, dict) else {}


def settings(schema: Schema, live: Json) -> Json:
    """All live values that a program could declare, but for the tags."""
    return {name: value for name, value in settable(schema, live).items() if name != schema.tags_input}


def worth_declaring(schema: Schema, settings: Json) -> Json:
    """Those of the live settings that a person would write into a program, in the schema's order.

    A setting is left out where declaring it changes nothing: it is AWS's own default (`"default"` in the schema), or off, or empty.
    """

    def visit(steps: Steps, of: Property, value: object) -> object:
        is_nothing = comparison.says_no_more_than_none(of, value)
        is_item = any(isinstance(step, int) for step in steps)  # items stay: their places in a list have a meaning
        return ABSENT if steps and is_nothing and not is_item else value

    declared = transform(schema, in_order(schema, settings), lambda steps, of, value: value, visit)
    return declared if isinstance(declared, dict) else {}


def in_order(schema: Property, document: object) -> object:
    """The document with its members in the schema's order, and the keys of maps by name. The engine hands them over in any order."""

    def visit(steps: Steps, of: Property, value: object) -> object:
        if not isinstance(value, Mapping):
            return value
        return {key: value[key] for key in sorted(value, key=of.place)}

    return transform(schema, document, visit)


def given(schema: Schema, inputs: object, *, says_all: bool = False) -> object:
    """The inputs without values that mean the same as no value: nulls in maps, and empty lists and maps in optional places.

    An empty value stays where a value is required, and where the service tells empty from absent. The host's own key is left out too, and
    so is a property that is merged from another and equals it (`tags_all` without default tags). `says_all`: the caller knows that there
    is no null, and no empty list or map.
    """

    def visit(steps: Steps, of: Property, value: object) -> object:
        if not isinstance(value, dict):
            return value
        kept = {}
        for key, item in value.items():
            if item is None or (not item and key not in of.required and of.step(key).says_nothing(item)):
                continue
            kept[str(key)] = item
        return kept

    document = inputs if says_all or _says_something_everywhere(inputs) else transform(schema, inputs, visit)
    if not isinstance(document, dict):
        return document
    twin = schema.tags_output
    is_twin = twin in document and document[twin] == document.get(schema.tags_input)
    return {key: item for key, item in document.items() if key != HOST_KEY and not (is_twin and key == twin)}


def kept_by_a_move(of: Property, inputs: Json, state: Json, is_spelt_otherwise: bool = False) -> Json:
    """The inputs of a program whose stack changes its host; what is missing in them is as in `state`, if the other host spells its path
    otherwise.

    For a path of `ignore_changes` the engine takes the value from the state. It finds none where the state spells the path otherwise, and
    takes the setting away. Then it would look like one that was taken out of the program. A setting that really was is still there after
    this run, and the next one takes it out.
    """
    found = {**inputs}
    for name, value in state.items():
        inner = of.members.get(name)
        if inner is None or inner.read_only or inner.provider_only:
            continue
        otherwise = is_spelt_otherwise or of.camel_names[name] != name
        given = inputs.get(name, ABSENT)
        if given is ABSENT:
            if otherwise:
                found[name] = value
        elif isinstance(given, dict) and isinstance(value, dict):
            found[name] = kept_by_a_move(inner, given, value, otherwise)
    return found


def _says_something_everywhere(value: object) -> bool:
    """True for plain JSON whose maps have no null and no empty list or map, so that there is nothing to leave out: most often so."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key.__class__ is not str or item is None:
                return False
            if item.__class__ not in _SCALARS and not (item and _says_something_everywhere(item)):
                return False
        return True
    if isinstance(value, list):
        for item in value:  # noqa: SIM110 - as above, no call is made for most values
            if item.__class__ not in _SCALARS and not _says_something_everywhere(item):
                return False
        return True
    return value is None or value.__class__ in _SCALARS or is_unknown(value)


_SCALARS = frozenset({str, int, float, bool})


# -- secrets ----------------------------------------------------------------------------------------------------------


def masked(value: object, path: Path, secrets: frozenset[Path]) -> object:
    """The value at the path, as it may be shown: `[secret]` wherever a secret lies in it or around it, None where nothing is there.

    Shape: `{"enabled": True, "time": "9:05"}` at `job`, where `job.time` is secret, gives `{"enabled": True, "time": "[secret]"}`.
    """

    def visit(steps: Steps, of: Property, value: object) -> object:
        if value is None or value is ABSENT:
            return None
        return SECRET if is_unknown(value) or any(Path(steps).is_within(secret) for secret in secrets) else value

    return transform(UNDECLARED, value, visit, steps=path)


def secrecy_marks(schema: Schema, inputs: Json) -> Json:
    """The properties among the inputs that keep outputs secret, each member set to "".

    Shape: `{"update_details": {"old_kms_key_id": ""}}`.
    """
    return {name: dict.fromkeys(members, "") for name, members in repeating(schema).items() if name in inputs}


def marks_outputs(schema: Schema, inputs: Json) -> bool:
    """Whether the inputs make an output secret; only then `is_exposed` needs the inputs in state."""
    return not repeating(schema).keys().isdisjoint(inputs)


def is_exposed(schema: Schema, inputs: Json, state_inputs: Json | None, outputs: Json) -> bool:
    """True when state holds an output in clear that these inputs make secret: the inputs in state have no mark for it yet.

    False when the inputs in state are not known (None).
    """
    if state_inputs is None:
        return False
    new = {name: members for name, members in repeating(schema).items() if name in inputs and name not in state_inputs}
    there = {name: outputs.get(name) for name in new}
    return any(isinstance(value, dict) and not new[name].keys().isdisjoint(value) for name, value in there.items())


def without_exposed(outputs: Json, marks: Json, known: Json) -> Json:
    """The outputs of a read, without members that are secret and would be stored in clear.

    The engine keeps an output of a read secret where state's output of the same name is secret. So a member that state does not know yet
    would be stored in clear. `marks` are the secrecy marks among the inputs, `known` the outputs in state.
    """
    kept = dict(outputs)
    for name, secret in marks.items():
        there, before = outputs.get(name), known.get(name)
        if isinstance(there, dict) and isinstance(secret, dict):
            seen = members(before)
            kept[name] = {member: value for member, value in there.items() if member not in secret or member in seen}
    return kept


def declared_values(schema: Schema, document: Json) -> Json:
    """Every value in inputs or outputs that comes from the program: the inputs, the merged tags, and members in which AWS repeats an input.

    The provider's own inputs, such as the Region, are left out: they are never confidential.
    """
    ours = (name for name, of in schema.inputs.items() if of.merged_from or not of.provider_only)
    given: Json = {name: document[name] for name in ours if name in document}
    for name, member, of in members_of_outputs(schema):
        there = document.get(name)
        if of.repeats and isinstance(there, Mapping) and member in there:
            given[name] = {**members(given.get(name)), member: there[member]}
    return given
