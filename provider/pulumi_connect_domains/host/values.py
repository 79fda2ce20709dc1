"""The engine's values and ours, and the keys that programs and the provider's process must agree on."""

from __future__ import annotations

from typing import Any

from pulumi.output import Unknown as EngineUnknown

from ..model.values import Json, Unknown, plain

AUTO_NAME = "__auto_name"
"""An input beside a name that the constructor proposed: check may then keep the one in state. Check takes it out again."""

GET = "__get"
"""An input of `Domain.get`, by which the read knows that nothing is declared."""

PROVIDER_PACKAGE = "pulumi-python"
"""The package that the engine knows every Python dynamic resource by, and so the explicit Provider too."""


def from_engine(properties: Any) -> Json:
    """The properties as people write them: whole numbers as ints, no nulls in maps, no keys of the host's, unknowns as our mark.

    Shape: `{"days": 30.0, "x": None, "__provider": "gASV…"}` becomes `{"days": 30}`.
    """
    found: Json = plain(properties, lambda value: Unknown() if isinstance(value, EngineUnknown) else value)
    return found


def to_engine(value: Any) -> Any:
    """The properties with the engine's own mark for what is unknown."""
    if isinstance(value, dict):
        return {key: to_engine(item) for key, item in value.items()}
    if isinstance(value, list):
        return [to_engine(item) for item in value]
    return EngineUnknown() if isinstance(value, Unknown) else value  # type: ignore[no-untyped-call]  # the SDK's own class
