"""The import file, as `pulumi import --file` reads it. Pure but for the provider's pickle."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from ..model.errors import Unreadable
from ..model.resource_type import ResourceType
from ..model.values import HOST_KEY
from ..stacks.documents import json_of
from .model import Adopted


def text(adopted: Sequence[Adopted]) -> str:
    """The file's text.

    Inputs and outputs stand in it, so the engine does not read, which it could not do for a Python dynamic provider: it would have to
    find the provider in the state that is not there yet. For the same reason both hold the provider.

    Source: CLI 3.254 and newer; seen on 3.260.
    """
    document = {"resources": [_entry(each) for each in adopted]}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def says_the_same(one: str | bytes, other: str | bytes) -> bool:
    """Whether two import files bring the same under Pulumi: outputs do not count, since what AWS computes moves by itself."""
    try:
        return _matters(json_of(one)) == _matters(json_of(other))
    except (Unreadable, AttributeError, KeyError, TypeError):
        return False  # it is none of ours


def _matters(document: Any) -> list[Any]:
    return [
        (each["type"], each["name"], each["id"], {key: item for key, item in each["inputs"].items() if key != HOST_KEY})
        for each in document["resources"]
    ]


def _entry(adopted: Adopted) -> dict[str, object]:
    provider = {HOST_KEY: _pickled(adopted.type)}
    return {
        "type": adopted.type.type_token,
        "name": adopted.resource_name,
        "id": adopted.found.id,
        "inputs": {**provider, **adopted.inputs},
        "outputs": {**provider, **adopted.outputs},
    }


@lru_cache(maxsize=8)
def _pickled(type: ResourceType) -> str:
    """The provider as a program's constructor hands it over."""
    from ..host.lifecycle import pickled  # Pulumi is loaded only where a file is written

    return pickled(type.provider_class())
