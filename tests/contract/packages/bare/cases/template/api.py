"""Cases templates in AWS. Source: the API reference of Amazon Connect Cases and its botocore model, 2022-10-03.

An id is that of the domain and that of the template: `11f0a3/77bc21`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pulumi_connect_domains.model.comparison import Change
from pulumi_connect_domains.model.errors import AwsError, NotFound
from pulumi_connect_domains.model.resource_type import Call, Functions
from pulumi_connect_domains.model.values import ABSENT, Json

from .. import listing


def create(call: Call, inputs: Json) -> tuple[str, Json]:
    """The id and what is live of a new template. After a lost answer it is found again by its name, which is unique in the domain."""
    domain_id = str(inputs["domain_id"])
    members = {name: value for name, value in inputs.items() if not call.type.schema.inputs[name].provider_only}
    began = call.clock.now()
    try:
        answer: Json = call.aws("CreateTemplate", f"a {call.type.noun}", **members)
    except AwsError as error:
        named = (each for each in list_all(call, domain_id) if each["name"] == inputs["name"])
        found = listing.made_since(began, (read(call, str(each["id"])) for each in named)) if error.lost else None
        if found is None:
            raise
        answer = found
    return f"{domain_id}/{answer['template_id']}", answer


def read(call: Call, id: str) -> Json | None:
    """What is live, or None when AWS says that it does not exist."""
    try:
        return {**call.aws("GetTemplate", f"{call.type.noun} {id}", **_key(id)), "domain_id": _key(id)["domain_id"]}
    except NotFound:
        return None


def update(call: Call, id: str, outputs: Json, inputs: Json, changes: tuple[Change, ...]) -> Json:
    """`{}`, since AWS answers nothing. Only what changed is sent; what was taken out, as its removal is said to AWS."""
    members: Json = {}
    for name in {change.top: None for change in changes}:
        removal = call.type.schema.inputs[name].removal
        value = inputs.get(name, removal.send if removal else ABSENT)
        if value is not ABSENT:
            members[name] = value
    if members:
        call.aws("UpdateTemplate", f"{call.type.noun} {id}", **_key(id), **members)
    return {}


def delete(call: Call, id: str, outputs: Json) -> None:
    """Gone afterwards, or gone already."""
    try:
        call.aws("DeleteTemplate", f"{call.type.noun} {id}", **_key(id))
    except NotFound:
        return


def list_all(call: Call, parent: str) -> Iterator[Json]:
    """Every template of the domain with that id."""
    items: Iterator[Any] = listing.pages(call, "ListTemplates", "templates", domain_id=parent)
    return ({"id": f"{parent}/{item['template_id']}", **item} for item in items)


def _key(id: str) -> dict[str, str]:
    domain_id, _, template_id = id.partition("/")
    return {"domain_id": domain_id, "template_id": template_id}


FUNCTIONS = Functions(create, read, update, delete, list=list_all)
