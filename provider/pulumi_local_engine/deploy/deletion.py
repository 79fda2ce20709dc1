"""What goes at the end of a run: everything in state that the program did not speak of, dependents first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..model import graph
from ..model.resource import Resource
from .actions import Action
from .ledger import PlanError
from .plan import Planner


def plan(planner: Planner) -> tuple[list[Action], list[list[Action]]]:
    """Actions that keep what is not targeted, and groups of deletes to be carried out one group after the other.

    **Raises** PlanError when resources would go that no target names.
    """
    ledger = planner.ledger
    chosen = _chosen(planner)
    keeps: list[Action] = []
    deletes: list[Action] = []
    for resource in ledger.resources:
        if not chosen(resource):
            if not ledger.kept(resource.urn) and not resource.delete:
                keeps.append(Action("same", resource, resource.copy(id=""), untargeted=True))
        elif resource.delete:
            if resource not in ledger.deleted:
                deletes.append(_delete(planner, resource))
        elif not ledger.kept(resource.urn):
            deletes.append(_delete(planner, resource))
    deletes += [_delete(planner, resource) for resource in ledger.condemned if chosen(resource)]
    _refuse_untargeted(planner, deletes)
    return keeps, _groups(planner, deletes)


def protected(resources: Sequence[Resource]) -> set[str]:
    """The URNs of protected resources and of everything they need."""
    found = [resource for resource in resources if resource.protect]
    return {r.urn for root in found for r in (root, *graph.all_dependencies_of(resources, root))}


def needed_by(planner: Planner, failed: list[Action]) -> set[Resource]:
    """Everything that must stay because something that failed to be deleted, or made, needs it."""
    found: set[Resource] = set()
    everything = _everything(planner)
    for action in failed:
        for resource in (action.new, action.old):
            if resource in everything:
                found.update(graph.all_dependencies_of(everything, resource))
    return found


def _delete(planner: Planner, resource: Resource) -> Action:
    planner.ledger.marks["delete"].add(resource.urn)
    if resource.provider:
        planner.registry.ensure(resource, planner.ledger.olds)
    if resource.delete:
        return Action("discard-replaced" if resource.external else "delete-replaced", resource)
    if resource.pending_replacement:
        return Action("remove-pending-replace", resource)
    return Action("discard" if resource.external else "delete", resource)


def _chosen(planner: Planner) -> Callable[[Resource], bool]:
    """A function that says of a resource whether it may go."""
    targeting, resources = planner.targeting, planner.ledger.resources
    if targeting.targets.constrained:
        urns = _with_dependents(planner, [r for r in resources if r.urn in targeting.targets])
        return lambda resource: resource.urn in urns
    if targeting.excludes.constrained:
        kept = _with_dependencies(planner, [r for r in resources if r.urn in targeting.excludes])
        return lambda resource: resource.urn not in kept
    return lambda resource: True


def _with_dependents(planner: Planner, roots: list[Resource]) -> set[str]:
    resources, replacing = planner.ledger.resources, planner.replacing
    found: set[str] = set()
    for root in roots:
        found |= {root.urn, *(r.urn for r in graph.depending_on(resources, root, children=True))}
    for resource in [r for r in resources if r.urn in found]:
        followers = [*replacing.followers(resource), *replacing.tied_to(resource.urn)]
        found |= {follower.urn for follower, _ in followers}
    return found


def _with_dependencies(planner: Planner, roots: list[Resource]) -> set[str]:
    resources = planner.ledger.resources
    found: set[str] = set()
    todo = list(roots)
    while todo:
        resource = todo.pop()
        if resource.urn in found:
            continue
        found.add(resource.urn)
        todo += graph.dependencies_of(resources, resource)
        if planner.options.exclude_dependents:
            todo += graph.depending_on(resources, resource, children=True)
    return found


def _refuse_untargeted(planner: Planner, deletes: list[Action]) -> None:
    stray = [action for action in deletes if action.urn not in planner.targeting.targets]
    if not stray or planner.options.target_dependents:
        return
    for action in stray:
        planner.ledger.error(
            action.urn,
            f"Resource '{action.urn}' will be destroyed but was not specified in --target list.\n"
            "Either include resource in --target list or pass --target-dependents to proceed.",
        )
    if not planner.options.preview:
        raise PlanError


def _groups(planner: Planner, deletes: list[Action]) -> list[list[Action]]:
    by_resource = {action.subject: action for action in deletes}
    return [[by_resource[r] for r in group] for group in graph.antichains(_everything(planner), by_resource)]


def _everything(planner: Planner) -> list[Resource]:
    return [*planner.ledger.condemned, *planner.ledger.resources]
