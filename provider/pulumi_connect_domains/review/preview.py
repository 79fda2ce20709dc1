"""A preview in types: what an apply would do to each resource of one stack, as the Pulumi CLI tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..stacks.files import Unreadable

STACK_TYPE = "pulumi:pulumi:Stack"


@dataclass(frozen=True)
class Urn:
    """A resource's URN, taken apart.

    Shape: `urn:pulumi:dev::shop::pkg:mod:Outer$aws:sqs/queue:Queue::dlq` has stack dev, project shop, type aws:sqs/queue:Queue, name dlq.
    """

    stack: str
    project: str
    type: str
    name: str

    @classmethod
    def parse(cls, text: str) -> Urn:
        """The parts. Raises: Unreadable."""
        parts = text.removeprefix("urn:pulumi:").split("::", 3)
        if not text.startswith("urn:pulumi:") or len(parts) != 4:
            raise Unreadable(f"{text!r} is not a URN")
        return cls(parts[0], parts[1], parts[2].rpartition("$")[2], parts[3])


@dataclass(frozen=True)
class State:
    """A resource's state on one side of a step. Unknown values are `Unknown`, secrets are SECRET."""

    id: str = ""
    inputs: Mapping[str, object] = field(default_factory=dict)
    outputs: Mapping[str, object] = field(default_factory=dict)
    is_protected: bool = False
    is_retained: bool = False
    """With `retain_on_delete` Pulumi forgets a resource and leaves it as it is."""
    is_deleted_first: bool = False
    """Replaced by deleting it before the new one is made."""
    is_external: bool = False
    """Only read (`.get()`), never managed."""
    failures: tuple[str, ...] = ()
    """Why its last creation or update was not completed."""


@dataclass(frozen=True)
class Step:
    """One thing that an apply would do. `detail` names the changed property paths, or is None where the engine does not say."""

    operation: str
    urn: Urn
    before: State | None
    after: State | None
    changed: tuple[str, ...] = ()
    detail: tuple[str, ...] | None = None
    replacing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Diagnostic:
    """A message of the preview; `resource` is the name of the resource it stands under, or ""."""

    severity: str
    message: str
    resource: str = ""


@dataclass(frozen=True)
class Preview:
    """One preview of one stack. `source` is the file's name."""

    source: str
    steps: tuple[Step, ...]
    diagnostics: tuple[Diagnostic, ...]
    unchanged: int

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """Why it failed; empty when it did not."""
        return tuple(each for each in self.diagnostics if each.severity == "error")
