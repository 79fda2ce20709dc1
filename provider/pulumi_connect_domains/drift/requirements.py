"""Requirements: what must stay true of live domains, whatever the programs say. Pure; `policy` reads them.

A requirement holds for every domain whose resource has the property, and that its filters let through. A switch that AWS does not
mention counts as false where its value matters, and as not set where that does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from ..model import comparison, documents
from ..model.comparison import ABSENT, Schema
from ..model.errors import Unreadable
from ..model.path import node_at
from ..model.resource_type import ResourceSpec
from ..model.values import Json
from ..stacks.documents import yaml_of
from . import paths
from .findings import masked, value_at
from .model import Broken
from .paths import Keys


@dataclass(frozen=True)
class Requirement:
    """One thing that must be true of a domain.

    Shape: `Requirement("matching.enabled", "=", "false")`; `operator` is one of OPERATORS. `types` and `regions` (all when empty),
    and `name` (a pattern of resource names, domain names or ids) say of which domains.
    """

    path: str
    operator: str
    wanted: str = ""
    because: str = ""
    types: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    name: str = "*"

    @property
    def keys(self) -> Keys:
        """The path's keys."""
        return paths.parse(self.path)

    def __str__(self) -> str:
        words = {"set": " is set", "unset": " is not set"}
        return f"{self.path}{words.get(self.operator) or f' {self.operator} {self.wanted}'}"

    def concerns(self, spec: ResourceSpec, names: Sequence[str], region: str) -> bool:
        """Whether it is about a domain of that resource, with those names, in that region."""
        return (
            (not self.types or spec.package in self.types)
            and (not self.regions or region in self.regions)
            and any(fnmatchcase(name, self.name) for name in names)
            and bool(node_at(spec.schema, self.keys))
            and not unanswered(spec.schema, self.keys)
        )


OPERATORS: Mapping[str, Callable[[Schema, Any, Any], bool]] = {
    "=": lambda node, live, wanted: _is_same(node, live, wanted),
    "!=": lambda node, live, wanted: not _is_same(node, live, wanted),
    "<=": lambda node, live, wanted: live is not ABSENT and live <= wanted,
    ">=": lambda node, live, wanted: live is not ABSENT and live >= wanted,
    "set": lambda node, live, wanted: not _is_empty(live),
    "unset": lambda node, live, wanted: _is_empty(live),
}
"""Whether a live value is as wanted, by operator. Equality is the comparator's: 9:05 is 09:05, and lists without order are so here."""


def broken(
    requirements: Iterable[Requirement],
    spec: ResourceSpec,
    names: Sequence[str],
    region: str,
    live: Json,
    secrets: frozenset[Keys],
) -> Iterator[Broken]:
    """The requirements that a live domain does not meet."""
    concerned = [each for each in requirements if each.concerns(spec, names, region)]
    if not concerned:
        return
    whole = {**documents.settable(spec.schema, live), **documents.outputs(spec.schema, {}, live)}
    for requirement in concerned:
        keys, node = requirement.keys, node_at(spec.schema, requirement.keys)
        value = value_at(whole, keys)
        if value is ABSENT and node.get("type") == "boolean" and requirement.operator in ("=", "!="):
            value = False
        if not OPERATORS[requirement.operator](node, value, wanted_value(node, requirement)):
            yield Broken(str(requirement), requirement.path, masked(value, keys, secrets), requirement.because)


def unanswered(schema: Schema, keys: Keys) -> str:
    """Why AWS never says what stands at the path, so that nothing can be required of it; "" where it does."""
    top = node_at(schema, keys[:1])
    if source := top.get("mergedFrom"):
        return f"is made by the provider from {source} and the stack's default tags; say {paths.text((str(source), *keys[1:]))}"
    if top.get("providerOnly"):
        return "is an input of the provider's own, which AWS does not know"
    if any(node_at(schema, keys[:length]).get("readOnly") for length in range(2, len(keys) + 1)) and not top.get(
        "readOnly"
    ):
        elsewhere = _output_of(schema, keys)
        return f"is computed, and stands elsewhere{f'; say {elsewhere}' if elsewhere else ''}"
    return ""


def _output_of(schema: Schema, keys: Keys) -> str:
    """The output that what is computed at the path stands in, or ""."""
    properties = schema.get("properties")
    outputs = (
        {str(of.get("source")): name for name, of in properties.items()} if isinstance(properties, Mapping) else {}
    )
    around = (paths.text(keys[:length]) for length in range(2, len(keys) + 1))
    return next((outputs[each] for each in around if each in outputs), "")


def wanted_value(node: Schema, requirement: Requirement) -> object:
    """The wanted value in the property's own type. Raises: ValueError."""
    text = requirement.wanted
    if requirement.operator in ("set", "unset"):
        return None
    kind = node.get("type")
    if kind == "boolean":
        return {"true": True, "false": False}[text.lower()] if text.lower() in ("true", "false") else _no()
    if kind == "integer":
        return int(text)
    if kind == "number":
        number = float(text)
        return number if math.isfinite(number) else _no()
    if kind in ("array", "object"):
        value = _list_or_map(text)
        return value if isinstance(value, {"array": list, "object": dict}[str(kind)]) else _no()
    allowed = node.get("enum")
    return text if not isinstance(allowed, list) or text in allowed else _no()


def _list_or_map(text: str) -> object:
    try:
        found = yaml_of(text)
    except Unreadable:
        return _no()
    return found[0] if len(found) == 1 else _no()


def _no() -> object:
    raise ValueError


def _is_same(node: Schema, live: object, wanted: object) -> bool:
    schema = {"properties": {"value": {key: each for key, each in node.items() if key != "readOnly"}}}
    return not comparison.changes(schema, {"value": wanted}, {} if live is ABSENT else {"value": live})


def _is_empty(value: object) -> bool:
    return value is ABSENT or value is None or value in ("", [], {})
