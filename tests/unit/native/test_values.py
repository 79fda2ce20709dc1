"""Engine values and ours: what goes out comes back, each secret at its own place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict, MessageToJson
from google.protobuf.struct_pb2 import Struct
from hypothesis import given
from hypothesis import strategies as st
from pulumi_connect_domains.model.marks import SECRET_MARK, SIGNATURE, UNKNOWN_TEXT
from pulumi_connect_domains.model.schema import UNDECLARED, walk
from pulumi_connect_domains.model.values import Unknown, is_unknown
from pulumi_connect_domains.native import values
from pulumi_connect_domains.registry import resource_types

PROFILES, VOICE = resource_types()["customerprofiles"].schema, resource_types()["voiceid"].schema
INPUTS: dict[str, Any] = {
    "default_expiration_days": 30,
    "domain_name": "crm",
    "matching": {"enabled": True, "job_schedule": {"day_of_the_week": "SUNDAY", "time": "9:05"}},
    "rule_based_matching": {"enabled": True, "matching_rules": [{"rule": ["LastName"]}, {"rule": ["EmailAddress"]}]},
    "tags": {"domain_name": "a", "costCenter": "b", "x.y": "c"},
}
PLACES = [steps for steps, _, _ in walk(PROFILES, INPUTS) if steps]


def struct(document: dict[str, Any]) -> Struct:
    found = Struct()
    found.update(document)
    return found


def secret(value: object) -> dict[str, object]:
    return {SIGNATURE: SECRET_MARK, "value": value}


def test_names_are_spelled_by_the_schema_and_keys_of_people_stay() -> None:
    sent = MessageToDict(values.sent(PROFILES, INPUTS))
    assert sent["defaultExpirationDays"] == 30
    assert sent["matching"]["jobSchedule"] == {"dayOfTheWeek": "SUNDAY", "time": "9:05"}
    assert sent["tags"] == INPUTS["tags"]


@given(st.sets(st.sampled_from(PLACES)))
def test_what_is_sent_comes_back_with_its_secrets(places: set[values.Steps]) -> None:
    found = values.received(PROFILES, values.sent(PROFILES, INPUTS, places))
    assert found.document == INPUTS
    assert found.secrets == places
    assert isinstance(found.document["default_expiration_days"], int)


TEXTS = st.text(st.characters(exclude_categories=()))  # with halves of surrogate pairs
NUMBERS = st.integers() | st.floats() | st.sampled_from([10**400, -(10**4200), 2**1024])
ANSWERS = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(list(PROFILES.outputs)) | TEXTS, ANSWERS))
def test_whatever_aws_answers_is_carried(document: dict[str, Any]) -> None:
    sent = values.sent(PROFILES, document)
    again = Struct.FromString(sent.SerializeToString())
    json.loads(MessageToJson(again), parse_constant=pytest.fail)  # the engine stores JSON, which has no NaN
    back = values.received(UNDECLARED, again).document
    assert values.sent(UNDECLARED, back) == values.sent(UNDECLARED, values.received(UNDECLARED, again).document)


def test_what_is_no_character_and_no_number_is_written_another_way() -> None:
    sent = MessageToDict(
        values.sent(PROFILES, {"tags": {"a": "x\ud800y", "b": "😀"}, "stats": [10**400, float("nan")]})
    )
    assert sent == {"tags": {"a": "x\ufffdy", "b": "😀"}, "stats": ["1E+400", "nan"]}


def test_a_name_in_both_spellings_is_told() -> None:
    found = values.received(
        PROFILES, struct({"domainName": "a", "domain_name": "b", "dataStore": None, "data_store": {}})
    )
    assert found.twice == {("domain_name",)}


def test_a_state_of_the_dynamic_host_is_read_too() -> None:
    found = values.received(PROFILES, struct({**INPUTS, "__provider": "gASV"}))
    assert (found.document, found.is_dynamic) == (INPUTS, True)


def test_nulls_say_nothing_and_unknown_values_are_marked() -> None:
    found = values.received(
        PROFILES, struct({"dataStore": None, "domainName": UNKNOWN_TEXT, "tags": secret(UNKNOWN_TEXT)})
    )
    assert set(found.document) == {"domain_name", "tags"}
    assert all(map(is_unknown, found.document.values()))
    assert found.secrets == {("tags",)}
    assert MessageToDict(values.sent(PROFILES, {"domain_name": Unknown()})) == {"domainName": UNKNOWN_TEXT}


@pytest.mark.parametrize(
    ("sign", "what"),
    [
        ("c44067f5952c0a294b673a41bacd8c17", "an asset"),
        ("0def7320c3a5731c473e5ecbe6d01bc7", "an archive"),
        ("5cf8f73096256a8f31e491e813e4eb8e", "a resource"),
        ("0", "a value of a kind that is not known here"),
    ],
)
def test_what_is_no_plain_value_is_told_by_its_place(sign: str, what: str) -> None:
    found = values.received(PROFILES, struct({"tags": {"a": {SIGNATURE: sign, "text": "hidden"}}}))
    assert found.refused == {("tags", "a"): what}
    assert "hidden" not in json.dumps(found.document, default=str)


def test_a_name_that_is_not_known_is_spelled_as_ours_so_that_one_like_it_is_found() -> None:
    found = values.received(PROFILES, struct({"defaultExpirationDay": 3}))
    assert found.document == {"default_expiration_day": 3}
    assert found.unknown_names == {"default_expiration_day"}


def test_merged_tags_are_secret_where_their_sources_are() -> None:
    own = {"a": "1", "b": "2"}
    assert values.merged(PROFILES, frozenset({("tags", "a")}), frozenset({("b",), ("c",)}), own) == {
        ("tags", "a"), ("tags_all", "a"), ("tags_all", "c"),
    }  # fmt: skip
    assert values.merged(PROFILES, frozenset(), frozenset({()}), own) == {("tags_all",)}


def test_members_that_repeat_a_secret_input_are_secret() -> None:
    secrets = values.repeated(VOICE, frozenset({("server_side_encryption_configuration", "kms_key_id")}))
    assert {each for each in secrets if each[0] == "server_side_encryption_update_details"}


def test_a_secret_of_a_list_that_was_read_makes_all_of_it_secret() -> None:
    rules = ("rule_based_matching", "matching_rules")
    assert values.as_read(frozenset({(*rules, 0, "rule"), ("tags", "a")})) == {rules, ("tags", "a")}


def test_an_output_in_clear_that_becomes_secret_is_a_difference() -> None:
    place = frozenset({("tags", "costCenter")})
    clear = values.received(PROFILES, values.sent(PROFILES, INPUTS))
    assert values.exposes(place, clear)
    for around in (place, frozenset({("tags",)})):
        assert not values.exposes(place, values.received(PROFILES, values.sent(PROFILES, INPUTS, around)))
    assert not values.exposes(frozenset({("data_store",)}), clear)
