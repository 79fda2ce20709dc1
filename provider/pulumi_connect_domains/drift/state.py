"""Where expectations come from: the domains in a stack's state, with what was declared of each. Pure.

An export may hold its secrets in clear (`--show-secrets`) or encrypted.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..model.errors import ConfigurationError
from ..model.path import Path, PathPattern
from ..model.resource_type import ResourceType
from ..model.values import HOST_KEY, SECRET, Arn, Json, holds_unknown, plain
from ..operations import PROVIDER_MARK
from ..operations.configuration import Configuration
from ..operations.settings import from_config
from ..registry import by_token
from ..stacks import deployment, secret
from ..stacks.deployment import NO_KEEPER, Deployment, NotAState, StateResource
from ..stacks.urn import PYTHON_PROVIDER_TYPE, Urn
from . import flaws

_USED_CONFIG = ("aws:ignoreTags", "ignore_tags", PROVIDER_MARK)
"""What is read of a provider's config. The rest is access, which is the environment's here, and the region, which every domain names."""

_NONE = Configuration()


@dataclass(frozen=True)
class Expectation:
    """One domain that a stack declares, as state knows it.

    `inputs` are what is declared; a secret that the export holds encrypted is an Unknown in there. `known` are the outputs.
    `secrets` are the paths of all secrets, readable or not; `ignored` those under `ignore_changes`. `flaw` says why nothing can be
    judged by it, where state does not hold what a provider of ours writes. `owner` tells stacks apart whose URNs are the same.
    """

    urn: Urn
    type: ResourceType
    id: str
    inputs: Json
    known: Json = field(default_factory=dict)
    configuration: Configuration = field(default_factory=Configuration)
    secrets: frozenset[Path] = frozenset()
    ignored: tuple[PathPattern, ...] = ()
    notes: tuple[str, ...] = ()
    flaw: str = ""
    owner: Hashable = None

    @property
    def region(self) -> str:
        """The region that state names, where it can be read: the input, else the ARN's; "" when it names none."""
        said = (self.inputs.get("region"), self.known.get("region"), self._arn_region)
        return next((each for each in said if isinstance(each, str) and each), "")

    @property
    def account(self) -> str:
        """The account of the ARN in state, or ""."""
        arn = Arn.parse(self.known.get("arn"))
        return arn.account if arn else ""

    @property
    def names(self) -> tuple[str, ...]:
        """What people may call it: the resource's name, the id, the declared name of the domain."""
        declared = self.inputs.get(self.type.schema.name_input)
        return self.urn.name, self.id, *([declared] if isinstance(declared, str) else [])

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What AWS tells it by: type, account, region and id."""
        return self.type.key, self.account, self.region, self.id

    @property
    def arn(self) -> str:
        """The ARN in state, or ""."""
        return str(self.known.get("arn") or "")

    @property
    def shown_region(self) -> str:
        """The region as a report may show it: masked where only a secret tells it."""
        is_secret = Path(("region",)) in self.secrets and self.region != self._arn_region
        return SECRET if self.region and is_secret else self.region

    @property
    def _arn_region(self) -> str:
        arn = Arn.parse(self.known.get("arn"))
        return arn.region if arn else ""


@dataclass(frozen=True)
class State:
    """What one export holds for us: the domains it declares, and those that wait for their deletion. `stack` is project/stack.

    Two exports with one `mark` hold the same of the same stack.
    """

    stack: str
    expectations: tuple[Expectation, ...]
    leaving: tuple[Expectation, ...] = ()
    mark: Hashable = None


def read_state(text: str | bytes) -> State:
    """The state in an export's text.

    Left out: resources that wait for their deletion or replacement, and those that were only read (`Domain.get`).
    Raises: NotAState.
    """
    found = deployment.parse(text)
    known = by_token()
    ours = found.of_types(known)
    mark = (_identity(found), json.dumps([each.document for each in ours], sort_keys=True))
    owner = _identity(found) or mark

    def expected(resources: Iterable[StateResource]) -> tuple[Expectation, ...]:
        return tuple(_expectation(known[each.type], each, found, owner) for each in resources)

    declared = (each for each in ours if each.is_managed and not each.is_pending_replacement)
    return State(found.stack, expected(declared), expected(each for each in ours if each.is_leaving and each.id), mark)


def _identity(found: Deployment) -> Hashable:
    """What tells the stack from others of its name (another organisation's, backend's or account's); None where the state has nothing.

    Source: the engine gives a provider a random id, and a stack its own key for secrets or, in Pulumi Cloud, its full name.
    """
    ids = tuple((each.urn, each.id) for each in found.of_types({PYTHON_PROVIDER_TYPE}))
    return (found.stack, found.keeper, ids) if found.keeper != NO_KEEPER or ids else None


def _expectation(type: ResourceType, resource: StateResource, state: Deployment, owner: Hashable) -> Expectation:
    declared, hidden = _opened(resource.inputs, type)
    outputs, more = _opened(resource.outputs, type)
    flaw = flaws.of_declared(type.schema, declared) or flaws.of_outputs(type.schema, outputs)
    inputs = state.provider_inputs(resource)
    config: Json = {key: secret.opened(inputs[key]) for key in _USED_CONFIG if key in inputs}
    if holds_unknown(config):  # which tags are somebody else's is a secret, so nothing can be said of any
        declared.update(
            {name: secret.unknown() for name in (type.schema.tags_input, type.schema.tags_output) if name in declared}
        )
        config = {}
    ignored = [keys for text in resource.ignore_changes if (keys := _path(text))]
    notes = [f"the last update did not finish: {_first_line(reason)}" for reason in resource.init_errors]
    expected = Expectation(
        urn=resource.urn,
        type=type,
        id=resource.id,
        inputs=declared,
        known={name: value for name, value in outputs.items() if not holds_unknown(value)},
        configuration=_configuration(config),
        secrets=frozenset(hidden | more),
        ignored=tuple(ignored),
        notes=tuple(notes),
        flaw=flaw,
        owner=owner,
    )
    return replace(expected, flaw=flaw or flaws.of_place(type.schema, expected.id, expected.region))


def _opened(document: Mapping[str, Any], type: ResourceType) -> tuple[Json, set[Path]]:
    """The document with its secrets opened where that is possible, and where they stand; empty where it is no map inside."""
    own = {key: item for key, item in document.items() if key != HOST_KEY}
    value, found = secret.opened(own), set(secret.places(own))
    known = type.schema.members
    if not isinstance(value, dict):
        return {}, found
    return plain({key: item for key, item in value.items() if key in known}), found


def _configuration(config: Json) -> Configuration:
    if not config:
        return _NONE
    try:
        return from_config(config, environment={})
    except ConfigurationError as error:
        raise NotAState(f"holds a configuration that cannot be read: {'; '.join(str(error).splitlines())}") from None


def _path(text: str) -> PathPattern | None:
    try:
        return PathPattern.parse(text) if text else None
    except ValueError:
        return None  # the engine would not have understood it either


def _first_line(text: object) -> str:
    return next(iter(str(text).splitlines()), "")
