"""Findings for people, made from changes: each tag once, the differences within a list together, secrets masked. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ..model import documents
from ..model.comparison import Change
from ..model.path import Path, PathPattern
from ..model.schema import Schema
from ..model.values import ABSENT, SECRET, Json, is_unknown
from ..reporting.words import in_short
from .model import Finding


@dataclass(frozen=True)
class Sorted:
    """The differences of one domain: those that count, those under ignore_changes, and the paths that cannot be compared."""

    findings: tuple[Finding, ...]
    ignored: tuple[Finding, ...]
    cannot_tell: tuple[str, ...]


def sort(
    schema: Schema,
    declared: Json,
    live: Json,
    changes: Sequence[Change],
    secrets: frozenset[Path],
    ignored: Sequence[PathPattern],
) -> Sorted:
    """The changes as findings, in their groups. `declared` and `live` were compared; `secrets` and `ignored` are paths in both."""
    if not changes:
        return Sorted((), (), ())
    single = [each for change in changes for each in _tag_by_tag(schema, change)]
    single = [each for each in single if not _is_said_under_tags(schema, each, declared)]
    single = list(_hidden(single, declared, live, secrets))
    known = [each for each in single if not _is_undecidable(schema, each)]
    unknown = [str(each.path) for each in single if _is_undecidable(schema, each)]
    counted = [each for each in known if not _is_ignored(each.path, ignored)]
    rest = [each for each in known if _is_ignored(each.path, ignored)]

    def found(some: list[Change]) -> tuple[Finding, ...]:
        return tuple(_finding(schema, each, secrets) for each in _together(declared, live, some))

    return Sorted(found(counted), found(rest), tuple(unknown))


# -- tags -------------------------------------------------------------------------------------------------------------


def _tag_by_tag(schema: Schema, change: Change) -> Iterator[Change]:
    """One change for each key of a map that is set on one side only; any other change as it is."""
    both = (change.actual, change.desired)
    sides = [side for side in both if isinstance(side, dict)]
    if any(map(is_unknown, both)) or schema.at(change.path).kind != "map" or len(sides) != 1:
        yield change
        return
    for key, value in sides[0].items():
        actual, desired = (value, change.desired) if sides[0] is change.actual else (change.actual, value)
        yield Change(change.path / key, actual, desired)


def _is_said_under_tags(schema: Schema, change: Change, declared: Json) -> bool:
    """Whether the change is of a tag in `tags_all` that the resource declares itself: it is reported as `tags.KEY`."""
    if change.top != schema.tags_output:
        return False
    own = declared.get(schema.tags_input)
    return is_unknown(own) or (len(change.path) > 1 and isinstance(own, dict) and change.path[1] in own)


def _is_ignored(path: Path, ignored: Sequence[PathPattern]) -> bool:
    return any(pattern.covers(path) for pattern in ignored)


# -- secrets ----------------------------------------------------------------------------------------------------------


def _hidden(changes: Iterable[Change], declared: Json, live: Json, secrets: frozenset[Path]) -> Iterator[Change]:
    """The changes. Those within a secret become one at the secret's own path, since keys and positions in it are secret too."""
    said: set[Path] = set()
    for change in changes:
        around = min((secret for secret in secrets if change.path.is_within(secret)), key=len, default=change.path)
        if around == change.path:
            yield change
        elif around not in said:
            said.add(around)
            yield Change(around, around.find(live), around.find(declared))


# -- what cannot be told ----------------------------------------------------------------------------------------------


def _is_undecidable(schema: Schema, change: Change) -> bool:
    """Whether it depends on an encrypted secret if there is a difference at all."""
    wanted, there = change.desired, change.actual
    if is_unknown(wanted):
        return True
    if isinstance(wanted, dict) and there is ABSENT:
        return is_unknown(schema.at(change.path).switch_of(wanted))  # if that is false, then AWS is as declared
    if isinstance(wanted, list) and isinstance(there, list):
        readable = [item for item in wanted if not is_unknown(item)]
        is_other = len(wanted) != len(there) or any(item not in there for item in readable)
        return len(readable) < len(wanted) and not is_other
    return False


# -- lists ------------------------------------------------------------------------------------------------------------


def _together(declared: Json, live: Json, changes: list[Change]) -> Iterator[Change]:
    """The changes. Several within one ordered list become one, at the longest path that they share.

    So two rules that changed places are one finding ("levels 2 and 3 swapped"), not four.
    """
    for around, group in groupby(changes, lambda change: change.path.list_around):
        members = list(group)
        if around is None or len(members) == 1:
            yield from members
        else:
            shared = _shared(change.path for change in members)
            yield Change(shared, shared.find(live), shared.find(declared))


def _shared(some: Iterable[Path]) -> Path:
    """The longest path that all of them lie within."""
    first, *others = some
    length = next(
        (at for at in range(len(first)) if any(path[: at + 1] != first[: at + 1] for path in others)), len(first)
    )
    return first.upto(length)


# -- findings ---------------------------------------------------------------------------------------------------------


def _finding(schema: Schema, change: Change, secrets: frozenset[Path]) -> Finding:
    declared, live = (documents.masked(value, change.path, secrets) for value in (change.desired, change.actual))
    is_secret = SECRET in (declared, live) or any(secret.is_within(change.path) for secret in secrets)
    lies_in_a_secret = any(change.path.is_within(secret) for secret in secrets)
    summary = "differs, but it is secret" if lies_in_a_secret else _summary(schema, change.path, declared, live)
    return Finding(str(change.path), declared, live, summary, is_secret)


def _summary(schema: Schema, path: Path, declared: object, live: object) -> str:
    """What happened in AWS since the program declared the value, in words; within a rule with its level: "level 2: …"."""
    before, after = (ABSENT if value is None else value for value in (declared, live))
    words = in_short(schema.at(path), before, after)
    for place, step in enumerate(path):
        noun = schema.at(path[:place]).item_noun
        if isinstance(step, int) and noun:
            return f"{noun} {step + 1} {words}" if place == len(path) - 1 else f"{noun} {step + 1}: {words}"
    return words
