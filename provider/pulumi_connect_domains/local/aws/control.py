"""The test controls over HTTP: `POST /_control/<verb>` with a JSON object, answered with JSON. `client` is the other end.

Each request brings the server's token, `Authorization: Bearer <token>`.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from .accounts import DEFAULT_ACCOUNT, DEFAULT_REGION
from .controls import ANY, Controls, Failure, Rule, Throttle, Which
from .garbling import HARMLESS, WAYS
from .registration import ADDED, BackendDict
from .service import DomainsBackend
from .token import Token

CONTROL_PATH = "/_control/"
BEARER = "Bearer "
NO_TOKEN = "the controls of the local AWS are for the user who started it: the request lacks the server's token"

Json = dict[str, Any]


class Control:
    """The verbs."""

    def __init__(self, controls: Controls) -> None:
        self._controls = controls
        self.token: Token | None = None
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
                self.unmet,
                self.latency,
                self.throttle,
                self.behaviour,
            )
        }

    def answer(self, environ: Json, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        """Status, headers and body."""
        verb = environ["PATH_INFO"].removeprefix(CONTROL_PATH)
        try:
            if not self._may_ask(environ.get("HTTP_AUTHORIZATION", "")):
                status, answer = HTTPStatus.UNAUTHORIZED, NO_TOKEN
            elif environ["REQUEST_METHOD"] != "POST" or verb not in self._verbs:
                status, answer = HTTPStatus.NOT_FOUND, f"POST one of {', '.join(self._verbs)}"
            else:
                status, answer = HTTPStatus.OK, self._verbs[verb](json.loads(body or b"{}"))
        except (AttributeError, KeyError, OverflowError, RecursionError, TypeError, ValueError) as error:
            status, answer = HTTPStatus.BAD_REQUEST, f"{type(error).__name__}: {error}"
        return status, [("Content-Type", "application/json")], json.dumps(answer).encode()

    def _may_ask(self, authorization: str) -> bool:
        given = authorization.removeprefix(BEARER)
        return self.token is not None and given != authorization and self.token.fits(given)

    def server(self, request: Json) -> Json:
        holds_domains = any(backend.domains for name in ADDED for backend in _backends({"service": name}))
        return {"pid": os.getpid(), "holds_domains": holds_domains}

    def calls(self, request: Json) -> list[Json]:
        which = Which(request.get("operation") or ANY, request.get("service"))
        return [call.as_json() for call in self._controls.calls() if call in which]

    def forget_calls(self, request: Json) -> None:
        self._controls.forget_calls()

    def reset(self, request: Json) -> None:
        BackendDict.reset()
        self._controls.reset()
        for service in ADDED.values():
            if service.behaviour is not None:
                service.behaviour.reset()

    def reset_faults(self, request: Json) -> None:
        self._controls.forget_rules()

    def domains(self, request: Json) -> Json:
        found: Json = {}
        for backend in _backends(request):
            with backend.lock:
                if twice := found.keys() & backend.domains.keys():
                    raise ValueError(_ambiguous(request, min(twice)))
                found.update(backend.domains)
        return found

    def seed(self, request: Json) -> None:
        backend = _backend(request)
        with backend.lock:
            backend.seed(request["name"], request["members"])

    def change(self, request: Json) -> None:
        backend = _home(request)
        with backend.lock:
            backend.change(request["name"], request["members"])

    def remove(self, request: Json) -> None:
        backend = _home(request)
        with backend.lock:
            backend.remove(request["name"])

    def fault(self, request: Json) -> None:
        """The rule that the request describes holds from now on. Raises TypeError for a field that a failure does not have."""
        which, times, after = _which(request), request.pop("times", 1), int(request.pop("after", 0))
        failure = Failure(**request)
        if failure.drop not in (None, "before", "after"):
            raise ValueError("when is before or after")
        if failure.garbled is not None and failure.garbled not in (ways := {**WAYS, **HARMLESS}):
            raise ValueError(f"how is one of {', '.join(ways)}")
        self._controls.add(Rule(which, failure, times, after))

    def unmet(self, request: Json) -> list[str]:
        return self._controls.unmet()

    def latency(self, request: Json) -> None:
        self._controls.delay(_which(request), float(request["seconds"]))

    def throttle(self, request: Json) -> None:
        per_second = float(request["per_second"])
        burst = request.get("burst")
        burst = max(1.0, per_second if burst is None else float(burst))
        self._controls.limit(Throttle(_which(request), per_second, burst, bool(request.get("shared"))))

    def behaviour(self, request: Json) -> Json:
        """Changes what is given of how the service behaves, and answers all of it."""
        service = ADDED[request.pop("service")]
        if service.behaviour is None:
            raise ValueError(f"{service.name} always behaves in the same way")
        changed = dataclasses.replace(service.behaviour, **request)
        failure = changed.failure
        rule = Rule(Which(ANY, service.name), failure, times=None) if failure else None
        self._controls.stand(service.name, rule)
        service.behaviour.become(changed)
        return dataclasses.asdict(changed)


def _which(request: Json) -> Which:
    """The calls that a request is about; what names them is taken out of it."""
    operation = request.pop("operation", None) or ANY
    return Which(operation, *(request.pop(name, None) for name in ("service", "account", "region")))


def _backends(request: Json) -> list[DomainsBackend]:
    """Those of the account and the region in the request; of all where it names none."""
    account, region = request.get("account"), request.get("region")
    everywhere = ADDED[request["service"]].backends
    return [
        backend
        for number, regions in list(everywhere.items())
        for name, backend in list(regions.items())
        if account in (None, number) and region in (None, name)
    ]


def _home(request: Json) -> DomainsBackend:
    """Where the domain is that the request names. Raises ValueError when there is none of the name, or more than one."""
    found = [backend for backend in _backends(request) if request["name"] in backend.domains]
    if len(found) > 1:
        raise ValueError(_ambiguous(request, request["name"]))
    if not found:
        place = ", ".join(f"{part} {request[part]}" for part in ("account", "region") if request.get(part))
        raise ValueError(f"no domain {request['name']} in {place or 'any account or region'}")
    return found[0]


def _ambiguous(request: Json, name: str) -> str:
    homes = [backend for backend in _backends(request) if name in backend.domains]
    places = " and ".join(f"in account {home.account_id}, region {home.region_name}" for home in homes)
    return f"there is a domain {name} {places}: name the one that is meant (account=, region=)"


def _backend(request: Json) -> DomainsBackend:
    account, region = request.get("account") or DEFAULT_ACCOUNT, request.get("region") or DEFAULT_REGION
    backend: DomainsBackend = ADDED[request["service"]].backends[account][region]
    return backend
