"""comparison: changes that AWS took over and then failed to carry out are still to be made."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi_connect_domains.model.comparison import Change, changes, failed_changes, failure_reason
from pulumi_connect_domains.model.documents import inputs_of
from pulumi_connect_domains.model.values import ABSENT, Unknown
from pulumi_connect_domains.registry import resource_types

SCHEMA = resource_types()["voiceid"].schema
KEYS = ("server_side_encryption_configuration", "kms_key_id")


def document(key: Any, status: str = "", old: str = "", message: str = "") -> dict[str, Any]:
    """Outputs of a domain with this key, and with AWS's word on the latest change of the key."""
    details = {"update_status": status, "old_kms_key_id": old, "message": message}
    told = {name: value for name, value in details.items() if value}
    computed = {"server_side_encryption_update_details": told} if told else {}
    return {"name": "n", "server_side_encryption_configuration": {"kms_key_id": key}, **computed}


CASES: dict[str, tuple[Any, dict[str, Any], tuple[Change, ...]]] = {
    "no change of the key ever": ("k2", document("k2"), ()),
    "it runs": ("k2", document("k2", "IN_PROGRESS", "k1"), ()),
    "it went well": ("k2", document("k2", "COMPLETED", "k1"), ()),
    "it failed": ("k2", document("k2", "FAILED", "k1"), (Change(KEYS, "k1", "k2"),)),
    "it failed, and AWS does not say what was before": ("k2", document("k2", "FAILED"), (Change(KEYS, ABSENT, "k2"),)),
    "the failed one was about another key than the declared one": ("k1", document("k1", "FAILED", "k1"), ()),
    "another key is declared anyway": ("k3", document("k2", "FAILED", "k1"), (Change(KEYS, "k2", "k3"),)),
}


@pytest.mark.parametrize(("declared", "actual", "expected"), CASES.values(), ids=CASES)
def test_a_failed_change_counts_while_it_is_the_latest_word_on_the_declared_key(
    declared: str, actual: dict[str, Any], expected: tuple[Change, ...]
) -> None:
    desired = inputs_of(SCHEMA, document(declared))
    assert changes(SCHEMA, desired, actual) == expected


def test_an_unknown_key_is_one_change_not_two() -> None:
    (found,) = changes(SCHEMA, document(Unknown()), document("k2", "FAILED", "k1"))
    assert found.path == KEYS


def test_the_reason_is_awss() -> None:
    actual = document("k2", "FAILED", "k1", "disabled")
    (failed,) = failed_changes(SCHEMA, document("k2"), actual)
    assert failure_reason(SCHEMA, failed, actual) == "disabled"
    assert failure_reason(SCHEMA, failed, document("k2", "FAILED", "k1")) == "AWS gave no reason"


def test_a_resource_without_outcomes_has_no_failed_changes() -> None:
    assert failed_changes(resource_types()["customerprofiles"].schema, {}, {}) == ()
