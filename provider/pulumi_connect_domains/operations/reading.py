"""What is live, looked at again where one look is not to be trusted: refresh, drift and reviews all read this way.

AWS may answer with what was true a moment ago, and a machine in between may leave most of an answer out. Both look like drift.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from ..model import comparison
from ..model.values import Json, is_same_moment, moment
from .call import Call

CREATION_SETTLES = timedelta(minutes=1)
AGAIN_AFTER_SECONDS = (0.2, 0.5, 1.0)

Look = Callable[[Call, str], Json | None]


def live(call: Call, id: str, known: Json, declared: Json, look: Look | None = None) -> Json | None:
    """The domain as AWS describes it, or None when AWS says that it does not exist.

    `known` are the outputs in state ({} when nothing is known), `declared` the inputs; `look` reads once, by default as the resource
    does. It looks again, three times at most, while what it sees

    - is older than what state knows (by the output that the schema names: `"versionedBy": "updated_at"`),
    - is missing within a minute of its creation, or
    - lacks a setting that every domain has, or more than half of the declared ones. Two looks that lack the same are believed.

    Raises: AwsError and its subclasses.
    """
    look = look or call.spec.api.read
    seen, lacked = look(call, id), None
    for seconds in AGAIN_AFTER_SECONDS:
        lacks = _lacking(call, declared, seen)
        if not _is_stale(call, seen, known) and (not lacks or lacks == lacked):
            break
        lacked = lacks
        call.clock.sleep(seconds)
        seen = look(call, id)
    return seen


def _is_stale(call: Call, seen: Json | None, known: Json) -> bool:
    if seen is None:
        made = moment(known.get("created_at"))
        return made is not None and call.clock.now() - made < CREATION_SETTLES
    version = str(call.spec.schema["versionedBy"])
    before, now = moment(known.get(version)), moment(seen.get(version))
    return before is not None and now is not None and now < before and not is_same_moment(now, before)


def _lacking(call: Call, declared: Json, seen: Json | None) -> list[str]:
    """What every domain has and the answer lacks, and the declared settings that it lacks, where they are suspiciously many."""
    if seen is None:
        return []
    schema = call.spec.schema
    told, lacking = comparison.told(schema, declared), comparison.untold(schema, declared, seen)
    required = schema.get("required")
    missed = [str(name) for name in required if seen.get(str(name)) is None] if isinstance(required, list) else []
    return [*missed, *lacking] if missed or len(lacking) * 2 > len(told) else []
