"""What an unknown key may mean, by schemas that are built here."""

from __future__ import annotations

import pytest
from pulumi_connect_domains.model.path import Path
from pulumi_connect_domains.model.schema import Property
from pulumi_connect_domains.model.validation import suggestions
from pulumi_connect_domains.model.validation.suggestions import alike, for_key

TEXT = Property(kind="string")


def block(**members: Property) -> Property:
    return Property(kind="object", members=members)


ROOT = block(
    **{"a.b": block(inner=block(depth=TEXT))},
    rules=Property(kind="array", items=block(item=block(width=TEXT, depth=TEXT))),
    computed=Property(kind="object", read_only=True, members={"width": TEXT}),
)


@pytest.mark.parametrize(
    ("name", "around", "meant"),
    [
        pytest.param("Depth", (), ['["a.b"].inner.depth', "rules[].item.depth"], id="a key at two places"),
        pytest.param(
            "depth", ("a.b",), ['["a.b"].inner.depth'], id="the place within a map of a quoted name comes first"
        ),
        pytest.param(
            "depth", ("rules", 1), ["rules[].item.depth"], id="and so does the place within an item of a list"
        ),
        pytest.param("width", (), ["rules[].item.width"], id="what is computed is never meant"),
        pytest.param("inner", ("a.b", "inner"), ['["a.b"].inner'], id="a key that stands around itself"),
        pytest.param("nothing", (), [], id="a key that is nowhere"),
    ],
)
def test_a_key_may_mean(name: str, around: tuple[str | int, ...], meant: list[str]) -> None:
    assert for_key(name, Path(around), ROOT) == meant


def test_thousands_of_keys_walk_through_the_schema_once(monkeypatch: pytest.MonkeyPatch) -> None:
    walks: list[object] = []
    monkeypatch.setattr(suggestions, "places_of", lambda root, **_: walks.append(root) or ())
    suggestions._places.cache_clear()
    for number in range(2_000):
        for_key(f"unknown_{number}", Path(), ROOT)
    assert len(walks) == 1
    suggestions._places.cache_clear()


def test_a_key_of_a_megabyte_is_compared_with_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggestions, "get_close_matches", None)
    assert alike("k" * 1_000_000, ["kkk"]) == []
