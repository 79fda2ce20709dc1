"""What is live, looked at again where one look is not to be trusted: refresh, drift and reviews all read this way.

AWS may answer with what was true a moment ago, and a machine in between may leave most of an answer out. Both look like drift.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from ..model import comparison
from ..model.errors import AwsError, ConnectDomainsError, Throttled
from ..model.resource_type import Read, ResourceType
from ..model.values import Json, is_same_moment, moment
from .call import Call

CREATION_SETTLES = timedelta(minutes=1)
AGAIN_AFTER_SECONDS = (0.2, 0.5, 1.0)
ROUNDS = 3  # of a read that AWS throttles; each has all the attempts of the client

Answer = TypeVar("Answer")


def live(call: Call, id: str, known: Json, declared: Json, look: Read | None = None) -> Json | None:
    """The resource as AWS describes it, or None when AWS says that it does not exist.

    `known` are the outputs in state ({} when nothing is known), `declared` the inputs; `look` reads once, by default as the resource
    type does. It looks again, three times at most, while what it sees

    - is older than what state knows (by the output that grows with every change, where there is one),
    - is missing within a minute of its creation, or
    - lacks a setting that every resource has, or more than half of the declared ones. Two looks that lack the same are believed.

    Raises: AwsError and its subclasses.
    """
    look = look or call.type.functions.read
    seen, lacked = look(call, id), None
    for seconds in AGAIN_AFTER_SECONDS:
        lacks = _lacking(call, declared, seen)
        if not _is_stale(call, seen, known) and (not lacks or lacks == lacked):
            break
        lacked = lacks
        call.clock.sleep(seconds)
        seen = look(call, id)
    return seen


def patiently(read: Callable[[], Answer]) -> Answer:
    """What a read answers. Where others use up the quota, it queues again: more pauses than the client's own, and limited ones."""
    for _ in range(ROUNDS - 1):
        with suppress(Throttled):
            return read()
    return read()


@dataclass(frozen=True)
class Reading:
    """What came of reading one of many resources: `live`, or None where AWS has no such resource; a `reason` where it could not be read.

    `bug` is the traceback where the reason is a mistake of this program.
    """

    live: Json | None = None
    reason: str = ""
    error_code: str = ""
    bug: str = ""


def attempt(read: Callable[[], Json | None]) -> Reading:
    """What `read` returns, or why it failed. It never raises: whatever fails for one resource, the others are still read."""
    try:
        return Reading(read())
    except ConnectDomainsError as error:
        return Reading(reason=str(error), error_code=error.code if isinstance(error, AwsError) else "")
    except Exception as error:  # noqa: BLE001 - see above
        return of_bug(error)


def of_bug(error: Exception) -> Reading:
    """The reading of a resource at which this program itself failed."""
    reason = f"connect-domains has a bug: {type(error).__name__}"
    return Reading(reason=reason, bug="".join(traceback.format_exception(error)))


def _is_stale(call: Call, seen: Json | None, known: Json) -> bool:
    if seen is None:
        made = moment(known.get("created_at"))
        return made is not None and call.clock.now() - made < CREATION_SETTLES
    version = call.type.schema.versioned_by
    before, now = moment(known.get(version)), moment(seen.get(version))
    return before is not None and now is not None and now < before and not is_same_moment(now, before)


def _lacking(call: Call, declared: Json, seen: Json | None) -> list[str]:
    """What every resource has and the answer lacks, and the declared settings that it lacks, where they are suspiciously many."""
    if seen is None:
        return []
    schema = call.type.schema
    told, lacking = comparison.told(schema, declared), comparison.untold(schema, declared, seen)
    missed = [name for name in schema.required if seen.get(name) is None]
    return [*missed, *lacking] if missed or len(lacking) * 2 > len(told) else []


def listed(
    type: ResourceType, types: Mapping[str, ResourceType], call: Callable[[ResourceType], Call]
) -> Iterator[Json]:
    """Every resource of the type in one account and Region, as its list operation tells of it; none of a type that cannot be listed.

    A type that has a parent is listed in each of those. `types` are all types by key, `call` makes the call for one of them.

    Raises: AwsError and its subclasses.
    """
    if type.functions.list is None:
        return
    parents = [""] if not type.parent else [str(each["id"]) for each in listed(types[type.parent], types, call)]
    for parent in parents:
        yield from type.functions.list(call(type), parent)
