"""Requirements: what must stay true of live domains, whatever the programs declare. Pure; `policy` reads them.

A requirement concerns every domain that its filters let through and whose resource type has the property. Where AWS leaves out a switch
(a boolean), `=` and `!=` take it for false, while "set" and "unset" take it for not set.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal

from ..model import comparison, documents
from ..model.errors import Unreadable
from ..model.path import Path
from ..model.resource_type import ResourceType
from ..model.schema import Property, Schema
from ..model.values import ABSENT, Json, is_empty
from ..stacks.documents import yaml_of

Since = Literal["new", "lasting"]
"""Whether an earlier report has the same: "lasting", or not: "new"."""


@dataclass(frozen=True)
class Filters:
    """Which domains are meant. An empty filter lets all through. `names` are patterns of resource names, domain names and ids."""

    types: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()

    def let_through(self, type: ResourceType, names: Sequence[str], region: str) -> bool:
        """Whether a resource of that type and Region is meant; `names` are all the names that people may use for it."""
        return (
            (not self.types or type.key in self.types)
            and (not self.regions or region in self.regions)
            and (not self.names or any(fnmatchcase(name, each) for name in names for each in self.names))
        )


FILTERED = " ["
"""What stands between a requirement and the filters of its own."""


@dataclass(frozen=True)
class Requirement:
    """One thing that must be true of the domains that the filters let through.

    Shape: `Requirement(Path.parse("matching.enabled"), "=", "false")`; `operator` is one of OPERATORS.
    """

    path: Path
    operator: str
    wanted: str = ""
    because: str = ""
    filters: Filters = field(default_factory=Filters)

    def __str__(self) -> str:
        words = {"set": " is set", "unset": " is not set"}
        return f"{self.path}{words.get(self.operator) or f' {self.operator} {self.wanted}'}"

    @property
    def in_full(self) -> str:
        """The requirement, and the filters that it has of its own: "matching.enabled = false [type customerprofiles]"."""
        of = self.filters
        parts = [
            f"{word} {each}"
            for word, some in (("type", of.types), ("name", of.names), ("region", of.regions))
            for each in some
        ]
        return f"{self}{FILTERED}{', '.join(sorted(set(parts)))}]" if parts else str(self)

    def concerns(self, type: ResourceType, names: Sequence[str], region: str) -> bool:
        """Whether it can be checked on a resource of that type, with those names, in that Region."""
        return (
            self.filters.let_through(type, names, region)
            and type.schema.at(self.path).is_declared
            and not unanswered(type.schema, self.path)
        )


@dataclass(frozen=True)
class Broken:
    """A requirement that does not hold: the requirement in words, and the live value at its path."""

    requirement: str
    path: str
    live: object
    because: str = ""
    since: Since | None = None


OPERATORS: Mapping[str, Callable[[Property, Any, Any], bool]] = {
    "=": lambda of, live, wanted: _is_same(of, live, wanted),
    "!=": lambda of, live, wanted: not _is_same(of, live, wanted),
    "<=": lambda of, live, wanted: live is not ABSENT and live <= wanted,
    ">=": lambda of, live, wanted: live is not ABSENT and live >= wanted,
    "set": lambda of, live, wanted: not is_empty(live),
    "unset": lambda of, live, wanted: is_empty(live),
}
"""Whether the live value is as wanted, by operator. Values are compared as everywhere: 9:05 equals 09:05, unordered lists in any order."""


def broken(
    requirements: Iterable[Requirement],
    type: ResourceType,
    names: Sequence[str],
    region: str,
    live: Json,
    secrets: frozenset[Path],
) -> Iterator[Broken]:
    """The requirements that a live resource does not meet. `secrets` are the paths whose values are masked in the answer."""
    concerned = [each for each in requirements if each.concerns(type, names, region)]
    if not concerned:
        return
    schema = type.schema
    whole = {**documents.settable(schema, live), **documents.outputs(schema, {}, live)}
    for each in concerned:
        of, value = schema.at(each.path), each.path.find(whole)
        if value is ABSENT and of.kind == "boolean" and each.operator in ("=", "!="):
            value = False
        if not OPERATORS[each.operator](of, value, wanted_value(of, each)):
            yield Broken(str(each), str(each.path), documents.masked(value, each.path, secrets), each.because)


def unanswered(schema: Schema, path: Path) -> str:
    """Why AWS never returns a value at the path, so that nothing can be required of it; "" where AWS does. The text goes on from "it"."""
    top = schema.at(path[:1])
    if top.merged_from:
        own = Path((top.merged_from, *path[1:]))
        return f"is made by the provider from {top.merged_from} and the stack's default tags; say {own}"
    if top.provider_only:
        return "is an input of the provider's own, which AWS does not know"
    around = [path.upto(length) for length in range(2, len(path) + 1)]
    if not top.read_only and any(schema.at(each).read_only for each in around):
        outputs = {of.source: name for name, of in schema.members.items() if of.source}
        elsewhere = next((outputs[each] for each in around if each in outputs), "")
        return f"is computed, and stands elsewhere{f'; say {elsewhere}' if elsewhere else ''}"
    return ""


def wanted_value(of: Property, requirement: Requirement) -> object:
    """The wanted value in the property's own type. Raises: ValueError."""
    text = requirement.wanted
    if requirement.operator in ("set", "unset"):
        return None
    if of.kind == "boolean":
        return {"true": True, "false": False}[text.lower()] if text.lower() in ("true", "false") else _no()
    if of.kind == "integer":
        return int(text)
    if of.kind == "number":
        number = float(text)
        return number if math.isfinite(number) else _no()
    if of.kind in ("array", "object", "map"):
        value = _list_or_map(text)
        return value if isinstance(value, list if of.kind == "array" else dict) else _no()
    return text if not of.enum or text in of.enum else _no()


def _list_or_map(text: str) -> object:
    try:
        found = yaml_of(text)
    except Unreadable:
        return _no()
    return found[0] if len(found) == 1 else _no()


def _no() -> object:
    raise ValueError


def _is_same(of: Property, live: object, wanted: object) -> bool:
    return comparison.is_same(of, wanted, live)
