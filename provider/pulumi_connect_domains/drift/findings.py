"""From the comparator's changes to findings that people can read: a tag once, a list's differences together, secrets masked. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from ..model.comparison import ABSENT, Change, Schema
from ..model.path import node_at
from ..model.values import Json, is_unknown
from ..reporting.words import SECRET, in_short
from . import paths
from .model import Finding
from .paths import Keys

TAGS, TAGS_ALL = "tags", "tags_all"


@dataclass(frozen=True)
class Sorted:
    """The differences of one domain: those that count, those under ignore_changes, and the paths that nobody can judge."""

    findings: tuple[Finding, ...]
    ignored: tuple[Finding, ...]
    cannot_tell: tuple[str, ...]


def sort(
    schema: Schema,
    declared: Json,
    live: Json,
    changes: Iterable[Change],
    secrets: frozenset[Keys],
    ignored: Sequence[Keys],
) -> Sorted:
    """The changes, each in its place. `declared` and `live` are the compared documents, `secrets` and `ignored` paths in them."""
    single = [each for change in changes for each in _tag_by_tag(schema, change)]
    single = [each for each in single if not _is_said_under_tags(each, declared)]
    single = list(_hidden(single, declared, live, secrets))
    known = [each for each in single if not _is_undecidable(each)]
    unknown = [paths.text(each.keys) for each in single if _is_undecidable(each)]
    counted = [each for each in known if not _is_ignored(each.keys, ignored)]
    rest = [each for each in known if _is_ignored(each.keys, ignored)]

    def found(some: list[Change]) -> tuple[Finding, ...]:
        return tuple(_finding(schema, each, secrets) for each in _together(schema, declared, live, some))

    return Sorted(found(counted), found(rest), tuple(unknown))


def masked(value: object, keys: Keys, secrets: frozenset[Keys]) -> object:
    """The value as it may be shown: what is secret, within it or around it, is `[secret]`; what is absent is None.

    Shape: `{"enabled": True, "time": "9:05"}` at `job`, where `job.time` is secret, gives `{"enabled": True, "time": "[secret]"}`.
    """
    if value is ABSENT or value is None:
        return None
    if is_unknown(value) or any(paths.within(keys, secret) for secret in secrets):
        return SECRET
    if isinstance(value, Mapping):
        return {key: masked(item, (*keys, key), secrets) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [masked(item, (*keys, position), secrets) for position, item in enumerate(value)]
    return value


def value_at(document: object, keys: Keys) -> object:
    """What stands at the path, or ABSENT."""
    for key in keys:
        if isinstance(document, Mapping):
            document = document.get(key, ABSENT)
        elif isinstance(document, list) and isinstance(key, int) and key < len(document):
            document = document[key]
        else:
            return ABSENT
    return document


# -- tags -------------------------------------------------------------------------------------------------------------


def _tag_by_tag(schema: Schema, change: Change) -> Iterator[Change]:
    """A map that is there on one side only, as one change for each of its keys."""
    node = node_at(schema, change.keys)
    both = (change.before, change.after)
    sides = [side for side in both if isinstance(side, dict)]
    if (
        any(map(is_unknown, both))
        or "properties" in node
        or not isinstance(node.get("additionalProperties"), Mapping)
        or len(sides) != 1
    ):
        yield change
        return
    for key, value in sides[0].items():
        before, after = (value, change.after) if sides[0] is change.before else (change.before, value)
        yield Change((*change.keys, key), before, after)


def _is_said_under_tags(change: Change, declared: Json) -> bool:
    """Whether a tag of `tags_all` is the resource's own, so that it is reported as `tags.KEY`."""
    if change.top != TAGS_ALL:
        return False
    own = declared.get(TAGS)
    return is_unknown(own) or (len(change.keys) > 1 and isinstance(own, dict) and change.keys[1] in own)


def _is_ignored(keys: Keys, ignored: Sequence[Keys]) -> bool:
    return any(paths.covers(pattern, keys) for pattern in ignored)


# -- secrets ----------------------------------------------------------------------------------------------------------


def _hidden(changes: Iterable[Change], declared: Json, live: Json, secrets: frozenset[Keys]) -> Iterator[Change]:
    """The changes; those within one secret are one at its own path, since keys and positions inside are secret too."""
    said: set[Keys] = set()
    for change in changes:
        around = next((secret for secret in secrets if paths.within(change.keys, secret)), change.keys)
        if around == change.keys:
            yield change
        elif around not in said:
            said.add(around)
            yield Change(around, value_at(live, around), value_at(declared, around))


# -- what cannot be told ----------------------------------------------------------------------------------------------


def _is_undecidable(change: Change) -> bool:
    """Whether an unreadable secret decides if there is a difference at all."""
    wanted, there = change.after, change.before
    if is_unknown(wanted):
        return True
    if isinstance(wanted, dict) and there is ABSENT:
        return is_unknown(wanted.get("enabled"))  # if that is false, then nothing in AWS is what was asked for
    if isinstance(wanted, list) and isinstance(there, list):
        readable = [item for item in wanted if not is_unknown(item)]
        is_other = len(wanted) != len(there) or any(item not in there for item in readable)
        return len(readable) < len(wanted) and not is_other
    return False


# -- lists ------------------------------------------------------------------------------------------------------------


def _together(schema: Schema, declared: Json, live: Json, changes: list[Change]) -> Iterator[Change]:
    """The changes, where several within one ordered list are one, at the deepest path that holds them all.

    Rule order is meaning: "levels 2 and 3 swapped" is one thing that happened, not four.
    """
    for outer, group in groupby(changes, lambda change: _list_around(schema, change.keys)):
        members = list(group)
        if not outer or len(members) == 1:
            yield from members
        else:
            shared = _shared(change.keys for change in members)
            yield Change(shared, value_at(live, shared), value_at(declared, shared))


def _list_around(schema: Schema, keys: Keys) -> Keys:
    """The path of the outermost ordered list that the path lies in, or `()`."""
    return next((keys[:place] for place, key in enumerate(keys) if isinstance(key, int)), ())


def _shared(some: Iterable[Keys]) -> Keys:
    first, *others = some
    length = next(
        (place for place in range(len(first)) if any(keys[: place + 1] != first[: place + 1] for keys in others)),
        len(first),
    )
    return first[:length]


# -- findings ---------------------------------------------------------------------------------------------------------


def _finding(schema: Schema, change: Change, secrets: frozenset[Keys]) -> Finding:
    """The finding of a change from what the program declares (`after`) to what is live (`before`)."""
    declared, live = (masked(value, change.keys, secrets) for value in (change.after, change.before))
    is_secret = SECRET in (declared, live) or any(paths.within(secret, change.keys) for secret in secrets)
    if any(paths.within(change.keys, secret) for secret in secrets):
        summary = "differs, but it is secret"
    else:
        summary = _summary(schema, change.keys, declared, live)
    return Finding(paths.text(change.keys), declared, live, summary, is_secret)


def _summary(schema: Schema, keys: Keys, declared: object, live: object) -> str:
    """What happened in AWS since the program declared it, in words, with the level where it lies in one."""
    before, after = (ABSENT if value is None else value for value in (declared, live))
    words = in_short(node_at(schema, keys), before, after)
    for place, key in enumerate(keys):
        noun = node_at(schema, keys[:place]).get("itemNoun")
        if isinstance(key, int) and noun:
            return f"{noun} {key + 1} {words}" if place == len(keys) - 1 else f"{noun} {key + 1}: {words}"
    return words
