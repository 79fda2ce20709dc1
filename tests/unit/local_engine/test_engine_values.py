"""Property values: what is equal, what is hidden, what the wire and the state file make of them."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_local_engine.model.reading import DamagedError
from pulumi_local_engine.model.resource import (
    Deployment,
    Operation,
    Resource,
    deployment_from_json,
    deployment_json,
    resource_from_json,
    resource_json,
)
from pulumi_local_engine.model.secrets import shown
from pulumi_local_engine.model.values import (
    UNKNOWN,
    UNKNOWN_TEXT,
    Secret,
    contains,
    equal,
    marked_like,
    reveal,
)
from pulumi_local_engine.provider.wire import SIGNATURE, pack, unpack

URN = "urn:pulumi:dev::p::a:b:C::n"
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
MARKED = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3) | inner.map(Secret)
    ),
    max_leaves=10,
)
PROPERTIES = st.dictionaries(st.text(max_size=5), MARKED, max_size=4)


def encrypt(text: str) -> str:
    return "x" + base64.b64encode(text.encode()).decode()


def decrypt(text: str) -> str:
    return base64.b64decode(text[1:]).decode()


@given(PROPERTIES)
def test_the_wire_keeps_values_and_secrets(properties: dict[str, Any]) -> None:
    assert equal(unpack(pack(properties, unknowns=True, secrets=True)), properties)


@given(PROPERTIES)
def test_a_provider_gets_secrets_in_clear(properties: dict[str, Any]) -> None:
    assert not contains(unpack(pack(properties, unknowns=False)), Secret)


@given(PROPERTIES)
def test_state_keeps_values_and_secrets(properties: dict[str, Any]) -> None:
    resource = Resource(URN, True, "a:b:C", id="i", inputs=properties, outputs=properties)
    before = Deployment((resource,), (Operation("creating", resource),))
    file = json.loads(json.dumps(deployment_json(before, encrypt, {})))
    after = deployment_from_json(file, decrypt)
    assert equal(after.resources[0].inputs, reveal_nested(properties))
    assert equal(after.pending_operations[0].resource.outputs, reveal_nested(properties))


def reveal_nested(value: Any) -> Any:
    """A secret within a secret is one secret."""
    if isinstance(value, Secret):
        return Secret(reveal(value.value))
    if isinstance(value, dict):
        return {key: reveal_nested(item) for key, item in value.items()}
    return [reveal_nested(item) for item in value] if isinstance(value, list) else value


def test_no_secret_stands_in_clear_in_the_file() -> None:
    resource = Resource(URN, True, "a:b:C", inputs={"a": Secret("s3cr3t"), "b": [{"c": Secret("s3cr3t")}]})
    text = json.dumps(deployment_json(Deployment((resource,)), encrypt, {}))
    assert "s3cr3t" not in text
    assert text.count("ciphertext") == 2
    assert "s3cr3t" not in json.dumps(resource_json(resource, shown))


def test_the_file_knows_no_more_than_the_engine() -> None:
    file = {"urn": URN, "custom": False, "type": "a:b:C", "viewOf": "urn:x", "sourcePosition": "s", "stackTrace": [1]}
    with pytest.raises(DamagedError, match="viewOf"):
        resource_from_json(file, decrypt)
    del file["viewOf"]
    assert resource_from_json(file, decrypt).custom is False


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1, 1.0, True),
        (True, 1, False),
        (0, False, False),
        ({"a": None}, {}, True),
        ([None], [], False),
        (UNKNOWN, UNKNOWN, True),
        (UNKNOWN, UNKNOWN_TEXT, False),
        (Secret({"a": None}), Secret({}), True),
        (Secret(1), 1, False),
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}, False),
    ],
)
def test_equality(one: Any, other: Any, same: bool) -> None:
    assert equal(one, other) is same


def test_unknowns_travel_or_are_left_out() -> None:
    values = {"a": UNKNOWN, "b": [1, UNKNOWN], "c": {"d": UNKNOWN, "e": 2}, "f": Secret(UNKNOWN)}
    assert unpack(pack(values, unknowns=True, secrets=True)) == values
    assert unpack(pack({"a": UNKNOWN, "b": [1, UNKNOWN], "c": {"d": UNKNOWN, "e": 2}}, unknowns=False)) == {
        "b": [1],
        "c": {"e": 2},
    }


def test_a_reference_is_an_id_for_those_who_know_no_references() -> None:
    reference = {SIGNATURE: "5cf8f73096256a8f31e491e813e4eb8e", "urn": "u", "id": "i"}
    assert unpack(pack({"r": reference, "s": {**reference, "id": ""}}, unknowns=True)) == {"r": "i", "s": "u"}
    assert unpack(pack({"r": reference}, unknowns=True, references=True)) == {"r": reference}


def test_an_asset_is_refused() -> None:
    message = pack({"a": {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "text": "t"}}, unknowns=True)
    with pytest.raises(ValueError, match="assets"):
        unpack(message)


def test_results_are_marked_secret_by_their_keys() -> None:
    given_ = {
        "note": Secret("n"),
        "labels": {"team": Secret("t"), "open": "o"},
        "parts": [Secret("p"), "q"],
        "gone": Secret(1),
    }
    answer = {"note": "n", "labels": {"team": "t", "open": "o"}, "parts": ["p", "q"], "arn": "a"}
    assert marked_like(answer, given_) == {
        "note": Secret("n"),
        "labels": {"team": Secret("t"), "open": "o"},
        "parts": Secret(["p", "q"]),
        "arn": "a",
    }
