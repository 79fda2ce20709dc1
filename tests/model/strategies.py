"""Random settings, tags, faults and kills. Settings come from the schema, so a new one is tried as soon as it is there."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from pulumi_connect_domains import registry

from ..engine.import_settings import values
from .declared import CP, IGNORED_PREFIX, REGIONS, VID, Fault, Kill
from .expected import said

LONGEST = 4  # characters of a text: longer ones say nothing new
NAMES = "abcde"
NAME_INPUTS = {CP: "domain_name", VID: "name"}
SCHEMAS = {type: registry.resource_types()[type].schema for type in (CP, VID)}
REQUIRED = {CP: "default_expiration_days", VID: "server_side_encryption_configuration"}
OPTIONAL = {
    type: [
        name
        for name, of in schema.inputs.items()
        if not (of.provider_only or of.auto_name or name in ("tags", REQUIRED[type]))
    ]
    for type, schema in SCHEMAS.items()
}
"""The settings that may be left out, but for the name and the tags."""
TAG_KEYS = ("team", "cost", "stage", f"{IGNORED_PREFIX}x")

types = st.sampled_from((CP, CP, VID))
regions = st.sampled_from(REGIONS)
numbers = st.integers(0, 99)
"""Of which a rule takes what it needs: which domain, which setting."""
few_tags = st.dictionaries(st.sampled_from(TAG_KEYS), st.sampled_from("12"), max_size=3)
changed_tags = st.dictionaries(st.sampled_from(TAG_KEYS), st.sampled_from(("1", "2", None)), min_size=1, max_size=3)


def settings_of(type: str, name: str) -> st.SearchStrategy[Any]:
    """Values of one setting, none of which says nothing."""
    found = values(SCHEMAS[type].inputs[name], LONGEST).map(said)
    return found.filter(lambda value: value not in ({}, ""))


def few_settings(type: str) -> st.SearchStrategy[dict[str, Any]]:
    """The required setting, and some of the others."""
    must = {REQUIRED[type]: settings_of(type, REQUIRED[type])}
    may = {name: settings_of(type, name) for name in OPTIONAL[type]}
    return st.fixed_dictionaries(must, optional=may)


OPERATIONS = (
    "*", "CreateDomain", "UpdateDomain", "DeleteDomain", "TagResource", "UntagResource", "GetDomain", "DescribeDomain",
    "ListTagsForResource",
)  # fmt: skip
WAYS = ("throttled", "failed", "dropped before", "dropped after", "denied")
faults = st.builds(Fault, st.sampled_from(OPERATIONS), st.sampled_from(WAYS), st.sampled_from([1, 1, None]))
troubles = st.one_of(st.just(()), st.lists(faults, min_size=1, max_size=2).map(tuple))
kills = st.one_of(
    st.none(),
    st.none(),
    st.builds(Kill, st.sampled_from(["aws", "aws", "call", "save"]), st.integers(1, 12), st.booleans()),
)
