"""Between the engine's values and ours: camelCase and snake_case by schema, unknown values, and secrets, each kept at its own place.

A secret is a map with a signature around its value; the engine sends it so, and stores what we send back so. Pure, but for the messages.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..model.declaring import repeating
from ..model.marks import OTHERS, SECRET_MARK, SIGNATURE, UNKNOWN_TEXT, UNKNOWN_TEXTS
from ..model.path import Path
from ..model.schema import Property, Schema, Steps, walk
from ..model.values import ABSENT, HOST_KEY, Json, Unknown, carried, is_unknown
from ..model.wording import snake_case

Secrets = frozenset[Steps]
"""The paths of secrets. What lies within one is secret too."""

NO_SECRETS: Secrets = frozenset()


@dataclass
class Received:
    """A document of the engine's as our own code knows it: names in snake_case, whole numbers as ints, no nulls in maps.

    `secrets` are the paths of its secrets. `refused` says what stands where only plain values may stand: `{("tags", "a"): "an asset"}`.
    `unknown_names` are names that the schema does not know, in snake_case too. `twice` are the paths of what is given in both spellings.
    `is_dynamic`: the dynamic host has written the document.
    """

    document: Json = field(default_factory=dict)
    secrets: Secrets = NO_SECRETS
    refused: dict[Steps, str] = field(default_factory=dict)
    unknown_names: set[str] = field(default_factory=set)
    twice: set[Steps] = field(default_factory=set)
    is_dynamic: bool = False


def received(schema: Property, struct: Any) -> Received:
    """What the message `struct` says. Names may be in either spelling: a state may be of the dynamic host."""
    found = Received()
    secrets: set[Steps] = set()
    if HOST_KEY in struct.fields:
        found.is_dynamic = True
    found.document = _fields(schema, struct.fields, (), found, secrets)
    found.secrets = frozenset(secrets)
    return found


def _fields(of: Property, fields: Mapping[str, Any], steps: Steps, found: Received, secrets: set[Steps]) -> Json:
    document: Json = {}
    names = of.snake_names
    for key, value in fields.items():
        if not steps and key.startswith("__"):
            continue
        name = names.get(key) or _own(of, key, found)
        item = _value(of.step(name), value, (*steps, name), found, secrets)
        if item is not None:
            if name in document:
                found.twice.add((*steps, name))
            document[name] = item
    return document


def _own(of: Property, key: str, found: Received) -> str:
    """The name of a member that is no camelCase name of the schema: a key of people's own, a name in snake_case, or a mistake."""
    if not of.members or key in of.members:
        return key
    name = snake_case(key)
    if name in of.members:  # two spellings that differ in nothing but capitals are no name
        return key
    found.unknown_names.add(name)
    return name


def _value(of: Property, value: Any, steps: Steps, found: Received, secrets: set[Steps]) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        text: str = value.string_value
        return Unknown() if text in UNKNOWN_TEXTS else text
    if kind == "number_value":
        number: float = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return value.bool_value
    if kind == "list_value":
        inner = of.step(0)
        return [
            _value(inner, item, (*steps, position), found, secrets)
            for position, item in enumerate(value.list_value.values)
        ]
    if kind == "struct_value":
        fields = value.struct_value.fields
        if SIGNATURE not in fields:
            return _fields(of, fields, steps, found, secrets)
        mark = fields[SIGNATURE].string_value
        if mark == SECRET_MARK:
            secrets.add(steps)
            return _value(of, fields["value"], steps, found, secrets)
        found.refused[steps] = OTHERS.get(mark, "a value of a kind that is not known here")
        return Unknown()  # nothing more is said of it
    return None


def sent(schema: Property, document: Mapping[str, object], secrets: Collection[Steps] = NO_SECRETS) -> Any:
    """The document as a message: names in camelCase, secrets in their wrapping, unknown values as the engine marks them.

    It does not fail for any text or number: after a creation, the engine would not learn that the resource exists.
    """
    from google.protobuf import struct_pb2

    struct = struct_pb2.Struct()
    made: Any = _sent(schema, document, (), secrets)
    struct.update(made)
    return struct


def _sent(of: Property, value: object, steps: Steps, secrets: Collection[Steps]) -> object:
    found: object
    if isinstance(value, Mapping):
        names = of.camel_names
        found = {
            carried(names.get(key, key)): _sent(of.step(key), item, (*steps, key), secrets)
            for key, item in value.items()
        }
    elif isinstance(value, list):
        inner = of.step(0)
        found = [_sent(inner, item, (*steps, position), secrets) for position, item in enumerate(value)]
    else:
        found = UNKNOWN_TEXT if is_unknown(value) else carried(value)
    return {SIGNATURE: SECRET_MARK, "value": found} if steps in secrets else found


# -- what is secret ---------------------------------------------------------------------------------------------------


def merged(schema: Schema, secrets: Secrets, defaults: Secrets = NO_SECRETS, own: object = None) -> Secrets:
    """The secrets of inputs, with those of the merged tags: `tags_all` repeats the resource's own tags and the default tags.

    `defaults` are the secrets among the default tags, () for all of them; `own` are the resource's own tags, which win.
    """
    tags, every = schema.tags_input, schema.tags_output
    if not every:
        return secrets
    kept = {each for each in secrets if each[0] != every}
    repeated = {(every, *each[1:]) for each in kept if each[0] == tags}
    mine = own if isinstance(own, Mapping) else {}
    of_defaults = {(every, *each) for each in defaults if not (each and each[0] in mine)}
    return frozenset(kept | repeated | of_defaults)


def repeated(schema: Schema, secrets: Secrets) -> Secrets:
    """The secrets of outputs, by those of the inputs that they echo: the same places, and the members in which AWS repeats an input."""
    tops = {each[0] for each in secrets}
    more = {
        (name, member)
        for name, members in repeating(schema).items()
        for member, source in members.items()
        if source in tops
    }
    return secrets | more


def still_secret(schema: Schema, before: Received) -> Secrets:
    """The secrets of an update that come from the outputs in state: what AWS repeats there may be an input from before the update."""
    old = repeated(schema, before.secrets)
    return frozenset(each for each in old if each[0] not in schema.inputs and each[0] != schema.tags_output)


def taken_over(kept: Json, given: Json, secrets: Secrets) -> Secrets:
    """The secrets among the values of `kept` that are not `given`, but come from a document with these secrets."""
    return frozenset(
        steps
        for steps, _, item in walk(Property(), kept)
        if not isinstance(item, (Mapping, list)) and covers(secrets, steps) and Path(steps).find(given) is ABSENT
    )


def as_read(secrets: Secrets) -> Secrets:
    """The secrets of what was just read, by those in state. A list may have another order by now: all of it is secret."""
    return frozenset(
        next((steps[:place] for place, step in enumerate(steps) if isinstance(step, int)), steps) for steps in secrets
    )


def covers(secrets: Secrets, steps: Steps) -> bool:
    """Whether the value at the path is secret, or lies within a secret."""
    return any(steps[:length] in secrets for length in range(len(steps) + 1))


def exposes(secrets: Secrets, outputs: Received) -> bool:
    """Whether state holds an output in clear which these secrets make secret. An unchanged resource would keep it so."""
    return any(
        not covers(outputs.secrets, steps) and any(True for _ in _clear(outputs, steps))
        for steps in secrets
        if Path(steps).find(outputs.document) is not ABSENT
    )


def _clear(outputs: Received, around: Steps) -> Iterator[Steps]:
    """The places within the path whose values are in clear."""
    value = Path(around).find(outputs.document)
    for steps, _, item in walk(Property(), value, around):
        if not isinstance(item, (Mapping, list)) and not covers(outputs.secrets, steps):
            yield steps
