"""Property values as the engine holds them: plain JSON, secrets marked, unknowns marked.

**Shape** None, bool, int, float, str, list, dict with str keys, `Secret(value)`, and `UNKNOWN`. A number without a fraction is an int.
Values are never changed in place: who wants another value builds another dict.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Properties: TypeAlias = dict[str, Any]
"""A resource's inputs or outputs."""

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""The key that marks a special value, on the wire and in state. Source: the published SDK, pulumi.runtime.rpc."""
SECRET_SIGNATURE: Final = "1b47061264138c4ac30d75fd1eb44270"
UNKNOWN_TEXT: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What an unknown looks like in every text form (wire and preview JSON)."""


@dataclass(frozen=True)
class Secret:
    """A value that nobody is to see."""

    value: Any

    def __repr__(self) -> str:
        return "[secret]"


class Unknown:
    """What is not known before the update has run. There is one, `UNKNOWN`; it equals itself."""

    def __repr__(self) -> str:
        return "[unknown]"


UNKNOWN: Final = Unknown()


def reveal(value: Any, unknown: Any = UNKNOWN) -> Any:
    """The same value without any secret marks, at every depth."""
    return transform(value, lambda secret: reveal(secret.value, unknown), unknown)


def clear(value: Any) -> Any:
    """The value as who may see secrets sees it: secrets in clear, the protocol's text for an unknown. It is plain JSON."""
    return reveal(value, UNKNOWN_TEXT)


def transform(value: Any, of_secret: Callable[[Secret], Any], unknown: Any = UNKNOWN) -> Any:
    """The value with every outermost secret replaced by `of_secret(it)` and every unknown by `unknown`."""
    if isinstance(value, Secret):
        return of_secret(value)
    if isinstance(value, Unknown):
        return unknown
    return inside(value, lambda item: transform(item, of_secret, unknown))


def inside(value: Any, of_item: Callable[[Any], Any]) -> Any:
    """A list or a map with each item replaced by what the function makes of it; anything else as it is."""
    if isinstance(value, list):
        return [of_item(item) for item in value]
    if isinstance(value, dict):
        return {key: of_item(item) for key, item in value.items()}
    return value


def contains(value: Any, kind: type) -> bool:
    """True when a `Secret` or an `Unknown` (the kind asked for) is inside the value, at any depth."""
    inner = value.value if isinstance(value, Secret) else value
    items = inner.values() if isinstance(inner, dict) else inner if isinstance(inner, list) else ()
    return isinstance(value, kind) or isinstance(inner, kind) or any(contains(item, kind) for item in items)


def equal(one: Any, other: Any) -> bool:
    """True when nothing tells the values apart; a key with null is as good as none, and `true` is not 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return all(equal(one.get(key), other.get(key)) for key in one.keys() | other.keys())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(equal(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, Secret) and isinstance(other, Secret):
        return equal(one.value, other.value)
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def marked_like(value: Properties, like: Mapping[str, Any]) -> Properties:
    """The values with those marked secret whose key holds, in `like`, something secret; nested maps key by key.

    A provider gets secrets in clear and cannot say which of its results are secret: the key tells.
    """
    marked = dict(value)
    for key in value.keys() & like.keys():
        found, original = value[key], like[key]
        if isinstance(found, dict) and isinstance(original, dict):
            marked[key] = marked_like(found, original)
        elif not isinstance(found, Secret) and contains(original, Secret):
            marked[key] = Secret(found)
    return marked
