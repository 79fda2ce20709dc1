"""What differs between what a program wants and what is there, by the resource's schema. No other module decides that.

There are two steps. `project` puts AWS's answer into the words of the program: it leaves out server defaults and members that nobody
declared, and keeps the program's spelling of an equal value. `changes` then compares two documents in the program's words. Refresh,
diff, update and the drift check all use this pair, so they cannot disagree.

`desired` is always what the program wants. `actual` is what is there: in state, or live.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .path import Path
from .schema import Property, Schema, Steps
from .values import ABSENT, Json, is_empty, is_unknown, members


@dataclass(frozen=True)
class Change:
    """One property that differs; ABSENT on a side where it is not set.

    Shape: `Change(Path.parse("matching.job_schedule.time"), actual="18:00", desired="20:00")`.
    """

    path: Path
    actual: object
    desired: object

    @property
    def top(self) -> str:
        """The name of the top-level property that changes."""
        return self.path.top


def changes(schema: Schema, desired: Json, actual: Json) -> tuple[Change, ...]:
    """The changes that make `actual` into `desired`; none when both mean the same. Only inputs are compared.

    Both are in the program's words: inputs, outputs of state, or what `project` made. An unknown value counts as a change. The changes
    that AWS failed to make (`failed_changes`) come last.
    """
    found: list[Change] = []
    for name, of_property in schema.inputs.items():
        wanted, there = desired.get(name, ABSENT), actual.get(name, ABSENT)
        if not _is_identical(wanted, there):
            found += differences(of_property, wanted, there, (name,))
    return (*found, *failed_changes(schema, desired, actual))


def failed_changes(schema: Schema, desired: Json, actual: Json) -> tuple[Change, ...]:
    """Changes that AWS accepted and then failed to make in the background.

    Desired and actual value are equal, but AWS reports a failure, so the change must be sent again. A failure to set any other value
    is ignored. `actual` must hold the outputs too.
    """
    found = []
    for outcome in schema.outcomes:
        wanted, previous = outcome.of.find(desired), outcome.previous.find(actual)
        is_failed = outcome.status.find(actual) == outcome.failed
        if is_failed and wanted is not ABSENT and wanted == outcome.of.find(actual) and wanted != previous:
            found.append(Change(outcome.of, previous, wanted))
    return tuple(found)


def failure_reason(schema: Schema, failed: Change, actual: Json) -> str:
    """Why AWS failed the change, in its own words."""
    for outcome in schema.outcomes:
        if outcome.of == failed.path and isinstance(reason := outcome.reason.find(actual), str):
            return reason
    return "AWS gave no reason"


def replacing(schema: Schema, found: Iterable[Change]) -> list[str]:
    """The top-level properties among the changes that cannot change in place, each once.

    A change without an actual value is not counted. Every resource has a value for each of these properties, so state has lost it, and a
    replacement would delete the resource on a guess.
    """
    proven = (change.top for change in found if change.actual is not ABSENT)
    return list(dict.fromkeys(name for name in proven if schema.members[name].create_only))


def is_same(of: Property, one: object, other: object) -> bool:
    """Whether two values of a property mean the same: 9:05 equals 09:05, and the order of an unordered list does not matter."""
    return next(differences(of, one, other), None) is None


def is_default(of: Property, value: object) -> bool:
    """Whether the value means the same as the default that AWS fills in."""
    return of.default is not ABSENT and is_same(of, of.default, value)


def says_no_more_than_none(of: Property, value: object) -> bool:
    """Whether AWS has the value without being told: it is AWS's own default, empty, or off (`{"enabled": False}`, and beside it nothing
    that says more).
    """
    if is_empty(value) or is_default(of, value):
        return True
    if of.kind != "object" or of.switch_of(value) not in (False, ABSENT):
        return False
    inner = [(of.step(name), item) for name, item in members(value).items()]
    return bool(inner) and all(each.switch or says_no_more_than_none(each, item) for each, item in inner)


def _is_identical(one: object, other: object) -> bool:
    """True for two values that are the same JSON, so that no property can tell them apart: quickly seen, and most often so.

    False says nothing. It is never true of an unknown value, nor of a boolean and a number.
    """
    kind = one.__class__
    if kind is not other.__class__:
        return False
    if kind is dict and isinstance(one, dict) and isinstance(other, dict):
        return len(one) == len(other) and all(
            key in other and _is_identical(item, other[key]) for key, item in one.items()
        )
    if kind is list and isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_is_identical, one, other))
    return one is other is ABSENT or (kind in _SCALARS and one == other)


_SCALARS = frozenset({str, int, float, bool, type(None)})


# -- differences ------------------------------------------------------------------------------------------------------


def differences(of: Property, desired: object, actual: object, steps: Steps = ()) -> Iterator[Change]:
    """The changes in the value of one property, at any depth. `steps` is the path of the property itself."""
    desired = ABSENT if of.says_nothing(desired) else desired
    actual = ABSENT if of.says_nothing(actual) else actual
    if desired is ABSENT and (of.is_off(actual) or says_no_more_than_none(of, actual)):
        return  # taken out of the program, and off already
    if _same_scalar(of, desired, actual):
        return
    if isinstance(desired, dict) and isinstance(actual, dict):
        for key in [*desired, *(key for key in actual if key not in desired)]:
            within = _of_entry if of.kind == "map" else differences
            yield from within(of.step(key), desired.get(key, ABSENT), actual.get(key, ABSENT), (*steps, key))
    elif isinstance(desired, list) and isinstance(actual, list):
        yield from _list_differences(of, desired, actual, steps)
    else:
        yield Change(Path(steps), actual, desired)


def _list_differences(of: Property, desired: list[object], actual: list[object], steps: Steps) -> Iterator[Change]:
    if of.unordered:
        if not _same_items(desired, actual):
            yield Change(Path(steps), actual, desired)
        return
    for position in range(max(len(desired), len(actual))):
        wanted = desired[position] if position < len(desired) else ABSENT
        there = actual[position] if position < len(actual) else ABSENT
        yield from _of_entry(of.step(position), wanted, there, (*steps, position))


def _of_entry(of: Property, desired: object, actual: object, steps: Steps) -> Iterator[Change]:
    """The differences of an entry of a map, or of an item of a list. One that is taken out counts even if it is empty, or off."""
    if desired is ABSENT and actual is not ABSENT and actual is not None:
        yield Change(Path(steps), actual, ABSENT)
    else:
        yield from differences(of, desired, actual, steps)


def _same_items(desired: list[object], actual: list[object]) -> bool:
    """Whether both lists hold the same values, each as often, in any order."""
    left = list(actual)
    for item in desired:
        if item not in left:  # an unknown equals nothing, so it is never found
            return False
        left.remove(item)
    return not left


def _same_scalar(of: Property, desired: object, actual: object) -> bool:
    if desired is ABSENT or actual is ABSENT:
        return desired is actual
    if is_unknown(desired) or is_unknown(actual) or isinstance(desired, (dict, list)):
        return False
    if of.format == "time-of-day" and isinstance(desired, str) and isinstance(actual, str):
        return _minutes(desired) == _minutes(actual)
    return isinstance(desired, bool) == isinstance(actual, bool) and desired == actual


def _minutes(time: str) -> int | str:
    """Minutes since midnight, so that 9:05 equals 09:05; a text that is no time of day is returned as it is."""
    hours, _, minutes = time.partition(":")
    return int(hours) * 60 + int(minutes) if hours.isdigit() and minutes.isdigit() else time


# -- projection -------------------------------------------------------------------------------------------------------


def project(schema: Schema, declared: Json, live: Json) -> Json:
    """The live values of the declared keys, each in the program's spelling where both mean the same.

    Shape: declared `{"matching": {"enabled": True}}` and live `{"matching": {"enabled": True, "auto_merging": {…}}, "tags": {…}}`
    give `{"matching": {"enabled": True}}`. Properties that AWS never sees (`provider_only`) and tags are not touched here.
    """
    projected: Json = {}
    for name, of_property in schema.inputs.items():
        if name in declared and not of_property.provider_only:
            value = _project(of_property, declared[name], live.get(name, ABSENT))
            if value is not ABSENT:
                projected[name] = value
    return projected


def readable_settings(schema: Schema, declared: Json) -> list[str]:
    """The declared settings that AWS's answer should hold: all but tags, the provider's own inputs, and values that mean "none"."""
    return [
        name
        for name, of in schema.inputs.items()
        if name in declared
        and name != schema.tags_input
        and not of.provider_only
        and not of.says_nothing(declared[name])
    ]


def _project(of: Property, declared: object, live: object) -> object:
    live = ABSENT if of.says_nothing(live) else live
    if of.says_nothing(declared):
        return declared  # "none" is the same as not declared, so what AWS fills in does not count
    if live is ABSENT and (of.is_off(declared) or of.switch_of(declared) is False):
        return declared  # off, whether AWS says so or leaves the setting out
    if of.switch_of(declared) is False and of.switch_of(live) is False:
        live = {**members(declared), **members(live)}  # which members AWS keeps of a setting that is off is not known
    if isinstance(declared, dict) and isinstance(live, dict):
        return {
            key: value
            for key in declared
            if (value := _project(of.step(key), declared[key], live.get(key, ABSENT))) is not ABSENT
        }
    if isinstance(declared, list) and isinstance(live, list):
        return _project_list(of, declared, live)
    return declared if _same_scalar(of, declared, live) else live


def _project_list(of: Property, declared: list[object], live: list[object]) -> list[object]:
    if of.unordered:
        return declared if _same_items(declared, live) else live
    pairs = enumerate(zip(declared, live, strict=False))
    paired = [_project(of.step(position), one, other) for position, (one, other) in pairs]
    return [*paired, *live[len(paired) :]]
