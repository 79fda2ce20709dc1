"""URNs, provider references, and the patterns that `--target` and its kin take."""

import re
from collections.abc import Iterable
from typing import Final

STACK_TYPE: Final = "pulumi:pulumi:Stack"
PROVIDERS: Final = "pulumi:providers:"
"""What a provider's own type begins with; its package follows."""
DYNAMIC: Final = "pulumi-python"
"""The package of every Python dynamic provider."""


def make(stack: str, project: str, parent: str, type_: str, name: str) -> str:
    """`urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`; the stack's own type is never part of a parent's."""
    above = qualified_type(parent) if parent else ""
    above = "" if above == STACK_TYPE else f"{above}$"
    return f"urn:pulumi:{stack}::{project}::{above if parent else ''}{type_}::{name}"


def qualified_type(urn: str) -> str:
    """The type with its parents' before it: `a:b:Group$c:d:Thing`."""
    return urn.split("::", 3)[2]


def type_of(urn: str) -> str:
    return qualified_type(urn).rpartition("$")[2]


def name_of(urn: str) -> str:
    return urn.split("::", 3)[3]


def package_of(type_: str) -> str:
    """The package whose provider makes resources of the type."""
    return type_.split(":")[0]


def provider_urn(reference: str) -> str:
    """The URN in a provider's reference `URN::ID`."""
    return reference.rpartition("::")[0]


class Targets:
    """A set of URNs given by patterns: `*` stands for anything without a colon, `**` for anything. Without patterns: every URN."""

    def __init__(self, patterns: Iterable[str]) -> None:
        patterns = list(patterns)
        self.literals = [pattern for pattern in patterns if "*" not in pattern]
        starred = (pattern.split("**") for pattern in patterns if "*" in pattern)
        expressions = (".*".join("[^:]*".join(map(re.escape, part.split("*"))) for part in parts) for parts in starred)
        self._globs = [re.compile(expression) for expression in expressions]

    @property
    def constrained(self) -> bool:
        return bool(self.literals or self._globs)

    def add(self, urn: str) -> None:
        if self.constrained:
            self.literals.append(urn)

    def __contains__(self, urn: str) -> bool:
        return not self.constrained or urn in self.literals or any(glob.fullmatch(urn) for glob in self._globs)
