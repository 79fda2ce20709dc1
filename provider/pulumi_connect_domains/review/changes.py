"""The steps of a preview, as one change for each resource. Pure.

The engine writes a replacement as one step, or as up to three with `--show-replacement-steps`. With `--refresh` every resource has a
refresh step first, which changes nothing in AWS.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..stacks import hosts
from ..stacks.preview import Side, Step
from ..stacks.urn import Urn
from .model import Action

_REPLACING = ("replace", "create-replacement", "read-replacement", "import-replacement")
_ACTION: dict[str, Action] = {
    "create": "create",
    "update": "update",
    "delete": "delete",
    "delete-replaced": "delete",
    "import": "import",
    "discard": "forget",
}
"""The steps that are a change by themselves. All others change nothing in AWS, and nobody can lose anything by them."""


@dataclass(frozen=True)
class Changed:
    """One resource that an apply changes.

    `properties` are the top-level names that the engine saw change, and `detail` the paths, or None where it did not compare the values
    itself. `replacing` are the names that make it a replacement. `is_leftover`: it is the old half of a replacement that an earlier apply
    did not complete.
    """

    action: Action
    urn: Urn
    before: Side | None
    after: Side | None
    properties: tuple[str, ...] = ()
    detail: tuple[str, ...] | None = None
    replacing: tuple[str, ...] = ()
    is_leftover: bool = False


def changed(steps: Iterable[Step]) -> list[Changed]:
    """One entry for each resource that changes, in the order of the preview.

    Of a resource that goes over to the other host the engine names some steps by its former URN: what it refreshes, and what it deletes.
    """
    by_resource: dict[str, list[Step]] = {}
    for step in steps:
        by_resource.setdefault(hosts.identity_of(str(step.urn)), []).append(step)
    return [change for of_resource in by_resource.values() for change in _of_resource(of_resource)]


def _of_resource(steps: list[Step]) -> list[Changed]:
    replacing = [step for step in steps if step.operation in _REPLACING]
    if not replacing:
        return [_single(step) for step in steps if step.operation in _ACTION]
    main = next((step for step in replacing if step.operation == "replace"), replacing[0])
    ids = {step.before.id for step in replacing if step.before}
    leftovers = [
        _single(step)
        for step in steps
        if step.operation in ("delete", "delete-replaced") and step.before is not None and step.before.id not in ids
    ]
    return [
        Changed("replace", main.urn, main.before, main.after, main.changed, main.detail, main.replacing),
        *leftovers,
    ]


def _single(step: Step) -> Changed:
    action = _ACTION[step.operation]
    return Changed(
        "forget" if action == "delete" and step.before is not None and step.before.is_retained else action,
        step.urn,
        step.before,
        step.after,
        step.changed,
        step.detail,
        is_leftover=step.operation == "delete-replaced",
    )
