"""Validation and AWS agree: what one refuses for its form, the other refuses, whatever the inputs.

AWS is here the check that the local AWS makes on arrival: of the request's own shape, by botocore's model, written apart from
schema.json. First the check alone, often; then whole requests over HTTP, so that nothing on the way makes them agree.
"""

from __future__ import annotations

import copy
import http.client
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import botocore.session
import pytest
from botocore import xform_name
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.local.aws.validation import violations
from pulumi_connect_domains.model.validation import advice, failures

from .validation_documents import FULL_PROFILES, FULL_VOICE, PROFILES, VOICE

OURS_ALONE = ("tags_all", "region", "force_destroy", "adopt_existing")  # inputs that AWS never sees
SERVICES = {"customer-profiles": (PROFILES, FULL_PROFILES), "voice-id": (VOICE, FULL_VOICE)}
SHAPES = {
    service: botocore.session.Session().get_service_model(service).operation_model("CreateDomain").input_shape
    for service in SERVICES
}

# Text that is right somewhere or nearly so: short and at the edge of each limit, of several scripts, with what patterns refuse.
texts = st.one_of(
    st.sampled_from(
        ["", "a", "RECENCY", "FRIDAY", "ONE_TO_ONE", "9:05", "23:59", "24:00", "a-b_c", "-a", "a.b", "A", "x\n"]
    ),
    st.sampled_from([1, 3, 63, 64, 65, 128, 129, 255, 256, 257, 800, 801, 1024, 1025, 2048, 2049]).map("a".__mul__),
    st.text(st.characters(codec="utf-8", max_codepoint=0x2FF), max_size=6),
    st.text(st.characters(codec="utf-8"), max_size=3),
    st.text("aB9_-.:/=+@%, <;!é\u00a0٣\n", max_size=8),
)
keys = texts.filter(lambda key: not key.lower().startswith("aws:"))  # which the models let pass in some spellings
numbers = st.one_of(
    st.integers(-2, 17),
    st.sampled_from([0.5, 1.0, 1.5, 15.0, 30.0, 1097, 1098, 1099, 1098.5, 10**12]),
    st.floats(-1, 2, allow_nan=False),
)
scalars = st.one_of(st.none(), st.booleans(), numbers, texts)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.sampled_from([1, 4, 10, 11, 15, 16, 20, 21]).map(lambda count: ["a"] * count),
        st.dictionaries(keys, inner, max_size=3),
        st.builds(lambda rule: [{"rule": rule}], inner),
    ),
    max_leaves=4,
)


many_keys = st.sampled_from([49, 50, 51, 199, 200, 201]).map(
    lambda count: {f"k{number}": "" for number in range(count)}
)


def of_its_kind(value: Any) -> st.SearchStrategy[Any]:
    """Values that could stand in this one's place, or almost: they differ in length, range or wording."""
    if isinstance(value, bool):
        return st.booleans()
    if isinstance(value, (int, float)):
        return numbers
    if isinstance(value, str):
        return texts
    if isinstance(value, list) and value:
        return st.sampled_from([0, 1, 3, 4, 5, 10, 11, 15, 16, 20, 21]).map(lambda count: (value * count)[:count])
    if isinstance(value, dict) and all(isinstance(item, str) for item in value.values()):
        return st.one_of(st.dictionaries(keys, texts, max_size=3), many_keys)
    return values


@st.composite
def documents(draw: st.DrawFn, service: str) -> dict[str, Any]:
    """The full document with one to three of its places changed, most of them slightly."""
    document = copy.deepcopy(SERVICES[service][1])
    for name in OURS_ALONE:
        document.pop(name, None)
    for _ in range(draw(st.integers(1, 3))):
        place, key = draw(st.sampled_from(places(document) or [(document, "zzz")]))
        change = draw(st.sampled_from([*["replace"] * 7, "displace", "remove", "add"]))
        if change == "replace" and (isinstance(place, list) or key in place):
            place[key] = draw(of_its_kind(place[key]))
        elif change == "displace":
            place[key] = draw(values)
        elif change == "add" and isinstance(place, dict):
            place[draw(keys)] = draw(values)
        elif change == "remove" and (isinstance(place, list) or key in place):
            del place[key]
    return copy.deepcopy(document)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Everything in a document, as the map or list that holds it and the key or position there."""
    inner = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [(value, key) for key in inner] + [place for key in inner for place in places(value[key])]


def request(shape: Any, value: Any) -> Any:
    """The inputs as the request that they stand for. What cannot stand for one is kept, for the check to refuse."""
    if shape.type_name == "structure" and isinstance(value, dict):
        names = {xform_name(name): name for name in shape.members}
        given_members = {key: item for key, item in value.items() if item is not None}
        known = {names.get(key, f"?{key}"): item for key, item in given_members.items()}
        members = shape.members
        return {
            name: request(members[name], item) if name in members else item
            for name, item in known.items()
            if name not in members or name in shape.required_members or not says_none(members[name], item)
        }
    if shape.type_name == "list" and set(getattr(shape.member, "members", ())) == {"Key", "Value"}:
        if not isinstance(value, dict):
            return "not a map"  # an AWS list of tags is no way to write them here
        return [{"Key": key, "Value": item} for key, item in value.items() if item is not None]
    if shape.type_name == "list" and isinstance(value, list):
        return [request(shape.member, item) for item in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {key: item for key, item in value.items() if item is not None}
    if shape.type_name in ("integer", "double") and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def says_none(shape: Any, value: object) -> bool:
    """Whether an empty collection stands where AWS wants one entry or more."""
    return value == {"list": [], "map": {}}.get(shape.type_name, 0) != 0 and shape.metadata.get("min", 0) > 0


def complete(service: str, members: dict[str, Any]) -> dict[str, Any]:
    """The request with the name that the provider makes when there is none."""
    return {{"customer-profiles": "DomainName", "voice-id": "Name"}[service]: "made", **members}


def agree(service: str, document: dict[str, Any], refusals: Callable[[str, dict[str, Any]], list[str]]) -> None:
    schema, _ = SERVICES[service]
    ours = [str(failure) for failure in failures(schema, document)]
    theirs = refusals(service, complete(service, request(SHAPES[service], document)))
    assert bool(ours) == bool(theirs), f"ours: {ours}, AWS's: {theirs}"


def by_the_model(service: str, members: dict[str, Any]) -> list[str]:
    return violations(SHAPES[service], members)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    "tries", [pytest.param(300, id="300 tries"), pytest.param(10_000, id="10000 tries", marks=pytest.mark.long)]
)
def test_both_refuse_or_neither(service: str, tries: int) -> None:
    @settings(max_examples=tries, deadline=None, suppress_health_check=list(HealthCheck))
    @given(documents(service))
    def check(document: dict[str, Any]) -> None:
        agree(service, document, by_the_model)

    check()


@pytest.mark.parametrize("service", SERVICES)
def test_no_inputs_make_it_stumble(service: str) -> None:
    """Whatever is given, there is an answer, and each failure has a place of its own."""

    @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.one_of(values, documents(service)))
    def check(document: Any) -> None:
        found = failures(SERVICES[service][0], document)
        assert len({(failure.path, failure.text) for failure in found}) == len(found)
        advice(SERVICES[service][0], document)

    check()


# -- over HTTP ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    with LocalAws.start() as server:
        yield server


class Wire:
    """Raw requests to the local AWS: no client library, which would refuse some of them itself."""

    def __init__(self, aws: LocalAws) -> None:
        address = urlsplit(aws.endpoint)
        self._connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=30)
        key = aws.environment()["AWS_ACCESS_KEY_ID"]
        self._credential = f"AWS4-HMAC-SHA256 Credential={key}/20261122/{aws.region}"

    def refusals(self, service: str, members: dict[str, Any]) -> list[str]:
        """AWS's message where it refuses the request's form, else nothing."""
        if service == "customer-profiles":
            path, code, signed_by = (
                f"/domains/{quote(str(members.pop('DomainName')), safe='')}",
                "BadRequest",
                "profile",
            )
        else:
            path, code, signed_by = "/", "Validation", "voiceid"
        headers = {
            "Authorization": f"{self._credential}/{signed_by}/aws4_request, SignedHeaders=host, Signature=0",
            "Content-Type": "application/json",
            "X-Amz-Target": "VoiceID.CreateDomain",
        }
        self._connection.request("POST", path, json.dumps(members), headers)
        response = self._connection.getresponse()
        answer = json.loads(response.read())
        if response.status == http.HTTPStatus.OK or "already exists" in json.dumps(answer):
            return []
        named = response.headers.get("x-amzn-errortype") or answer.get("__type", "")
        assert code in named, (response.status, named, answer)
        return [json.dumps(answer)]


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    "tries", [pytest.param(150, id="150 tries"), pytest.param(10_000, id="10000 tries", marks=pytest.mark.long)]
)
def test_the_local_aws_agrees_over_http(aws: LocalAws, service: str, tries: int) -> None:
    wire = Wire(aws)

    @settings(max_examples=tries, deadline=None, suppress_health_check=list(HealthCheck))
    @given(documents(service))
    def check(document: dict[str, Any]) -> None:
        name = document.get("domain_name")
        # A name that is no text, or holds what a URL cannot carry, never arrives as what it was.
        assume(name is None or (isinstance(name, str) and name not in ("", ".", "..")))
        agree(service, document, wire.refusals)

    check()
