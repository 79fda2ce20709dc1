"""Random settings of domains, valid by the resource's schema; and a project that a test imports into."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from pulumi_connect_domains.aws import wire
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.model.resource_type import ResourceType
from pulumi_connect_domains.model.schema import Property

Json = dict[str, Any]
KEPT_SHORT = 4  # entries of a list or map: more of them say nothing new
LETTERS = "ab-Z09'\"\\ é東"
TAGS = st.dictionaries(
    st.text("abc:/=-._", min_size=1, max_size=128), st.text("ab é東=", max_size=256), min_size=1, max_size=5
)


def some_inputs(type: ResourceType, number: int, seed_number: int = 0) -> list[Json]:
    """That many inputs of a resource, each with random settings; the same for the same seed."""
    found: list[Json] = []

    @seed(seed_number)
    @settings(max_examples=number, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(values(type.schema))
    def collect(inputs: Json) -> None:
        found.append(inputs)

    collect()
    shuffled = random.Random(seed_number).choices(found, k=number - len(found)) if len(found) < number else []
    return found + shuffled


def make(cloud: LocalAws, type: ResourceType, inputs: Json, region: str | None = None) -> str:
    """The id of a domain that somebody made by hand with these inputs."""
    client = cloud.client(type.service, region=region)
    shape = client.meta.service_model.operation_model("CreateDomain").input_shape
    tags = inputs.get("tags", {})
    is_map = shape.members["Tags" if "Tags" in shape.members else "tags"].type_name == "map"
    listed = tags if is_map else [{"key": key, "value": value} for key, value in tags.items()]
    answer = client.create_domain(**wire.to_api(shape, {**inputs, "tags": listed}))
    return str(answer["DomainName"] if "DomainName" in answer else answer["Domain"]["DomainId"])


def values(of: Property, longest: int = 200) -> st.SearchStrategy[Any]:
    """Legal values of a property, texts no longer than that. Of an object each member but the provider's own is there or not."""
    limits = of.limits
    if of.enum:
        return st.sampled_from(of.enum)
    if of.kind == "object":
        inner = {
            name: TAGS if name == "tags" else values(each, longest)
            for name, each in of.inputs.items()
            if not each.provider_only
        }
        must = {name: inner[name] for name, each in of.inputs.items() if name in of.required or each.auto_name}
        return st.fixed_dictionaries(must, optional={name: inner[name] for name in inner if name not in must})
    if of.kind == "array":
        assert of.items
        most = min(limits.max_items or KEPT_SHORT, KEPT_SHORT)
        return st.lists(values(of.items, longest), min_size=limits.min_items or 0, max_size=most)
    if of.kind == "boolean":
        return st.booleans()
    if of.kind == "integer":
        return st.integers(int(limits.minimum or 0), int(limits.maximum or 0))
    if of.kind == "number":
        return st.floats(limits.minimum, limits.maximum)
    return _text(of, longest)


def _text(of: Property, longest: int) -> st.SearchStrategy[str]:
    if of.format == "time-of-day":
        return st.from_regex(r"\A([0-9]|0[0-9]|1[0-9]|2[0-3]):[0-5][0-9]\Z")
    letters = LETTERS if of.pattern in ("", ".*") else "abcxyz019"
    least = max(1, of.limits.min_length or 0)
    most = max(least, min(of.limits.max_length or 64, longest))
    return st.text(letters, min_size=least, max_size=most)
