"""What leaves state: what the program did not register is deleted at the end of a run, and `state delete` forgets resources."""

from collections.abc import Callable, Sequence

from ..model import graph
from ..model.resource import Resource
from .actions import Action
from .ledger import PlanError
from .plan import Planner
from .run import Run


def delete_rest(run: Run) -> None:
    """What the program did not register is gone; what is not targeted is kept. Raises PlanError, and ProviderError without a provider."""
    keeps, deletes = _plan(run.planner)
    everything = [*run.ledger.condemned, *run.ledger.resources]
    by_resource = {action.subject: action for action in deletes}
    run.executor.chain(keeps)
    for group in graph.antichains(everything, by_resource):
        if run.executor.cancelled.is_set():
            return
        failed = [resource for action in run.executor.failed for resource in (action.new, action.old)]
        needed = _needed_by(everything, [*failed, *run.ledger.skipped])
        run.executor.together(by_resource[resource] for resource in group if resource not in needed)


def _plan(planner: Planner) -> tuple[list[Action], list[Action]]:
    """The actions that keep what is not targeted, and the deletes. Raises PlanError when resources would go that no target names."""
    ledger, chosen = planner.ledger, _chosen(planner)
    spared = graph.protected([*ledger.condemned, *ledger.resources])
    keeps: list[Action] = []
    deletes: list[Action] = []
    for resource in ledger.resources:
        kept = ledger.kept(resource.urn)
        if resource.urn not in chosen:
            if not kept and not resource.delete:
                keeps.append(Action("same", resource, resource.copy(id=""), untargeted=True))
        elif resource not in ledger.deleted if resource.delete else not kept:
            deletes.append(_delete(planner, resource, spared))
    deletes += [_delete(planner, resource, spared) for resource in ledger.condemned if resource.urn in chosen]
    stray = [action for action in deletes if action.urn not in planner.targeting.targets]
    if stray and not planner.options.target_dependents:
        for action in stray:
            ledger.error(
                action.urn,
                f"Resource '{action.urn}' will be destroyed but was not specified in --target list.\n"
                "Either include resource in --target list or pass --target-dependents to proceed.",
            )
        if not planner.options.preview:
            raise PlanError
    return keeps, deletes


def _delete(planner: Planner, resource: Resource, spared: set[str]) -> Action:
    if resource.urn not in spared:  # else what is deleted with it would be forgotten, though it stays
        planner.ledger.marks["delete-replaced" if resource.delete else "delete"].add(resource.urn)
    if resource.provider:
        planner.registry.ensure(resource, planner.ledger.resources)
    if resource.delete:
        return Action("discard-replaced" if resource.external else "delete-replaced", resource)
    if resource.pending_replacement:
        return Action("remove-pending-replace", resource)
    return Action("discard" if resource.external else "delete", resource)


def _chosen(planner: Planner) -> set[str]:
    """The URNs of the resources that may go."""
    targeting, resources = planner.targeting, planner.ledger.resources
    everything = {resource.urn for resource in (*resources, *planner.ledger.condemned)}
    if targeting.targets.constrained:
        return _with_dependents(planner, [r for r in resources if r.urn in targeting.targets])
    if targeting.excludes.constrained:
        return everything - _with_dependencies(planner, [r for r in resources if r.urn in targeting.excludes])
    return everything


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


def _needed_by(everything: list[Resource], staying: Sequence[Resource | None]) -> set[Resource]:
    """What must stay, because something that could not be deleted, made or changed needs it."""
    found: set[Resource] = set()
    for resource in staying:
        if resource in everything:
            found.update(graph.all_dependencies_of(everything, resource))
    return found


class KeptError(Exception):
    """A resource cannot be forgotten; the text says why and what to do."""


def forget(
    resources: Sequence[Resource], condemned: Sequence[Resource], *, dependents_too: bool,
    unprotect: Callable[[Resource], None] | None,
) -> list[Resource]:  # fmt: skip
    """The resources that stay when the condemned are forgotten, and what depends on them if that is asked for.

    `unprotect` is told each protected resource that goes all the same; without it such a one is kept. **Raises** KeptError.
    """
    left = list(resources)
    for resource in [found for found in reversed(resources) if found in condemned]:  # each before what it depends on
        going = [resource, *graph.depending_on(left, resource, children=True)]
        if len(going) > 1 and not dependents_too:
            _check_protection([resource], unprotect)
            needing = "".join(f"\n * '{found.name}' ({found.urn})" for found in going[1:])
            raise KeptError(
                f"{resource.urn} can't be safely deleted because the following resources depend on it:{needing}\n"
                "Delete those resources first or pass --target-dependents."
            )
        _check_protection(going, unprotect)
        left = [found for found in left if found not in going]
    return left


def _check_protection(going: Sequence[Resource], unprotect: Callable[[Resource], None] | None) -> None:
    for resource in going:
        if resource.protect:
            if unprotect is None:
                why = "because it is protected. Re-run this command with --force to force deletion"
                raise KeptError(f"{resource.urn} can't be safely deleted {why}")
            unprotect(resource)
