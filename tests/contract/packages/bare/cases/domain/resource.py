"""class Domain: what a program declares."""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi_connect_domains.host.lifecycle import Lifecycle
from pulumi_connect_domains.host.resource import ConnectResource
from pulumi_connect_domains.model.resource_type import ResourceType


class DomainProvider(Lifecycle):
    """What the dynamic provider host runs for a Cases domain."""

    type = ResourceType("bare.cases.domain")


DomainProvider.__module__ = "bare.cases"


class Domain(ConnectResource, module="cases", name="Domain"):
    """An Amazon Connect Cases domain."""

    lifecycle = DomainProvider

    def __init__(
        self,
        resource_name: str,
        *,
        name: Any,
        region: Any = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {"name": name, "region": region}
        super().__init__(resource_name, inputs, opts)
