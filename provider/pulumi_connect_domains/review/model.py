"""What a review says: the model that every format is written from.

Review -> StackReview (one file) -> DomainReview (one domain: rows, why, what is lost) and Other (one line)

The comment calls each resource of ours a domain, of whatever type it is. So do the names here, which are those of the JSON format.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from ..model.deletion import Holding
from ..model.spelling import Spelling

Action = Literal["create", "update", "replace", "delete", "forget", "import"]
"""`forget`: Pulumi removes the resource from its state, and AWS keeps it. `replace` is one change, not a creation and a deletion."""

ACTIONS: tuple[Action, ...] = ("replace", "delete", "update", "create", "import", "forget")
"""In the order in which people must see them."""


@dataclass(frozen=True)
class Row:
    """One property that differs. `before` and `after` are values, `ABSENT`, `SECRET` or an Unknown."""

    path: str
    before: object
    after: object
    meaning: str
    is_replacing: bool = False


@dataclass(frozen=True)
class Loss:
    """What an apply deletes, or may delete, with a domain.

    `source` says where the counts are from (`refresh`: read by the preview itself), `remark` why the data is not known, `guard` what
    would stop the deletion.
    """

    held: Holding
    source: Literal["state", "refresh", "live"]
    loses: str
    guard: str = ""
    remark: str = ""

    @property
    def is_known(self) -> bool:
        """False where the amount of today is not known, which counts as a loss too. Zeros in a state may be old, so they are not known."""
        return self.held.is_known and not (self.source == "state" and self.held.is_empty)


@dataclass(frozen=True)
class DomainReview:
    """One domain that changes. `name` is the resource's, `domain` the domain's own name or id, where they may be shown."""

    action: Action
    noun: str
    name: str
    domain: str
    region: str
    rows: tuple[Row, ...] = ()
    why: str = ""
    loss: Loss | None = None
    notes: tuple[str, ...] = ()
    urn: str = ""
    declared_at: str = ""
    """Where the program declares it, as seen from the folder of `Pulumi.yaml`: `parts.py:4`, or ""."""
    type: str = ""
    """The key of its resource type."""
    spelling: Spelling = Spelling.SNAKE
    """How its program spells properties. Here they are in snake_case all the same; `written` has them as the program does."""


@dataclass(frozen=True)
class Other:
    """A changed resource of another provider: no values, since only its own provider knows which of them may be shown."""

    action: Action
    type: str
    name: str
    properties: tuple[str, ...] = ()


@dataclass(frozen=True)
class Message:
    """A warning or an error of the preview; `resource` is the name of the resource it stands under, or ""."""

    text: str
    resource: str = ""


@dataclass(frozen=True)
class StackReview:
    """One preview. `stack` is `project/stack`, or "" where nothing in the preview says."""

    source: str
    stack: str
    domains: tuple[DomainReview, ...]
    others: tuple[Other, ...]
    unchanged: int
    errors: tuple[Message, ...] = ()
    warnings: tuple[Message, ...] = ()

    @property
    def counts(self) -> Counter[Action]:
        """How many resources, of any provider, each action concerns."""
        return Counter([each.action for each in self.domains] + [each.action for each in self.others])

    @property
    def losses(self) -> tuple[tuple[DomainReview, Loss], ...]:
        """The domains that an apply deletes data with, or may."""
        return tuple((domain, domain.loss) for domain in self.domains if domain.loss)


@dataclass(frozen=True)
class Unread:
    """A file that could not be read, and why."""

    source: str
    reason: str


@dataclass(frozen=True)
class Review:
    """All previews of one command."""

    stacks: tuple[StackReview, ...]
    unread: tuple[Unread, ...] = ()

    @property
    def has_changes(self) -> bool:
        """Whether an apply would do anything."""
        return any(stack.counts for stack in self.stacks)

    @property
    def loses_data(self) -> bool:
        """Whether an apply deletes data, or may: what is not known counts."""
        return any(stack.losses for stack in self.stacks)

    @property
    def is_incomplete(self) -> bool:
        """Whether a preview failed or could not be read, so that an apply may do more than is said here."""
        return bool(self.unread) or any(stack.errors for stack in self.stacks)

    @property
    def is_worth_a_comment(self) -> bool:
        """False when nothing changes and nothing failed."""
        return self.has_changes or self.is_incomplete
