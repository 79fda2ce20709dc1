"""What a stack's state says of its domains: those managed already, names that are taken, and the stack's config. Pure."""

from __future__ import annotations

from ..model.values import Arn, Json
from ..registry import by_token
from ..stacks.deployment import Deployment, StateResource
from ..stacks.secret import in_clear
from ..stacks.urn import PYTHON_PROVIDER_TYPE
from .model import Managed, Place


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
