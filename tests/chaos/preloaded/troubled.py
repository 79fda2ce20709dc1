"""Imported in the process from which providers' hosts are forked: in a host whose variables say so, calls of AWS meet trouble.

`CHAOS_READ_TIMEOUT` is the time limit of an answer, in seconds. `CHAOS_REFUSED` names requests that find nobody listening:
`{"operation": "GetDomain", "after": 0, "times": 1}` in JSON, where so many of the operation pass before, and `times` null means all that
follow. Such a request goes to a port at which nobody listens, so the refusal is the system's own. It leaves a file in the host's folder.
"""

import json
import os
import socket
from pathlib import Path
from typing import Any

from botocore.session import Session
from pulumi_connect_domains.aws import sessions

REFUSED, READ_TIMEOUT = "CHAOS_REFUSED", "CHAOS_READ_TIMEOUT"
MET = "refused"
_seen = 0
_made = Session.__init__
_unanswered = socket.socket()  # bound, so nobody else takes the port; and nobody listens
_unanswered.bind(("127.0.0.1", 0))


def _refuse(request: Any, event_name: str, **_: Any) -> None:
    """Sends the request to a closed port, if it is one of those that are refused."""
    global _seen
    named = json.loads(os.environ.get(REFUSED, "{}"))
    if event_name.rpartition(".")[2] != named.get("operation"):
        return
    _seen += 1
    if _seen > named["after"] and (named["times"] is None or _seen <= named["after"] + named["times"]):
        Path(MET).touch()
        request.url = f"http://127.0.0.1:{_unanswered.getsockname()[1]}/"


def _watched(session: Any, *arguments: Any, **options: Any) -> None:
    _made(session, *arguments, **options)
    session.register("before-send", _refuse)
    sessions.READ_TIMEOUT_SECONDS = float(os.environ.get(READ_TIMEOUT, sessions.READ_TIMEOUT_SECONDS))  # type: ignore[assignment]


Session.__init__ = _watched
