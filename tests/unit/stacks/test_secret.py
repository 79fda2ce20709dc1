"""Secrets and unknown values in what Pulumi writes: recognised everywhere, opened where that is possible."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi_connect_domains.model.values import is_unknown
from pulumi_connect_domains.stacks import secret
from pulumi_connect_domains.stacks.deployment import NotAState

from ..drift.reports import SECRET_MARK, encrypted, in_clear

ASSET = {"4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", "text": "x"}


@pytest.mark.parametrize(
    ("value", "is_secret", "is_signed"),
    [
        (encrypted(), True, True),
        (in_clear("x"), True, True),
        (ASSET, False, True),
        ({"ciphertext": "v1:x:y"}, False, False),
        ("[secret]", False, False),
        (None, False, False),
    ],
    ids=["encrypted", "in clear", "an asset", "a map", "a text", "nothing"],
)
def test_what_is_a_secret(value: object, is_secret: bool, is_signed: bool) -> None:
    assert (secret.is_secret(value), secret.is_signed(value)) == (is_secret, is_signed)


def test_one_value_in_clear() -> None:
    assert secret.in_clear("x") == "x"
    assert secret.in_clear(in_clear({"a": [1]})) == {"a": [1]}
    assert secret.in_clear(encrypted()) is None


def test_secrets_within_a_value_are_opened_and_their_places_known() -> None:
    value: Any = {"a": in_clear("x"), "b": [1, {"c": encrypted()}], "d": ASSET}
    opened = secret.opened(value)
    assert is_unknown(opened["b"][1].pop("c"))
    assert opened == {"a": "x", "b": [1, {}], "d": ASSET}
    assert set(secret.places(value)) == {("a",), ("b", 1, "c")}


def test_a_secret_that_is_not_json_is_damage() -> None:
    with pytest.raises(NotAState, match=r"^is damaged: it holds a secret that is not JSON$"):
        secret.opened([{**SECRET_MARK, "plaintext": "{"}])


def test_only_the_engines_own_text_stands_for_an_unknown_value() -> None:
    assert secret.stands_for_unknown("04da6b54-80e4-46f7-96ec-b56ff0331ba9")
    assert not secret.stands_for_unknown("04da6b54")
