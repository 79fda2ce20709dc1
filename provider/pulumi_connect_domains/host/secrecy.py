"""Keeps secret what is secret in the program, under every key where the provider repeats it. Warns of secrets in plain config.

The host gets all values in clear and cannot mark any as secret. The engine marks what comes back by its key: an input or output is secret
if the input of the same key was secret. Some values also come back under a second key (the merged tags, the encryption key before the
latest one). So the program also sends a property of that second key, which is secret if the value is.
Source: the engine's `annotateSecrets`, CLI 3.260.0.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Mapping
from typing import Any
from weakref import WeakSet

import pulumi
from pulumi.runtime import get_config, get_root_resource, is_config_secret

from ..model import declaring
from ..model.schema import Schema
from ..model.warning import PLAIN_SECRET, SILENCE, Notice, silenced_rules, written
from ..operations import PROVIDER_MARK
from .values import PROVIDER_PACKAGE

DEFAULT_TAGS = ("aws:defaultTags", "aws:default_tags")


class ProviderWithTags(pulumi.ProviderResource):
    """An explicit provider. Its inputs are marked as ours, and also hold the stack's list of silenced rules, which counts for every
    resource.

    It keeps its `default_tags` in the program, so that each resource can see whether they are secret.
    """

    def __init__(
        self, resource_name: str, inputs: dict[str, Any], default_tags: Any, opts: pulumi.ResourceOptions | None
    ) -> None:
        self.default_tags = default_tags
        self._declare(resource_name, inputs, opts)

    def _declare(self, resource_name: str, inputs: dict[str, Any], opts: pulumi.ResourceOptions | None) -> None:
        """Registers the provider, for this host."""
        marked = {PROVIDER_MARK: "1", **inputs, "silence": get_config(SILENCE)}
        super().__init__(PROVIDER_PACKAGE, resource_name, marked, opts)


def marked(schema: Schema, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The properties to send for outputs that may repeat an input: secret if the input is secret, null if not.

    Shape: `{"server_side_encryption_update_details": {"old_kms_key_id": <secret "">, "message": <secret "">}}`. Check keeps them among the
    inputs, since the engine looks for secrets there.
    """
    found: dict[str, Any] = {}
    for name, members in declaring.repeating(schema).items():
        sources = [inputs[source] for source in dict.fromkeys(members.values())]
        if _may_be_secret(sources):
            found[name] = _marker(list(members), sources)
    return found


def merged_tags(own: Any, opts: pulumi.ResourceOptions | None) -> Any:
    """The property for `tags_all`: the resource's own tags, secret if they or the default tags are secret. Check replaces the value."""
    provider = _provider_of(opts)
    defaults = provider.default_tags if isinstance(provider, ProviderWithTags) else None
    if provider is None and any(get_config(key) and is_config_secret(key) for key in DEFAULT_TAGS):
        return pulumi.Output.secret(own if own is not None else {})
    return _secret_as(own, defaults) if _may_be_secret(defaults) else own


def _provider_of(opts: pulumi.ResourceOptions | None) -> pulumi.ProviderResource | None:
    """The explicit provider that the engine will use: the resource's own, or the one that its parent passes on."""
    if opts is None:
        return None
    handed: Any = opts.providers
    given = handed.values() if isinstance(handed, Mapping) else handed or ()
    own = [opts.provider, *given] if isinstance(opts.provider, pulumi.ProviderResource) else [*given]
    found = next((each for each in own if each.package == PROVIDER_PACKAGE), None)
    if found is None and opts.parent is not None:
        found = opts.parent.get_provider(f"{PROVIDER_PACKAGE}:index:any")
    return found


def _may_be_secret(value: Any) -> bool:
    """True if the value holds an output or an awaitable, which may turn out to be secret when the program runs."""
    if isinstance(value, Mapping):
        return any(map(_may_be_secret, value.values()))
    if isinstance(value, (list, tuple)):
        return any(map(_may_be_secret, value))
    return isinstance(value, (pulumi.Output, Awaitable))


async def _marker(members: list[str], sources: list[Any]) -> dict[str, Any] | None:
    if not await _are_secret(*sources):
        return None
    return {member: pulumi.Output.secret("") for member in members}


async def _secret_as(own: Any, defaults: Any) -> Any:
    return pulumi.Output.secret(own if own is not None else {}) if await _are_secret(defaults) else own


async def _are_secret(*values: Any) -> bool:
    return await pulumi.Output.from_input(list(values)).is_secret()


# -- secrets in plain config ------------------------------------------------------------------------------------------

SECRETS = ("aws:secretKey", "aws:token")

_warned: WeakSet[pulumi.Resource] = WeakSet()  # the root resource of each run of a program in this process


def warn_of_plain_secrets() -> None:
    """Warns of each credential in plain config, once in a run of the program, unless the rule is silenced.

    Only the program can see that: the host gets the config in clear.
    """
    root = get_root_resource()
    if root is None or root in _warned:
        return
    _warned.add(root)
    for key in plain_secrets():
        text = f"{key} stands in the stack's config in clear, and so in the stack's state: `pulumi config set --secret {key}` encrypts it"
        pulumi.log.warn(written(Notice(PLAIN_SECRET, "", text)))


def plain_secrets() -> list[str]:
    """The keys of credentials that the stack's config holds in clear; none if the rule is silenced."""
    rules, _ = silenced_rules(get_config(SILENCE), os.environ)  # the host warns of a list that cannot be read
    if PLAIN_SECRET in rules:
        return []
    return [key for key in SECRETS if get_config(key) and not is_config_secret(key)]
