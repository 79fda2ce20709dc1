"""Which property, or which word of an enum, a person may have meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache

from ..path import Path, PathPattern
from ..schema import Property, places_of

LONGEST = 64  # a longer key is no misspelt name; comparing one of a megabyte would take seconds
MANY = 4  # with so many places that a key may belong to, none is suggested

_NAME = re.compile(f"[A-Za-z_][A-Za-z0-9_-]{{0,{LONGEST - 1}}}")


def is_name(key: str) -> bool:
    """Whether a person may have meant the key as the name of a property; any other may be a value in the wrong place."""
    return _NAME.fullmatch(key) is not None


def folded(name: str) -> str:
    """The name in small letters and digits alone, so that `jobSchedule`, `JobSchedule` and `job_schedule` become one."""
    return "".join(filter(str.isalnum, name)).lower()


def alike(name: str, known: Iterable[str]) -> list[str]:
    """The known name that differs in spelling alone, or else the closest one, if one is close."""
    return list(_alike(folded(name), tuple(known))) if len(name) <= LONGEST else []


@lru_cache(maxsize=4096)
def _alike(fold: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """The closest known name. Kept, since each unknown key is looked up by three checks."""
    by_fold = _by_fold(known)
    close = [fold] if fold in by_fold else get_close_matches(fold, by_fold, n=1)
    return tuple(by_fold[each] for each in close)


@lru_cache(maxsize=256)
def _by_fold(known: tuple[str, ...]) -> Mapping[str, str]:
    return {folded(each): each for each in known}


@lru_cache(maxsize=64)
def _places(root: Property) -> Mapping[str, tuple[PathPattern, ...]]:
    """The places of all settable properties, by their folded names. Made once: a document may have thousands of unknown keys."""
    found: dict[str, tuple[PathPattern, ...]] = {}
    for place, _ in places_of(root, settable=True):
        if isinstance(place[-1], str):
            fold = folded(place[-1])
            found[fold] = (*found.get(fold, ()), place)
    return found


def for_key(name: str, around: Path, root: Property) -> list[str]:
    """What an unknown key of the map at `around` may mean: a key of that map, or the path of a key elsewhere.

    Shape: `["rule_based_matching.matching_rules[].rule"]`, where `[]` stands for each item of a list.
    """
    found = alike(name, root.at(around).inputs)
    if found and folded(found[0]) == folded(name):
        return found
    elsewhere = _places(root).get(folded(name), ())
    below = [
        place for place in elsewhere if len(place) > len(around) and PathPattern(place[: len(around)]).covers(around)
    ]
    near = below or elsewhere
    return [str(place).replace("[*]", "[]") for place in near] if 0 < len(near) < MANY else found
