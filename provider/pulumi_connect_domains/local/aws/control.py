"""The test controls over HTTP: `POST /_control/<verb>` with a JSON object, answered with JSON. `client` is the other end."""

from __future__ import annotations

import dataclasses
import ipaddress
import json
import os
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from .accounts import DEFAULT_ACCOUNT, DEFAULT_REGION
from .controls import ANY, Controls, Failure, Rule, Throttle, Which
from .customerprofiles.models import customerprofiles_backends
from .garbling import WAYS
from .registration import BackendDict
from .service import DomainsBackend
from .voiceid.behaviour import CLOSED, Behaviour, behaviour
from .voiceid.models import voiceid_backends

CONTROL_PATH = "/_control/"
_BACKENDS = {"customer-profiles": customerprofiles_backends, "voice-id": voiceid_backends}

Json = dict[str, Any]


class Control:
    """The verbs."""

    def __init__(self, controls: Controls) -> None:
        self._controls = controls
        self._verbs: dict[str, Callable[[Json], Any]] = {
            verb.__name__: verb
            for verb in (
                self.server,
                self.calls,
                self.forget_calls,
                self.reset,
                self.reset_faults,
                self.domains,
                self.seed,
                self.change,
                self.remove,
                self.fault,
                self.drop,
                self.garble,
                self.latency,
                self.throttle,
                self.voiceid,
            )
        }

    def answer(self, environ: Json, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        """Status, headers and body. Another machine is refused, should the server be reachable, and so is a web page."""
        verb = environ["PATH_INFO"].removeprefix(CONTROL_PATH)
        try:
            if not ipaddress.ip_address(environ["REMOTE_ADDR"]).is_loopback or "HTTP_ORIGIN" in environ:
                status, answer = HTTPStatus.FORBIDDEN, "the controls are for programs on this machine"
            elif environ["REQUEST_METHOD"] != "POST" or verb not in self._verbs:
                status, answer = HTTPStatus.NOT_FOUND, f"POST one of {', '.join(self._verbs)}"
            else:
                status, answer = HTTPStatus.OK, self._verbs[verb](json.loads(body or b"{}"))
        except (KeyError, TypeError, ValueError) as error:
            status, answer = HTTPStatus.BAD_REQUEST, f"{type(error).__name__}: {error}"
        return status, [("Content-Type", "application/json")], json.dumps(answer).encode()

    def server(self, request: Json) -> Json:
        return {"pid": os.getpid()}

    def calls(self, request: Json) -> list[Json]:
        which = Which(request.get("operation") or ANY, request.get("service"))
        return [call.as_json() for call in self._controls.calls() if call in which]

    def forget_calls(self, request: Json) -> None:
        self._controls.forget_calls()

    def reset(self, request: Json) -> None:
        BackendDict.reset()
        self._controls.reset()
        behaviour.become(Behaviour())

    def reset_faults(self, request: Json) -> None:
        self._controls.forget_rules()

    def domains(self, request: Json) -> Json:
        backend = _backend(request)
        with backend.lock:
            return dict(backend.domains)

    def seed(self, request: Json) -> None:
        backend = _backend(request)
        with backend.lock:
            backend.seed(request["name"], request["members"])

    def change(self, request: Json) -> None:
        backend = _backend(request)
        with backend.lock:
            backend.change(_known(backend, request["name"]), request["members"])

    def remove(self, request: Json) -> None:
        backend = _backend(request)
        with backend.lock:
            del backend.domains[_known(backend, request["name"])]

    def fault(self, request: Json) -> None:
        which, times = _which(request), request.pop("times", 1)
        self._controls.add(Rule(which, Failure(**request), times))

    def drop(self, request: Json) -> None:
        which, times = _which(request), request.pop("times", 1)
        if request["when"] not in ("before", "after"):
            raise ValueError("when is before or after")
        self._controls.add(Rule(which, Failure(drop=request["when"]), times))

    def garble(self, request: Json) -> None:
        which, times = _which(request), request.pop("times", 1)
        if request["how"] not in WAYS:
            raise ValueError(f"how is one of {', '.join(WAYS)}")
        self._controls.add(Rule(which, Failure(garbled=request["how"]), times))

    def latency(self, request: Json) -> None:
        self._controls.delay(_which(request), float(request["seconds"]))

    def throttle(self, request: Json) -> None:
        per_second = float(request["per_second"])
        burst = request.get("burst")
        burst = max(1.0, per_second if burst is None else float(burst))
        self._controls.limit(Throttle(_which(request), per_second, burst, bool(request.get("shared"))))

    def voiceid(self, request: Json) -> Json:
        """Changes what is given and answers all."""
        changed = dataclasses.replace(behaviour, **request)
        closed = Rule(Which(ANY, "voice-id"), CLOSED[changed.closed], times=None) if changed.closed else None
        self._controls.stand("voice-id", closed)
        behaviour.become(changed)
        return dataclasses.asdict(behaviour)


def _which(request: Json) -> Which:
    """The calls that a request is about; what names them is taken out of it."""
    operation = request.pop("operation", None) or ANY
    return Which(operation, *(request.pop(name, None) for name in ("service", "account", "region")))


def _backend(request: Json) -> DomainsBackend:
    account, region = request.get("account") or DEFAULT_ACCOUNT, request.get("region") or DEFAULT_REGION
    backend: DomainsBackend = _BACKENDS[request["service"]][account][region]
    return backend


def _known(backend: DomainsBackend, name: str) -> str:
    if name not in backend.domains:
        raise ValueError(f"no domain {name} in account {backend.account_id}, region {backend.region_name}")
    return name
