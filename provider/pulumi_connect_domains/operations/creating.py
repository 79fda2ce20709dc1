"""Creations with a client token: AWS answers the same token with the same resource, also in a later run.

So the token is made from what a later run knows too: the URN and the request. If the answer to a creation is lost, the next run sends the
same token, and gets the resource that exists already.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256

from ..model.resource_type import Call
from ..model.values import Json, moment

CLOCK_TOLERANCE = timedelta(seconds=1)  # the Date header, by which AWS's clock is read, knows whole seconds only
_VERSION = "connect-domains 1"  # part of every token, and so never changes: another one would ask for second resources


def client_token(urn: str, request: Json, answered: Sequence[str] = ()) -> str:
    """The token for this request under the URN: 64 hexadecimal digits, from which nothing of the request can be read.

    `answered` are the ids of resources that AWS answered to the tokens before this one, and that are not wanted: another list is another
    token. Without a URN the token is random, since resources with equal requests could not be told apart.
    """
    if not urn:
        return str(uuid.uuid4())
    text = json.dumps([_VERSION, urn, request, list(answered)], sort_keys=True, ensure_ascii=True)
    return sha256(text.encode()).hexdigest()


def is_of_this_call(call: Call, live: Json) -> bool:
    """Whether the resource was created since the latest call began, by AWS's clock alone. True also where AWS does not say when."""
    made, began = moment(live.get(call.type.schema.created_output)), call.began
    return made is None or began is None or made >= began - CLOCK_TOLERANCE


def is_replaced(call: Call, live: Json) -> bool:
    """Whether the resource is the one that this creation replaces, or may be it: it is older, and which one is replaced is not known."""
    if call.replaced is None:
        return False
    return live["arn"] in call.replaced or not (call.replaced or is_of_this_call(call, live))
