"""Programs in which everything that may be secret is: made from each resource type's schema, so a new input is in them by itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pulumi_connect_domains import registry
from pulumi_connect_domains.model.path import ANY, PathPattern
from pulumi_connect_domains.model.resource_type import ResourceType
from pulumi_connect_domains.model.schema import UNDECLARED, Property, Schema, Steps, places_of, transform, walk

from ..contract.resources import SAMPLES
from .canaries import WORD, canary, in_arn, in_url

Json = dict[str, Any]

TYPES = registry.resource_types()

FIXED: dict[str, dict[str, Any]] = {
    "rule_based_matching.conflict_resolution": {"conflict_resolving_model": "SOURCE"},
}
"""Members that the samples leave open, or that exclude others."""

PUBLIC = {
    "region": "the provider's own: where AWS is asked is never confidential",
    "domain_name": "the id of the domain, which every engine keeps in clear",
}
"""The texts that cannot be secret, and why."""


def is_free_text(of: Property) -> bool:
    """Whether the value is a text that the program chooses. Checks show words of an enum and times of day, by design."""
    return of.kind == "string" and not of.enum and of.format != "time-of-day"


def secret_places(schema: Schema) -> list[str]:
    """Every place of free text that a program may set, of the form `matching_rules[*].rule[*]`; a map counts as one place."""
    return [
        str(place)
        for place, of in places_of(schema, settable=True)
        if (is_free_text(of) or of.kind == "map") and not of.merged_from and str(place) not in PUBLIC
    ]


def document(type: ResourceType, generation: int = 0, *, plainly: bool = False, keys: bool = True) -> Json:
    """The inputs of one resource: every input, with a canary for each free text. Another generation has others.

    `plainly`: the canaries stand alone; otherwise what names a key or a queue is an ARN or a URL that ends with one. `keys`: also in
    place of a key of each map.
    """
    sample = _completed(type)

    def hide(steps: Steps, of: Property, value: object) -> object:
        place = str(_pattern(steps))
        if of.kind == "map" and isinstance(value, dict):
            return {**({canary(f"{type.key} key {place}"): "x"} if keys else {}), "team": "x"}
        if not isinstance(value, str) or place in PUBLIC or not (is_free_text(of) or not of.is_declared):
            return value
        text = canary(f"{type.key} {steps}", generation)
        if plainly:
            return text
        return {"kms-key": in_arn, "sqs-queue": in_url}.get(of.refers_to, str)(text)

    found = transform(type.schema, sample, hide)
    assert isinstance(found, dict)
    return found


def leaves(type: ResourceType, given: Json) -> set[str]:
    """The places of the document in which a canary stands, as `secret_places` has them."""
    found = set()
    for steps, of, value in walk(type.schema, given):
        texts = [*flat(value)] if of.kind == "map" else [value] if isinstance(value, str) else []
        if any(WORD in text for text in texts):
            found.add(str(_pattern(steps)))
    return found


def marked(given: object, hide: Callable[[object], object]) -> object:
    """The document with each leaf handed to `hide`, such as `pulumi.Output.secret`."""
    if isinstance(given, Mapping):
        return {key: marked(item, hide) for key, item in given.items()}
    return [marked(item, hide) for item in given] if isinstance(given, list) else hide(given)


def _pattern(steps: Steps) -> PathPattern:
    return PathPattern(tuple(ANY if isinstance(step, int) else step for step in steps))


def _completed(type: ResourceType) -> Json:
    """The sample with every input in it: the samples of the contract have all at the top, and here is what they leave out below."""
    sample = json.loads((SAMPLES / f"{type.key}.json").read_text())["full"]

    def fill(steps: Steps, of: Property, value: object) -> object:
        if not isinstance(value, dict) or of.kind != "object":
            return value
        missing = {
            name: _some(each) for name, each in of.inputs.items() if name not in value and not each.provider_only
        }
        return {**value, **missing, **FIXED.get(str(_pattern(steps)), {})} if steps else value

    return transform(type.schema, sample, fill)  # type: ignore[return-value]  # of a map comes a map


def _some(of: Property) -> object:
    """A value of the property's kind."""
    if of.kind == "object":
        return {name: _some(each) for name, each in of.inputs.items()}
    if of.kind == "array":
        return [_some(of.items or UNDECLARED)]
    return of.enum[0] if of.enum else "x" if of.kind == "string" else of.limits.minimum or 1


def flat(value: object) -> Iterator[str]:
    """Every text in the value, keys too."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield str(key)
            yield from flat(item)
    elif isinstance(value, list):
        for item in value:
            yield from flat(item)
    elif isinstance(value, str):
        yield value
