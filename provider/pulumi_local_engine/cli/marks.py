"""How operations are shown: their marks, their words, and which steps of a run people see at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..model.events import Step

ROOT_TYPE = "pulumi:pulumi:Stack"


@dataclass(frozen=True)
class Words:
    """An operation's mark, and how it is called when planned, under way, done, and in the final count."""

    mark: str
    planned: str
    doing: str
    done: str
    counted: str


WORDS: Mapping[str, Words] = {
    "same": Words("", "", "", "", ""),
    "create": Words("+", "create", "creating", "created", "created"),
    "update": Words("~", "update", "updating", "updated", "updated"),
    "replace": Words("+-", "replace", "replacing", "replaced", "replaced"),
    "create-replacement": Words("++", "create replacement", "creating replacement", "created replacement", "created"),
    "delete": Words("-", "delete", "deleting", "deleted", "deleted"),
    "delete-replaced": Words("--", "delete original", "deleting original", "deleted original", "deleted"),
    "read": Words(">", "read", "reading", "read", "read"),
    "read-replacement": Words(">~", "read replacement", "reading replacement", "read replacement", "read"),
    "refresh": Words("~", "refreshing", "refreshing", "refreshed", "refreshed"),
    "discard": Words("<", "discard", "discarding", "discarded", "discarded"),
    "discard-replaced": Words("<<", "discard original", "discarding original", "discarded original", "discarded"),
    "remove-pending-replace": Words("~", "complete replace", "completing replace", "completed replace", "completed"),
    "import": Words("=", "import", "importing", "imported", "imported"),
    "import-replacement": Words(
        "=>", "import replacement", "importing replacement", "imported replacement", "imported"
    ),
}
REPLACEMENT_OPS = frozenset(
    {"replace", "create-replacement", "delete-replaced", "read-replacement", "discard-replaced", "import-replacement"}
)
UNCOUNTED = ("same", "refresh", "read")


def is_shown(step: Step, *, show_sames: bool, show_replacement_steps: bool) -> bool:
    """True when JSON and `--diff` list the step; the stack itself is always listed."""
    if step.type == ROOT_TYPE or show_sames:
        return True
    if step.op == "same":
        return bool(step.old and step.new and step.old.protect != step.new.protect)
    return step.logical or show_replacement_steps or step.op not in REPLACEMENT_OPS


def changed_keys(step: Step) -> tuple[list[str], list[str], list[str]]:
    """The top-level properties that the step adds, deletes and changes, each sorted."""
    kinds: dict[str, set[str]] = {}
    if step.detailed_diff is not None:
        for path, found in step.detailed_diff.items():
            nested = any(sign in path for sign in ".[")
            kind = "update" if nested else found.kind.removesuffix("-replace")
            kinds.setdefault(path.split(".")[0].split("[")[0], set()).add(kind)
    elif step.old and step.new and step.op not in ("same", "refresh"):
        for key in (step.old.inputs.keys() | step.new.inputs.keys()) - {"__provider"}:
            if key not in step.old.inputs:
                kinds[key] = {"add"}
            elif key not in step.new.inputs:
                kinds[key] = {"delete"}
            elif step.old.inputs[key] != step.new.inputs[key]:
                kinds[key] = {"update"}

    def of(kind: str) -> list[str]:
        return sorted(key for key, found in kinds.items() if found == {kind} and not key.startswith("__"))

    changed = sorted(k for k, found in kinds.items() if found not in ({"add"}, {"delete"}) and not k.startswith("__"))
    return of("add"), of("delete"), changed


def short_diff(step: Step) -> str:
    """`[diff: +added-deleted~changed]`, or nothing."""
    parts = [sign + ",".join(keys) for sign, keys in zip("+-~", changed_keys(step), strict=True) if keys]
    if step.old and step.new and step.op == "same" and step.old.protect != step.new.protect:
        parts.append("~protect")
    return f"[diff: {''.join(parts)}]" if parts else ""


def counts(changes: Mapping[str, int], errored: int, *, planning: bool) -> Iterable[str]:
    """The lines of the final count, from the marks to what stayed and what failed."""
    changed = [(op, count) for op, count in changes.items() if op not in UNCOUNTED and count]
    order = list(WORDS)
    for op, count in sorted(changed, key=lambda found: order.index(found[0])):
        words = WORDS[op]
        yield f"{words.mark:<2}{count} {'to ' + words.planned if planning else words.counted}"
    same = changes.get("same", 0)
    both = [f"{sum(count for _, count in changed)} changes"] if len(changed) > 1 else []
    if same:
        both.append(f"{same} unchanged")
    if both:
        yield ". ".join(both)
    if errored:
        yield f"{errored} errored"
