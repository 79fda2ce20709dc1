# Written by `make generate` from schema.json: change that file, not this one.

"""The class Domain, which programs declare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pulumi
from typing_extensions import Self

from ...host.lifecycle import Lifecycle
from ...host.resource import ConnectResource
from ...model.resource_type import ResourceType

if TYPE_CHECKING:
    from . import inputs, outputs


class DomainProvider(Lifecycle):
    """What the dynamic provider host runs for a Voice ID domain."""

    type = ResourceType("pulumi_connect_domains.voiceid.domain")


# People's state files name the provider as pulumi_connect_domains.voiceid.DomainProvider, for ever.
DomainProvider.__module__ = "pulumi_connect_domains.voiceid"


if TYPE_CHECKING:  # the SDK reads annotations at run time, and cannot convert to TypedDicts

    class DomainOutputs:
        """The outputs of a domain."""

        name: pulumi.Output[str]
        """The name of the domain. A rename changes the domain in place."""
        description: pulumi.Output[str | None]
        """A text that says what the domain is for."""
        server_side_encryption_configuration: pulumi.Output[outputs.ServerSideEncryptionConfiguration]
        """The key that encrypts the data of the domain. Voice ID has no key of its own."""
        tags: pulumi.Output[dict[str, str] | None]
        """The tags of the domain, as a map from key to value. Once it has any, or the stack has default tags, the resource
        owns all tags of the domain.
        """
        tags_all: pulumi.Output[dict[str, str] | None]
        """All tags that the domain gets: the provider's default tags, with the resource's own over them."""
        region: pulumi.Output[str]
        """The AWS Region of the domain."""
        domain_id: pulumi.Output[str]
        """The id of the domain, which AWS gives it: 22 letters and digits."""
        arn: pulumi.Output[str]
        """The ARN of the domain."""
        domain_status: pulumi.Output[str]
        """Whether the domain can be used.
        - `ACTIVE`: The domain can be used.
        - `PENDING`: AWS is still making the domain.
        - `SUSPENDED`: The domain is deleted, and AWS erases it 30 days later.
        """
        watchlist_details: pulumi.Output[outputs.WatchlistDetails]
        """The watchlist that the domain was created with."""
        server_side_encryption_update_details: pulumi.Output[outputs.ServerSideEncryptionUpdateDetails | None]
        """The latest change of the key, however long ago it was."""
        created_at: pulumi.Output[str]
        """The time at which the domain was created, in UTC."""
        updated_at: pulumi.Output[str]
        """The time of the last change of the domain, in UTC."""

else:
    DomainOutputs = object


class Domain(ConnectResource, DomainOutputs, module="voiceid", name="Domain"):
    """An Amazon Connect Voice ID domain: a container for the voiceprints of speakers and fraudsters.

    AWS ended support for Voice ID on 2026-05-20; every preview says so. Deleting a domain suspends it, and AWS erases
    it with all voiceprints 30 days later. Only a change of the Region replaces a domain.

    A creation waits until the domain is ACTIVE, 2 minutes at most. A change of the key waits for its outcome, 30
    minutes at most. The option `custom_timeouts` sets other limits. When one is reached, a warning says what AWS is
    still working on.

    Every argument is an output too, with the value that the program gave it.

    Attributes:
        tags_all: All tags that the domain gets: the provider's default tags, with the resource's own over them.
        domain_id: The id of the domain, which AWS gives it: 22 letters and digits.
        arn: The ARN of the domain.
        domain_status: Whether the domain can be used.
            - `ACTIVE`: The domain can be used.
            - `PENDING`: AWS is still making the domain.
            - `SUSPENDED`: The domain is deleted, and AWS erases it 30 days later.
        watchlist_details: The watchlist that the domain was created with.
        server_side_encryption_update_details: The latest change of the key, however long ago it was.
        created_at: The time at which the domain was created, in UTC.
        updated_at: The time of the last change of the domain, in UTC.
    """

    lifecycle = DomainProvider

    def __init__(
        self,
        resource_name: str,
        *,
        server_side_encryption_configuration: pulumi.Input[inputs.ServerSideEncryptionConfiguration]
        | pulumi.Output[outputs.ServerSideEncryptionConfiguration],
        name: pulumi.Input[str | None] | None = None,
        description: pulumi.Input[str | None] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]] | None] | None = None,
        region: pulumi.Input[str | None] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declares the domain.

        Args:
            resource_name: The resource's name in the program. It is unique among the resources of this type in the
                stack.
            server_side_encryption_configuration: The key that encrypts the data of the domain. Voice ID has no key of
                its own.
                Required.
            name: The name of the domain. A rename changes the domain in place.
                1 to 256 characters: ASCII letters, digits, _ and -, the first a letter or a digit.
                By default: The resource's name in the program, with seven hex digits behind it.
                Taken out of the program: The domain keeps the name that it has.
                For example: `"support-prod"`.
            description: A text that says what the domain is for.
                1 to 1024 characters: letters, digits and blanks of any script and _ . : / = + - % @.
                Taken out of the program: The domain has no description any more.
                For example: `"Calls of the support team"`.
            tags: The tags of the domain, as a map from key to value. Once it has any, or the stack has default tags,
                the resource owns all tags of the domain.
                At most 200 keys. A key has 1 to 128 characters: letters, digits and blanks of any script and _ . : / =
                + - @. No key begins with `aws:`. A value has at most 256 characters: letters, digits and blanks of any
                script and _ . : / = + - @.
                Taken out of the program: The tags that the program had set are removed from the domain.
                For example: `{"team": "support", "env": "prod"}`.
            region: The AWS Region of the domain.
                A Region's name such as eu-central-1.
                By default: The `Provider`'s Region, or the stack's `aws:region`; then `AWS_REGION`,
                `AWS_DEFAULT_REGION`, and the profile's Region.
                Taken out of the program: The Region of the default counts. If that is another one, the domain is
                replaced.
                A change replaces the domain.
                For example: `"eu-west-2"`.
            opts: The options that every Pulumi resource has. `provider` takes a `Provider` of this package. `import_`
                is refused.

        Raises:
            ProgramError: For the option `import_`, and for a provider of another package.
        """
        inputs: dict[str, Any] = {
            "name": name,
            "description": description,
            "server_side_encryption_configuration": server_side_encryption_configuration,
            "tags": tags,
            "region": region,
        }
        super().__init__(resource_name, inputs, opts)

    @classmethod
    def get(
        cls,
        resource_name: str,
        id: pulumi.Input[str],
        *,
        region: pulumi.Input[str | None] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> Self:
        """A domain that somebody else manages. It is read on every run, and never changed.

        A preview fails where there is none.

        Args:
            resource_name: The resource's name in the program. It is unique among the resources of this type in the
                stack.
            id: The id of the domain, which AWS gives it: 22 letters and digits.
                For example: `"Zt5d0kGmPq2bWnR8sLx4Yc"`.
            region: The AWS Region of the domain.
                A Region's name such as eu-central-1.
                By default: The `Provider`'s Region, or the stack's `aws:region`; then `AWS_REGION`,
                `AWS_DEFAULT_REGION`, and the profile's Region.
                For example: `"eu-west-2"`.
            opts: The options that every Pulumi resource has. `provider` takes a `Provider` of this package. `import_`
                is refused.

        Raises:
            ProgramError: For the option `import_`, and for a provider of another package.
        """
        return super().get(resource_name, id, region=region, opts=opts)
