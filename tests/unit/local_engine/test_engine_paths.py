"""Property paths, putting ignored changes back, and the engine's own diff."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_local_engine.model.diff import (
    Diff,
    PropertyDiff,
    compare,
    covers,
    decided,
    parse,
    put_back,
    text_of,
    with_replace_on_changes,
)
from pulumi_local_engine.model.values import UNKNOWN, Secret, equal

KEYS = st.text(min_size=1, max_size=6).filter(lambda key: "\\" not in key and key != "*")
PATHS = st.lists(KEYS | st.integers(0, 9), min_size=1, max_size=4).map(tuple)
VALUES = st.recursive(
    st.integers(0, 3) | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
MAPS = st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3)


@given(PATHS)
def test_a_path_is_read_as_it_is_written(path: tuple[str | int, ...]) -> None:
    assert parse(text_of(path)) == path


@pytest.mark.parametrize("text", [".a", "a[", 'a["b', "a[x]", "a."])
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a property path"):
        parse(text)


@pytest.mark.parametrize(
    ("path", "other", "below"),
    [("a", "a.b", True), ("a.b", "a", False), ("*", "a[0]", True), ("a[*].c", "a[3].c", True), ("a[1]", "a[2]", False)],
)
def test_covers(path: str, other: str, below: bool) -> None:
    assert covers(parse(path), parse(other)) is below


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        pytest.param("a", {"a": 1}, {"a": 2}, {"a": 1}, id="a changed value comes back"),
        pytest.param("a", {"a": 1}, {}, {"a": 1}, id="a removed one too"),
        pytest.param("a", {}, {"a": 2}, {}, id="an added one goes"),
        pytest.param("a.b", {"a": {"b": 1}}, {"a": {"b": 2, "c": 3}}, {"a": {"b": 1, "c": 3}}, id="below a key"),
        pytest.param("a.b", {"a": {"b": 1}}, {}, None, id="no place below a removed key"),
        pytest.param("a.b", {}, {}, {}, id="nothing on either side"),
        pytest.param("a[1]", {"a": [1, 2]}, {"a": [3, 4]}, {"a": [3, 2]}, id="an element"),
        pytest.param("a[1]", {"a": [1, 2]}, {"a": [3]}, None, id="no place in a shorter list"),
        pytest.param("a[5]", {"a": [1]}, {"a": [2]}, {"a": [2]}, id="behind the end of both"),
        pytest.param(
            "a.*.b", {"a": {"x": {"b": 1}}}, {"a": {"x": {"b": 2}}}, {"a": {"x": {"b": 1}}}, id="below any key"
        ),
        pytest.param("*", {"a": 1}, {"a": 2, "b": 3}, {"a": 1}, id="everything"),
        pytest.param("a", {"a": Secret(1)}, {"a": 2}, {"a": Secret(1)}, id="a secret stays one"),
        pytest.param(
            "a.b", {"a": Secret({"b": 1})}, {"a": {"b": 2}}, {"a": {"b": Secret(1)}}, id="out of a secret map"
        ),
        pytest.param("a.b", {"a": {"b": 1}}, {"a": Secret({"b": 2})}, {"a": Secret({"b": 1})}, id="into a secret map"),
    ],
)
def test_ignored_changes_are_put_back(path: str, old: Any, new: Any, expected: Any) -> None:
    assert put_back(new, old, [path]) == ((new, [path]) if expected is None else (expected, []))


@given(MAPS, MAPS)
def test_ignoring_everything_leaves_the_old_values(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert equal(put_back(new, old, sorted(old.keys() | new.keys()))[0], old)


@given(MAPS, MAPS)
def test_values_differ_exactly_when_a_difference_is_found(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert (list(compare(old, new)) == []) is equal(old, new)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ({"a": 1}, {"a": 2}, {"a": "update"}),
        ({"a": {"b": 1}}, {"a": {"c": 1}}, {"a.b": "delete", "a.c": "add"}),
        ({"a": [1, 2]}, {"a": [1]}, {"a[1]": "delete"}),
        ({"a": 1}, {"a": UNKNOWN}, {"a": "update"}),
        ({"a": {"b": 1}}, {"a": 1}, {"a": "update"}),
        ({"a b": 1}, {}, {'["a b"]': "delete"}),
        ({"a": Secret(1)}, {"a": 1}, {}),
    ],
)
def test_the_engine_compares_inputs_when_the_provider_does_not_say(old: Any, new: Any, found: dict[str, str]) -> None:
    diff = decided(Diff(None), old, new)
    assert diff.changes is bool(found)
    assert {path: entry.kind for path, entry in (diff.detailed or {}).items()} == found


def test_what_a_provider_says_stands() -> None:
    assert decided(Diff(False), {"a": 1}, {"a": 2}) == Diff(False)
    assert decided(Diff(True, ("a",)), {}, {}) == Diff(True, ("a",))


def test_options_turn_changes_into_replacements() -> None:
    diff = decided(Diff(None), {"a": 1, "b": {"c": 1}}, {"a": 1, "b": {"c": 2}})
    assert not diff.replaces
    forced = with_replace_on_changes(diff, ["b"], False)
    assert forced.replaces
    assert forced.replace_keys == ("b",)
    assert forced.detailed == {"b.c": PropertyDiff("update-replace", True)}
    assert not with_replace_on_changes(diff, ["a", "b.d"], False).replaces
    assert not with_replace_on_changes(Diff(True), ["*"], False).replaces, "without details nothing can be chosen"
    assert with_replace_on_changes(Diff(False), ["#initerror"], True) == Diff(True, ("#initerror",))


def test_a_refresh_sees_the_other_side() -> None:
    diff = decided(Diff(None), {"a": 1, "b": 1}, {"b": 2, "c": 3}).inverted
    assert {path: entry.kind for path, entry in (diff.detailed or {}).items()} == {
        "a": "add",
        "b": "update",
        "c": "delete",
    }
