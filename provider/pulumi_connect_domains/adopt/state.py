"""What stacks' states say of domains: those managed already, names that are taken, and the stack's config. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..model.errors import Unreadable
from ..model.values import NO_ARN, Arn, Json
from ..model.visible import in_shell
from ..registry import by_token
from ..stacks import deployment, hosts
from ..stacks.deployment import Deployment, StateResource
from ..stacks.secret import in_clear
from ..stacks.sources import Export
from ..stacks.urn import NATIVE_PROVIDER_TYPE, PYTHON_PROVIDER_TYPE, Urn
from .model import Adopted, Place, Remarks

Managed = Mapping[Place, Urn]
"""The domains that a stack manages, each with its resource's URN. Account and region are "" where the state does not hold them."""


def managed(state: Deployment) -> Managed:
    """The domains that our resources in the state manage; not those that it only reads (`Domain.get`) or is about to delete."""
    known = by_token()
    ours = [each for each in state.of_types(known) if each.is_managed]
    return {_place(known[each.type].key, each): each.urn for each in ours}


def manager(managed: Managed, place: Place) -> Urn | None:
    """The URN of the resource that manages the domain; None where there is none.

    An account or region that the state does not hold may be any, so such an entry counts as this domain's.
    """
    type, account, region, id = place
    told = ((type, each, where, id) for each in (account, "") for where in (region, ""))
    return next((managed[each] for each in told if each in managed), None)


def taken_names(state: Deployment) -> dict[str, set[str]]:
    """The names of all resources, by type. Ours have one type for both hosts, since each knows the other's as its alias."""
    taken: dict[str, set[str]] = {}
    for each in state.resources:
        taken.setdefault(hosts.dynamic_token(each.type), set()).add(each.urn.name)
    return taken


def hosts_of(state: Deployment) -> set[bool]:
    """Which hosts manage our resources in the state: True for the native one, False for the dynamic one."""
    return {hosts.is_native(each.type) for each in state.of_types(by_token())}


def stack_config(state: Deployment, *, is_native: bool = False) -> Json:
    """The host's config of the stack as of its last update, without secrets: the inputs of the default provider."""
    wanted = NATIVE_PROVIDER_TYPE if is_native else PYTHON_PROVIDER_TYPE
    defaults = [each for each in state.of_types({wanted}) if hosts.is_default_provider(each)]
    inputs = defaults[0].inputs if defaults else {}
    return {key: value for key, value in inputs.items() if isinstance(value, str)}


def _place(type: str, resource: StateResource) -> Place:
    """Where the domain is; account and region are "" where the state does not say, or holds it encrypted."""
    arn = Arn.parse(_text(resource.outputs.get("arn"))) or NO_ARN
    said = (arn.region, *(_text(document.get("region")) for document in (resource.inputs, resource.outputs)))
    return type, arn.account, next(filter(None, said), ""), resource.id


def _text(value: object) -> str:
    readable = in_clear(value)
    return readable if isinstance(readable, str) else ""


def declared_elsewhere(adopted: Sequence[Adopted], exports: Iterable[Export]) -> Remarks:
    """A warning for each of the domains that one of the stacks declares, and a problem for each export that cannot be read."""
    problems, warnings = [], []
    for export in exports:
        try:
            other = deployment.parse(export.content())
            declared = managed(other)
        except Unreadable as error:
            problems.append(f"{export.origin}: {error}")
            continue
        warnings += [
            f"{each.found.text} is declared already, in stack {other.stack} ({export.origin}) as {urn}: two stacks that declare one "
            f"domain undo each other's changes, and either can delete it; first let go of it there "
            f"(`pulumi state delete {in_shell(str(urn))}`)"
            for each in adopted
            if (urn := manager(declared, each.found.place))
        ]
    return Remarks(problems=tuple(problems), warnings=tuple(dict.fromkeys(warnings)))
