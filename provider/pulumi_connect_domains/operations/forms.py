"""The forms of settings: text, flag, number, list, object. Each function reads a given value of its form.

Stack config gives texts, and JSON texts for lists and objects. A Provider gives values of the right type. Every function takes both.
Each raises ValueError, whose text says what the value should be, and never what it is: config may be secret.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..model.tags import is_reserved
from ..model.wording import snake_case

REGION = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
_URL = re.compile(r"https?://[\w.:\[\]-]+(/\S*)?", re.ASCII)
_UNIT_SECONDS = {"h": 3600, "m": 60, "s": 1, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}
_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)(h|ms|m|s|us|µs|ns)")


def text(given: object) -> str:
    """The text, without blanks around it."""
    if not isinstance(given, str):
        raise ValueError("should be text")
    return given.strip()


def region(given: object) -> str:
    """The name of a region."""
    name = text(given)
    if not REGION.fullmatch(name):
        raise ValueError("should be the name of a region, such as eu-west-2")
    return name


def flag(given: object) -> bool:
    """True or false."""
    if isinstance(given, bool):
        return given
    if given not in ("true", "false"):
        raise ValueError("should be true or false")
    return given == "true"


def positive(given: object) -> int:
    """A whole number from 1 on."""
    try:
        is_number = isinstance(given, (int, float)) or (isinstance(given, str) and given.strip().isdecimal())
        number = float(given) if is_number else float("nan")  # type: ignore[arg-type]  # as was just seen
    except OverflowError:  # a whole number of hundreds of digits
        number = float("nan")
    if isinstance(given, bool) or not number.is_integer() or number < 1:
        raise ValueError("should be a whole number from 1 on")
    return int(number)


def seconds(given: object) -> int:
    """Whole seconds, from a number of seconds or from a duration such as 1h30m. Source: pulumi-aws takes Go's durations."""
    if isinstance(given, str) and (parts := _DURATION.findall(given)) and _DURATION.sub("", given) == "":
        total = sum(float(number) * _UNIT_SECONDS[unit] for number, unit in parts)
        if math.isfinite(total):
            return round(total)
    try:
        return positive(given)
    except ValueError:
        raise ValueError("the duration of a role should be such as 3600s, 60m or 1h") from None


def retry_mode(given: object) -> str:
    """`standard` or `adaptive`."""
    if given not in ("standard", "adaptive"):
        raise ValueError("should be standard or adaptive")
    return str(given)


def texts(given: object) -> tuple[str, ...]:
    """A list of texts."""
    items = _loaded(given)
    if isinstance(items, str) or not isinstance(items, Sequence) or not all(isinstance(item, str) for item in items):
        raise ValueError("should be a list of texts")
    return tuple(items)


def accounts(given: object) -> tuple[str, ...]:
    """A list of account numbers."""
    try:
        numbers = texts(given)
    except ValueError:
        numbers = ("",)
    if not all(re.fullmatch("[0-9]{12}", number) for number in numbers):
        raise ValueError("should be a list of account numbers: twelve digits each, in quotes")
    return numbers


def one_file(given: object) -> str:
    """The path of the one file in a list. Source: botocore reads one config file and one credentials file."""
    files = (given,) if isinstance(given, str) and not given.lstrip().startswith("[") else texts(given)
    if len(files) != 1:
        raise ValueError("should name one file: more than one is not supported")
    return text(files[0])


def object_(given: object) -> dict[str, Any]:
    """An object, its top-level keys in snake_case, without nulls."""
    members = _loaded(given)
    if not isinstance(members, Mapping):
        raise ValueError("should be an object")
    said = {str(key): value for key, value in members.items() if value is not None}
    found = {snake_case(key): value for key, value in said.items()}
    if len(found) < len(said):
        raise ValueError("gives a member twice, in two spellings")
    return found


def objects(given: object) -> tuple[dict[str, Any], ...]:
    """A list of objects. One object alone is a list of one."""
    items = _loaded(given)
    if isinstance(items, Mapping):
        items = [items]
    if isinstance(items, str) or not isinstance(items, Sequence):
        raise ValueError("should be a list of objects")
    return tuple(object_(item) for item in items if item is not None)


def endpoints(given: object) -> tuple[tuple[str, str], ...]:
    """Pairs of service and URL, sorted, from one object or a list of objects."""
    pairs = [(service, url) for each in objects(given) for service, url in each.items() if url]
    if not all(isinstance(url, str) and _URL.fullmatch(url) for _, url in pairs):
        raise ValueError("should hold URLs, such as http://127.0.0.1:5000")
    return tuple(sorted(pairs))


def tags(given: object) -> dict[str, str]:
    """A map of texts."""
    members = _loaded(given)
    if not isinstance(members, Mapping) or not all(isinstance(value, str) for value in members.values()):
        raise ValueError("should be a map of tags, whose values are texts")
    return {str(key): value for key, value in members.items()}


def default_tags(given: object) -> dict[str, str]:
    """A map of texts: the value itself, or the value's member `tags`, which is pulumi-aws's form. No key may be one of AWS's own."""
    members = _loaded(given)
    inner = members.get("tags") if isinstance(members, Mapping) else None
    found = tags(inner if isinstance(inner, Mapping) else members)
    if any(map(is_reserved, found)):
        raise ValueError("has a key that begins with aws:, which AWS keeps for itself")
    return found


def _loaded(given: object) -> object:
    """The value of a JSON text; any other value as it is. Raises: ValueError."""
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given)
    except (ValueError, RecursionError):
        raise ValueError("should be JSON") from None
