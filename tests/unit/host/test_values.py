"""host: what the engine's values become, and what is seen on the way."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from pulumi.output import Unknown as EngineUnknown
from pulumi_connect_domains.host.values import from_engine, looked_at_from_engine, to_engine
from pulumi_connect_domains.model import documents
from pulumi_connect_domains.model.values import holds_unknown

from .. import mutations
from ..model.validation_documents import FULL_PROFILES, PROFILES

UNKNOWN: Any = EngineUnknown()  # type: ignore[no-untyped-call]  # the SDK's own class
ODD = {
    "an unknown value": {"a": UNKNOWN},
    "an unknown value in a list": {"a": [{"b": UNKNOWN}]},
    "an empty map": {"a": {}},
    "a map of nulls": {"a": {"b": None}},
    "an empty list in a map": {"a": {"b": []}},
    "an empty map in a list": {"a": [{}]},
    "a null in a list": {"a": ["b", None]},
}


@pytest.mark.parametrize("properties", ODD.values(), ids=ODD)
def test_what_says_nothing_or_is_unknown_is_seen(properties: dict[str, Any]) -> None:
    assert not looked_at_from_engine(properties)[1]


def test_all_says_something() -> None:
    found = looked_at_from_engine({"a": 1.0, "b": None, "c": [{"d": "", "e": False}], "__provider": "x"})
    assert found == ({"a": 1, "c": [{"d": "", "e": False}]}, True)


def test_where_all_says_something_nobody_has_to_look_again() -> None:
    seen = set()
    for seed in range(600):
        properties = mutations.documents(FULL_PROFILES, Random(seed))
        inputs, says_all = looked_at_from_engine(properties)
        seen.add(says_all)
        assert repr(inputs) == repr(from_engine(properties))
        if says_all:
            assert not holds_unknown(inputs)
            assert to_engine(inputs) is inputs
            assert repr(documents.given(PROFILES, inputs, says_all=True)) == repr(documents.given(PROFILES, inputs))
    assert seen == {True, False}
