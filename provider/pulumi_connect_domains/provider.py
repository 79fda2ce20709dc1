"""The explicit provider: where and as whom the resources given it go, and which tags they get. Its arguments, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from typing_extensions import NotRequired, TypedDict

from .host.values import PROVIDER_PACKAGE
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
    """Tags that others look after: they are neither change nor drift, and never removed."""

    keys: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]] | None]]
    key_prefixes: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]] | None]]


class Provider(pulumi.ProviderResource):
    """A provider for the resources of this package, given as `opts.provider` or handed down by a component's `providers`.

    It stands alone: the stack's config has no say in it. What it leaves out comes from the environment and the profile.

        region: of resources that name none of their own.
        profile: in the AWS config files.
        assume_roles: one after the other, each with the credentials of the one before.
        default_tags: on every resource; a resource's own tag of the same key wins. A plain map, or pulumi-aws's {"tags": {…}}.
        ignore_tags: tags that others look after.
        allowed_account_ids, forbidden_account_ids: a preview fails for credentials of any other, or of one of these, accounts.
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
        """Declares the provider. The host reads and judges its inputs when the first resource is checked."""
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
        self.default_tags = default_tags  # resources ask whether it is secret
        super().__init__(PROVIDER_PACKAGE, resource_name, inputs, opts)


def _silenced() -> str | None:
    """The stack's silenced rules, which hold for every resource of the program."""
    namespace, _, name = SILENCE.partition(":")
    return pulumi.Config(namespace).get(name)
