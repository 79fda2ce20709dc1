"""`pulumi state delete`: resources that state forgets, as long as nothing that stays needs them. What exists is left as it is.

Source: `DeleteResource` of CLI 3.260.0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..model.graph import depending_on_it_alone
from ..model.resource import Resource


class KeptError(Exception):
    """A resource cannot be forgotten; the text says why and what to do."""


def forget(
    resources: Sequence[Resource],
    condemned: Sequence[Resource],
    *,
    dependents_too: bool,
    unprotect: Callable[[Resource], None] | None,
) -> list[Resource]:
    """The resources that stay when the condemned are forgotten, and what depends on them if that is asked for.

    `unprotect` is told each protected resource that goes all the same; without it such a one is kept. **Raises** KeptError.
    """  # fmt: skip
    left = list(resources)
    for resource in _dependents_first(left, condemned):
        going = [resource, *depending_on_it_alone(left, resource)]
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
        if resource.protect and unprotect is None:
            raise KeptError(
                f"{resource.urn} can't be safely deleted because it is protected. "
                "Re-run this command with --force to force deletion"
            )
        if resource.protect and unprotect:
            unprotect(resource)


def _dependents_first(resources: Sequence[Resource], condemned: Sequence[Resource]) -> list[Resource]:
    """The condemned, each before what it depends on: state stands in the order of dependencies."""
    return [resource for resource in reversed(resources) if resource in condemned]
