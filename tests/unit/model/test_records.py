"""Records: as frozen dataclasses are, with and without equality."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from pulumi_connect_domains.model.records import record
from pulumi_connect_domains.model.schema import Limits, Property, ResourceLevel, Schema


@record(frozen=True, eq=False)
class Thing:
    """Has a member of each kind."""

    name: str
    size: int = 1
    parts: dict[str, int] = dataclasses.field(default_factory=dict)
    hidden: str = dataclasses.field(default="", repr=False)


@record(frozen=True, eq=False)
class Bigger(Thing):
    """Has one member more."""

    weight: int = 2


def test_members_are_given_by_name_or_by_place_and_the_rest_has_its_default() -> None:
    assert vars(Thing("a", size=2)) == {"name": "a", "size": 2, "parts": {}}
    assert (Thing("a").size, Thing("a").hidden) == (1, "")
    assert (Bigger("a", weight=5).weight, Bigger("a").weight, Bigger("a").size) == (5, 2, 1)
    assert Thing("a").parts is not Thing("a").parts


@pytest.mark.parametrize(
    ("values", "named", "text"),
    [
        ((), {}, "Thing needs name"),
        (("a",), {"colour": 1}, "Thing has no member colour"),
        (("a",), {"name": "b"}, "Thing is given name twice"),
        (("a", 1, {}, "", 5), {}, "Thing has 4 members, and 5 values are given"),
    ],
)
def test_what_cannot_be_a_record_is_refused(values: tuple[Any, ...], named: dict[str, Any], text: str) -> None:
    with pytest.raises(TypeError) as refused:
        Thing(*values, **named)
    assert str(refused.value) == text


def test_a_default_that_would_become_a_method_is_refused() -> None:
    with pytest.raises(TypeError, match="the default of make would become a method"):

        @record(frozen=True, eq=False)
        class Wrong:
            make: Any = lambda self: 1


def test_a_record_never_changes() -> None:
    for schema in (Property(kind="string"), Limits(), ResourceLevel("*", (), "")):
        for change in (lambda of: setattr(of, "kind", "map"), lambda of: delattr(of, "kind")):
            with pytest.raises(dataclasses.FrozenInstanceError):
                change(schema)


def test_dataclasses_knows_records() -> None:
    thing = Bigger("a", hidden="secret")
    assert [each.name for each in dataclasses.fields(thing)] == ["name", "size", "parts", "hidden", "weight"]
    assert vars(dataclasses.replace(thing, size=3)) | {"parts": {}} == {**vars(thing), "size": 3, "weight": 2}
    assert repr(thing) == "Bigger(name='a', size=1, parts={}, weight=2)"
    assert issubclass(Schema, Property)
    assert thing != Bigger("a", hidden="secret")


@record(frozen=True, eq=True)
class Point:
    """Is equal to another one of the same place."""

    place: int
    note: str = dataclasses.field(default="", compare=False)


def test_records_with_equality_are_equal_by_their_compared_members() -> None:
    assert Point(1, "a") == Point(1, "b") != Point(2, "a")
    assert len({Point(1, "a"), Point(1, "b"), Point(2, "a")}) == 2
    assert Point(1) != (1,)
    assert Point(1).__eq__(1) is NotImplemented
