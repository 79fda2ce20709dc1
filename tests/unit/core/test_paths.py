"""Property paths: what the engine's state and people write, and back."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as some
from pulumi_connect_domains.model import path as paths
from pulumi_connect_domains.model.schema import schema_of


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        pytest.param("tags", ("tags",), id="one name"),
        pytest.param("matching.job_schedule.time", ("matching", "job_schedule", "time"), id="names with dots between"),
        pytest.param("matching_rules[1].rule[0]", ("matching_rules", 1, "rule", 0), id="positions"),
        pytest.param('tags["a.b"]', ("tags", "a.b"), id="a name with a dot, in quotes"),
        pytest.param('tags.["a.b"]', ("tags", "a.b"), id="the same after a dot, as Pulumi takes it"),
        pytest.param(r'tags["a\"b"]', ("tags", 'a"b'), id="a quote within quotes"),
        pytest.param(
            r'tags["a\b.c"]', ("tags", r"a\b.c"), id="a backslash that escapes nothing, as the engine writes it"
        ),
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


@given(some.lists(some.text() | some.integers(0, 20), min_size=1).map(tuple))
@example(("tags", "cost.center"))
@example(("tags", ""))
@example(("tags", '\\"]["', "\n", "[0]"))
def test_every_path_reads_back(keys: paths.Keys) -> None:
    first = str(keys[0])
    expected = (first, *keys[1:])
    assert paths.parse(paths.text(expected)) == tuple(expected)


def test_a_pattern_covers_what_lies_within() -> None:
    assert paths.covers(("tags",), ("tags", "team"))
    assert paths.covers(("rules", "*", "rule"), ("rules", 3, "rule", 0))
    assert not paths.covers(("tags", "team"), ("tags",))
    assert not paths.covers(("tags", "team"), ("tags", "owner"))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        pytest.param("tags.cost.center", 'tags["cost.center"]', id="a tag whose key has a dot, without quotes"),
        pytest.param('tags["cost.center"]', 'tags["cost.center"]', id="the same with quotes"),
        pytest.param("tags_all.a.b.c", 'tags_all["a.b.c"]', id="several dots"),
        pytest.param("tags.team", "tags.team", id="no dot"),
        pytest.param("matching.job_schedule.time", "matching.job_schedule.time", id="members of blocks"),
        pytest.param("rule_based_matching.matching_rules[1].rule", "rule_based_matching.matching_rules[1].rule", id="lists"),
        pytest.param("tags.a[1]", "tags.a[1]", id="a position is no part of a key"),
        pytest.param("nope.a.b", "nope.a.b", id="what the schema does not know"),
    ],
)  # fmt: skip
def test_both_spellings_of_a_tag_are_read(text: str, meant: str) -> None:
    assert paths.text(paths.settled(schema_of("customerprofiles"), paths.parse(text))) == meant


@pytest.mark.parametrize(
    ("path", "top"),
    [("matching.enabled", "matching"), ("rules[0]", "rules"), ('["a.b"].c', "a.b"), ("a..b", "a..b"), ("", "")],
)
def test_the_first_name_of_a_path(path: str, top: str) -> None:
    assert paths.top(path) == top
