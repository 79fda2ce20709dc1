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
    """What the dynamic provider host runs for a Customer Profiles domain."""

    type = ResourceType("pulumi_connect_domains.customerprofiles.domain")


# People's state files name the provider as pulumi_connect_domains.customerprofiles.DomainProvider, for ever.
DomainProvider.__module__ = "pulumi_connect_domains.customerprofiles"


if TYPE_CHECKING:  # the SDK reads annotations at run time, and cannot convert to TypedDicts

    class DomainOutputs:
        """The outputs of a domain."""

        domain_name: pulumi.Output[str]
        """The name of the domain, which is also its id."""
        default_expiration_days: pulumi.Output[int]
        """How long data stays in the domain before it expires. An object type may set its own time."""
        default_encryption_key: pulumi.Output[str | None]
        """The AWS KMS key that encrypts the data of the domain: the key's ARN, its id or its alias. Prefer the ARN: AWS
        does not document how it answers to the other two.
        """
        dead_letter_queue_url: pulumi.Output[str | None]
        """The URL of the Amazon SQS queue that receives reports of data that could not be ingested. The queue's policy
        must let `profile.amazonaws.com` send messages.
        """
        matching: pulumi.Output[outputs.Matching | None]
        """Identity resolution by machine learning: a weekly job looks for profiles that belong to the same person."""
        rule_based_matching: pulumi.Output[outputs.RuleBasedMatching | None]
        """Identity resolution by rules that you write. The order of the rules counts: the first is level 1, the second
        level 2.
        """
        data_store: pulumi.Output[outputs.DataStore | None]
        """The data store of the domain."""
        tags: pulumi.Output[dict[str, str] | None]
        """The tags of the domain, as a map from key to value. Once it has any, or the stack has default tags, the resource
        owns all tags of the domain.
        """
        tags_all: pulumi.Output[dict[str, str] | None]
        """All tags that the domain gets: the provider's default tags, with the resource's own over them."""
        region: pulumi.Output[str]
        """The AWS Region of the domain."""
        force_destroy: pulumi.Output[bool | None]
        """Whether the domain may be deleted, or replaced, although it holds profiles or objects. It counts once a
        `pulumi up` has applied it.
        """
        adopt_existing: pulumi.Output[bool | None]
        """Whether a creation takes over a domain that has this name already, in place of failing. It matters on creation
        only.
        """
        arn: pulumi.Output[str]
        """The ARN of the domain. The provider makes it from partition, Region, account and name, since no operation of AWS
        returns it.
        """
        created_at: pulumi.Output[str]
        """The time at which the domain was created, in UTC."""
        last_updated_at: pulumi.Output[str]
        """The time of the last change of the domain, in UTC."""
        stats: pulumi.Output[outputs.Stats | None]
        """What the domain held when it was last read. AWS counts at its own pace."""
        rule_based_matching_status: pulumi.Output[str | None]
        """How far AWS is with putting the rules of `rule_based_matching` into effect.
        - `PENDING`: The rules wait to take effect. On a domain that has profiles already, this takes up to one hour.
        - `IN_PROGRESS`: The rules are being applied. Meanwhile AWS accepts no change of them.
        - `ACTIVE`: The rules are in effect.
        """
        data_store_readiness: pulumi.Output[outputs.DataStoreReadiness | None]
        """How far AWS is with the preparation of the data store."""

else:
    DomainOutputs = object


class Domain(ConnectResource, DomainOutputs, module="customerprofiles", name="Domain"):
    """An Amazon Connect Customer Profiles domain: a container for customer profiles, with its expiration, its encryption
    and its identity resolution.

    Deleting a domain deletes all of its customer data, and AWS describes no way back. So a domain that holds profiles
    or objects is only deleted, or replaced, when `force_destroy=True` was applied before.

    A domain cannot be associated with an Amazon Connect instance here: AWS's API has no operation for it. Use the
    Amazon Connect admin website.

    Every argument is an output too, with the value that the program gave it.

    Attributes:
        tags_all: All tags that the domain gets: the provider's default tags, with the resource's own over them.
        arn: The ARN of the domain. The provider makes it from partition, Region, account and name, since no operation
            of AWS returns it.
        created_at: The time at which the domain was created, in UTC.
        last_updated_at: The time of the last change of the domain, in UTC.
        stats: What the domain held when it was last read. AWS counts at its own pace.
        rule_based_matching_status: How far AWS is with putting the rules of `rule_based_matching` into effect.
            - `PENDING`: The rules wait to take effect. On a domain that has profiles already, this takes up to one
            hour.
            - `IN_PROGRESS`: The rules are being applied. Meanwhile AWS accepts no change of them.
            - `ACTIVE`: The rules are in effect.
        data_store_readiness: How far AWS is with the preparation of the data store.
    """

    lifecycle = DomainProvider

    def __init__(
        self,
        resource_name: str,
        *,
        default_expiration_days: pulumi.Input[int],
        domain_name: pulumi.Input[str | None] | None = None,
        default_encryption_key: pulumi.Input[str | None] | None = None,
        dead_letter_queue_url: pulumi.Input[str | None] | None = None,
        matching: pulumi.Input[inputs.Matching | None] | pulumi.Output[outputs.Matching | None] | None = None,
        rule_based_matching: pulumi.Input[inputs.RuleBasedMatching | None]
        | pulumi.Output[outputs.RuleBasedMatching | None]
        | None = None,
        data_store: pulumi.Input[inputs.DataStore | None] | pulumi.Output[outputs.DataStore | None] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]] | None] | None = None,
        region: pulumi.Input[str | None] | None = None,
        force_destroy: pulumi.Input[bool | None] | None = None,
        adopt_existing: pulumi.Input[bool | None] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declares the domain.

        Args:
            resource_name: The resource's name in the program. It is unique among the resources of this type in the
                stack.
            default_expiration_days: How long data stays in the domain before it expires. An object type may set its own
                time.
                1 to 1098 days.
                Required.
                For example: `366`.
            domain_name: The name of the domain, which is also its id.
                1 to 64 characters: ASCII letters, digits, _ and -.
                By default: The resource's name in the program, with seven hex digits behind it.
                Taken out of the program: The domain keeps the name that it has.
                A change replaces the domain.
                For example: `"crm-prod"`.
            default_encryption_key: The AWS KMS key that encrypts the data of the domain: the key's ARN, its id or its
                alias. Prefer the ARN: AWS does not document how it answers to the other two.
                At most 255 characters.
                By default: AWS uses a key that it manages itself.
                Taken out of the program: AWS goes back to a key that it manages itself.
                For example: `"arn:aws:kms:eu-west-2:123456789012:key/0a1b2c3d-0000-4000-8000-000000000001"`.
            dead_letter_queue_url: The URL of the Amazon SQS queue that receives reports of data that could not be
                ingested. The queue's policy must let `profile.amazonaws.com` send messages.
                At most 255 characters.
                By default: No queue receives such reports.
                Taken out of the program: The reports no longer go to a queue.
                For example: `"https://sqs.eu-west-2.amazonaws.com/123456789012/crm-dead-letters"`.
            matching: Identity resolution by machine learning: a weekly job looks for profiles that belong to the same
                person.
                By default: It is off.
                Taken out of the program: Identity resolution by the weekly job is turned off, and matches stop.
            rule_based_matching: Identity resolution by rules that you write. The order of the rules counts: the first
                is level 1, the second level 2.
                By default: It is off.
                Taken out of the program: Rule-based matching is turned off, and matches stop.
            data_store: The data store of the domain.
                Taken out of the program: The store stays as it is, and a warning says so. To ask AWS to turn it off,
                write `{"enabled": False}`.
            tags: The tags of the domain, as a map from key to value. Once it has any, or the stack has default tags,
                the resource owns all tags of the domain.
                At most 50 keys. A key has 1 to 128 characters: ASCII letters, digits and + , - . / : ; < = _ (so AWS's
                own pattern says: its +-= is a range, which holds neither blank nor @). No key begins with `aws:`. A
                value has at most 256 characters.
                Taken out of the program: The tags that the program had set are removed from the domain.
                For example: `{"team": "crm", "env": "prod"}`.
            region: The AWS Region of the domain.
                A Region's name such as eu-central-1.
                By default: The `Provider`'s Region, or the stack's `aws:region`; then `AWS_REGION`,
                `AWS_DEFAULT_REGION`, and the profile's Region.
                Taken out of the program: The Region of the default counts. If that is another one, the domain is
                replaced.
                A change replaces the domain.
                For example: `"eu-west-2"`.
            force_destroy: Whether the domain may be deleted, or replaced, although it holds profiles or objects. It
                counts once a `pulumi up` has applied it.
                By default: It is false: a domain that holds data is not deleted.
                Taken out of the program: A domain that holds data is not deleted any more.
            adopt_existing: Whether a creation takes over a domain that has this name already, in place of failing. It
                matters on creation only.
                By default: It is false: a name that is taken is an error.
                Taken out of the program: Nothing changes for a domain that is there.
            opts: The options that every Pulumi resource has. `provider` takes a `Provider` of this package. `import_`
                is refused.

        Raises:
            ProgramError: For the option `import_`, and for a provider of another package.
        """
        inputs: dict[str, Any] = {
            "domain_name": domain_name,
            "default_expiration_days": default_expiration_days,
            "default_encryption_key": default_encryption_key,
            "dead_letter_queue_url": dead_letter_queue_url,
            "matching": matching,
            "rule_based_matching": rule_based_matching,
            "data_store": data_store,
            "tags": tags,
            "region": region,
            "force_destroy": force_destroy,
            "adopt_existing": adopt_existing,
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
            id: The name of the domain, which is also its id.
                For example: `"crm-prod"`.
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
