"""Which property, or which word of an enum, a person may have meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from ..path import Path, PathPattern
from ..schema import Property, places_of

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
    """What an unknown key of the map at `around` may mean: a key of that map, or the path of a key elsewhere.

    Shape: `["rule_based_matching.matching_rules[].rule"]`, where `[]` stands for each item of a list.
    """
    found = alike(name, root.at(around).inputs)
    if found and folded(found[0]) == folded(name):
        return found
    named = (place for place, _ in places_of(root, settable=True) if isinstance(place[-1], str))
    elsewhere = [place for place in named if folded(str(place[-1])) == folded(name)]
    below = [
        place for place in elsewhere if len(place) > len(around) and PathPattern(place[: len(around)]).covers(around)
    ]
    near = below or elsewhere
    return [str(place).replace("[*]", "[]") for place in near] if 0 < len(near) < MANY else found
