"""What a deletion loses, in words."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi_connect_domains.model.deletion import Holding, guard, holding, loses, warning
from pulumi_connect_domains.model.schema import Schema
from pulumi_connect_domains.model.warning import Notice
from pulumi_connect_domains.model.wording import size_text
from pulumi_connect_domains.registry import resource_types

PROFILES = resource_types()["customerprofiles"].schema
VOICES = resource_types()["voiceid"].schema


def stats(profiles: float | None, objects: float | None, size: int | None = None) -> dict[str, Any]:
    return {"stats": {"profile_count": profiles, "object_count": objects, "total_size": size}}


@pytest.mark.parametrize(
    ("outputs", "is_known", "is_empty", "text"),
    [
        pytest.param(stats(12_345, 3, 1_200_000), True, False, "12,345 profiles and 3 objects (1.2 MB)", id="data"),
        pytest.param(stats(1, 1), True, False, "1 profile and 1 object", id="one of each, without a size"),
        pytest.param(stats(0, 0, 0), True, True, "no data", id="nothing"),
        pytest.param(
            stats(0, 0, 12), True, True, "no data", id="a size without objects, which the guard lets pass too"
        ),
        pytest.param(stats(0, 5, 0), True, False, "0 profiles and 5 objects (0 bytes)", id="objects without profiles"),
        pytest.param(stats(5, None), False, False, "not known", id="one count is missing"),
        pytest.param(stats(float("nan"), 0), False, False, "not known", id="a count that is no number"),
        pytest.param(stats(float("inf"), 0), False, False, "not known", id="a count without end"),
        pytest.param(stats(-1, 0), False, False, "not known", id="less than nothing"),
        pytest.param(stats(10**400, 0), False, False, "not known", id="more than there can be"),
        pytest.param({"stats": {}}, False, False, "not known", id="no counts"),
        pytest.param({}, False, False, "not known", id="never refreshed"),
    ],
)
def test_holding(outputs: dict[str, Any], is_known: bool, is_empty: bool, text: str) -> None:
    held = holding(PROFILES, outputs)
    assert (held.is_known, held.is_empty, str(held)) == (is_known, is_empty, text)


def test_what_aws_does_not_count_is_never_known() -> None:
    held = holding(VOICES, stats(0, 0))
    assert (held, held.is_known, held.is_empty) == (Holding({}), False, False)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1_000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (1_234_567_890, "1.2 GB"),
        (5 * 10**15, "5.0 PB"),
        (5 * 10**18, "5000.0 PB"),
    ],
)
def test_size_text(size: int, text: str) -> None:
    assert size_text(size) == text


def test_loses() -> None:
    assert loses(PROFILES) == "all of its customer data, at once and for good"
    assert loses(VOICES) == "its speakers, fraudsters and watchlists, suspended at once and erased after 30 days"


def test_guard() -> None:
    on = "The provider refuses that while the domain holds data, unless force_destroy was applied before"
    assert guard(PROFILES, {}) == on
    assert guard(PROFILES, {"force_destroy": False}) == on
    assert guard(PROFILES, {"force_destroy": True}) == "The guard is off (force_destroy), so nothing stops it"
    assert guard(VOICES, {}) == ""


@pytest.mark.parametrize(
    ("schema", "outputs", "text"),
    [
        pytest.param(
            PROFILES,
            stats(2, 1, 10),
            "replacing deletes the domain with 2 profiles and 1 object (10 bytes): all of its customer data, at once and for good. "
            "The provider refuses that while the domain holds data, unless force_destroy was applied before",
            id="data behind the guard",
        ),
        pytest.param(
            PROFILES,
            {**stats(0, 0), "force_destroy": True},
            "replacing deletes the domain, which held no data when AWS was last asked; a deletion loses all of its customer data, "
            "at once and for good. The guard is off (force_destroy), so nothing stops it",
            id="no data, but nobody looks again",
        ),
        pytest.param(
            VOICES,
            {},
            "replacing deletes the domain: its speakers, fraudsters and watchlists, suspended at once and erased after 30 days; "
            "how much it holds, state does not say",
            id="nothing is counted and there is no guard",
        ),
    ],
)
def test_warning(schema: Schema, outputs: dict[str, Any], text: str) -> None:
    assert warning(schema, outputs) == Notice("replacement-deletes", "", text)


def test_the_warning_names_no_input() -> None:
    assert "hush" not in str(warning(PROFILES, {"domain_name": "hush", "tags": {"a": "hush"}}))
