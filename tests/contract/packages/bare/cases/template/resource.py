"""class Template: what a program declares."""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi_connect_domains.host.lifecycle import Lifecycle
from pulumi_connect_domains.host.resource import ConnectResource
from pulumi_connect_domains.model.resource_type import ResourceType


class TemplateProvider(Lifecycle):
    """What the dynamic provider host runs for a Cases template."""

    type = ResourceType("bare.cases.template")


TemplateProvider.__module__ = "bare.cases"


class Template(ConnectResource, module="cases", name="Template"):
    """An Amazon Connect Cases template."""

    lifecycle = TemplateProvider

    def __init__(
        self,
        resource_name: str,
        *,
        domain_id: Any,
        name: Any,
        description: Any = None,
        required_fields: Any = None,
        status: Any = None,
        region: Any = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "domain_id": domain_id,
            "name": name,
            "description": description,
            "required_fields": required_fields,
            "status": status,
            "region": region,
        }
        super().__init__(resource_name, inputs, opts)
