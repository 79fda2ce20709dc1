"""Property paths: what the engine's state and people write, and back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as some
from pulumi_connect_domains.model.path import ANY, Path, PathPattern, top_of
from pulumi_connect_domains.model.values import ABSENT, Unknown
from pulumi_connect_domains.registry import resource_types


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
        pytest.param('tags["*"]', ("tags", "*"), id="a key that is called *"),
    ],
)
def test_a_path_is_read(text: str, keys: tuple[str | int, ...]) -> None:
    assert Path.parse(text) == keys
    assert PathPattern.parse(text) == keys


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        pytest.param("matching_rules[*].rule", ("matching_rules", ANY, "rule"), id="any position"),
        pytest.param("*", (ANY,), id="anything"),
        pytest.param("", (), id="the document itself"),
    ],
)
def test_only_a_pattern_has_places_that_may_be_any(text: str, steps: tuple[object, ...]) -> None:
    assert PathPattern.parse(text) == steps
    with pytest.raises(ValueError, match="property path"):
        Path.parse(text)


@pytest.mark.parametrize("text", ["", ".", "a..b", "a[", "a[b]", 'a["b]', "a]"])
def test_what_is_no_path_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="property path"):
        Path.parse(text)


@given(some.lists(some.text() | some.integers(0, 20), min_size=1).map(tuple))
@example(("tags", "cost.center"))
@example(("tags", ""))
@example(("tags", '\\"]["', "\n", "[0]"))
def test_every_path_reads_back(keys: tuple[str | int, ...]) -> None:
    path = Path((str(keys[0]), *keys[1:]))
    assert Path.parse(str(path)) == path


@given(some.lists(some.text() | some.integers(0, 20) | some.just(ANY), min_size=1).map(tuple))
@example(("*", ANY))
def test_every_pattern_reads_back(steps: tuple[Any, ...]) -> None:
    first = steps[0] if steps[0] is ANY else str(steps[0])
    pattern = PathPattern((first, *steps[1:]))
    assert PathPattern.parse(str(pattern)) == pattern


def test_a_pattern_covers_what_lies_within() -> None:
    assert PathPattern.parse("tags").covers(("tags", "team"))
    assert PathPattern.parse("rules[*].rule").covers(("rules", 3, "rule", 0))
    assert not PathPattern.parse("tags.team").covers(("tags",))
    assert not PathPattern.parse("tags.team").covers(("tags", "owner"))
    assert not PathPattern.parse('tags["*"]').covers(("tags", "team"))


def test_a_path_leads_to_a_value_or_to_nothing() -> None:
    unknown = Unknown()
    nested = {"a": {"b": {"c": 1}}, "d": "text", "u": unknown, "l": [{"x": 2}]}
    assert Path.parse("a.b.c").find(nested) == 1
    assert Path.parse("l[0].x").find(nested) == 2
    assert (
        Path.parse("a.x.c").find(nested) is Path.parse("d.e").find(nested) is Path.parse("l[1]").find(nested) is ABSENT
    )
    assert Path.parse("u.x").find(nested) is unknown


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
    assert str(resource_types()["customerprofiles"].schema.settle(Path.parse(text))) == meant


@pytest.mark.parametrize(
    ("path", "top"),
    [
        ("[*].rule", "*"),
        ("matching.enabled", "matching"),
        ("rules[0]", "rules"),
        ('["a.b"].c', "a.b"),
        ("a..b", "a..b"),
        ("", ""),
    ],
)
def test_the_first_name_of_a_path(path: str, top: str) -> None:
    assert top_of(path) == top


def test_to_the_engine_a_quoted_star_stands_for_any_step_too() -> None:
    assert PathPattern.of_engine('tags["*"]') == PathPattern.parse("tags[*]") != PathPattern.parse('tags["*"]')
