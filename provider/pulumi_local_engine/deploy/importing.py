"""Taking existing things into state, as `pulumi import` does."""

from __future__ import annotations

from ..model.resource import Resource
from ..model.urn import DYNAMIC, PROVIDERS, STACK_TYPE, make, package_of
from .actions import Action
from .ledger import PlanError
from .options import ImportedResource
from .run import Run


def import_all(run: Run) -> bool:
    """True when everything that was asked for stands in state; what stood there under the same id is left as it is."""
    if not run.options.imports:
        return True
    why = ""
    try:
        for resource in run.ledger.resources:
            if not resource.delete:
                _do(run, Action("same", resource, resource.copy(id="")))
        actions = _actions(run, _stack(run))
        run.executor.ignore_errors = True
        run.executor.together(actions)
        failed = bool(run.executor.failed)
    except PlanError as error:
        failed, why = True, f": {error}" if str(error) else ""
    if failed:
        run.report.error(f"{run.options.name} failed{why}")
    return not failed


def _stack(run: Run) -> str:
    """The URN of the stack's own resource, which is made if there is none."""
    for resource in run.ledger.resources:
        if resource.type == STACK_TYPE and not resource.parent:
            return resource.urn
    urn = make(run.stack.name, run.stack.project, "", STACK_TYPE, f"{run.stack.project}-{run.stack.name}")
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
        new = Resource(
            urn, not wanted.component, wanted.type, inputs=dict(wanted.inputs or {}), parent=parent,
            protect=run.options.protect_imports, provider="" if wanted.component else _provider(run, wanted),
            import_id=wanted.id,
        )  # fmt: skip
        found[urn] = Action("import", None, new, import_outputs=wanted.outputs, planned_import=True)
    return list(found.values())


def _provider(run: Run, wanted: ImportedResource) -> str:
    """The reference of the provider that the import names, or of the default one, which is made if there is none."""
    package = package_of(wanted.type)
    type_ = f"{PROVIDERS}{package}"
    urn = wanted.provider or make(run.stack.name, run.stack.project, "", type_, "default")
    for resource in run.journal.resources:
        if resource.urn == urn:
            return resource.reference
    if wanted.provider:
        raise PlanError(f"provider '{urn}' is not in state")
    provider = Resource(urn, True, type_, inputs=run.stack.properties if package == DYNAMIC else {})
    _do(run, Action("create", None, provider))
    return provider.reference


def _do(run: Run, action: Action) -> None:
    if run.executor.chain([action]) != "done":
        raise PlanError
