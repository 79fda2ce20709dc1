"""The two hosts as a stack meets them: its tokens, the inputs of its default provider, and what constructors send to the engine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from pulumi_connect_domains import registry
from pulumi_connect_domains.host.lifecycle import pickled
from pulumi_connect_domains.host.values import AUTO_NAME
from pulumi_connect_domains.model.spelling import Spelling, snake_case
from pulumi_connect_domains.stacks.urn import NATIVE_PROVIDER_TYPE, PYTHON_PROVIDER_TYPE

from ..natives import HOSTS as HOSTS
from ..natives import HostName as HostName
from ..natives import settings
from .declared import CP, VID, Domain, Json

PROVIDERS: Mapping[HostName, str] = {"dynamic": PYTHON_PROVIDER_TYPE, "native": NATIVE_PROVIDER_TYPE}
NAMES = {CP: "domain_name", VID: "name"}
"""The input that names the domain in AWS."""


def token(type: str, host: HostName) -> str:
    """The type token of a resource type."""
    found = registry.resource_types()[type]
    return found.native_token if host == "native" else found.type_token


def other_token(type: str, host: HostName) -> str:
    """The type token for the other host, which is an alias."""
    return token(type, "dynamic" if host == "native" else "native")


def type_of(found: str) -> str | None:
    """The resource type of a token of either host; None for any other token."""
    return next((type for type in NAMES if found in (token(type, "dynamic"), token(type, "native"))), None)


def of_provider(host: HostName, config: Mapping[str, Any]) -> Json:
    """The inputs of the stack's default provider, by the stack's config, whose keys are the dynamic host's."""
    return settings(config) if host == "native" else dict(config)


def read(type: str, document: Json) -> Json:
    """Inputs or outputs in state, spelled as in programs in Python."""
    found: Any = snake_case(registry.resource_types()[type].schema, document)
    return dict(found)


def properties(domain: Domain, host: HostName) -> Json:
    """What the constructor of the domain sends to the engine."""
    found: Any = {**domain.settings}
    if host == "native":
        found = Spelling.CAMEL.document(registry.resource_types()[domain.type].schema, found)
    else:
        found["__provider"] = _pickled(domain.type)
        if NAMES[domain.type] not in found:
            found |= {NAMES[domain.type]: domain.proposed_name, AUTO_NAME: True}
        if "tags" in found:
            found["tags_all"] = found["tags"]
    return json.loads(json.dumps(found))  # type: ignore[no-any-return]


@cache
def _pickled(type: str) -> str:
    return pickled(registry.resource_types()[type].provider_class())
