"""The rows of a domain's table: each difference once, at the grain in which people think of it. Pure.

A block that is new is shown member by member, one that went as a whole; a tag is a row, and so is a rule, whose position is its level;
other lists are one row. What differs is the comparator's to say, so a row is never shown for what AWS would not change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from ..model import comparison
from ..model import path as paths
from ..model.comparison import ABSENT, Change, Schema
from ..model.path import Keys, node_at
from ..model.values import Json
from ..reporting.words import SECRET, in_short, item_in_short, meaning
from .model import Row
from .secrecy import Secrecy


@dataclass(frozen=True)
class _Unit:
    """A difference as it will be shown; `remark` is about its place in a list."""

    keys: Keys
    schema: Schema
    before: object
    after: object
    remark: str = ""


def rows(
    schema: Schema,
    desired: Json,
    actual: Json,
    secrecy: Secrecy,
    detail: Sequence[str] | None = None,
    is_new: bool = False,
) -> tuple[Row, ...]:
    """A row for each difference, in the schema's order. For a new domain, what is merely set is not explained as a change.

    `detail` are the paths that the engine saw change, or None where it did not look. Of a secret only the engine can say whether it
    differs: on one side or on both the preview shows a mask.
    """
    units = {
        unit.keys: unit
        for change in comparison.changes(schema, desired, actual)
        for unit in _units(schema, desired, actual, change)
    }
    if detail is not None:
        named = {keys for path in detail if (keys := _named(schema, path))}
        units = {keys: unit for keys, unit in units.items() if not secrecy.hides(keys) or _is_among(keys, named)}
        units |= {unit.keys: unit for unit in _hidden(schema, secrecy, named) if unit.keys not in units}
    kept = [unit for keys, unit in units.items() if not _is_told_elsewhere(schema, keys, units)]
    kept.sort(key=lambda unit: _place(schema, unit.keys))
    return tuple(_row(schema, unit, secrecy, is_new) for unit in kept)


def _row(schema: Schema, unit: _Unit, secrecy: Secrecy, is_new: bool) -> Row:
    before = _ordered(unit.schema, secrecy.masked(unit.keys, unit.before))
    after = _ordered(unit.schema, secrecy.masked(unit.keys, unit.after))
    said = meaning(unit.schema, before, after) or unit.remark
    if not said and not is_new:
        said = "added" if before is ABSENT else in_short(unit.schema, before, after)
    elif isinstance(before, list) and isinstance(after, list) and _is_flat(before + after):
        said = f"{in_short(unit.schema, before, after)}: {said}"
    top = node_at(schema, unit.keys[:1])
    return Row(paths.text(unit.keys), before, after, said, bool(top.get("createOnly")) and not is_new)


def _named(schema: Schema, path: str) -> tuple[str, ...]:
    """The keys of a path as the engine writes it, up to its first list; none where it is no path.

    Shape: `tags["cost.center"]` is ("tags", "cost.center"), `matching_rules[1].rule` is ("matching_rules",).
    """
    try:
        keys = paths.settled(schema, paths.parse(path))
    except ValueError:
        return ()
    return tuple(str(key) for key in takewhile(lambda key: isinstance(key, str), keys))


def _is_among(keys: Keys, named: Iterable[tuple[str, ...]]) -> bool:
    """Whether one of the paths is the place itself, lies within it or around it."""
    return any(each[: len(keys)] == keys[: len(each)] for each in named)


def _hidden(schema: Schema, secrecy: Secrecy, named: Iterable[tuple[str, ...]]) -> Iterator[_Unit]:
    """The secrets among the paths; a list that holds one is secret as a whole."""
    for keys in sorted(named):
        if keys[0] in comparison.input_properties(schema) and secrecy.hides(keys):
            yield _Unit(keys, node_at(schema, keys), SECRET, SECRET)


def _units(schema: Schema, desired: Json, actual: Json, change: Change) -> Iterator[_Unit]:
    position = next((place for place, key in enumerate(change.keys) if isinstance(key, int)), None)
    if position is None:
        yield from _expanded(_Unit(change.keys, node_at(schema, change.keys), change.before, change.after))
        return
    of_list = change.keys[:position]
    node = node_at(schema, of_list)
    before, after = _at(actual, of_list), _at(desired, of_list)
    if "itemNoun" not in node:
        yield _Unit(of_list, node, before, after)
        return
    keys = change.keys[: position + 1]
    at = int(keys[-1])
    remark = item_in_short(str(node["itemNoun"]), _items(before), _items(after), at)
    yield _Unit(keys, node_at(schema, keys), _item(before, at), _item(after, at), remark)


def _expanded(unit: _Unit) -> Iterator[_Unit]:
    """The unit as it is, or a map's entries, a new block's members, a new list's items."""
    before, after = unit.before, unit.after
    is_map = unit.schema.get("type") == "object" and "properties" not in unit.schema
    if is_map and all(side is ABSENT or isinstance(side, dict) for side in (before, after)):
        entries = dict.fromkeys([*_members(before), *_members(after)])
    elif before is ABSENT and isinstance(after, dict):
        entries = dict.fromkeys(after)
    elif before is ABSENT and isinstance(after, list) and "itemNoun" in unit.schema:
        for at, item in enumerate(after):
            remark = item_in_short(str(unit.schema["itemNoun"]), [], after, at)
            yield _Unit((*unit.keys, at), node_at(unit.schema, (at,)), ABSENT, item, remark)
        return
    else:
        yield unit
        return
    for key in entries:
        node = node_at(unit.schema, (key,))
        yield from _expanded(
            _Unit((*unit.keys, key), node, _members(before).get(key, ABSENT), _members(after).get(key, ABSENT))
        )


def _place(schema: Schema, keys: Keys) -> tuple[tuple[int, str], ...]:
    """Where a row stands: members in the schema's order, entries of maps by name, positions by number."""
    found = []
    for key in keys:
        members = list(_schema(schema.get("properties")))
        found.append(
            (key, "") if isinstance(key, int) else (members.index(key) if key in members else len(members), key)
        )
        schema = node_at(schema, (key,))
    return tuple(found)


def _ordered(schema: Schema, value: object) -> object:
    """The value with its members in that order too: the engine hands them over in any."""
    if isinstance(value, Mapping):
        keys = sorted(value, key=lambda key: _place(schema, (key,)))
        return {key: _ordered(node_at(schema, (key,)), value[key]) for key in keys}
    if isinstance(value, list):
        return [_ordered(_schema(schema.get("items")), item) for item in value]
    return value


def _is_told_elsewhere(schema: Schema, keys: Keys, units: Mapping[Keys, _Unit]) -> bool:
    """Whether the same entry stands under the property that this one is merged from: a tag is told once."""
    source = node_at(schema, keys[:1]).get("mergedFrom")
    return source is not None and (str(source), *keys[1:]) in units


def _at(document: object, keys: Keys) -> object:
    for key in keys:
        document = document.get(str(key), ABSENT) if isinstance(document, Mapping) else ABSENT
    return document


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _item(value: object, at: int) -> object:
    items = _items(value)
    return items[at] if at < len(items) else ABSENT


def _members(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _is_flat(items: list[object]) -> bool:
    return not any(isinstance(item, (Mapping, list)) for item in items)


def _schema(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
