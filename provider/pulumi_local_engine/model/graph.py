"""Who depends on whom, in a list of resources in which everybody stands behind what he depends on."""

from collections.abc import Collection, Sequence

from .resource import Resource


def depending_on(
    resources: Sequence[Resource], root: Resource, ignored: Collection[str] = (), children: bool = False
) -> list[Resource]:
    """Those behind `root` that depend on it, directly or not, in order; children are dependents if asked for."""
    found: list[Resource] = []
    urns = {root.urn}
    for candidate in resources[resources.index(root) + 1 :]:
        needs = candidate.needs if children else candidate.depends_on
        if candidate.urn not in ignored and needs & urns:
            found.append(candidate)
            urns.add(candidate.urn)
    return found


def dependencies_of(resources: Sequence[Resource], resource: Resource) -> list[Resource]:
    """Those before the resource that it depends on directly: its parent too, and everything inside a component."""
    needs = resource.depends_on
    before = resources[: resources.index(resource)]
    inside = {candidate.urn for candidate in before if candidate.urn in needs and not candidate.custom}
    for candidate in before:
        if candidate.parent in inside:
            inside.add(candidate.urn)
    wanted = needs | inside | {resource.parent}
    return [candidate for candidate in before if candidate.urn in wanted]


def all_dependencies_of(resources: Sequence[Resource], resource: Resource) -> list[Resource]:
    """Everything that the resource needs, directly or not."""
    found: list[Resource] = []
    todo = [resource]
    while todo:
        for needed in dependencies_of(resources, todo.pop()):
            if needed not in found:
                found.append(needed)
                todo.append(needed)
    return found


def protected(resources: Sequence[Resource]) -> set[str]:
    """The URNs of protected resources and of everything that they need."""
    found = [resource for resource in resources if resource.protect]
    return {r.urn for root in found for r in (root, *all_dependencies_of(resources, root))}


def antichains(resources: Sequence[Resource], condemned: Collection[Resource]) -> list[list[Resource]]:
    """The condemned in groups to be deleted one after the other, dependents first; within a group in any order."""
    left = [resource for resource in resources if resource in condemned]
    groups: list[list[Resource]] = []
    while left:
        free = [resource for resource in left if not any(d in left for d in dependencies_of(resources, resource))]
        groups.append(free)
        left = [resource for resource in left if resource not in free]
    return groups[::-1]
