"""Property paths: what the engine's state and people write, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pulumi_connect_domains.drift import paths


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        pytest.param("tags", ("tags",), id="one name"),
        pytest.param("matching.job_schedule.time", ("matching", "job_schedule", "time"), id="names with dots between"),
        pytest.param("matching_rules[1].rule[0]", ("matching_rules", 1, "rule", 0), id="positions"),
        pytest.param('tags["a.b"]', ("tags", "a.b"), id="a name with a dot, in quotes"),
        pytest.param('tags.["a.b"]', ("tags", "a.b"), id="the same after a dot, as Pulumi takes it"),
        pytest.param(r'tags["a\"b"]', ("tags", 'a"b'), id="a quote within quotes"),
        pytest.param("matching_rules[*].rule", ("matching_rules", "*", "rule"), id="any position"),
        pytest.param("*", ("*",), id="anything"),
    ],
)
def test_a_path_is_read(text: str, keys: paths.Keys) -> None:
    assert paths.parse(text) == keys


@pytest.mark.parametrize("text", ["", ".", "a..b", "a[", "a[b]", 'a["b]', "a]"])
def test_what_is_no_path_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="property path"):
        paths.parse(text)


@given(some.lists(some.text(min_size=1) | some.integers(0, 20), min_size=1).map(tuple))
def test_every_path_reads_back(keys: paths.Keys) -> None:
    first = str(keys[0])
    expected = (first, *keys[1:])
    assert paths.parse(paths.text(expected)) == tuple(expected)


def test_a_pattern_covers_what_lies_within() -> None:
    assert paths.covers(("tags",), ("tags", "team"))
    assert paths.covers(("rules", "*", "rule"), ("rules", 3, "rule", 0))
    assert not paths.covers(("tags", "team"), ("tags",))
    assert not paths.covers(("tags", "team"), ("tags", "owner"))
