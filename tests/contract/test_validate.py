"""`validate` of each service: the preview's checks, for tests without Pulumi."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from pulumi.output import Unknown
from pulumi_connect_domains import registry
from pulumi_connect_domains.model.resource_type import ResourceType

TYPES = registry.resource_types()


@pytest.mark.parametrize("type", TYPES.values(), ids=TYPES)
def test_values_that_a_program_does_not_know_yet_break_nothing(type: ResourceType) -> None:
    service, folder = import_module(f"pulumi_connect_domains.{type.module}"), type.package.rpartition(".")[2]
    validate = getattr(service, f"{folder}_validate", service.validate)  # the first type's is called `validate` alone
    inputs: dict[str, Any] = {name: Unknown() for name in type.schema.inputs}  # type: ignore[no-untyped-call]  # the SDK's own
    assert validate(inputs) == []
    nested = {"team": Unknown()}  # type: ignore[no-untyped-call]  # as above
    assert validate({**inputs, type.schema.tags_input: nested}) == []
