"""What a stack's export says of its domains: those managed already, names that are taken, and those of other providers. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..model.values import Json
from ..registry import by_token
from ..stacks import deployment
from ..stacks.deployment import Resource
from .model import Managed, Place

STACK_TYPE = "pulumi:pulumi:Stack"


@dataclass(frozen=True)
class State:
    """The resources of one stack (`project/stack`), as its export lists them."""

    resources: tuple[Resource, ...] = ()
    stack: str = ""

    @property
    def managed(self) -> Managed:
        """The domains that our resources in it manage. What is only read (`Domain.get`) or about to go does not count."""
        known = by_token()
        ours = [each for each in self.resources if each["type"] in known and each.get("id")]
        return {
            _place(known[each["type"]].key, each): str(each["urn"])
            for each in ours
            if not (each.get("delete") or each.get("external"))
        }

    @property
    def names(self) -> dict[str, set[str]]:
        """The names of resources that are taken, by type."""
        taken: dict[str, set[str]] = {}
        for each in self.resources:
            taken.setdefault(str(each["type"]), set()).add(deployment.name_of(each))
        return taken

    @property
    def config(self) -> Json:
        """The stack's config as of its last update, where that is in clear: the default provider's inputs."""
        providers = [each for each in self.resources if each.get("type") == deployment.PROVIDER_TYPE]
        default = next((each for each in providers if deployment.name_of(each) == "default"), {})
        return {key: value for key, value in (default.get("inputs") or {}).items() if isinstance(value, str)}

    def provider_inputs(self, resource: Resource) -> Json:
        """The inputs of the provider that a resource goes by."""
        urn = deployment.provider_of(resource)
        return next((each.get("inputs") or {} for each in self.resources if each.get("urn") == urn), {})


def read(text: str | bytes) -> State:
    """The state in an export's text. Raises: NotAState."""
    found = deployment.parse(text)
    return State(found.resources, found.stack)


def _place(package: str, resource: Resource) -> Place:
    """Where the domain is; account and region are "" where the state does not say, or holds it encrypted."""
    documents = (resource.get("inputs") or {}, resource.get("outputs") or {})
    arn = _text(documents[1].get("arn")).split(":")
    account, region = (arn[4], arn[3]) if len(arn) > 5 else ("", "")
    said = (_text(document.get("region")) for document in documents)
    return package, account, region or next(filter(None, said), ""), str(resource["id"])


def _text(value: object) -> str:
    opened = deployment.in_clear(value) if isinstance(value, Mapping) and deployment.is_secret(value) else value
    return opened if isinstance(opened, str) else ""
