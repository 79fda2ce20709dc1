"""An editor shows the words of schema.json: for each argument while a call is written, for types, members and outputs on hovering."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from generate import words
from pulumi_connect_domains.model.resource_type import ResourceType
from pulumi_connect_domains.operations.vocabulary import SETTINGS
from pulumi_connect_domains.registry import resource_types

from .language_server import PROGRAM, LanguageServer

TYPES = resource_types()
TEXT = """
from pulumi_connect_domains import Provider, customerprofiles, voiceid

crm = customerprofiles.Domain("crm", default_expiration_days=30, matching={"enabled": True})
calls = voiceid.Domain("calls", server_side_encryption_configuration={"kms_key_id": "key"})
london = Provider("london", region="eu-west-2")
shared = customerprofiles.Domain.get("shared", "crm")
schedule: customerprofiles.JobSchedule = {"day_of_the_week": "SUNDAY", "time": "9:05"}
print(crm.arn, crm.stats, schedule["time"])
"""
CALLS = {"customerprofiles": 'customerprofiles.Domain("crm", ', "voiceid": 'voiceid.Domain("calls", '}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageServer]:
    if not PROGRAM.exists():
        pytest.skip("basedpyright's language server is not installed")
    with LanguageServer(tmp_path_factory.mktemp("editor"), TEXT) as server:
        yield server


def plain(markdown: str) -> str:
    """The text as people see it: no marks, no entities, one blank between words."""
    return " ".join(html.unescape(markdown.replace("\\", "")).split())


def shown(server: LanguageServer, text: str) -> dict[str, str]:
    """What is shown of each argument that is explained, by its name."""
    found = {}
    for each in server.arguments(text):
        name, _, said = plain(each["documentation"]["value"]).partition(": ")
        found[name] = said
    return found


@pytest.mark.parametrize("type", TYPES.values(), ids=TYPES)
def test_the_argument_that_is_being_written_is_explained(server: LanguageServer, type: ResourceType) -> None:
    call = CALLS[type.key]
    first = next(iter(words.arguments(type.schema)))
    active = [
        plain(each["documentation"]["value"]) for each in server.arguments(f"{call}{first}=") if each["is_active"]
    ]
    assert active == [f"{first}: {' '.join(words.of_argument(type.schema, (first,)))}"]


@pytest.mark.parametrize("type", TYPES.values(), ids=TYPES)
def test_hovering_over_the_class_explains_every_argument(server: LanguageServer, type: ResourceType) -> None:
    said = plain(server.hover(f"{type.module}.{type.name}"))
    for name, of in words.arguments(type.schema).items():
        assert f"{name}: {of.description}" in said


def test_providers_arguments_are_explained(server: LanguageServer) -> None:
    said = plain(server.hover("= Provider"))
    assert f"region: {SETTINGS['region'].description}" in said
    assert f"ignore_tags: {SETTINGS['ignore_tags'].description}" in said


def test_the_arguments_of_get_are_explained(server: LanguageServer) -> None:
    said = plain(server.hover("customerprofiles.Domain.get"))
    assert "id: The name of the domain, which is also its id." in said
    assert "somebody else manages" in said


def test_outputs_and_types_are_explained(server: LanguageServer) -> None:
    members = TYPES["customerprofiles"].schema.members
    assert members["arn"].description in plain(server.hover("crm.arn"))
    assert members["stats"].description in plain(server.hover("crm.stats"))
    assert "Output[Stats | None]" in re.sub(r"pulumi_connect_domains\.[a-z.]+\.", "", plain(server.hover("crm.stats")))
    assert members["matching"].members["job_schedule"].description in plain(
        server.hover("customerprofiles.JobSchedule")
    )
