"""What an unknown key may mean, by schemas that are built here."""

from __future__ import annotations

import pytest
from pulumi_connect_domains.model.path import Path
from pulumi_connect_domains.model.schema import Property
from pulumi_connect_domains.model.validation.suggestions import for_key

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
