"""The bridge: what the operations answer reaches the engine."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi_connect_domains.host import protocol
from pulumi_connect_domains.host.bridge import Bridge
from pulumi_connect_domains.operations.lifecycle import Operations
from pulumi_connect_domains.operations.requests import CreateAnswer
from pulumi_connect_domains.registry import resource_types


def test_a_creation_is_stored_whatever_aws_has_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine would not learn of a domain whose outputs its protocol cannot carry."""
    outputs: dict[str, Any] = {"domain_name": "crm", "stats": {"profile_count": 10**400}, "tags": {"\ud800": "a\udfff"}}
    monkeypatch.setattr(Operations, "create", lambda self, request: CreateAnswer("crm", outputs))
    made = Bridge(resource_types()["customerprofiles"]).create({"default_expiration_days": 30})
    assert made.outs == {
        "domain_name": "crm",
        "stats": {"profile_count": "1E+400"},
        "tags": {"\ufffd": "a\ufffd"},
    }
    assert protocol.struct(made.outs).SerializeToString()
