# Written by `make generate` from operations/vocabulary.py: change that file, not this one.

"""The explicit provider, as a class of arguments: the Region, credentials, accounts, endpoints and tags of the resources
that use it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from typing_extensions import NotRequired, TypedDict

from .host.secrecy import ProviderWithTags


class AssumeRole(TypedDict):
    """A role to assume."""

    role_arn: pulumi.Input[str]
    """The ARN of the role to assume.
    Required.
    """
    session_name: NotRequired[pulumi.Input[str | None]]
    """The name of the session, which AWS CloudTrail shows."""
    external_id: NotRequired[pulumi.Input[str | None]]
    """The external id that the role's trust policy asks for."""
    duration: NotRequired[pulumi.Input[str | None]]
    """How long the credentials of one session are valid, such as `1h` or `3600s`. They are renewed while a run goes on."""
    policy: NotRequired[pulumi.Input[str | None]]
    """An IAM policy as JSON text. The session may do no more than this policy and the role's own policies both allow."""
    policy_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]] | None]]
    """The ARNs of IAM policies that limit the session in the same way."""
    source_identity: NotRequired[pulumi.Input[str | None]]
    """The source identity of the session, which AWS CloudTrail shows. It stays the same when further roles are assumed."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]] | None]]
    """The session tags, as a map from key to value."""
    transitive_tag_keys: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]] | None]]
    """The keys of the session tags that go on to the next role of the chain."""


class IgnoreTags(TypedDict):
    """Tags that others manage: they are neither change nor drift, and are never set or removed."""

    keys: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]] | None]]
    """The keys of the tags to leave alone."""
    key_prefixes: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]] | None]]
    """The beginnings of the keys of tags to leave alone, such as `kubernetes.io/`."""


class Provider(ProviderWithTags):
    """A provider for the resources of this package. Hand it over as `opts.provider`, or by a component's `providers`.

    The stack's config does not count for it. What it leaves out comes from the environment and the profile.
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
        """Declares the provider.

        Its arguments are checked together with the first resource that uses it. Each may be left out.

        Args:
            resource_name: The resource's name in the program. It is unique among the resources of this type in the
                stack.
            region: The AWS Region of each resource that names none itself.
            profile: The profile of the AWS config files that gives the credentials, and the Region where nothing else
                names one.
            assume_roles: The IAM roles to assume one after the other, each with the credentials of the one before.
            default_tags: The tags of every resource; a resource's own tag of the same key wins. It is a map from key to
                value, or pulumi-aws's form of it, `{"tags": {…}}`.
            ignore_tags: The tags that others manage: they are neither change nor drift, and are never set or removed.
            allowed_account_ids: The AWS accounts that may be changed. With credentials of any other account the preview
                fails.
            forbidden_account_ids: The AWS accounts that must not be changed. With credentials of one of them the
                preview fails.
            endpoints: The URLs to call in place of AWS's own, by service: the name of the service's package here, or
                `sts`. They win over botocore's variables `AWS_ENDPOINT_URL_…` and `AWS_ENDPOINT_URL`.
            opts: The options that every Pulumi resource has.
        """
        inputs: dict[str, Any] = {
            "region": region,
            "profile": profile,
            "assume_roles": assume_roles,
            "default_tags": default_tags,
            "ignore_tags": ignore_tags,
            "allowed_account_ids": allowed_account_ids,
            "forbidden_account_ids": forbidden_account_ids,
            "endpoints": endpoints,
        }
        super().__init__(resource_name, inputs, default_tags, opts)
