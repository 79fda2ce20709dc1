"""For which stack, and as whom, domains are looked for: what the arguments say, with the stack's own config where there is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..core.configuration import Access, Configuration, Role
from ..core.destination import resolve_region
from ..core.errors import ConfigurationError
from ..core.settings import from_config
from ..exports import NotAState
from . import state
from .stack import Stack
from .state import State

USED_CONFIG = ("aws:region", "aws:defaultTags", "aws:ignoreTags")
"""What is read of the config in an export. The rest is access, which is the environment's where no stack is asked."""


@dataclass(frozen=True)
class Scope:
    """The stack that the domains are to belong to, as far as it is known: its state decides on names, its config on tags and region."""

    stack: Stack | None = None
    state: State = field(default_factory=State)
    configuration: Configuration = field(default_factory=Configuration)

    def regions(self, given: Sequence[str]) -> tuple[str, ...]:
        """The regions given, else the stack's, else the environment's; none where nobody names one."""
        if given:
            return tuple(dict.fromkeys(given))
        found = resolve_region("", self.configuration)
        return (found.name,) if found else ()

    def accesses(self, profiles: Sequence[str], roles: Sequence[str]) -> tuple[Access, ...]:
        """As whom to look: with each profile, and from each as every role; else as the stack does."""
        own = self.configuration.access
        bases = [replace(own, profile=name) for name in profiles] or [own]
        assumed = [replace(base, roles=(*base.roles, Role(arn))) for base in bases for arn in roles]
        return tuple(assumed or bases)


def of_stack(name: str, folder: str) -> Scope:
    """The scope of a stack that the Pulumi CLI is asked for. Raises: CommandFailed, ConfigurationError."""
    stack = Stack(name, folder)
    return Scope(stack, state.read(stack.export()), from_config(stack.config()))


def of_export(name: str) -> Scope:
    """The scope of the stack whose export is in the file. Raises: ConfigurationError."""
    try:
        found = state.read(Path(name).read_bytes())
    except OSError as error:
        raise ConfigurationError(f"--state {name}: cannot be read: {error.strerror}") from None
    except NotAState as error:
        raise ConfigurationError(f"--state {name} {error}") from None
    config = {key: value for key, value in found.config.items() if key in USED_CONFIG}
    return Scope(None, found, from_config(config))
