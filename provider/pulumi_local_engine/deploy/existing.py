"""Taking what exists into state: `refresh` reads what state knows, `import` what it does not."""

from collections.abc import Mapping

from ..model.resource import Resource
from ..model.urn import PROVIDERS, STACK_TYPE, make, package_of
from ..provider.protocol import ProviderError
from .actions import Action
from .journal import replaced, settle
from .ledger import PlanError, Targeting
from .plan import Planner
from .run import Run


def refresh(run: Run) -> bool:
    """Every resource that takes part was read, and state is what exists. False when one could not be read, or a target is wrong."""
    targeting = run.planner.targeting
    if not (run.know(targeting.targets) and run.know(targeting.excludes)):
        return False
    run.executor.ignore_errors = True
    try:
        _read(run, _wanted(run))
    except (PlanError, ProviderError) as error:
        run.fail(str(error))
        return False
    except KeyboardInterrupt:
        run.journal.rebase(run.ledger.resources)
        raise
    run.executor.ignore_errors = False
    run.journal.rebase(run.ledger.resources)
    if run.executor.failed:
        run.report.error(f"{run.options.name} failed")
    return not run.executor.failed


def refresh_rest(run: Run) -> None:
    """Everything was read that the program, which ran for a refresh, did not register. Raises PlanError and ProviderError."""
    selects = run.planner.targeting.selects_by_name
    _read(run, [r for r in run.ledger.resources if not run.ledger.kept(r.urn) and selects(r.urn)])
    run.journal.changed()


def reading_of(planner: Planner, old: Resource, new: Resource) -> Action:
    """The action that reads the resource which the program has just registered. Raises ProviderError without a provider."""
    if old.custom and not old.is_provider:
        planner.registry.ensure(old, planner.ledger.resources)
        return Action("refresh", old, new.copy(external=old.external), persisted=True)
    return Action("refresh", old, old, persisted=True, hidden=True)


def taken_in(planner: Planner, action: Action, urn: str) -> Resource | None:
    """The resource of this URN as it really is, which now stands in the old one's place; None when it is gone."""
    ledger, found = planner.ledger, action.new
    ledger.marks["refresh"].add(urn)
    ledger.set_state(replaced(ledger.resources, action.before, found))
    return found


def _wanted(run: Run) -> list[Resource]:
    """The resources to read: the targets, or all but the excluded ones, with their dependents if asked for."""
    targeting, found = Targeting(run.options, run.ledger), []
    for resource in run.ledger.resources:
        included = targeting.selects(resource)
        targeting.note(resource, included)
        if included:
            found.append(resource)
    return found


def _read(run: Run, resources: list[Resource]) -> None:
    for resource in resources:
        if resource.provider:
            run.registry.ensure(resource, run.ledger.resources)
    actions = {resource: Action("refresh", resource, resource) for resource in resources}
    try:
        run.executor.together(actions.values())
    finally:
        _take_in(run, actions)


def _take_in(run: Run, actions: Mapping[Resource, Action]) -> None:
    """State before the program is what was read."""
    there = []
    for resource in run.ledger.resources:
        action = actions.get(resource)
        if not (action and action.gone):
            there.append(action.new if action and action.new else resource)
    # What the program has registered already says for itself what it depends on.
    settle(there, [resource for resource in there if run.ledger.kept(resource.urn)])
    run.ledger.set_state(there)


def import_all(run: Run) -> bool:
    """True when everything that was asked for stands in state; what stood there under the same id is left as it is."""
    if not run.options.imports:
        return True
    why = ""
    try:
        for resource in run.ledger.resources:
            if not resource.delete:
                _do(run, Action("same", resource, resource.copy(id="")))
        project, name = run.stack.project, run.stack.name
        stack = make(name, project, "", STACK_TYPE, f"{project}-{name}")
        _there(run, Resource(stack, False, STACK_TYPE))
        actions = _actions(run, stack)
        run.executor.ignore_errors = True
        run.executor.together(actions)
        failed = bool(run.executor.failed)
    except PlanError as error:
        failed, why = True, f": {error}" if str(error) else ""
    if failed:
        run.report.error(f"{run.options.name} failed{why}")
    return not failed


def _there(run: Run, wanted: Resource) -> Resource:
    """The resource of the same URN, which is made if there is none."""
    for resource in run.journal.resources:
        if resource.urn == wanted.urn:
            return resource
    _do(run, Action("create", None, wanted))
    return wanted


def _actions(run: Run, stack: str) -> list[Action]:
    found: dict[str, Action] = {}
    for wanted in run.options.imports:
        urn = make(run.stack.name, run.stack.project, stack, wanted.type, wanted.name)
        if urn in found:
            raise PlanError(f"duplicate import '{wanted.name}' of type '{wanted.type}'")
        old = run.ledger.olds.get(urn)
        if old and (old.import_id or old.id) == wanted.id:
            continue
        if old:
            raise PlanError(f"resource '{urn}' already exists")
        new = Resource(
            urn, True, wanted.type, inputs=dict(wanted.inputs or {}), parent=stack, import_id=wanted.id,
            protect=run.options.protect_imports, provider=_default_provider(run, package_of(wanted.type)),
        )  # fmt: skip
        found[urn] = Action("import", None, new, import_outputs=wanted.outputs, planned_import=True)
    return list(found.values())


def _default_provider(run: Run, package: str) -> str:
    """The reference of the package's default provider, which is made if there is none."""
    urn = make(run.stack.name, run.stack.project, "", f"{PROVIDERS}{package}", "default")
    return _there(run, Resource(urn, True, f"{PROVIDERS}{package}", inputs=run.stack.config_of(package))).reference


def _do(run: Run, action: Action) -> None:
    if run.executor.chain([action]) != "done":
        raise PlanError
