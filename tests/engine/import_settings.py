"""Random settings of domains, valid by the resource's schema; and a project that a test imports into."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from pulumi_connect_domains.aws import wire
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.model.resource_type import ResourceSpec

Json = dict[str, Any]
KEPT_SHORT = 4  # entries of a list or map: more of them say nothing new
LETTERS = "ab-Z09'\"\\ é東"
TAGS = st.dictionaries(
    st.text("abc:/=-._", min_size=1, max_size=128), st.text("ab é東=", max_size=256), min_size=1, max_size=5
)


def some_inputs(spec: ResourceSpec, number: int, seed_number: int = 0) -> list[Json]:
    """That many inputs of a resource, each with random settings; the same for the same seed."""
    found: list[Json] = []

    @seed(seed_number)
    @settings(max_examples=number, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(_value(spec.schema))
    def collect(inputs: Json) -> None:
        found.append(inputs)

    collect()
    shuffled = random.Random(seed_number).choices(found, k=number - len(found)) if len(found) < number else []
    return found + shuffled


def make(cloud: LocalAws, spec: ResourceSpec, inputs: Json, region: str | None = None) -> str:
    """The id of a domain that somebody made by hand with these inputs."""
    client = cloud.client(spec.service, region=region)
    shape = client.meta.service_model.operation_model("CreateDomain").input_shape
    tags = inputs.get("tags", {})
    is_map = shape.members["Tags" if "Tags" in shape.members else "tags"].type_name == "map"
    listed = tags if is_map else [{"key": key, "value": value} for key, value in tags.items()]
    answer = client.create_domain(**wire.to_api(shape, {**inputs, "tags": listed}))
    return str(answer["DomainName"] if "DomainName" in answer else answer["Domain"]["DomainId"])


def _value(node: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    if "enum" in node:
        return st.sampled_from(node["enum"])
    if node.get("type") == "object":
        required = set(node.get("required", ()))
        inner = {
            name: TAGS if name == "tags" else _value(each)
            for name, each in node["properties"].items()
            if _is_settable(each)
        }
        must = {
            name: each for name, each in inner.items() if name in required or node["properties"][name].get("autoName")
        }
        return st.fixed_dictionaries(must, optional={name: inner[name] for name in inner if name not in must})
    if node.get("type") == "array":
        most = min(node.get("maxItems", KEPT_SHORT), KEPT_SHORT)
        return st.lists(_value(node["items"]), min_size=node.get("minItems", 0), max_size=most)
    if node.get("type") == "boolean":
        return st.booleans()
    if node.get("type") == "integer":
        return st.integers(node["minimum"], node["maximum"])
    if node.get("type") == "number":
        return st.floats(node["minimum"], node["maximum"])
    return _text(node)


def _text(node: Mapping[str, Any]) -> st.SearchStrategy[str]:
    if node.get("format") == "time-of-day":
        return st.from_regex(r"\A([0-9]|0[0-9]|1[0-9]|2[0-3]):[0-5][0-9]\Z")
    letters = "abcxyz019" if node.get("pattern", ".*") != ".*" else LETTERS
    return st.text(letters, min_size=max(1, node.get("minLength", 0)), max_size=min(node.get("maxLength", 64), 200))


def _is_settable(node: Mapping[str, Any]) -> bool:
    return not (node.get("readOnly") or node.get("providerOnly"))
