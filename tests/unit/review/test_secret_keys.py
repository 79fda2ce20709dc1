"""The keys of a map that is secret as a whole are secret too: a review shows the map's own path."""

from __future__ import annotations

import pytest
from pulumi_connect_domains.model.path import Path
from pulumi_connect_domains.model.values import SECRET, Json
from pulumi_connect_domains.registry import resource_types
from pulumi_connect_domains.review.rows import rows
from pulumi_connect_domains.review.secrecy import Secrecy

SCHEMA = resource_types()["voiceid"].schema
WHOLE = Secrecy(frozenset({Path(("tags",)), Path(("tags_all",))}))
LEAF = Secrecy(frozenset({Path(("tags", "team")), Path(("tags_all", "team"))}))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"tags": SECRET}, {"tags": SECRET}),
        ({"tags_all": {"client": "x", "team": "1"}}, {"tags_all": {"client": "y", "team": "1"}}),
        ({"tags": {"client": "x"}, "tags_all": SECRET}, {"tags": {"client": "y"}, "tags_all": SECRET}),
    ],
    ids=["masked by the engine", "in clear in another document", "in clear beside the secret one"],
)
def test_no_key_of_a_secret_map_is_shown(before: Json, after: Json) -> None:
    found = rows(SCHEMA, after, before, WHOLE, ["tags.client", "tags_all.client"])
    assert [row.path for row in found] == ["tags"]
    assert (found[0].before, found[0].after) == (SECRET, SECRET)
    assert "client" not in repr(found)


def test_the_key_of_a_secret_value_is_shown() -> None:
    found = rows(SCHEMA, {"tags": {"team": SECRET}}, {"tags": {"team": SECRET}}, LEAF, ["tags.team"])
    assert [row.path for row in found] == ["tags.team"]
