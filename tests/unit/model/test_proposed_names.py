"""The names that the provider proposes are stable, allowed by the service, and different where they must be."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_connect_domains import registry
from pulumi_connect_domains.model.declaring import proposed_name
from pulumi_connect_domains.registry import resource_types


@pytest.mark.parametrize("package", registry.resource_types())
@given(resource_name=st.text(max_size=400))
def test_every_resource_name_gives_an_allowed_name_that_ends_in_the_hex(package: str, resource_name: str) -> None:
    schema = resource_types()[package].schema
    of_name = schema.members[schema.name_input]
    name = proposed_name(schema, resource_name, "project", "dev")
    assert re.fullmatch(of_name.pattern.replace("$", r"\Z"), name)
    assert len(name) <= (of_name.limits.max_length or 0)
    assert re.search(r"-[0-9a-f]{7}\Z", name)


def test_the_name_is_the_same_every_time() -> None:
    assert proposed_name(resource_types()["customerprofiles"].schema, "crm", "project", "dev") == "crm-5879979"


@pytest.mark.parametrize("other", [("crm", "project", "prod"), ("crm", "other", "dev"), ("crm!", "project", "dev")])
def test_projects_stacks_and_resources_get_names_of_their_own(other: tuple[str, str, str]) -> None:
    schema = resource_types()["customerprofiles"].schema
    assert proposed_name(schema, *other) != proposed_name(schema, "crm", "project", "dev")


def test_only_the_name_is_cut() -> None:
    name = proposed_name(resource_types()["customerprofiles"].schema, "n" * 90, "project", "dev")
    assert len(name) == 64
    assert name.startswith("n" * 56 + "-")
