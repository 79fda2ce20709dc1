"""Which resources there are: the one list that a new resource is added to."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module

from .model.resource_type import ResourceSpec

PACKAGES = ("customerprofiles", "voiceid")


@lru_cache(maxsize=1)
def specs() -> dict[str, ResourceSpec]:
    """Every resource's spec, by its type token in people's state."""
    found = [import_module(f"{__package__}.{package}").SPEC for package in PACKAGES]
    return {spec.type_token: spec for spec in found}
