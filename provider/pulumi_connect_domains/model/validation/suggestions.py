"""Which property, or which word of an enum, a person may have meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from ..path import Path
from ..schema import Property

MANY = 4  # with so many places that a key may belong to, none is suggested

_NAME = re.compile("[A-Za-z_][A-Za-z0-9_-]{0,63}")


def is_name(key: str) -> bool:
    """Whether a person may have meant the key as the name of a property; any other may be a value in the wrong place."""
    return _NAME.fullmatch(key) is not None


def folded(name: str) -> str:
    """The name in small letters and digits alone, so that `jobSchedule`, `JobSchedule` and `job_schedule` become one."""
    return "".join(filter(str.isalnum, name)).lower()


def alike(name: str, known: Iterable[str]) -> list[str]:
    """The known name that differs in spelling alone, or else the closest one, if one is close."""
    by_fold = {folded(each): each for each in known}
    if folded(name) in by_fold:
        return [by_fold[folded(name)]]
    return [by_fold[each] for each in get_close_matches(folded(name), by_fold, n=1)]


def for_key(name: str, around: Path, root: Property) -> list[str]:
    """What an unknown key of the map at `around` may mean: a key of that map, or the path of a key elsewhere."""
    found = alike(name, root.at(around).inputs)
    if found and folded(found[0]) == folded(name):
        return found
    elsewhere = [path for path, last in input_paths(root) if folded(last) == folded(name)]
    below = [path for path in elsewhere if path.startswith(f"{around}.")]
    near = (below if around else []) or elsewhere
    return near if 0 < len(near) < MANY else found


def input_paths(of: Property, path: str = "") -> Iterator[tuple[str, str]]:
    """Every input at any depth: its path, where `[]` stands for each item of a list, and its name.

    Shape: `("rule_based_matching.matching_rules[].rule", "rule")`.
    """
    for name, member in of.inputs.items():
        place = f"{path}.{name}".lstrip(".")
        yield place, name
        yield from input_paths(member, place)
        if member.items:
            yield from input_paths(member.items, f"{place}[]")
