"""The list of all resource types. A new one is added here, by its folder, and nowhere else."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from .model.resource_type import ResourceType

FOLDERS = ("customerprofiles.domain", "voiceid.domain")

SERVICES = tuple(dict.fromkeys(folder.partition(".")[0] for folder in FOLDERS))
"""The packages that programs import resources from."""


@lru_cache(maxsize=1)
def resource_types() -> dict[str, ResourceType]:
    """Every resource type, by its key: `customerprofiles`."""
    found = [ResourceType(f"{__package__}.{folder}") for folder in FOLDERS]
    return {each.key: each for each in found}


def chosen(keys: Collection[str]) -> list[ResourceType]:
    """The resource types of these keys, in their order; all of them where no key is given."""
    return [resource_types()[key] for key in dict.fromkeys(keys or resource_types())]


def by_token() -> dict[str, ResourceType]:
    """Every resource type, by its type tokens in people's state: the dynamic host's and the native host's."""
    return {token: each for each in resource_types().values() for token in (each.type_token, each.native_token)}
