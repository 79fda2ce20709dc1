"""One thing to do to one resource: what a plan is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ..model.diff import Diff
from ..model.events import Op, Step
from ..model.resource import Resource
from ..model.values import Properties, equal
from .journal import Effect

PENDING: Final[Mapping[str, str]] = {
    "create": "creating", "create-replacement": "creating", "update": "updating", "delete": "deleting",
    "delete-replaced": "deleting", "discard": "deleting", "discard-replaced": "deleting", "read": "reading",
    "read-replacement": "reading", "import": "importing", "import-replacement": "importing",
}  # fmt: skip
"""What a step of the op is called while it is under way, in the list of pending operations."""
CREATES: Final = ("create", "create-replacement")
DELETES: Final = ("delete", "delete-replaced", "discard", "discard-replaced")
IMPORTS: Final = ("import", "import-replacement")
READS: Final = ("read", "read-replacement")
PHYSICAL: Final = (
    "create-replacement", "delete-replaced", "discard-replaced", "read-replacement", "import-replacement", "refresh",
)  # fmt: skip
"""Steps that stand beside a logical one of the same resource, and are not counted."""


@dataclass(eq=False)
class Action:
    """A step that is planned or under way. `new` is filled in while it is applied."""

    op: Op
    old: Resource | None = None
    new: Resource | None = None
    diff: Diff = field(default_factory=lambda: Diff(None))
    untargeted: bool = False
    skipped_create: bool = False
    """A `same` that stands for a create that is left out."""
    pending_replacement: bool = False
    """Of a delete: a create follows."""
    pending_delete: bool = False
    """Of a create: the old one is deleted in the end."""
    import_outputs: Properties | None = None
    """Of an import: the state that its file gives."""
    persisted: bool = False
    """Of a refresh: the program's own registration follows."""
    gone: bool = False
    """Of a refresh: the thing does not exist any more."""
    hidden: bool = False
    """People are not shown it."""
    planned_import: bool = False
    """Of an import: asked for by the command, not by the program."""
    original: Resource | None = None
    """Of an import: the resource that goes because of it."""

    @property
    def before(self) -> Resource:
        """The old resource, of an action that has one."""
        assert self.old, f"{self.op} has an old resource"
        return self.old

    @property
    def after(self) -> Resource:
        """The new resource, of an action that has one."""
        assert self.new, f"{self.op} has a new resource"
        return self.new

    @property
    def subject(self) -> Resource:
        return self.before if self.op in DELETES or self.new is None else self.new

    @property
    def urn(self) -> str:
        return self.subject.urn

    @property
    def logical(self) -> bool:
        return self.op not in PHYSICAL

    @property
    def internal(self) -> bool:
        """True for what people are not shown: default providers, and bookkeeping."""
        is_default = self.subject.is_provider and self.subject.name.startswith("default")
        return self.hidden or self.op == "remove-pending-replace" or is_default

    @property
    def effect(self) -> Effect:
        """What the action, when it is done, changes in state."""
        old, new = self.old, self.new
        if self.op == "replace" or self.skipped_create:
            return Effect()
        if self.op in DELETES and self.pending_replacement:
            return Effect(pending_replacement=old)
        if self.op in DELETES or self.op == "remove-pending-replace":
            return Effect(remove=old)
        if self.op in IMPORTS:
            return Effect(new, delete=self.original)
        if self.op in CREATES and old:
            gone = old.pending_replacement
            return Effect(new, remove=old if gone else None, delete=old if self.pending_delete or not gone else None)
        return Effect(new, delete=old) if self.op == "read-replacement" else Effect(new, remove=old)

    @property
    def result_op(self) -> Op:
        """What a refresh found: same, update or delete; of all others their own op."""
        if self.op != "refresh":
            return self.op
        if self.gone:
            return "delete"
        if self.after is self.before:
            return "same"
        differs = not equal(self.before.outputs, self.after.outputs) if self.before.external else self.diff.changes
        return "update" if differs else "same"

    def seen(self) -> Step:
        """The step as it looks at this moment."""
        subject = self.subject
        return Step(
            self.op, subject.urn, subject.type, subject.provider,
            self.old.copy() if self.old and not self.skipped_create else None,
            self.new.copy() if self.new and not self.gone else None,
            self.result_op, self.diff, self.logical,
        )  # fmt: skip
