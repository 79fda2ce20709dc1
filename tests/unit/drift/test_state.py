"""Expectations out of exports: what counts as declared, what secrets become, and which provider's config is whose."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_connect_domains.drift.state import read_state
from pulumi_connect_domains.model.values import is_unknown

from .reports import ACCOUNT, encrypted, export, in_clear, resource

pytestmark = pytest.mark.usefixtures("host")


def test_a_domain_is_expected_as_it_was_declared() -> None:
    (expected,) = read_state(export(resource("crm"))).expectations
    assert (expected.urn.project, expected.urn.stack, expected.urn.name, expected.id) == ("shop", "dev", "crm", "crm")
    assert (expected.type.key, expected.region, expected.account) == ("customerprofiles", "us-east-1", ACCOUNT)
    assert expected.inputs == {"domain_name": "crm", "region": "us-east-1", "default_expiration_days": 30}
    assert expected.known["created_at"] == "2026-05-01T10:00:00+00:00"


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"delete": True}, id="waits for its deletion"),
        pytest.param({"pendingReplacement": True}, id="is deleted, and its replacement not made yet"),
        pytest.param({"external": True}, id="was only read, by Domain.get"),
        pytest.param({"id": ""}, id="has no id yet"),
    ],
)
def test_what_is_not_declared_is_left_out(more: dict[str, Any]) -> None:
    assert read_state(export(resource(**more))).expectations == ()


def test_what_waits_for_its_deletion_is_still_known() -> None:
    state = read_state(export(resource("old", delete=True), resource("crm")))
    assert [each.id for each in state.leaving] == ["old"]
    assert [each.id for each in state.expectations] == ["crm"]


def test_other_resources_are_nobody_here() -> None:
    other = {
        "urn": "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::b",
        "type": "aws:s3/bucket:Bucket",
        "id": "b",
        "custom": True,
    }
    assert read_state(export(other)).expectations == ()


def test_an_encrypted_secret_is_unknown_and_one_in_clear_is_opened() -> None:
    inputs = {
        "domain_name": "crm", "region": "us-east-1", "default_expiration_days": 30,
        "dead_letter_queue_url": encrypted(), "default_encryption_key": in_clear("alias/x"),
        "matching": {"enabled": True, "job_schedule": {"day_of_the_week": "SUNDAY", "time": encrypted()}},
    }  # fmt: skip
    (expected,) = read_state(export(resource(inputs=inputs))).expectations
    assert is_unknown(expected.inputs["dead_letter_queue_url"])
    assert expected.inputs["default_encryption_key"] == "alias/x"
    matching: Any = expected.inputs["matching"]
    assert is_unknown(matching["job_schedule"]["time"])
    assert expected.secrets == {
        ("dead_letter_queue_url",),
        ("default_encryption_key",),
        ("matching", "job_schedule", "time"),
    }
    assert "dead_letter_queue_url" not in expected.known


def test_paths_under_ignore_changes_are_kept() -> None:
    ignoring = resource(ignoreChanges=["matching.job_schedule.time", 'tags["a.b"]', "not[a path"])
    (expected,) = read_state(export(ignoring)).expectations
    assert expected.ignored == (("matching", "job_schedule", "time"), ("tags", "a.b"))


def test_an_unfinished_update_is_a_note() -> None:
    (expected,) = read_state(export(resource(initErrors=["cannot change the key\nlater lines"]))).expectations
    assert expected.notes == ("the last update did not finish: cannot change the key",)


PROVIDER = "urn:pulumi:dev::shop::pulumi:providers:pulumi-python::{}"


def provider(name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    return {
        "urn": PROVIDER.format(name),
        "type": "pulumi:providers:pulumi-python",
        "custom": True,
        "id": "1",
        "inputs": inputs,
    }


@pytest.mark.parametrize(
    "inputs",
    [
        pytest.param(
            {"aws:ignoreTags": '{"keys":["owner"],"keyPrefixes":["kb:"]}'}, id="the stack's config, which is text"
        ),
        pytest.param(
            {"connect_domains_provider": True, "ignore_tags": {"keys": ["owner"], "key_prefixes": ["kb:"]}},
            id="an explicit provider's inputs",
        ),
        pytest.param(
            {"aws:ignoreTags": '{"keys":["owner"],"keyPrefixes":["kb:"]}', "aws:secretKey": encrypted()},
            id="beside credentials that cannot be read, and need not be",
        ),
    ],
)
def test_ignored_tags_are_those_of_the_domains_own_provider(inputs: dict[str, Any]) -> None:
    mine = resource("crm", provider=PROVIDER.format("mine") + "::1")
    other = resource("other", provider=PROVIDER.format("other") + "::1")
    state = read_state(export(provider("mine", inputs), provider("other", {}), mine, other))
    configuration = state.expectations[0].configuration
    assert configuration.tags.is_ignored("owner")
    assert configuration.tags.is_ignored("kb:x")
    assert not state.expectations[1].configuration.tags.is_ignored("owner")


def test_tags_cannot_be_told_when_it_is_secret_which_are_ignored() -> None:
    inputs = {
        "domain_name": "crm",
        "region": "us-east-1",
        "default_expiration_days": 30,
        "tags": {"a": "b"},
        "tags_all": {"a": "b"},
    }
    mine = resource("crm", inputs=inputs, provider=PROVIDER.format("mine") + "::1")
    state = read_state(export(provider("mine", {"aws:ignoreTags": encrypted()}), mine))
    expected = state.expectations[0].inputs
    assert is_unknown(expected["tags"])
    assert is_unknown(expected["tags_all"])


# -- what is read elsewhere ---------------------------------------------------------------------------------------------


ODD = st.one_of(
    st.none(),
    st.just(""),
    st.just("eu-west-2"),
    st.just(7),
    st.builds(encrypted),
    st.builds(lambda: in_clear("eu-west-2")),
)


@given(
    ODD,
    ODD,
    st.one_of(st.none(), st.just("no arn"), st.builds(encrypted)),
    st.one_of(st.none(), st.just("crm"), st.builds(encrypted)),
)
def test_an_outline_says_what_the_whole_entry_would(region: Any, output_region: Any, arn: Any, name: Any) -> None:
    entry = resource("crm", inputs={"default_expiration_days": 30, "region": region, "domain_name": name})
    entry["outputs"].update({"region": output_region} | ({} if arn is None else {"arn": arn}))
    asked: list[tuple[str, str]] = []
    (whole,) = read_state(export(entry)).expectations
    state = read_state(export(entry), lambda *place: bool(asked.append(place)))
    (outline,) = state.elsewhere
    assert (state.expectations, state.declaring) == ((), {"shop/dev"})
    assert outline == (whole.type, whole.names, whole.account, whole.region)
    assert {*asked} == {(whole.account, whole.region)}
