"""Secrets and unknown values in states and previews: how they are recognised, and how a secret in clear is opened. Pure.

A secret is a map with a signature, its value beside it as JSON text: encrypted (`ciphertext`), or in clear (`plaintext`) where
`--show-secrets` was given. Source of what is said of files: sdk/go/common/resource/properties.go in pulumi/pulumi.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..model.errors import Unreadable
from ..model.marks import SECRET_MARK, SIGNATURE, UNKNOWN_TEXT
from ..model.path import Path
from ..model.schema import UNDECLARED, transform, walk
from ..model.values import Unknown
from .deployment import NotAState
from .documents import json_of


def stands_for_unknown(value: object) -> bool:
    """Whether this is how a preview writes a value that only `up` will know."""
    return isinstance(value, str) and value == UNKNOWN_TEXT


def is_signed(value: object) -> bool:
    """Whether the value is a map that stands for something else: a secret, an asset, a reference to a resource."""
    return isinstance(value, Mapping) and SIGNATURE in value


def is_secret(value: object) -> bool:
    """Whether the value is a secret."""
    return isinstance(value, Mapping) and value.get(SIGNATURE) == SECRET_MARK


def in_clear(value: Any, encrypted: object = None) -> Any:
    """The value; of a secret its content, or `encrypted` where the state holds it encrypted. Raises: NotAState."""
    if not is_secret(value):
        return value
    if "plaintext" not in value:
        return encrypted
    try:
        return json_of(str(value["plaintext"]))
    except Unreadable:
        raise NotAState("is damaged: it holds a secret that is not JSON") from None


def may_be_in(text: str) -> bool:
    """Whether something in this JSON may stand for something else. `json.dumps` wrote it. Most documents hold nothing such."""
    return SIGNATURE in text


def holds_signed(value: object) -> bool:
    """Whether something in the value stands for something else. Most values hold nothing such, and this is quick."""
    if isinstance(value, dict):
        return SIGNATURE in value or any(
            holds_signed(each) for each in value.values() if isinstance(each, (dict, list))
        )
    return isinstance(value, list) and any(map(holds_signed, value))


def opened(value: Any) -> Any:
    """The value with every secret in it in clear, and an unknown value in place of each that is encrypted. Raises: NotAState."""
    if not holds_signed(value):
        return value
    return transform(
        UNDECLARED, value, lambda steps, of, each: each, lambda steps, of, each: in_clear(each, encrypted=Unknown())
    )


def places(value: object) -> Iterator[Path]:
    """The paths of all secrets in the value, readable or not."""
    if holds_signed(value):
        yield from (Path(steps) for steps, _, each in walk(UNDECLARED, value) if is_secret(each))
