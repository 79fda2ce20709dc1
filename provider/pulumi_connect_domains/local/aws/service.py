"""What the added services have in common: a request is checked by the model, then acted on.

Each service is a folder as moto has them: `urls` (paths), `responses` (HTTP, and the service itself as `SERVICE`), `models` (state,
one backend per account and region) and `exceptions`.
"""

from __future__ import annotations

import dataclasses
import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any, ClassVar

from botocore import xform_name
from botocore.loaders import Loader

from . import wire
from .calls import Call, identified
from .controls import Failure
from .errors import NOT_OFFERED, ServiceError, rendered, status_of
from .registration import ADDED, BaseBackend, BaseResponse, get_service_model
from .validation import violations

Members = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]


class DomainsBackend(BaseBackend):  # type: ignore[misc]  # moto ships no types
    """One service's domains in one account and region; `lock` is held while they are read or changed.

    A domain is the plain dict of the members that the API answers, tags among them as a map. Members are replaced,
    never changed in place, so an answer may share them. An operation is a method: the request's members in, the
    answer's out.
    """

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.lock = threading.RLock()
        self.domains: dict[str, Members] = {}
        self.earlier: dict[str, Members] = {}
        """The domains before the last call that changed some."""

    def seed(self, key: str, members: Members) -> None:
        """A domain with these members stands there, unchecked; what every domain has is filled in."""
        raise NotImplementedError

    def remove(self, key: str) -> None:
        """The domain is gone without a trace. Raises KeyError when there is no such domain."""
        del self.domains[key]

    def change(self, key: str, members: Members) -> None:
        """Each member has the given value, or is gone where that is None. A dotted name reaches into a structure.

        Raises KeyError when there is no such domain.
        """
        domain = self.domains[key]
        for path, value in members.items():
            domain = _changed(domain, path.split("."), value)
        self.domains[key] = domain


READS = ("Get", "Describe", "List")
"""How the names of operations begin that change nothing."""


@contextmanager
def before_the_last_change(call: Call) -> Iterator[None]:
    """Within it, the domains of the call's account and Region are what they were before the last change.

    For reads: what a call changes meanwhile is lost.
    """
    backend = ADDED[call.service].backends[call.account][call.region]
    with backend.lock:
        now, backend.domains = backend.domains, dict(backend.earlier)
        try:
            yield
        finally:
            backend.domains = now


@dataclass
class Behaviour:
    """How a service behaves where tests have a say: a subclass has a field for each switch. There is one for the whole server."""

    @property
    def failure(self) -> Failure | None:
        """How every call of the service fails; None where it does not."""
        return None

    def become(self, other: Behaviour) -> None:
        """This object, which the backends share, has the other one's values."""
        for field in dataclasses.fields(self):
            setattr(self, field.name, getattr(other, field.name))

    def reset(self) -> None:
        """It behaves as at the start."""
        self.become(type(self)())


@dataclass(frozen=True)
class Service:
    """An added service: its name at botocore, its state, its error for a request that breaks the model, and how it behaves."""

    name: str
    backends: Any
    invalid: type[ServiceError]
    behaviour: Behaviour | None = None

    def answer(self, call: Call) -> Answer:
        """Status, headers and body of the answer to this call."""
        model, request_id = get_service_model(self.name), str(uuid.uuid4())
        try:
            members = self._act(model, call)
        except ServiceError as error:
            code = NOT_OFFERED if isinstance(error, NotOffered) else error.code
            headers, body = rendered(model.protocol, code, error.message, error.members, request_id)
            return status_of(model, code), headers, body
        headers = {"Content-Type": _CONTENT_TYPES[model.protocol], "x-amzn-RequestId": request_id}
        return HTTPStatus.OK, headers, json.dumps(members).encode()

    def _act(self, model: Any, call: Call) -> Any:
        if call.operation not in model.operation_names or not hasattr(
            self.backends.backend, xform_name(call.operation)
        ):
            raise NotOffered(f"{self.name} {call.operation} is not offered by the local AWS")
        if call.region not in every_region():
            raise NotOffered(f"there is no region {call.region}")
        operation = model.operation_model(call.operation)
        if call.malformed:
            raise self.invalid(call.malformed)
        if broken := violations(operation.input_shape, call.parameters):
            raise self.invalid("; ".join(broken))
        given = {name: value for name, value in call.parameters.items() if value is not None}
        backend = self.backends[call.account][call.region]
        with backend.lock:
            before = None if call.operation.startswith(READS) else dict(backend.domains)
            answer = getattr(backend, xform_name(call.operation))(given)
            if before is not None and before != backend.domains:
                backend.earlier = before
            return wire.answer(operation.output_shape, answer)


class DomainsResponse(BaseResponse):  # type: ignore[misc]  # moto ships no types
    """A service as moto calls it, which it does under `mock_aws`; our own server asks the service itself, to save time."""

    service: ClassVar[Service]

    def __init__(self) -> None:
        super().__init__(service_name=self.service.name)

    def call_action(self) -> Answer:
        call = identified(self.normalized_request.environ, self.raw_body)
        call.account, call.region = self.current_account, self.region
        return self.service.answer(call)


class NotOffered(ServiceError):
    """An operation that exists at AWS and not here."""


_CONTENT_TYPES = {"rest-json": "application/json", "json": "application/x-amz-json-1.0"}


def _changed(members: Members, path: list[str], value: Any) -> Members:
    first, *rest = path
    if rest:
        return {**members, first: _changed(members.get(first, {}), rest, value)}
    kept = {name: member for name, member in members.items() if name != first}
    return kept if value is None else {**kept, first: value}


@cache
def every_region() -> list[str]:
    """All region names of all partitions.

    The endpoint data of a service may lag behind the service, so a region is refused here only when nobody has it.
    """
    partitions = Loader().load_data("partitions")["partitions"]
    return [region for partition in partitions for region in partition["regions"]]


def now(after: float = 0.0) -> float:
    """This moment in seconds since 1970, to the millisecond as AWS answers it, and always later than `after`."""
    return max(round(time.time(), 3), round(after + 0.001, 3))
