"""The explicit provider, as a class of arguments: the Region, credentials, accounts, endpoints and tags of the resources that use it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from typing_extensions import NotRequired, TypedDict

from .host.secrecy import ProviderWithTags
from .model.warning import SILENCE
from .operations import PROVIDER_MARK


class AssumeRole(TypedDict):
    """A role to assume. `duration` is such as 1h or 3600s."""

    role_arn: pulumi.Input[str]
    session_name: NotRequired[pulumi.Input[str | None]]
    external_id: NotRequired[pulumi.Input[str | None]]
    duration: NotRequired[pulumi.Input[str | None]]
    policy: NotRequired[pulumi.Input[str | None]]
    policy_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]] | None]]
    source_identity: NotRequired[pulumi.Input[str | None]]
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]] | None]]
    transitive_tag_keys: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]] | None]]


class IgnoreTags(TypedDict):
    """Tags that others manage: they are neither change nor drift, and are never removed."""

    keys: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]] | None]]
    key_prefixes: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]] | None]]


class Provider(ProviderWithTags):
    """A provider for the resources of this package, given as `opts.provider` or handed down by a component's `providers`.

    The stack's config does not count for it. What it leaves out comes from the environment and the profile.

        region: for resources that name none themselves.
        profile: a profile of the AWS config files.
        assume_roles: roles that are assumed one after the other, each with the credentials of the one before.
        default_tags: tags of every resource; a resource's own tag of the same key wins. A plain map, or pulumi-aws's {"tags": {…}}.
        ignore_tags: tags that others manage.
        allowed_account_ids: a preview fails for credentials of any other account.
        forbidden_account_ids: a preview fails for credentials of one of these accounts.
        endpoints: URLs by service: customerprofiles, voiceid, sts.
    """

    def __init__(
        self,
        resource_name: str,
        *,
        region: pulumi.Input[str | None] | None = None,
        profile: pulumi.Input[str | None] | None = None,
        assume_roles: pulumi.Input[Sequence[pulumi.Input[AssumeRole]] | None] | None = None,
        default_tags: pulumi.Input[Mapping[str, Any] | None] | None = None,
        ignore_tags: pulumi.Input[IgnoreTags | None] | None = None,
        allowed_account_ids: pulumi.Input[Sequence[pulumi.Input[str]] | None] | None = None,
        forbidden_account_ids: pulumi.Input[Sequence[pulumi.Input[str]] | None] | None = None,
        endpoints: pulumi.Input[Mapping[str, pulumi.Input[str]] | None] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declares the provider. Its inputs are checked together with the first resource that uses it."""
        inputs: dict[str, Any] = {
            PROVIDER_MARK: "1",
            "region": region,
            "profile": profile,
            "assume_roles": assume_roles,
            "default_tags": default_tags,
            "ignore_tags": ignore_tags,
            "allowed_account_ids": allowed_account_ids,
            "forbidden_account_ids": forbidden_account_ids,
            "endpoints": endpoints,
            "silence": _silenced(),
        }
        super().__init__(resource_name, inputs, default_tags, opts)


def _silenced() -> str | None:
    """The stack's list of silenced rules, which counts for every resource of the program; None where there is none."""
    namespace, _, name = SILENCE.partition(":")
    return pulumi.Config(namespace).get(name)
