"""The rows of a domain's table: each difference once. Pure.

A new block is shown member by member, a removed one as a whole. Each tag is a row, and so is each rule, whose position is its level; any
other list is one row. `model.comparison` decides what differs, so no row shows what would not change in AWS.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..model import comparison, documents
from ..model.comparison import Change
from ..model.path import Path
from ..model.schema import Property, Schema
from ..model.values import ABSENT, SECRET, Json, members
from ..reporting.words import in_short, item_in_short, meaning
from .model import Row
from .secrecy import Secrecy


@dataclass(frozen=True)
class _Unit:
    """A difference as it will be shown; `remark` is about its place in a list."""

    path: Path
    of: Property
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
    """A row for each difference, in the schema's order. In the rows of a new domain nothing is called a change.

    `detail` are the paths that the engine saw change, or None where it did not look. They alone say which secrets differ,
    since the preview masks a secret on one side or on both.
    """
    found = (
        unit
        for change in comparison.changes(schema, desired, actual)
        for unit in _units(schema, desired, actual, change)
    )
    units = {unit.path: unit for each in found for unit in (_without_keys(schema, secrecy, each),)}
    if detail is not None:
        named = {_around_keys(schema, secrecy, path) for text in detail if (path := _named(schema, text))}
        units = {path: unit for path, unit in units.items() if not secrecy.hides(path) or _is_among(path, named)}
        units |= {unit.path: unit for unit in _hidden(schema, secrecy, named) if unit.path not in units}
    # `tags.team` stands for `tags_all.team` too.
    kept = [unit for path, unit in units.items() if schema.merged_from_place(path) not in units]
    kept.sort(key=lambda unit: _place(schema, unit.path))
    return tuple(_row(schema, unit, secrecy, is_new) for unit in kept)


def _row(schema: Schema, unit: _Unit, secrecy: Secrecy, is_new: bool) -> Row:
    before = documents.in_order(unit.of, secrecy.masked(unit.path, unit.before))
    after = documents.in_order(unit.of, secrecy.masked(unit.path, unit.after))
    said = meaning(unit.of, before, after) or unit.remark
    if not said and not is_new:
        said = "added" if before is ABSENT else in_short(unit.of, before, after)
    elif isinstance(before, list) and isinstance(after, list) and _is_flat(before + after):
        said = f"{in_short(unit.of, before, after)}: {said}"
    return Row(str(unit.path), before, after, said, schema.at(unit.path[:1]).create_only and not is_new)


def _named(schema: Schema, text: str) -> Path:
    """The path that the engine wrote, up to its first list; empty where it is no path.

    Shape: `tags["cost.center"]` is ("tags", "cost.center"), `matching_rules[1].rule` is ("matching_rules",).
    """
    try:
        return Path(schema.settle(Path.parse(text)).names)
    except ValueError:
        return Path()


def _around_keys(schema: Schema, secrecy: Secrecy, path: Path) -> Path:
    """The path; of a place in a map that is secret as a whole, the path of that map, since its keys are secret too."""
    arounds = (path.upto(length) for length in range(1, len(path)))
    return next((each for each in arounds if schema.at(each).kind == "map" and secrecy.hides(each)), path)


def _without_keys(schema: Schema, secrecy: Secrecy, unit: _Unit) -> _Unit:
    path = _around_keys(schema, secrecy, unit.path)
    return unit if path == unit.path else _Unit(path, schema.at(path), SECRET, SECRET)


def _is_among(path: Path, named: Iterable[Path]) -> bool:
    """Whether one of the named paths is this path, or lies within or around it."""
    return any(each.is_within(path) or path.is_within(each) for each in named)


def _hidden(schema: Schema, secrecy: Secrecy, named: Iterable[Path]) -> Iterator[_Unit]:
    """A unit for each secret among the named paths; a list that holds a secret is secret as a whole."""
    for path in sorted(named, key=str):
        if path.top in schema.inputs and secrecy.hides(path):
            yield _Unit(path, schema.at(path), SECRET, SECRET)


def _units(schema: Schema, desired: Json, actual: Json, change: Change) -> Iterator[_Unit]:
    around = change.path.list_around
    if around is None:
        yield from _expanded(_Unit(change.path, schema.at(change.path), change.actual, change.desired))
        return
    of, before, after = schema.at(around), around.find(actual), around.find(desired)
    if not of.item_noun:
        yield _Unit(around, of, before, after)
        return
    path = change.path.upto(len(around) + 1)
    remark = item_in_short(of.item_noun, _items(before), _items(after), int(str(path[-1])))
    yield _Unit(path, schema.at(path), path.find(actual), path.find(desired), remark)


def _expanded(unit: _Unit) -> Iterator[_Unit]:
    """The unit as it is, or a map's entries, a new block's members, a new list's items."""
    before, after = unit.before, unit.after
    if unit.of.kind == "map" and all(side is ABSENT or isinstance(side, dict) for side in (before, after)):
        entries = dict.fromkeys([*members(before), *members(after)])
    elif before is ABSENT and isinstance(after, dict):
        entries = dict.fromkeys(after)
    elif before is ABSENT and isinstance(after, list) and unit.of.item_noun:
        for at, item in enumerate(after):
            remark = item_in_short(unit.of.item_noun, [], after, at)
            yield _Unit(unit.path / at, unit.of.step(at), ABSENT, item, remark)
        return
    else:
        yield unit
        return
    for key in entries:
        old, new = (members(side).get(key, ABSENT) for side in (before, after))
        yield from _expanded(_Unit(unit.path / key, unit.of.step(key), old, new))


def _place(schema: Property, path: Path) -> tuple[tuple[int, str], ...]:
    """Where a row stands: members in the schema's order, entries of maps by name, positions by number."""
    found = []
    of = schema
    for step in path:
        found.append((step, "") if isinstance(step, int) else of.place(str(step)))
        of = of.step(step)
    return tuple(found)


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _is_flat(items: list[object]) -> bool:
    return not any(isinstance(item, (Mapping, list)) for item in items)
