"""The words for differences: kinds, ordered lists, values, and what changes mean by the schemas."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_connect_domains.model.schema import UNDECLARED, Property, Schema
from pulumi_connect_domains.model.values import ABSENT, SECRET, Unknown
from pulumi_connect_domains.registry import resource_types
from pulumi_connect_domains.reporting.words import IN_SHORT, in_short, item_in_short, meaning, value_text

BLOCK = Property(kind="object", members={"enabled": Property(kind="boolean", switch=True)})
RULES = Property(kind="array", item_noun="level")
A, B, C, D = ({"rule": [name]} for name in ("A", "B", "C", "D"))


@pytest.mark.parametrize(
    ("schema", "before", "after", "words"),
    [
        pytest.param(BLOCK, {"enabled": True}, ABSENT, "turned off", id="a setting that was on and is taken out"),
        pytest.param(BLOCK, {"enabled": True, "x": 1}, {"enabled": False}, "turned off", id="a setting that is switched off"),
        pytest.param(BLOCK, ABSENT, {"enabled": True}, "turned on", id="a setting that is new and on"),
        pytest.param(UNDECLARED, True, False, "turned off", id="a switch"),
        pytest.param(UNDECLARED, ABSENT, False, "set", id="a switch that is off from the beginning"),
        pytest.param(BLOCK, {"enabled": False}, ABSENT, "removed", id="a setting that was off is no longer spoken of"),
        pytest.param(Property(units="days"), 30, 365, "raised from 30 to 365 days", id="a number with units"),
        pytest.param(UNDECLARED, 0.9, 0.5, "lowered from 0.9 to 0.5", id="a number without units"),
        pytest.param(UNDECLARED, "a", "", "removed", id="an empty text is none"),
        pytest.param(UNDECLARED, "", "a", "set", id="a text after an empty one"),
        pytest.param(UNDECLARED, "a", "b", "changed", id="another text"),
        pytest.param(UNDECLARED, SECRET, SECRET, "changed, but it is secret", id="a secret"),
        pytest.param(UNDECLARED, SECRET, ABSENT, "removed", id="a secret that went"),
        pytest.param(UNDECLARED, "a", Unknown(), "known only when it is applied", id="a value that another resource will give"),
        pytest.param(UNDECLARED, ["a", "b"], ["b", "c"], "c added; a removed", id="a list without levels"),
        pytest.param(UNDECLARED, ["a", "b"], ["b", "a"], "in another order", id="a list in another order"),
        pytest.param(RULES, [A, B, C], [A, C, B], "levels 2 and 3 swapped", id="two levels swapped"),
        pytest.param(RULES, [A, B, C], [C, A, B], "levels 1, 2 and 3 in another order", id="three levels moved"),
        pytest.param(RULES, [A, B], [A, B, C], "level 3 added", id="a level at the end"),
        pytest.param(RULES, [A, B], [C, A, B], "level 1 added, the later ones move down", id="a level before the others"),
        pytest.param(RULES, [A, B, C], [A, C], "level 2 removed, the later ones move up", id="a level between the others"),
        pytest.param(RULES, [A, B, C], [A, D, C], "level 2 changed", id="another rule at a level"),
        pytest.param(RULES, [A, B, C], [D], "level 1 changed; levels 2 to 3 removed", id="another rule and fewer of them"),
    ],
)  # fmt: skip
def test_in_short(schema: Property, before: object, after: object, words: str) -> None:
    assert in_short(schema, before, after) == words


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        pytest.param([A, B], [B, A], ["levels 1 and 2 swapped", "levels 1 and 2 swapped"], id="swapped"),
        pytest.param([A], [B, A], ["new level 1", "was level 1, now level 2"], id="pushed down"),
        pytest.param([A, B], [B], ["was level 2, now level 1", "now level 1"], id="pulled up"),
        pytest.param([A, B], [A], [None, "level 2 removed"], id="the last one went"),
        pytest.param([A, B], [C, B], ["level 1 changed", None], id="another rule"),
    ],
)
def test_item_in_short(before: list[object], after: list[object], words: list[str | None]) -> None:
    for position, said in enumerate(words):
        if said is not None:
            assert item_in_short("level", before, after, position) == said


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (ABSENT, "not set"),
        (Unknown(), "known after apply"),
        (True, "true"),
        (30, "30"),
        ("", ""),
        ([], "none"),
        (["a", "b"], "a, b"),
        ([["a", "b"], ["c"]], "a, b; c"),
        ([{"rule": ["a", "b"]}, {"rule": ["c"]}], "a, b; c"),
        ({"enabled": True, "job_schedule": {"time": "9:05"}}, "enabled: true, job_schedule: (time: 9:05)"),
    ],
)
def test_value_text(value: object, text: str) -> None:
    assert value_text(value) == text


def test_a_value_has_its_own_meaning_before_its_kind() -> None:
    schema = Property(means={"= SOURCE": "a source wins", "changed": "another wins than {before}", "any": "whatever"})
    assert meaning(schema, "RECENCY", "SOURCE") == "a source wins"
    assert meaning(schema, "SOURCE", "RECENCY") == "another wins than SOURCE"
    assert meaning(schema, ABSENT, "RECENCY") == "whatever"
    assert meaning(UNDECLARED, "a", "b") == ""


def leaves(of: Property, path: str = "") -> Iterator[tuple[str, Property]]:
    for name, below in of.inputs.items():
        inner = list(leaves(below, f"{path}{name}."))
        yield from inner or [(f"{path}{name}", below)]


SELF_EXPLAINING = {"tags", "tags_all", "description", "rule_based_matching.matching_rules"}
SCHEMAS = {key: type.schema for key, type in resource_types().items()}


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)
def test_every_setting_says_what_its_change_means(schema: Schema) -> None:
    silent = {path for path, of in leaves(schema) if not of.means}
    assert silent <= SELF_EXPLAINING


def properties(of: Property) -> Iterator[Property]:
    yield of
    for below in of.members.values():
        yield from properties(below)


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)
def test_meanings_use_kinds_that_exist(schema: Schema) -> None:
    for of in properties(schema):
        for key, text in of.means.items():
            assert key in IN_SHORT or key == "any" or key.removeprefix("= ") in of.enum, (key, text)
            assert text.format(before="b", after="a")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(json_values, json_values)
def test_words_are_found_for_any_two_values(before: object, after: object) -> None:
    assert isinstance(in_short(UNDECLARED, before, after), str)
    assert isinstance(in_short(RULES, [before, before], [after, before]), str)
