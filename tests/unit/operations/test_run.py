"""What a run knows of state: which resources a creation must not answer with, and which a deletion keeps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.model.values import Json
from pulumi_connect_domains.model.warning import Notice
from pulumi_connect_domains.operations.call import Host, Run
from pulumi_connect_domains.operations.configuration import Configuration
from pulumi_connect_domains.operations.lifecycle import Operations
from pulumi_connect_domains.operations.requests import CheckRequest, CreateRequest, DeleteRequest, DiffRequest
from pulumi_connect_domains.registry import resource_types

URN, OTHER = "urn:calls", "urn:former-calls"
INPUTS: Json = {
    "name": "calls",
    "server_side_encryption_configuration": {"kms_key_id": "k"},
    "region": "us-east-1",
}
CHANGED = {**INPUTS, "description": "another"}
MOVED = {**INPUTS, "region": "eu-west-2"}


class Played:
    """Operations of Voice ID domains as the calls of an engine reach them, and the warnings."""

    def __init__(self, cloud: LocalAws) -> None:
        self.cloud, self.warnings = cloud, list[Notice]()
        host = Host(warn=lambda urn, notice: self.warnings.append(notice))
        self.operations = Operations(resource_types()["voiceid"], Configuration(), host)

    def check(self, state: Json, inputs: Json = INPUTS) -> None:
        assert self.operations.check(CheckRequest(URN, state, inputs)).failures == ()

    def diff(self, made: tuple[str, Json], inputs: Json = INPUTS) -> None:
        self.operations.diff(DiffRequest(URN, made[0], made[1], inputs))

    def create(self, **options: Any) -> tuple[str, Json]:
        answer = self.operations.create(CreateRequest(URN, INPUTS, **options))
        return answer.id, answer.outputs

    def delete(self, made: tuple[str, Json], urn: str = URN) -> bool:
        """Whether the domain is suspended after its deletion."""
        self.operations.delete(DeleteRequest(urn, *made))
        return bool(self.cloud.domains("voice-id")[made[0]]["DomainStatus"] == "SUSPENDED")


@pytest.fixture
def played(local_aws: LocalAws) -> Iterator[Played]:
    Run.begin()
    yield Played(local_aws)
    Run.begin()


@pytest.fixture
def made(played: Played) -> tuple[str, Json]:
    """A domain of an earlier run: its id and outputs."""
    found = played.create()
    Run.begin()
    return found


def test_a_creation_after_a_comparison_is_a_replacement(played: Played, made: tuple[str, Json]) -> None:
    played.check(INPUTS)
    played.diff(made)
    played.check({})
    assert played.create()[0] != made[0]
    assert played.delete(made)


def test_a_creation_after_a_deletion_is_another_domain(played: Played, made: tuple[str, Json]) -> None:
    assert played.delete(made)
    assert played.create()[0] != made[0]


def test_a_creation_of_what_state_does_not_hold_is_no_replacement(played: Played, made: tuple[str, Json]) -> None:
    played.check({})
    assert played.create()[0] == made[0]
    assert not played.delete(made), "an older entry holds what this run has taken over"
    assert [notice.rule for notice in played.warnings] == ["deletion-skipped"]


def test_a_deletion_keeps_what_a_declared_entry_holds(played: Played, made: tuple[str, Json]) -> None:
    """An earlier run ended between a creation that gave the same domain, and the deletion of the old entry."""
    played.check(INPUTS)
    played.diff(made, CHANGED)
    assert not played.delete(made)
    assert not played.delete(made, OTHER)
    assert "the program declares it, so a newer entry of the stack holds it" in played.warnings[0].text


LEAVING: dict[str, list[tuple[str, Json]]] = {
    "nothing declares it": [],
    "a refresh alone has looked": [("diff", INPUTS)],
    "it is replaced": [("check", INPUTS), ("diff", MOVED)],
    "it is replaced on changes": [("check", INPUTS), ("diff", CHANGED), ("check", {})],
}


@pytest.mark.parametrize("calls", LEAVING.values(), ids=LEAVING)
def test_a_deletion_deletes_what_leaves(played: Played, made: tuple[str, Json], calls: list[tuple[str, Json]]) -> None:
    for method, document in calls:
        if method == "check":
            played.check(document)
        else:
            played.diff(made, document)
    assert played.delete(made)
    assert played.warnings == []
