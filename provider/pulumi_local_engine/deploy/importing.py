"""Taking existing things into state: `pulumi import`, of one resource or of a file's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..model.resource import Resource
from ..model.urn import PROVIDERS, STACK_TYPE, make, package_of
from ..provider.registry import DYNAMIC
from .actions import Action
from .ledger import PlanError
from .options import ImportedResource

if TYPE_CHECKING:
    from ..program.run import Run


def run(run: Run) -> bool:
    """Everything that was asked for stands in state; what stood there under the same id is left as it is."""
    if not run.options.imports:
        return True
    try:
        for resource in run.ledger.resources:
            if not resource.delete:
                _do(run, Action("same", resource, resource.copy(id="")))
        stack = _stack(run)
        actions = _actions(run, stack)
        run.executor.ignore_errors = True
        run.executor.together(actions)
    except PlanError as error:
        run.report.error(f"{run.kind} failed: {error}" if str(error) else f"{run.kind} failed")
        return False
    if run.executor.failed:
        run.report.error(f"{run.kind} failed")
    return not run.executor.failed


def _stack(run: Run) -> str:
    """The URN of the stack's own resource, which is made if there is none."""
    for resource in run.ledger.resources:
        if resource.type == STACK_TYPE and not resource.parent:
            return resource.urn
    name = f"{run.stack.project}-{run.stack.name}"
    urn = make(run.stack.name, run.stack.project, "", STACK_TYPE, name)
    _do(run, Action("create", None, Resource(urn, False, STACK_TYPE)))
    return urn


def _actions(run: Run, stack: str) -> list[Action]:
    found: dict[str, Action] = {}
    for wanted in run.options.imports:
        parent = wanted.parent or stack
        urn = make(run.stack.name, run.stack.project, parent, wanted.type, wanted.name)
        if urn in found:
            raise PlanError(f"duplicate import '{wanted.name}' of type '{wanted.type}'")
        old = run.ledger.olds.get(urn)
        if old and (old.import_id or old.id) == wanted.id:
            continue
        if old:
            raise PlanError(f"resource '{urn}' already exists")
        provider = "" if wanted.component else _provider(run, wanted)
        new = Resource(
            urn, not wanted.component, wanted.type, inputs=dict(wanted.inputs or {}), parent=parent,
            protect=run.options.protect_imports, provider=provider, import_id=wanted.id,
        )  # fmt: skip
        found[urn] = Action("import", None, new, import_outputs=wanted.outputs, planned_import=True)
    return list(found.values())


def _provider(run: Run, wanted: ImportedResource) -> str:
    """The reference of the provider the import names, or of the default one, which is made if there is none."""
    package = package_of(wanted.type)
    type_ = f"{PROVIDERS}{package}"
    urn = wanted.provider or make(run.stack.name, run.stack.project, "", type_, "default")
    for resource in run.journal.resources:
        if resource.urn == urn:
            return resource.reference
    if wanted.provider:
        raise PlanError(f"provider '{urn}' is not in state")
    inputs = dict(run.config) if package == DYNAMIC else {}
    provider = Resource(urn, True, type_, inputs=inputs)
    _do(run, Action("create", None, provider))
    return provider.reference


def _do(run: Run, action: Action) -> None:
    if run.executor.chain([action]) != "done":
        raise PlanError
