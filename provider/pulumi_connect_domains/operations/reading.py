"""Reads that ask AWS more than once: because one answer may be wrong, or to wait for what AWS does in the background.

AWS may answer with what was true a moment ago, and a machine in between may leave out most of an answer. Both would look like drift, or
become a program that lacks settings. So refresh, drift, reviews and imports all read this way.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from ..model import comparison
from ..model.errors import AwsError, Cancelled, ConnectDomainsError, NoAnswer, Throttled
from ..model.resource_type import Call, Read, ResourceType
from ..model.schema import Bound
from ..model.values import Json, is_same_moment, moment

CREATION_SETTLES = timedelta(minutes=1)
AGAIN_AFTER_SECONDS = (0.2, 0.5, 1.0)


def live(call: Call, id: str, known: Json, declared: Json, look: Read | None = None) -> Json | None:
    """The resource as AWS describes it, or None when AWS says that it does not exist.

    `known` are the outputs in state, {} when nothing is known; `declared` are the inputs. `look` reads once; by default it is the resource
    type's `read`. The read is repeated, three times at most, while the answer

    - is older than what state knows (by the output that grows with every change, where there is one),
    - is missing within a minute of its creation, or
    - lacks a setting that every resource has, or more than half of the declared ones. Two answers in a row that lack the same are believed.

    Raises: AwsError and its subclasses.
    """
    look = look or call.type.functions.read
    seen, lacked = look(call, id), None
    for seconds in AGAIN_AFTER_SECONDS:
        lacks = _lacking(call, declared, seen)
        if not _is_stale(call, seen, known) and (not lacks or lacks == lacked):
            break
        lacked = lacks
        try:
            call.clock.sleep(seconds)
        except Cancelled as error:
            raise error.within(f"read {call.type.noun} {id!r}") from None
        seen = look(call, id)
    return seen


@dataclass(frozen=True)
class Reading:
    """What came of reading one of many resources: `live`, or None where AWS has no such resource; a `reason` where it could not be read.

    `bug` is the traceback where the reason is a mistake of this program.
    """

    live: Json | None = None
    reason: str = ""
    error_code: str = ""
    bug: str = ""

    @property
    def told(self) -> str:
        """The reason, and where its traceback is if it has one, for a command that prints that."""
        return f"{self.reason} (the traceback is on standard error)" if self.bug else self.reason


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
    schema = call.type.schema
    if seen is None:
        made = moment(known.get(schema.created_output))
        return made is not None and call.clock.now() - made < CREATION_SETTLES
    before, now = moment(known.get(schema.versioned_by)), moment(seen.get(schema.versioned_by))
    return before is not None and now is not None and now < before and not is_same_moment(now, before)


def _lacking(call: Call, declared: Json, seen: Json | None) -> list[str]:
    """The settings that the answer lacks, if that looks wrong: one that every resource has, or more than half of the declared ones.

    Otherwise the list is empty.
    """
    if seen is None:
        return []
    schema = call.type.schema
    readable = comparison.readable_settings(schema, declared)
    projected = comparison.project(schema, declared, seen)
    lacking = [name for name in readable if name not in projected]
    missed = [name for name in schema.required if seen.get(name) is None]
    return [*missed, *lacking] if missed or len(lacking) * 2 > len(readable) else []


def listed(
    type: ResourceType, types: Mapping[str, ResourceType], call: Callable[[ResourceType], Call]
) -> Iterator[Json]:
    """Every resource of the type in one account and Region, as AWS's list operation returns it; none for a type that cannot be listed.

    A type that has a parent is listed in each of the parents. `types` are all types by key; `call` makes the call for a type.

    Raises: AwsError and its subclasses.
    """
    if type.functions.list is None:
        return
    parents = [""] if not type.parent else [str(each["id"]) for each in listed(types[type.parent], types, call)]
    for parent in parents:
        yield from type.functions.list(call(type), parent)


# -- waiting ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waited:
    """The end of a wait: what was live when last read, and why the wait did not end well (`problem`); "" if it did."""

    live: Json
    problem: str = ""


def bound(call: Call, operation: str) -> Bound:
    """The bound for "create", "update" or "delete": the program's time limit, or else the default in the resource's schema."""
    default = call.type.schema.waits[operation]
    return replace(default, seconds=call.timeout_seconds or default.seconds)


def wait(
    call: Call, limit: Bound, what: str, live: Json, pending: Callable[[Json], str], look: Callable[[], Json]
) -> Waited:
    """What is live once nothing is pending any more, or when the bound ends. Meanwhile the progress line says what it waits for.

    `what` is what it waits for, in words ("the domain"). `pending` returns the status that is still pending ("PENDING"), or "". `look`
    reads again. After no answer, a throttled call, or an answer that is older than the one before, the wait goes on. Any other AwsError
    ends it and becomes the `problem`, and so does the end of a run that is cancelled.
    """
    started, pause = call.clock.monotonic(), limit.poll_from_seconds
    while status := pending(live):
        waited = call.clock.monotonic() - started
        if waited >= limit.seconds:
            return Waited(live, f"{status} after {waited:.0f} s")
        call.progress(f"waiting for {what}: {status}, for {waited:.0f} s already")
        try:
            call.clock.sleep(min(pause, limit.seconds - waited))
            pause = min(pause * 2, limit.poll_to_seconds)
            seen = look()
        except Cancelled:
            return Waited(live, f"{status} when the run was cancelled")
        except (NoAnswer, Throttled):
            continue
        except AwsError as error:
            return Waited(live, str(error))
        live = live if _is_stale(call, seen, live) else seen
    return Waited(live)
