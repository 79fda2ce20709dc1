"""The class Domain, which programs declare, and the types of its arguments. The types of its nested outputs are in outputs.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pulumi
from typing_extensions import TypedDict

from ...host.lifecycle import Lifecycle
from ...host.resource import ConnectResource
from ...model.resource_type import ResourceType
from . import outputs


class DomainProvider(Lifecycle):
    """What the dynamic provider host runs for a Voice ID domain."""

    type = ResourceType("pulumi_connect_domains.voiceid.domain")


# People's state files name the provider as pulumi_connect_domains.voiceid.DomainProvider, for ever.
DomainProvider.__module__ = "pulumi_connect_domains.voiceid"


class ServerSideEncryptionConfiguration(TypedDict):
    """The key that encrypts the domain's data. A new key is changed to in the background; `pulumi up` waits for the outcome."""

    kms_key_id: pulumi.Input[str]
    """A symmetric customer managed KMS key."""


class Domain(ConnectResource, module="voiceid", name="Domain"):
    """An Amazon Connect Voice ID domain. Its id is its DomainId.

    AWS ended support for Voice ID on 2026-05-20; every preview says so. Only another region replaces a domain. Deleting one suspends
    it, and AWS erases it with all voiceprints 30 days later.

    Inputs
        server_side_encryption_configuration: the encryption key. It is required, since Voice ID has no key of its own.
        name: 1 to 256 of letters, digits, _ and -, the first a letter or a digit; left out: the resource's name with seven hex digits.
        description: taken out of the program it is removed.
        tags: once there are any (or the stack has default tags) the resource owns all tags of the domain.
        region: left out: the stack's aws:region, AWS_REGION, AWS_DEFAULT_REGION, or the profile's. A change replaces.

    Outputs: every input as it was given, and domain_id, arn, domain_status (ACTIVE, or PENDING while AWS makes the domain),
    watchlist_details, server_side_encryption_update_details, created_at, updated_at (UTC), tags_all (the tags with the stack's default
    tags).

    Waits: a creation for ACTIVE, 2 minutes at most; a change of the key for its outcome, 30 minutes at most. The option custom_timeouts
    sets other bounds; when one ends, a warning says what is still under way.
    """

    lifecycle = DomainProvider

    if TYPE_CHECKING:  # the SDK reads annotations at run time, and cannot convert to TypedDicts
        name: pulumi.Output[str]
        description: pulumi.Output[str | None]
        server_side_encryption_configuration: pulumi.Output[outputs.ServerSideEncryptionConfiguration]
        tags: pulumi.Output[dict[str, str] | None]
        tags_all: pulumi.Output[dict[str, str] | None]
        region: pulumi.Output[str]
        domain_id: pulumi.Output[str]
        arn: pulumi.Output[str]
        domain_status: pulumi.Output[str]
        watchlist_details: pulumi.Output[outputs.WatchlistDetails]
        server_side_encryption_update_details: pulumi.Output[outputs.ServerSideEncryptionUpdateDetails | None]
        created_at: pulumi.Output[str]
        updated_at: pulumi.Output[str]

    def __init__(
        self,
        resource_name: str,
        *,
        server_side_encryption_configuration: pulumi.Input[ServerSideEncryptionConfiguration]
        | pulumi.Output[outputs.ServerSideEncryptionConfiguration],
        name: pulumi.Input[str | None] | None = None,
        description: pulumi.Input[str | None] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]] | None] | None = None,
        region: pulumi.Input[str | None] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declares the domain. Raises: ProgramError for the option import_ and for a provider of another package."""
        inputs: dict[str, Any] = {
            "name": name,
            "description": description,
            "server_side_encryption_configuration": server_side_encryption_configuration,
            "tags": tags,
            "region": region,
        }
        super().__init__(resource_name, inputs, opts)
