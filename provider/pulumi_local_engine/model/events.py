"""What the engine tells while it runs, and what it hands back: everything that text, JSON and event logs are made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from .diff import Diff
from .resource import Resource

Op: TypeAlias = Literal[
    "same", "create", "update", "delete", "replace", "create-replacement", "delete-replaced", "read", "read-replacement",
    "refresh", "discard", "discard-replaced", "remove-pending-replace", "import", "import-replacement",
]  # fmt: skip
Severity: TypeAlias = Literal["debug", "info", "info#err", "warning", "error"]


@dataclass(frozen=True)
class Step:
    """One thing done, or planned in a preview, to one resource.

    `old` is what state held before and `new` what is wanted; when the step is finished `new` also holds the outputs
    (a delete has no `new`, a create no `old`). Of a `refresh` step of a refresh command,
    `result_op` says what was found: same, update or delete; of every other step it equals `op`.
    """

    op: Op
    urn: str
    type: str
    provider: str
    old: Resource | None
    new: Resource | None
    result_op: Op
    diff: Diff
    logical: bool = True
    """False for the physical halves of a replacement that a delete-before-create `replace` step stands beside."""


@dataclass(frozen=True)
class StepEvent:
    """Something happened to a step; `planning`: in a preview."""

    step: Step
    planning: bool


class StepStarted(StepEvent):
    """The step begins (in a preview: is planned). Steps of op `same` and `refresh` come through here too."""


class StepFinished(StepEvent):
    """The step is done; `step.new` is the state afterwards (None when the resource is gone)."""


class StepFailed(StepEvent):
    """The step could not be done; the reason arrives as a Diagnostic of its own."""


class OutputsRegistered(StepEvent):
    """A component (or the stack) set its outputs: `step.new.outputs`. `step.op` is what was done to it before."""


@dataclass(frozen=True)
class Diagnostic:
    """A message of the engine, a provider, or the program; the program's own printed lines too (`info`, `info#err`)."""

    severity: Severity
    message: str
    urn: str = ""
    """The resource it is about; empty: the whole run. Lines printed by the program carry the stack's URN."""
    ephemeral: bool = False
    """Progress only: shown while it runs, never kept."""
    stream_id: int = 0


Event: TypeAlias = StepEvent | Diagnostic
UNCOUNTED: Final = ("same", "read", "read-replacement", "discard", "refresh")
"""Ops that are no changes of what a stack manages."""


@dataclass(frozen=True)
class Result:
    """How a run ended.

    `changes` counts resources by op as the summary shows them (a replacement is one `replace`; of a refresh the result ops);
    `outputs` are the stack's, secrets marked.
    """

    failed: bool
    changes: Mapping[str, int] = field(default_factory=dict)
    outputs: Mapping[str, object] = field(default_factory=dict)
    seconds: float = 0.0
    maybe_corrupt: bool = False
    cancelled: bool = False
    """Somebody interrupted the run: what was under way was done, and nothing more."""

    @property
    def has_changes(self) -> bool:
        """True when `--expect-no-changes` must fail: anything but `same` (and a plain `read`) was counted."""
        return any(count for op, count in self.changes.items() if op not in UNCOUNTED)
