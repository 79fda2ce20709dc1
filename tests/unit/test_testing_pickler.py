"""A session may declare any number of resources: what the SDK does to Python's pickler ends with each test."""

from __future__ import annotations

import pickle
from typing import Any

from pulumi.dynamic import ResourceProvider
from pulumi.dynamic.dynamic import serialize_provider
from pulumi_connect_domains.testing import pickler_as_it_was


class WithState(ResourceProvider):
    """A provider as users write them."""

    def __init__(self) -> None:
        self.state = {"a": {"b": 1}}


def test_serializing_any_number_of_providers_leaves_no_trace() -> None:
    pickler: Any = vars(pickle)["_Pickler"]
    before = vars(pickler)["_batch_setitems"]
    for _ in range(20):
        with pickler_as_it_was():
            for _ in range(50):
                serialize_provider(WithState())
    assert vars(pickler)["_batch_setitems"] is before
