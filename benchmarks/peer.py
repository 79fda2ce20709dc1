"""The smallest hand-written provider that makes the same calls: what one writes from Pulumi's documentation of dynamic providers.

It validates nothing, guards nothing, and knows no tags, accounts or drift. So what ours costs beside it is the price of all that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi.dynamic import CreateResult, DiffResult, ReadResult, Resource, ResourceProvider, UpdateResult

CHANGEABLE = ("default_expiration_days", "tags")


class SmallestProvider(ResourceProvider):
    """A Customer Profiles domain. Its client is one of the process, since the provider itself is pickled for each resource."""

    def create(self, props: Mapping[str, Any]) -> CreateResult:
        answer = client(props["region"]).create_domain(
            DomainName=props["domain_name"], DefaultExpirationDays=days(props), Tags=props["tags"]
        )
        return CreateResult(props["domain_name"], {**props, "created_at": answer["CreatedAt"].isoformat()})

    def diff(self, id: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> DiffResult:
        replaces = [name for name in ("domain_name", "region") if olds[name] != news[name]]
        changed = [name for name in CHANGEABLE if olds[name] != news[name]]
        return DiffResult(changes=bool(replaces or changed), replaces=replaces)

    def read(self, id: str, props: Mapping[str, Any]) -> ReadResult:
        live = client(props["region"]).get_domain(DomainName=id)
        found = {"default_expiration_days": live["DefaultExpirationDays"], "tags": live["Tags"]}
        return ReadResult(id, {**props, **found})

    def update(self, id: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> UpdateResult:
        client(news["region"]).update_domain(DomainName=id, DefaultExpirationDays=days(news))
        return UpdateResult({**olds, **news})

    def delete(self, id: str, props: Mapping[str, Any]) -> None:
        client(props["region"]).delete_domain(DomainName=id)


class SmallestDomain(Resource):
    """A domain of that provider."""

    def __init__(self, name: str, **props: Any) -> None:
        super().__init__(SmallestProvider(), name, props)


_clients: dict[str, Any] = {}


def client(region: str) -> Any:
    """The Region's client, made when it is first needed. Two threads may make two, of which one is kept."""
    if region not in _clients:
        import boto3

        _clients[region] = boto3.client("customer-profiles", region_name=region)
    return _clients[region]


def days(props: Mapping[str, Any]) -> int:
    """The engine has only one kind of number, which Python gets as a float."""
    return int(props["default_expiration_days"])


def declare(number: int) -> None:
    """A program of so many domains."""
    for place in range(number):
        SmallestDomain(
            f"crm-{place}",
            domain_name=f"crm-{place}",
            region="us-east-1",
            default_expiration_days=365,
            tags={"team": "crm"},
        )
