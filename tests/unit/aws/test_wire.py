"""wire: engine values and API values against the plain JSON that people write."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

import botocore.parsers
import botocore.session
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pulumi_connect_domains.aws.answers import DOCUMENT, refuse_unusable
from pulumi_connect_domains.aws.wire import from_api, is_plain, to_api
from pulumi_connect_domains.model.values import Unknown, holds_unknown, is_same_moment, is_unknown, moment, plain
from pulumi_connect_domains.registry import resource_types


@lru_cache
def shape(operation: str = "CreateDomain", output: bool = False) -> Any:
    model = botocore.session.get_session().get_service_model("customer-profiles").operation_model(operation)
    return model.output_shape if output else model.input_shape


PLAIN = {
    "whole numbers": ({"days": 30.0}, {"days": 30}),
    "other numbers": ({"score": 0.5}, {"score": 0.5}),
    "booleans": ({"yes": True, "no": False}, {"yes": True, "no": False}),
    "nulls in maps go": ({"a": None, "b": {"c": None}}, {"b": {}}),
    "nulls in lists stay": ({"a": [1.0, None]}, {"a": [1, None]}),
    "the host's keys go": ({"__provider": "gASV", "__auto_name": True, "a": "x"}, {"a": "x"}),
    "a tag's key may begin with underscores": ({"tags": {"__x": "1"}}, {"tags": {"__x": "1"}}),
    "tuples are lists": ({"a": (1.0, 2.0)}, {"a": [1, 2]}),
}


@pytest.mark.parametrize(("value", "expected"), PLAIN.values(), ids=PLAIN)
def test_plain(value: Any, expected: Any) -> None:
    before = repr(value)
    found = plain(value)
    assert found == expected
    assert repr(found) == repr(expected)
    assert repr(value) == before


def test_unknowns_stay_and_are_found_at_any_depth() -> None:
    value = plain({"a": [{"b": Unknown()}], "c": 1.0})
    assert is_unknown(value["a"][0]["b"])
    assert holds_unknown(value)
    assert not holds_unknown({"a": [{"b": 1}]})


def test_to_api_uses_the_shapes_own_names() -> None:
    inputs = {
        "domain_name": "crm",
        "matching": {"enabled": True, "exporting_config": {"s3_exporting": {"s3_bucket_name": "b-1"}}},
        "tags": {"some_key": "stays"},
        "region": "not a member",
    }
    assert to_api(shape(), inputs) == {
        "DomainName": "crm",
        "Matching": {"Enabled": True, "ExportingConfig": {"S3Exporting": {"S3BucketName": "b-1"}}},
        "Tags": {"some_key": "stays"},
    }


def test_what_says_none_is_left_out() -> None:
    inputs = {"rule_based_matching": {"enabled": True, "matching_rules": []}, "tags": {}, "dead_letter_queue_url": ""}
    assert to_api(shape(), inputs) == {"RuleBasedMatching": {"Enabled": True}, "DeadLetterQueueUrl": ""}


def test_from_api_gives_timestamps_in_utc_and_no_metadata() -> None:
    local = datetime(2026, 5, 1, 12, 0, 0, 123000, tzinfo=timezone(timedelta(hours=2)))
    answer = {"DomainName": "crm", "CreatedAt": local, "Matching": None, "ResponseMetadata": {"RequestId": "1"}}
    assert from_api(shape("GetDomain", output=True), answer) == {
        "domain_name": "crm",
        "created_at": "2026-05-01T10:00:00.123000+00:00",
    }


scalars = {
    "string": st.text(min_size=1),
    "integer": st.integers(0, 9),
    "double": st.floats(0, 1),
    "boolean": st.booleans(),
}


def values(of: Any) -> st.SearchStrategy[Any]:
    if of.type_name == "structure":
        return st.fixed_dictionaries({}, optional={name: values(member) for name, member in of.members.items()})
    if of.type_name == "list":
        return st.lists(values(of.member), min_size=1, max_size=3)
    if of.type_name == "map":
        return st.dictionaries(st.text(min_size=1), st.text(), min_size=1, max_size=3)
    return scalars[of.type_name]


@given(st.data())
def test_api_values_survive_the_way_there_and_back(data: st.DataObject) -> None:
    request = data.draw(values(shape()))
    assert to_api(shape(), from_api(shape(), request)) == request


# -- answers in JSON, which are read in one walk -------------------------------------------------------------------------

ANSWERS = [(type.service, operation) for type in resource_types().values() for operation in type.schema.answers]

in_json = {
    **scalars,
    "string": st.text(),
    "long": st.integers(0, 2**53),
    "integer": st.integers(-9, 9) | st.integers(0, 9).map(float),
    "double": st.floats(0, 1) | st.integers(0, 1),
    "timestamp": st.integers(0, 2**33)
    | st.floats(0, 2**33)
    | st.datetimes(timezones=st.just(timezone(timedelta(hours=2)))).map(datetime.isoformat),
}


def bodies(of: Any) -> st.SearchStrategy[Any]:
    """What AWS may answer of the shape. Null stands for absent; and there are members that nobody knows yet."""
    if of.type_name == "structure":
        members = {each.serialization.get("name", name): bodies(each) | st.none() for name, each in of.members.items()}
        return st.fixed_dictionaries({}, optional={**members, "Unheard": st.just([{"Of": 1}])})
    if of.type_name == "list":
        return st.lists(bodies(of.member), max_size=3)
    if of.type_name == "map":
        return st.dictionaries(st.text(), bodies(of.value), max_size=3)
    return in_json[of.type_name]


@lru_cache
def model(service: str, operation: str) -> Any:
    return botocore.session.get_session().get_service_model(service).operation_model(operation)


@pytest.mark.parametrize(("service", "operation"), ANSWERS, ids=[" ".join(each) for each in ANSWERS])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_an_answer_is_read_as_botocore_reads_it(service: str, operation: str, data: st.DataObject) -> None:
    of = model(service, operation)
    assert of.output_shape is None or is_plain(of.output_shape), "botocore has to parse it, which takes longer"
    body = data.draw(bodies(of.output_shape)) if of.output_shape else {}
    text = json.dumps(body).encode()

    def response() -> dict[str, Any]:
        return {"status_code": 200, "headers": {"x-amzn-requestid": "1"}, "body": text}

    def parsed(given: dict[str, Any], customized: dict[str, Any] | None) -> Any:
        """As botocore's endpoint does it; None for no document."""
        refuse_unusable(given, of, customized)
        answer = botocore.parsers.create_parser(of.service_model.resolved_protocol).parse(given, of.output_shape)
        answer.update(customized or {})
        assert answer["ResponseMetadata"]["RequestId"] == "1"
        return answer

    customized: dict[str, Any] = {}
    read = parsed(response(), customized)
    if of.output_shape is None:
        assert customized == {}
        return
    assert set(read) == {DOCUMENT, "ResponseMetadata"}, "botocore had nothing left to parse"
    assert read[DOCUMENT] == from_api(of.output_shape, parsed(response(), None))


@pytest.mark.parametrize(
    ("service", "operation"),
    [("s3", "GetBucketPolicy"), ("s3", "GetObject"), ("lambda", "Invoke"), ("dynamodb", "GetItem")],
)
def test_what_the_body_alone_does_not_hold_is_left_to_botocore(service: str, operation: str) -> None:
    assert not is_plain(model(service, operation).output_shape)


MOMENTS = {
    "the same": ("2026-05-01T10:00:00.123000+00:00", "2026-05-01T10:00:00.123000+00:00", True),
    "the same in another zone": ("2026-05-01T10:00:00.123000+00:00", "2026-05-01T12:00:00.123000+02:00", True),
    "one in whole seconds": ("2026-05-01T10:00:00+00:00", "2026-05-01T10:00:00.900000+00:00", True),
    "a second later": ("2026-05-01T10:00:00+00:00", "2026-05-01T10:00:01+00:00", False),
    "milliseconds later": ("2026-05-01T10:00:00.123000+00:00", "2026-05-01T10:00:00.456000+00:00", False),
}


@pytest.mark.parametrize(("one", "other", "same"), MOMENTS.values(), ids=MOMENTS)
def test_moments(one: str, other: str, same: bool) -> None:
    first, second = moment(one), moment(other)
    assert first is not None
    assert second is not None
    assert is_same_moment(first, second) is same
