"""What stacks' states say of domains: those managed already, names that are taken, and the stack's config. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..model.errors import Unreadable
from ..model.values import Arn, Json
from ..registry import by_token
from ..stacks import deployment
from ..stacks.deployment import Deployment, StateResource
from ..stacks.secret import in_clear
from ..stacks.sources import Export
from ..stacks.urn import PYTHON_PROVIDER_TYPE
from .model import Adopted, Managed, Place, Remarks, manager


def managed(state: Deployment) -> Managed:
    """The domains that our resources in it manage. What is only read (`Domain.get`) or about to go does not count."""
    known = by_token()
    ours = [each for each in state.of_types(known) if each.is_managed]
    return {_place(known[each.type].key, each): each.urn for each in ours}


def taken_names(state: Deployment) -> dict[str, set[str]]:
    """The names of all resources, by type."""
    taken: dict[str, set[str]] = {}
    for each in state.resources:
        taken.setdefault(each.type, set()).add(each.urn.name)
    return taken


def stack_config(state: Deployment) -> Json:
    """The stack's config as of its last update, where that is in clear: the default provider's inputs."""
    defaults = [each for each in state.of_types({PYTHON_PROVIDER_TYPE}) if each.urn.name == "default"]
    inputs = defaults[0].inputs if defaults else {}
    return {key: value for key, value in inputs.items() if isinstance(value, str)}


def _place(type: str, resource: StateResource) -> Place:
    """Where the domain is; account and region are "" where the state does not say, or holds it encrypted."""
    arn = Arn.parse(_text(resource.outputs.get("arn")))
    account, region = (arn.account, arn.region) if arn else ("", "")
    said = (_text(document.get("region")) for document in (resource.inputs, resource.outputs))
    return type, account, region or next(filter(None, said), ""), resource.id


def _text(value: object) -> str:
    readable = in_clear(value)
    return readable if isinstance(readable, str) else ""


def declared_elsewhere(adopted: Sequence[Adopted], exports: Iterable[Export]) -> Remarks:
    """A warning for each of the domains that one of the stacks declares, and a problem for each export that cannot be read."""
    problems, warnings = [], []
    for export in exports:
        try:
            other = _of_export(export)
            declared = managed(other)
        except Unreadable as error:
            problems.append(f"{export.origin}: {error}")
            continue
        warnings += [
            f"{each.found.text} is declared already, in stack {other.stack} ({export.origin}) as {urn}: two stacks that declare one "
            f"domain undo each other's changes, and either can delete it; first let go of it there (`pulumi state delete '{urn}'`)"
            for each in adopted
            if (urn := manager(declared, each.found.place))
        ]
    return Remarks(problems=tuple(problems), warnings=tuple(dict.fromkeys(warnings)))


def _of_export(export: Export) -> Deployment:
    if export.error:
        raise Unreadable(export.error)
    return deployment.parse(export.text)
