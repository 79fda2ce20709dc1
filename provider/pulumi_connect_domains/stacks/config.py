"""A stack's config, as the Pulumi CLI prints it."""

from __future__ import annotations

from ..model.errors import CommandFailed, Unreadable
from ..model.values import Json
from .cli import Pulumi
from .documents import json_of


def config_of(pulumi: Pulumi, stack: str, seconds: float | None = None) -> Json:
    """The stack's config with secrets in clear, key by key, as the provider gets it.

    Raises: CommandFailed. ConfigurationError when the CLI cannot be started, or has not answered within `seconds`.
    """
    options = ("--json", "--show-secrets", "--stack", stack, "--color=never")
    answer = pulumi.run("config", *options, seconds=seconds)
    if answer.code:
        raise CommandFailed(f"`pulumi config` of stack {stack}: {answer.all_errors}")
    try:
        document = dict(json_of(answer.output))
        return {key: each["value"] for key, each in document.items() if each.get("value") is not None}
    except (Unreadable, AttributeError, KeyError, TypeError, ValueError):
        raise CommandFailed(f"`pulumi config` of stack {stack}: what it says cannot be read") from None
