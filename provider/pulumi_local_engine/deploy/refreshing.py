"""Reading what really exists, and making it the state: everything before a program runs, or the rest after it has."""

from __future__ import annotations

from ..model.resource import Resource
from ..provider.protocol import ProviderError
from .actions import Action
from .journal import settle
from .ledger import PlanError
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
        planner.registry.ensure(old, planner.ledger.olds)
        return Action("refresh", old, new.copy(), persisted=True)
    return Action("refresh", old, old, persisted=True, hidden=True)


def taken_in(planner: Planner, action: Action, urn: str) -> Resource | None:
    """The resource of this URN as it really is, which now stands in the old one's place; None when it is gone."""
    ledger, found = planner.ledger, action.new
    ledger.marks["refresh"].add(urn)
    ledger.set_state([r for r in (found if r is action.old else r for r in ledger.resources) if r])
    return found


def _wanted(run: Run) -> list[Resource]:
    """The resources to read: the targets, or all but the excluded ones, with their dependents if asked for."""
    options, targeting = run.options, run.planner.targeting
    found = []
    followed: set[str] = set()
    for resource in run.ledger.resources:
        follows = bool(resource.needs & followed)
        if targeting.excludes.constrained:
            follow = resource.urn in targeting.excludes or (options.exclude_dependents and follows)
            chosen = not follow
        else:
            follow = chosen = resource.urn in targeting.targets or (options.target_dependents and follows)
        if follow:
            followed.add(resource.urn)
        if chosen:
            found.append(resource)
    return found


def _read(run: Run, resources: list[Resource]) -> None:
    for resource in resources:
        if resource.provider:
            run.registry.ensure(resource, run.ledger.olds)
    actions = {resource: Action("refresh", resource, resource) for resource in resources}
    run.executor.together(actions.values())
    there = []
    for resource in run.ledger.resources:
        action = actions.get(resource)
        if not (action and action.gone):
            there.append(action.new if action and action.new else resource)
    # What the program has registered already says for itself what it depends on.
    settle(there, [resource for resource in there if run.ledger.kept(resource.urn)])
    run.ledger.set_state(there)
