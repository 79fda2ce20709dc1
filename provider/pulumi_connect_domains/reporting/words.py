"""Differences in words: values as text, the kind of a change, what happened to an ordered list, and what a change means. Pure.

Reviews and drift reports use the same words for the same difference. What a change means is written in schema.json, in a property's
`means`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from ..model.schema import Property
from ..model.values import ABSENT, SECRET, is_number, is_unknown
from ..model.wording import plural

IN_SHORT = {
    "on": "turned on",
    "off": "turned off",
    "set": "set",
    "removed": "removed",
    "raised": "raised from {before} to {after}",
    "lowered": "lowered from {before} to {after}",
    "reordered": "in another order",
    "changed": "changed",
    "hidden": "changed, but it is secret",
    "unknown": "known only when it is applied",
}
"""The words for each kind of change; the keys are also the keys of `means` in the schemas."""


def kind(of: Property, before: object, after: object) -> str:
    """The kind of the change from one value to the other, a key of IN_SHORT. `ABSENT` is no value."""
    was_on, is_on = (value is True or of.switch_of(value) is True for value in (before, after))
    if was_on is not is_on:
        return "on" if is_on else "off"
    if after is ABSENT or after == "":
        return "removed"
    if is_unknown(before) or is_unknown(after):
        return "unknown"
    if before is ABSENT or before == "":
        return "set"
    if SECRET in (before, after):
        return "hidden"
    if is_number(before) and is_number(after):
        return "raised" if before < after else "lowered"  # type: ignore[operator]  # both are numbers
    if isinstance(before, list) and isinstance(after, list) and _sorted(before) == _sorted(after):
        return "reordered"
    return "changed"


def in_short(of: Property, before: object, after: object) -> str:
    """What happened to a value, in two to ten words. Numbers have their units; items of an ordered list are named by their positions.

    Shape: "turned off", "raised from 30 to 365 days", "levels 2 and 3 swapped", "BusinessAddress added", "removed".
    """
    if isinstance(before, list) and isinstance(after, list):
        return _list_in_short(of, before, after)
    found = kind(of, before, after)
    units = f" {of.units}" if of.units else ""
    return IN_SHORT[found].format(before=value_text(before), after=value_text(after) + units)


def meaning(of: Property, before: object, after: object) -> str:
    """What the change means for the domain, as the property's `means` says; "" where it says nothing.

    Shape of `means`: `{"raised": "more profiles merge", "= SOURCE": "the values of source_name win", "any": "…"}`. The sentence for the
    new value is preferred, then the one for the kind of change, then "any".
    """
    means = of.means
    found = kind(of, before, after)
    for key in (f"= {value_text(after)}", found, "changed" if found == "hidden" else found, "any"):
        if key in means:
            return means[key].format(before=value_text(before), after=value_text(after))
    return ""


def value_text(value: object) -> str:
    """The value in one line: "true", "a, b", "enabled: true, job_schedule: (time: 9:05)"; None and ABSENT are "not set".

    A rule, which is a map with one list in it, is written as its attributes.
    """
    if value is ABSENT or value is None:
        return "not set"
    if is_unknown(value):
        return "known after apply"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return _map_text(value)
    if isinstance(value, (list, tuple)):
        between = "; " if any(isinstance(item, (Mapping, list)) for item in value) else ", "
        return between.join(map(value_text, value)) or "none"
    return str(value)


def item_in_short(noun: str, before: Sequence[object], after: Sequence[object], position: int) -> str:
    """What happened at one position (0 is the first) of an ordered list; `noun` is the word for a position, "level".

    Shape: "levels 2 and 3 swapped", "was level 3, now level 2", "new level 2", "level 3 removed", "now level 1", "level 2 changed".
    """
    old, new = list(map(_key, before)), list(map(_key, after))
    pair = _swapped(old, new)
    if pair and position in pair:
        return f"{noun}s {pair[0] + 1} and {pair[1] + 1} swapped"
    if position >= len(new):
        elsewhere = new.index(old[position]) + 1 if old[position] in new else None
        return f"now {noun} {elsewhere}" if elsewhere else f"{noun} {position + 1} removed"
    if new[position] in old:
        return f"was {noun} {old.index(new[position]) + 1}, now {noun} {position + 1}"
    return (
        f"new {noun} {position + 1}"
        if position >= len(old) or old[position] in new
        else f"{noun} {position + 1} changed"
    )


# -- lists ------------------------------------------------------------------------------------------------------------


def _list_in_short(of: Property, before: list[object], after: list[object]) -> str:
    if of.item_noun:
        return _ordered_in_short(of.item_noun, before, after)
    gone = [value_text(item) for item in before if item not in after]
    come = [value_text(item) for item in after if item not in before]
    parts = [f"{', '.join(come)} added"] if come else []
    parts += [f"{', '.join(gone)} removed"] if gone else []
    return "; ".join(parts) or IN_SHORT["reordered"]


def _ordered_in_short(noun: str, before: list[object], after: list[object]) -> str:
    old, new = list(map(_key, before)), list(map(_key, after))
    pair = _swapped(old, new)
    if pair:
        return f"{noun}s {pair[0] + 1} and {pair[1] + 1} swapped"
    if sorted(old) == sorted(new):
        moved = [str(place + 1) for place, (one, other) in enumerate(zip(old, new, strict=True)) if one != other]
        return f"{noun}s {', '.join(moved[:-1])} and {moved[-1]} {IN_SHORT['reordered']}" if moved else "unchanged"
    parts: list[str] = []
    for what, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        shared = min(old_to - old_from, new_to - new_from) if what == "replace" else 0
        parts += [f"{_places(noun, old_from, old_from + shared)} changed"] if shared else []
        if what != "equal" and old_to - old_from > shared:
            shift = ", the later ones move up" if old_to < len(old) else ""
            parts.append(f"{_places(noun, old_from + shared, old_to)} removed{shift}")
        if what != "equal" and new_to - new_from > shared:
            shift = ", the later ones move down" if new_to < len(new) else ""
            parts.append(f"{_places(noun, new_from + shared, new_to)} added{shift}")
    return "; ".join(parts)


def _swapped(old: Sequence[str], new: Sequence[str]) -> tuple[int, int] | None:
    """The two positions whose items changed places; None where anything else changed."""
    if len(old) != len(new):
        return None
    moved = [place for place, (one, other) in enumerate(zip(old, new, strict=True)) if one != other]
    if len(moved) == 2 and old[moved[0]] == new[moved[1]] and old[moved[1]] == new[moved[0]]:
        return moved[0], moved[1]
    return None


def _places(noun: str, start: int, end: int) -> str:
    count = end - start
    return f"{plural(count, noun)} {start + 1}" + (f" to {end}" if count > 1 else "")


def _sorted(items: Sequence[object]) -> list[str]:
    return sorted(map(_key, items))


def _key(item: object) -> str:
    """The item as text, to compare: equal items give equal texts, and an unknown value equals only itself."""
    return json.dumps(item, sort_keys=True, default=lambda other: f"unknown {id(other)}")


# -- values -----------------------------------------------------------------------------------------------------------


def _map_text(value: Mapping[str, object]) -> str:
    if len(value) == 1 and isinstance(only := next(iter(value.values())), list):
        return value_text(only)  # a rule is its attributes
    inner = (
        f"({value_text(item)})" if isinstance(item, (Mapping, list)) else value_text(item) for item in value.values()
    )
    return ", ".join(f"{key}: {text}" for key, text in zip(value, inner, strict=True)) or "none"
