"""Which stack the domains are for, and where and with which credentials to look: by the arguments and the stack's own config."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from ..aws.access import Access, Role
from ..model.errors import ConfigurationError, Unreadable
from ..model.values import Json
from ..operations.configuration import Configuration
from ..operations.destination import resolve_region
from ..operations.forms import REGION
from ..operations.settings import from_config, from_native_inputs
from ..stacks import deployment, files, hosts
from ..stacks.deployment import Deployment
from .stack import Stack
from .state import Managed, hosts_of, managed, stack_config

USED_CONFIG = ("aws:region", "aws:defaultTags", "aws:ignoreTags")
"""The keys that are read of the config in an export. Its credentials are not used: the environment's are."""

USED_NATIVE_CONFIG = ("region", "defaultTags", "ignoreTags")
"""The same of the native host's config."""

HOSTS = ("dynamic", "native")

Which = Callable[[Deployment], bool]
"""Whether the native host is to manage the domains in a stack with that state."""


def is_native(host: str, runtime: str, state: Deployment) -> bool:
    """Whether the native host is to manage the domains: as `host` says, "" for whichever manages those that the stack has already.

    A stack that has none has the host of its project's language (`runtime`): dynamic providers serve programs in Python alone.
    """
    known = hosts_of(state)
    if host:
        return host == "native"
    return known == {True} if known else runtime not in ("", "python")


@dataclass(frozen=True)
class Scope:
    """The stack that the domains are for, as far as it is known. Its state says which names are taken, its config sets tags and Region."""

    stack: Stack | None = None
    state: Deployment = field(default_factory=Deployment)
    managed: Managed = field(default_factory=dict)
    configuration: Configuration = field(default_factory=Configuration)
    is_native: bool = False

    def regions(self, given: Sequence[str]) -> tuple[str, ...]:
        """The regions given, else the stack's, else the environment's; none where nobody names one. Raises: ConfigurationError."""
        found = None if given else resolve_region("", self.configuration)
        names = tuple(dict.fromkeys(given)) or ((found.name,) if found else ())
        if wrong := [name for name in names if not REGION.fullmatch(name)]:
            raise ConfigurationError(f"{wrong[0]!r} is not the name of a region")
        return names

    def accesses(self, profiles: Sequence[str], roles: Sequence[str]) -> tuple[Access, ...]:
        """The credentials to look with: each profile, and each role assumed from each of them; without any, the stack's own."""
        own = self.configuration.access
        bases = [replace(own, profile=name) for name in profiles] or [own]
        assumed = [replace(base, roles=(*base.roles, Role(arn))) for base in bases for arn in roles]
        return tuple(assumed or bases)


def of_stack(name: str, folder: str, which: Which) -> Scope:
    """The scope of a stack that the Pulumi CLI is asked for. Raises: CommandFailed, ConfigurationError."""
    stack = Stack.find(name, folder)
    try:
        found, there = _state(stack.export())
    except Unreadable as error:
        raise ConfigurationError(f"the export of stack {name} {error}") from None
    config, native = stack.config(), which(found)
    try:
        return Scope(
            stack, found, there, _configuration(hosts.native_settings(config) if native else config, native), native
        )
    except ConfigurationError as error:
        raise ConfigurationError(f"the config of stack {name}: {error.in_one_line}") from None


def of_export(name: str, which: Which) -> Scope:
    """The scope of the stack whose export is in the file. Raises: ConfigurationError."""
    try:
        text = files.content(name)
    except Unreadable as error:
        raise ConfigurationError(f"--state {files.called(name)}: {error}") from None
    try:
        found, there = _state(text)
    except Unreadable as error:
        raise ConfigurationError(f"--state {files.called(name)} {error}") from None
    native = which(found)
    used = USED_NATIVE_CONFIG if native else USED_CONFIG
    config = {key: value for key, value in stack_config(found, is_native=native).items() if key in used}
    try:
        return Scope(None, found, there, _configuration(config, native), native)
    except ConfigurationError as error:
        raise ConfigurationError(
            f"--state {files.called(name)}: the stack's config as of its last update: {error.in_one_line}"
        ) from None


def _configuration(config: Json, native: bool) -> Configuration:
    return from_native_inputs(config, is_explicit=False) if native else from_config(config)


def _state(text: str | bytes) -> tuple[Deployment, Managed]:
    """The state in an export's text, and the domains that it manages. Raises: Unreadable, also for a damaged secret that says which."""
    found = deployment.parse(text)
    return found, managed(found)
