"""What is expected of each resource: what a stack's state says was declared. Pure.

An export may hold its secrets in clear (`--show-secrets`) or encrypted.
"""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from ..model import state_format
from ..model.errors import ConfigurationError
from ..model.path import Path, PathPattern
from ..model.resource_type import ResourceType
from ..model.values import HOST_KEY, NO_ARN, SECRET, Arn, Json, Unknown, holds_unknown, is_unknown, plain
from ..operations import PROVIDER_MARK
from ..operations.configuration import UNCONFIGURED, Configuration
from ..operations.settings import from_config, from_native_inputs
from ..registry import by_token
from ..stacks import deployment, hosts, secret
from ..stacks.deployment import NO_KEEPER, Deployment, NotAState, StateResource
from ..stacks.urn import NATIVE_PROVIDER_TYPE, PYTHON_PROVIDER_TYPE, Urn
from . import flaws

_USED_CONFIG = ("aws:ignoreTags", "ignore_tags", PROVIDER_MARK)
"""The keys that are read of a provider's config. Its credentials are not used here, and each resource's own entry names the Region."""
_USED_NATIVE_CONFIG = ("ignoreTags",)
"""The same of a provider of the native host."""


@dataclass(frozen=True)
class Expectation:
    """One resource that a stack declares, as its state describes it.

    `inputs` are what was declared, `known` the outputs. A secret that the export holds encrypted is an Unknown among the inputs, and left
    out of the outputs. `secrets` are the paths of all secrets, readable or not; `ignored` are the patterns of `ignore_changes`. `flaw` says
    what is damaged in the entry, so that nothing can be compared. `owner` is different for two stacks that have the same URNs.
    `declared_at` is where the program declares it, as far as the state says. `holds_secret` says that a secret stands in it in clear.
    `digest` is the same only for equal entries.
    """

    urn: Urn
    type: ResourceType
    id: str
    inputs: Json
    known: Json = field(default_factory=dict)
    configuration: Configuration = UNCONFIGURED
    secrets: frozenset[Path] = frozenset()
    ignored: tuple[PathPattern, ...] = ()
    notes: tuple[str, ...] = ()
    flaw: str = ""
    declared_at: str = ""
    owner: str = ""
    holds_secret: bool = False
    digest: str = ""

    @cached_property
    def region(self) -> str:
        """The Region in state: the input, else the output, else the ARN's; "" where none can be read."""
        return _region(self.inputs, self.known)

    @property
    def account(self) -> str:
        """The account of the ARN in state, or ""."""
        return self._arn.account

    @property
    def names(self) -> tuple[str, ...]:
        """The names that people may use for it: the resource's name, the id, the declared name in AWS."""
        declared = self.inputs.get(self.type.schema.name_input)
        return self.urn.name, self.id, *([declared] if isinstance(declared, str) else [])

    @cached_property
    def place(self) -> tuple[str, str, str, str]:
        """What identifies it in AWS: type, account, Region and id."""
        return self.type.key, self.account, self.region, self.id

    @property
    def arn(self) -> str:
        """The ARN in state, or ""."""
        return str(self.known.get("arn") or "")

    @property
    def shown_region(self) -> str:
        """The Region as a report may show it: masked where it stands in a secret alone."""
        is_secret = Path(("region",)) in self.secrets and self.region != self._arn.region
        return SECRET if self.region and is_secret else self.region

    @property
    def _arn(self) -> Arn:
        return Arn.parse(self.known.get("arn")) or NO_ARN


class Outline(NamedTuple):
    """What tells whether a declared resource is to be checked, as far as its state says: see the properties of Expectation."""

    type: ResourceType
    names: tuple[str, ...]
    account: str
    region: str


Takes = Callable[[str, str], bool]
"""Whether the resources of an account and a Region are to be read here."""


@dataclass(frozen=True)
class State:
    """The resources in one export: those that are declared, and those that wait for their deletion. `stack` is `project/stack`.

    Of resources whose account and Region are read elsewhere, there is only an outline. `declaring` are the stacks that declare resources,
    as their URNs name them. Two exports with equal `mark` hold the same resources of the same stack; `owner` is as in Expectation.
    """

    stack: str
    expectations: tuple[Expectation, ...]
    leaving: tuple[Expectation, ...] = ()
    elsewhere: tuple[Outline, ...] = ()
    declaring: frozenset[str] = frozenset()
    mark: str = ""
    owner: str = ""


def read_state(text: str | bytes, takes: Takes | None = None) -> State:
    """The state in an export's text. Only what `takes` lets through is read in full, which takes most of the time; None takes all.

    Left out: resources that wait for their deletion or replacement, and those that were only read (`Domain.get`).
    Raises: NotAState.
    """
    found = deployment.parse(text)
    known = by_token()
    ours = deque((each, *_look(each.document)) for each in found.of_types(known))
    identity = _identity(found)
    mark = _digest([identity, [digest for _, digest, _ in ours]])
    owner = identity or mark
    declared: list[Expectation] = []
    leaving: list[Expectation] = []
    elsewhere: list[Outline] = []
    declaring = set()
    stack, found = found.stack, found.providers
    while ours:  # what was read of the state goes, entry by entry
        each, digest, may_hold_secrets = ours.popleft()
        is_declared = each.is_managed and not each.is_pending_replacement
        if not (is_declared or (each.is_leaving and each.id)):
            continue
        type = known[each.type]
        each = hosts.in_our_words(each, type)
        if is_declared:
            declaring.add(each.urn.project_and_stack)
        outline = _outline(type, each) if takes else None
        if takes is None or outline is None or takes(outline.account, outline.region):
            expected = _expectation(type, each, found, owner, digest, may_hold_secrets)
            if takes is None or outline is not None or takes(expected.account, expected.region):
                (declared if is_declared else leaving).append(expected)
                continue
            outline = Outline(type, expected.names, expected.account, expected.region)
        if is_declared:
            elsewhere.append(outline)
    return State(stack, tuple(declared), tuple(leaving), tuple(elsewhere), frozenset(declaring), mark, owner)


def _outline(type: ResourceType, resource: StateResource) -> Outline | None:
    """The outline, without looking at the rest of the resource; None where one of its values is a secret, or something odd."""
    inputs, outputs = resource.inputs, resource.outputs
    name, arn = inputs.get(type.schema.name_input), outputs.get("arn")
    regions = [each for each in (inputs.get("region"), outputs.get("region")) if each is not None]
    if not all(isinstance(each, str) for each in (*regions, "" if name is None else name, arn)):
        return None
    parsed = Arn.parse(arn) or NO_ARN
    region = next(filter(None, (*regions, parsed.region)), "")
    return Outline(type, (resource.urn.name, resource.id, *([] if name is None else [name])), parsed.account, region)


def _identity(found: Deployment) -> str:
    """What only this stack has, of all stacks of its name (in other organisations or backends); "" where its state holds nothing such.

    Source: the engine gives a provider a random id, and a stack its own key for secrets or, in Pulumi Cloud, its full name.
    """
    ids = [[str(each.urn), each.id] for each in found.of_types({PYTHON_PROVIDER_TYPE, NATIVE_PROVIDER_TYPE})]
    return _digest([found.stack, found.keeper, ids]) if found.keeper != NO_KEEPER or ids else ""


def _digest(document: object) -> str:
    return _look(document)[0]


def _look(document: object) -> tuple[str, bool]:
    """The digest of the document, the same only for equal ones, and whether it may hold secrets."""
    text = json.dumps(document, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest(), secret.may_be_in(text)


def _region(inputs: Json, known: Json) -> str:
    for document in (inputs, known):
        said = document.get("region")
        if isinstance(said, str) and said:
            return said
    return (Arn.parse(known.get("arn")) or NO_ARN).region


def _expectation(
    type: ResourceType, resource: StateResource, state: Deployment, owner: str, digest: str, may_hold_secrets: bool
) -> Expectation:
    """What is expected of the resource. One that cannot hold secrets need not be searched for them."""
    declared, hidden = _opened(resource.inputs, type, may_hold_secrets)
    outputs, more = _opened(resource.outputs, type, may_hold_secrets)
    found = [path.find(declared) for path in hidden] + [path.find(outputs) for path in more]
    holds_secret = any(not is_unknown(each) for each in found)
    newer = (state_format.CURRENT.refusal(each, type.noun) for each in (resource.inputs, resource.outputs))
    flaw = (
        next(filter(None, newer), "")
        or flaws.of_declared(type.schema, declared)
        or flaws.of_outputs(type.schema, outputs)
    )
    provider = state.provider(resource)
    is_native = hosts.is_native_provider(provider)
    given = provider.inputs if provider else {}
    used = _USED_NATIVE_CONFIG if is_native else _USED_CONFIG
    config: Json = {key: secret.opened(given[key]) for key in used if key in given}
    if holds_unknown(config):  # which tags to ignore is a secret, so no tag can be compared
        declared.update(
            {name: Unknown() for name in (type.schema.tags_input, type.schema.tags_output) if name in declared}
        )
        config = {}
    holds_secret |= bool(config) and any(True for _ in secret.places({key: given[key] for key in config}))
    ignored = [keys for text in resource.ignore_changes if (keys := _path(text))]
    notes = [f"the last update did not finish: {_first_line(reason)}" for reason in resource.init_errors]
    known = outputs
    if may_hold_secrets:
        known = {name: value for name, value in outputs.items() if not holds_unknown(value)}
    return Expectation(
        urn=resource.urn,
        type=type,
        id=resource.id,
        inputs=declared,
        known=known,
        configuration=_configuration(config, is_native),
        secrets=frozenset(hidden | more),
        ignored=tuple(ignored),
        notes=tuple(notes),
        flaw=flaw or flaws.of_place(type.schema, resource.id, _region(declared, known)),
        declared_at=resource.declared_at,
        owner=owner,
        holds_secret=holds_secret,
        digest=digest,
    )


def _opened(document: Mapping[str, Any], type: ResourceType, may_hold_secrets: bool) -> tuple[Json, set[Path]]:
    """Our properties in the document, with the secrets that stand in clear opened, and the paths of all secrets."""
    known = type.schema.members
    if not may_hold_secrets:
        return plain({key: item for key, item in document.items() if key in known}), set()
    own = {key: item for key, item in document.items() if key != HOST_KEY}
    value, found = secret.opened(own), set(secret.places(own))
    if not isinstance(value, dict):
        return {}, found
    return plain({key: item for key, item in value.items() if key in known}), found


def _configuration(config: Json, is_native: bool) -> Configuration:
    if not config:
        return UNCONFIGURED
    try:
        if is_native:
            return from_native_inputs(config, is_explicit=True, environment={})
        return from_config(config, environment={})
    except ConfigurationError as error:
        raise NotAState(f"holds a configuration that cannot be read: {error.in_one_line}") from None


def _path(text: str) -> PathPattern | None:
    try:
        return PathPattern.of_engine(text)
    except ValueError:
        return None  # the engine would not have understood it either


def _first_line(text: object) -> str:
    return next(iter(str(text).splitlines()), "")
