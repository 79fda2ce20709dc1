"""Which property, or which word of an enum, a person may have meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from ..schema import Schema

MANY = 4  # so many places that a key might belong to are no help


def folded(name: str) -> str:
    """The name without what spellings differ in: `jobSchedule`, `JobSchedule` and `job_schedule` are one."""
    return "".join(filter(str.isalnum, name)).lower()


def alike(name: str, known: Iterable[str]) -> list[str]:
    """The known names that are the same but for their spelling, or else the closest one, if one is close."""
    by_fold = {folded(each): each for each in known}
    if folded(name) in by_fold:
        return [by_fold[folded(name)]]
    return [by_fold[each] for each in get_close_matches(folded(name), by_fold, n=1)]


def for_key(name: str, place: str, here: Schema, root: Schema) -> list[str]:
    """What an unknown key of the map at `place` may have meant: a key of that map, or the path of one further off."""
    found = alike(name, inputs(here))
    if found and folded(found[0]) == folded(name):
        return found
    elsewhere = [path for path in paths(root) if folded(path.rpartition(".")[2]) == folded(name)]
    below = [path for path in elsewhere if path.startswith(f"{place}.")]
    near = (below if place else []) or elsewhere
    return near if 0 < len(near) < MANY else found


def inputs(schema: Schema) -> list[str]:
    """The keys that a program may write in a map of this schema."""
    return [key for key, member in schema["properties"].items() if not member.get("readOnly")]


def paths(schema: Schema, path: str = "") -> Iterator[str]:
    """The path of every input: `matching.job_schedule.time`, `rule_based_matching.matching_rules[].rule`."""
    for name, member in schema.get("properties", {}).items():
        if not member.get("readOnly"):
            place = f"{path}.{name}".lstrip(".")
            yield place
            yield from paths(member, place)
            yield from paths(member.get("items", {}), f"{place}[]")
