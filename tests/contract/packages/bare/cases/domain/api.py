"""Cases domains in AWS. Source: the API reference of Amazon Connect Cases and its botocore model, 2022-10-03."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pulumi_connect_domains.model.comparison import Change
from pulumi_connect_domains.model.errors import AwsError, NotFound
from pulumi_connect_domains.model.resource_type import Call, Functions
from pulumi_connect_domains.model.values import Json

from .. import listing


def create(call: Call, inputs: Json) -> tuple[str, Json]:
    """The id and what is live of a new domain. After a lost answer it is found again by its name, which is unique."""
    began = call.clock.now()
    try:
        answer: Json = call.aws("CreateDomain", f"a {call.type.noun}", name=inputs["name"])
    except AwsError as error:
        named = (each for each in list_all(call) if each["name"] == inputs["name"])
        found = listing.made_since(began, (read(call, str(each["id"])) for each in named)) if error.lost else None
        if found is None:
            raise
        answer = found
    return str(answer["domain_id"]), answer


def read(call: Call, id: str) -> Json | None:
    """What is live, or None when AWS says that it does not exist."""
    try:
        return call.aws("GetDomain", f"{call.type.noun} {id}", domain_id=id)
    except NotFound:
        return None


def update(call: Call, id: str, outputs: Json, inputs: Json, changes: tuple[Change, ...]) -> Json:
    """Nothing can be changed: every input replaces the domain."""
    return {}


def delete(call: Call, id: str, outputs: Json) -> None:
    """Gone afterwards, or gone already."""
    try:
        call.aws("DeleteDomain", f"{call.type.noun} {id}", domain_id=id)
    except NotFound:
        return


def list_all(call: Call, parent: str = "") -> Iterator[Json]:
    """Every domain of the account and Region."""
    items: Iterator[Any] = listing.pages(call, "ListDomains", "domains")
    return ({"id": item["domain_id"], **item} for item in items)


FUNCTIONS = Functions(create, read, update, delete, list=list_all)
