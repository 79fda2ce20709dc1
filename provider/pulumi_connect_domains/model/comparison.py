"""The only place that says "different": of what a program wants and what is there, by the resource's schema.

Two functions. `project` puts what AWS answered into the words of the program, so that server defaults, other spellings of the
same value and members that nobody declared disappear. `changes` then compares two documents in the program's words. Refresh, diff,
update and the drift check all use this pair, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from . import path as paths
from .values import Json, is_unknown

Schema = Mapping[str, object]


class _Absent:
    """The mark of a value that is not there (None is dropped by the engine, so it means the same)."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()


@dataclass(frozen=True)
class Change:
    """One property that differs.

    Shape: `Change(("matching", "job_schedule", "time"), "18:00", "20:00")`; `ABSENT` on a side where it is not set. List positions
    are ints: `("rule_based_matching", "matching_rules", 1, "rule")`.
    """

    keys: tuple[str | int, ...]
    before: object
    after: object

    @property
    def path(self) -> str:
        """`matching.job_schedule.time`, `rule_based_matching.matching_rules[1].rule`, `tags["cost.center"]`."""
        return paths.text(self.keys)

    @property
    def top(self) -> str:
        """The top-level property that the change lies in."""
        return str(self.keys[0])


def changes(schema: Schema, desired: Json, actual: Json) -> tuple[Change, ...]:
    """What has to change in `actual` to become `desired`: nothing when they mean the same. Computed properties do not count.

    Both are in the program's words: inputs, outputs of state, or what `project` made. An unknown value counts as a change.
    """
    found: list[Change] = []
    for name, of_property in input_properties(schema).items():
        found += _changes((name,), of_property, _value(desired, name), _value(actual, name))
    return (*found, *failed_changes(schema, desired, actual))


def failed_changes(schema: Schema, desired: Json, actual: Json) -> tuple[Change, ...]:
    """What AWS took over as desired and then failed to carry out, by its latest word on it: equal on paper, and still to be done.

    `actual` must hold what AWS computed too. Shape in the schema, all paths dotted: `"outcomes": [{"of": "encryption.key",
    "status": "key_change.status", "failed": "FAILED", "previous": "key_change.old_key", "reason": "key_change.message"}]`. A
    failure that was about another value than the desired one (`previous` is what it was before) is nobody's business any more.
    """
    found: list[Change] = []
    outcomes = schema.get("outcomes")
    for outcome in outcomes if isinstance(outcomes, list) else ():
        wanted, previous = value_at(desired, outcome["of"]), value_at(actual, outcome["previous"])
        is_failed = value_at(actual, outcome["status"]) == outcome["failed"]
        if is_failed and wanted is not ABSENT and wanted == value_at(actual, outcome["of"]) and wanted != previous:
            found.append(Change(tuple(outcome["of"].split(".")), previous, wanted))
    return tuple(found)


def project(schema: Schema, declared: Json, live: Json) -> Json:
    """What is live, in the words of the program: the declared keys only, and the declared wording wherever it means the same.

    Shape: declared `{"matching": {"enabled": True}}` and live `{"matching": {"enabled": True, "auto_merging": {…}}, "tags": {…}}`
    give `{"matching": {"enabled": True}}`. Properties that AWS never sees (providerOnly) and tags are not touched here.
    """
    projected: Json = {}
    for name, of_property in input_properties(schema).items():
        if name not in declared or of_property.get("providerOnly"):
            continue
        value = _project(of_property, declared[name], _value(live, name))
        if value is not ABSENT:
            projected[name] = value
    return projected


def told(schema: Schema, declared: Json) -> list[str]:
    """The declared settings that AWS tells in its answer: not those that are the provider's own, or say "none", and no tags."""
    return [
        name
        for name, of_property in input_properties(schema).items()
        if name in declared
        and not of_property.get("providerOnly")
        and "untag" not in _dict(of_property.get("removal"))
        and _present(of_property, declared[name]) is not ABSENT
    ]


def untold(schema: Schema, declared: Json, live: Json) -> list[str]:
    """Those of them that are missing in what is live, though not switched off."""
    projected = project(schema, declared, live)
    return [name for name in told(schema, declared) if name not in projected]


def input_properties(schema: Schema) -> dict[str, Schema]:
    """The properties that a program may set, by name."""
    return {name: each for name, each in _members(schema).items() if not each.get("readOnly")}


def failure_reason(schema: Schema, failed: Change, actual: Json) -> str:
    """Why AWS failed the change, in its own words."""
    outcomes = schema.get("outcomes")
    for outcome in outcomes if isinstance(outcomes, list) else ():
        if outcome["of"] == failed.path and isinstance(reason := value_at(actual, outcome["reason"]), str):
            return reason
    return "AWS gave no reason"


def value_at(document: Json, path: str) -> object:
    """What stands at a dotted path, or ABSENT."""
    value: object = document
    for key in path.split("."):
        value = _value(value, key) if isinstance(value, dict) else ABSENT
    return value


def replacing(schema: Schema, found: tuple[Change, ...]) -> list[str]:
    """The top-level properties among the changes that cannot change in place, each once.

    A value that the state lost is no other value: every domain has each of these, and a replacement would delete it on a guess.
    """
    of = _members(schema)
    proven = (change.top for change in found if change.before is not ABSENT)
    return list(dict.fromkeys(name for name in proven if of[name].get("createOnly")))


def kinds(found: tuple[Change, ...], replaces: list[str]) -> dict[str, str]:
    """The changes by path, in the words of Pulumi's protocol: `{"tags.team": "ADD", "domain_name": "UPDATE_REPLACE"}`."""
    said = {}
    for change in found:
        kind = "ADD" if change.before is ABSENT else "DELETE" if change.after is ABSENT else "UPDATE"
        said[change.path] = f"{kind}_REPLACE" if change.top in replaces else kind
    return said


# -- differences ------------------------------------------------------------------------------------------------------


def _changes(keys: tuple[str | int, ...], schema: Schema, desired: object, actual: object) -> Iterator[Change]:
    desired, actual = _present(schema, desired), _present(schema, actual)
    if desired is ABSENT and _is_off(schema, actual):
        return  # taken out of the program, and off already
    if _same_scalar(schema, desired, actual):
        return
    if isinstance(desired, dict) and isinstance(actual, dict):
        for key in [*desired, *(key for key in actual if key not in desired)]:
            yield from _changes((*keys, key), _member(schema, key), _value(desired, key), _value(actual, key))
    elif isinstance(desired, list) and isinstance(actual, list):
        yield from _list_changes(keys, schema, desired, actual)
    else:
        yield Change(keys, actual, desired)


def _list_changes(
    keys: tuple[str | int, ...], schema: Schema, desired: list[object], actual: list[object]
) -> Iterator[Change]:
    if schema.get("unordered"):
        if not _same_items(desired, actual):
            yield Change(keys, actual, desired)
        return
    items = _items(schema)
    for position in range(max(len(desired), len(actual))):
        wanted = desired[position] if position < len(desired) else ABSENT
        there = actual[position] if position < len(actual) else ABSENT
        yield from _changes((*keys, position), items, wanted, there)


def _same_items(desired: list[object], actual: list[object]) -> bool:
    """Whether both hold the same values, as often, in any order."""
    left = list(actual)
    for item in desired:
        if item not in left:  # an unknown equals nothing, so it is never found
            return False
        left.remove(item)
    return not left


def _same_scalar(schema: Schema, desired: object, actual: object) -> bool:
    if desired is ABSENT or actual is ABSENT:
        return desired is actual
    if is_unknown(desired) or is_unknown(actual) or isinstance(desired, (dict, list)):
        return False
    if schema.get("format") == "time-of-day" and isinstance(desired, str) and isinstance(actual, str):
        return _minutes(desired) == _minutes(actual)
    return isinstance(desired, bool) == isinstance(actual, bool) and desired == actual


def _minutes(time: str) -> int | str:
    """Minutes since midnight, so that 9:05 equals 09:05; what is no time of day stands for itself."""
    hours, _, minutes = time.partition(":")
    return int(hours) * 60 + int(minutes) if hours.isdigit() and minutes.isdigit() else time


# -- projection -------------------------------------------------------------------------------------------------------


def _project(schema: Schema, declared: object, live: object) -> object:
    live = _present(schema, live)
    if _present(schema, declared) is ABSENT:
        return declared  # "none" is the same as not declared, so what AWS fills in does not count
    if live is ABSENT and (_is_off(schema, declared) or _is_disabled(declared)):
        return declared  # off, whether AWS says so or says nothing
    if _is_disabled(declared) and _is_disabled(live):
        live = {**_dict(declared), **_dict(live)}  # what AWS keeps of a switched-off setting is not known
    if isinstance(declared, dict) and isinstance(live, dict):
        return {
            key: value
            for key in declared
            if (value := _project(_member(schema, key), declared[key], _value(live, key))) is not ABSENT
        }
    if isinstance(declared, list) and isinstance(live, list):
        return _project_list(schema, declared, live)
    return declared if _same_scalar(schema, declared, live) else live


def _project_list(schema: Schema, declared: list[object], live: list[object]) -> list[object]:
    if schema.get("unordered"):
        return declared if _same_items(declared, live) else live
    items = _items(schema)
    paired = [_project(items, one, other) for one, other in zip(declared, live, strict=False)]
    return [*paired, *live[len(paired) :]]


# -- reading a schema -------------------------------------------------------------------------------------------------


def _present(schema: Schema, value: object) -> object:
    """The value, or ABSENT where it says nothing: null, and an empty list or map where AWS wants at least one entry."""
    if value is None:
        return ABSENT
    if isinstance(value, list) and not value and schema.get("minItems"):
        return ABSENT
    if isinstance(value, dict) and not value and schema.get("type") == "object" and "properties" not in schema:
        return ABSENT
    return value


def _is_off(schema: Schema, value: object) -> bool:
    """Whether the value is what AWS is told when the setting is taken out, and so equals its absence."""
    removal = schema.get("removal")
    return value is ABSENT or (isinstance(removal, dict) and "send" in removal and bool(value == removal["send"]))


def _is_disabled(value: object) -> bool:
    return isinstance(value, dict) and value.get("enabled") is False


def _members(schema: Schema) -> dict[str, Schema]:
    properties = schema.get("properties")
    return properties if isinstance(properties, dict) else {}


def _member(schema: Schema, key: str) -> Schema:
    named = _members(schema).get(key)
    if named is not None:
        return named
    values = schema.get("additionalProperties")
    return values if isinstance(values, dict) else {}


def _items(schema: Schema) -> Schema:
    items = schema.get("items")
    return items if isinstance(items, dict) else {}


def _value(document: Mapping[str, object], key: str) -> object:
    return document.get(key, ABSENT)


def _dict(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
