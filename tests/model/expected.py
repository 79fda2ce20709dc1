"""What AWS must hold for what a program declares. Written from the documentation of the settings, and shares no code with the product.

Live members are in snake_case here, as programs write them; nothing else is done to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from botocore import xform_name

from .declared import CP, VID, Json

SETTINGS = {
    CP: (
        "default_expiration_days", "default_encryption_key", "dead_letter_queue_url", "matching", "rule_based_matching", "data_store",
    ),
    VID: ("name", "description", "server_side_encryption_configuration"),
}  # fmt: skip
"""What AWS keeps of a domain, beside its tags."""
STAYS_ON = "data_store"
"""The setting that stays as it is when it is taken out of a program."""
SWITCHED = ("matching", "rule_based_matching")
"""The settings that are turned off when they are taken out of a program."""
IN_ANY_ORDER = ("address", "phone_number", "email_address")


def spoken(members: Any) -> Any:
    """Live members in snake_case."""
    if isinstance(members, list):
        return [spoken(each) for each in members]
    if isinstance(members, dict):
        return {xform_name(key): dict(value) if key == "Tags" else spoken(value) for key, value in members.items()}
    return members


def said(value: Any) -> Any:
    """The value without what says nothing: empty maps, lists and texts inside maps."""
    if isinstance(value, dict):
        found = {key: said(item) for key, item in value.items()}
        return {key: item for key, item in found.items() if item not in (None, {}, [], "")}
    return [said(each) for each in value] if isinstance(value, list) else value


def is_off(value: Any) -> bool:
    return value in (None, "", {}) or (isinstance(value, dict) and value.get("enabled") is False)


def holds(declared: Any, live: Any, key: str = "") -> bool:
    """Whether AWS holds what is declared. It may hold more: what nobody declares is not looked at."""
    if isinstance(declared, dict):
        if declared.get("enabled") is False and is_off(live):
            return all(each not in (live or {}) or holds(declared[each], live[each], each) for each in declared)
        return isinstance(live, dict) and all(holds(item, live.get(name), name) for name, item in declared.items())
    if isinstance(declared, list):
        if not isinstance(live, list) or len(declared) != len(live):
            return False
        pairs = (
            zip(sorted(declared), sorted(live), strict=True)
            if key in IN_ANY_ORDER
            else zip(declared, live, strict=True)
        )
        return all(holds(one, other) for one, other in pairs)
    if key == "time" and isinstance(live, str):
        return _minutes(declared) == _minutes(live)
    return bool(declared == live and isinstance(declared, bool) == isinstance(live, bool))


def is_just(declared: Any, live: Any) -> bool:
    """Whether AWS holds what is declared and nothing else, but for what it fills in by itself."""
    return holds(declared, live) and set(places(live)) <= {*places(declared), *FILLED_IN}


FILLED_IN = {
    ("auto_merging",),
    ("auto_merging", "enabled"),
    ("status",),
    ("readiness",),
    ("readiness", "progress_percentage"),
}


def places(value: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of all members of maps, at any depth; positions in lists do not count."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*at, key)
            yield from places(item, (*at, key))
    elif isinstance(value, list):
        for item in value:
            yield from places(item, at)


def mistakes(type: str, declared: Json, state: Json, before: Json, after: Json) -> Iterator[str]:
    """What is wrong with a domain after a command that made it as declared.

    `state` are the inputs in state before the command, `before` and `after` what was live ({} before, for a new domain).
    """
    for name in SETTINGS[type]:
        wanted, there, now = said(declared.get(name)), before.get(name), after.get(name)
        if wanted not in (None, {}, ""):
            owned = {*places(wanted), *places(said(state.get(name)))}
            is_left = there == now and holds(wanted, now) and not (owned - set(places(wanted))) & set(places(now))
            is_off_now = (
                isinstance(wanted, dict) and wanted.get("enabled") is False and is_off(now) and holds(wanted, now)
            )
            if not (is_left or is_off_now or is_just(wanted, now)):
                yield f"{name} is {now}, declared is {wanted} (it was {there}, and {state.get(name)} in state)"
        elif name == STAYS_ON or said(state.get(name)) in (None, {}, ""):
            if now != there:
                yield f"{name} is {now}, nobody declares it, and it was {there}"
        elif not is_off(now):
            yield f"{name} is {now}, and was taken out of the program"


def _minutes(time: str) -> tuple[int, ...]:
    return tuple(int(part) for part in time.split(":"))
