"""What both types do alike: page through a list, and tell which resource was made by a call whose answer was lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from pulumi_connect_domains.model.resource_type import Call
from pulumi_connect_domains.model.values import Json, moment


def pages(call: Call, operation: str, member: str, **members: object) -> Iterator[Any]:
    """The items of all pages."""
    token: dict[str, object] = {}
    while True:
        page: dict[str, Any] = call.aws(operation, f"the {call.type.noun}s", **members, **token)
        yield from page[member]
        if not page.get("next_token"):
            return
        token = {"next_token": page["next_token"]}


def made_since(began: datetime, found: Iterable[Json | None]) -> Json | None:
    """The first that was made since then, by AWS's clock, which may be off by a second."""
    earliest = began - timedelta(seconds=1)
    return next((each for each in found if each and (moment(each["created_time"]) or earliest) >= earliest), None)
