"""The services to call. A process has one Service for each service name, Region and Access. Their clients are shared (`clients`)."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from ..model.errors import CLASS_OF_CODE, AwsError, Cancelled, Throttled
from ..model.path import Path, PathPattern
from ..model.schema import Expected
from ..model.values import Arn, Json
from . import clients, pausing, refusals, sessions, wire
from .access import Access
from .answers import DOCUMENT, MOST_BYTES, Unusable, leaves_out_a_list, shortfall, streamed
from .limiter import Pace

log = logging.getLogger("pulumi_connect_domains.aws")
"""Gets one line for each call, at DEBUG: operation, Region, duration, attempts, request id. It never shows a request or an answer."""

UNUSABLE_AGAIN_AFTER_SECONDS = (0.2, 1.0)
"""The pauses before a call is repeated because its answer could not be used. They are few: the cause passes at once, or stays."""

THROTTLED_ROUNDS = 4
"""How many times the client's attempts a throttled call is sent, at the pace that AWS lets through. Then others use up all of the quota."""

CALLER = Expected(
    needs=(PathPattern(("account",)), PathPattern(("arn",))),
    looks={Path(("account",)): "[0-9]{12}", Path(("arn",)): "arn:[a-z0-9-]+:[^:]*:[^:]*:[0-9]{12}:.+"},
)

_services: dict[Access, dict[tuple[str, str], Service]] = {}
_callers: dict[Access, tuple[threading.Lock, list[Caller]]] = {}


@dataclass(frozen=True)
class Caller:
    """Whose the credentials are. Source: STS GetCallerIdentity."""

    account: str
    partition: str
    arn: str


class Service:
    """One AWS service in one Region, with one Access. Thread-safe. Its client is created with the first call, if there is none yet."""

    def __init__(self, name: str, region: str, access: Access) -> None:
        self.name = name
        self.region = region
        self.access = access
        self._made: Any = None
        self._latest = threading.local()
        self._lock = threading.Lock()
        self._paces: dict[str, Pace] = {}
        self._notes: tuple[Callable[..., None], ...] = ()
        self._credentials: tuple[Any, ...] = ()
        self._retries: tuple[clients.Retries | None, ...] = ()

    @property
    def caller(self) -> Caller:
        """Whose the credentials are; AWS is asked once for each Access. Raises: as `call`."""
        return _caller(self, lambda: None)

    @property
    def assumed(self) -> Caller:
        """The same without a call of its own for an assumed role: STS's answer to AssumeRole says whose credentials it gives.

        `caller` knows it from then on. Source: AssumeRole, AssumedRoleUser. Raises: as `call`.
        """
        return _caller(self, self._assumed)

    @property
    def prefix(self) -> str:
        """The prefix of the service's IAM actions and ARNs: `profile` for customer-profiles. Source: the model's signing name."""
        return str(self._client.meta.service_model.signing_name)

    @property
    def endpoint(self) -> str:
        """The URL that is called. Raises: AwsError where there can be no client."""
        return str(self._client.meta.endpoint_url)

    @property
    def endpoint_prefix(self) -> str:
        """botocore's name for the service's host: `profile`. Raises: AwsError where there can be no client."""
        return str(self._client.meta.service_model.endpoint_prefix)

    def on_answer(self, note: Callable[..., None]) -> None:
        """From now on `note` is called with botocore's `response` after each attempt. Raises: AwsError where there can be no client."""
        _ = self._client
        self._notes = (*self._notes, note)

    def call(
        self,
        operation: str,
        subject: str,
        members: Mapping[str, object],
        expected: Expected = Expected(),  # noqa: B008 - frozen
        known: refusals.Known = tuple,
        most_bytes: int = MOST_BYTES,
    ) -> Json:
        """AWS's answer to the operation, in snake_case. `subject` is what errors name: "Customer Profiles domain 'crm'".

        If the answer cannot be used (see `answers`), the call is repeated a few times, then NoAnswer is raised. If AWS throttles it, it is
        repeated for minutes: alone, the client gives up too soon where many calls share a quota. The texts of the documents that `known`
        gives are masked in AWS's messages, as the texts of `members` are. Of an answer that is a stream, at most one byte more than
        `most_bytes` is read.

        Raises: AwsError and its subclasses; its `lost` says whether the request may have been carried out all the same.
        """
        about = refusals.About(operation, subject, members, known, self.access.naming)
        started = time.monotonic()
        turn = _Turn(self)
        within = sessions.calling.set(turn)
        try:
            return self._called(about, expected, started, turn, most_bytes)
        finally:
            sessions.calling.reset(within)

    def _called(self, about: refusals.About, expected: Expected, started: float, turn: _Turn, most_bytes: int) -> Json:
        pauses = iter(UNUSABLE_AGAIN_AFTER_SECONDS[: self.access.max_attempts - 1])
        pause: float | None
        has_asked_again = False
        most = THROTTLED_ROUNDS * self.access.max_attempts if self.access.max_attempts > 1 else 1
        while True:
            try:
                found = self._asked(about, expected, started, turn, most_bytes)
                if has_asked_again or not leaves_out_a_list(expected, found):
                    return found
                has_asked_again, pause = True, UNUSABLE_AGAIN_AFTER_SECONDS[0]
            except Unusable as error:
                # If it is the answer to a call that botocore made first (for a profile's role), our request was never sent.
                turn.lost |= (error.service, error.operation) == (self.name, about.operation)
                raised: AwsError = refusals.unusable(error, about)
                pause = next(pauses, None)
            except Throttled as error:
                raised, pause = error, 0.0 if error.attempts < most else None
            except AwsError as error:
                raised, pause = error, None
            if pause is None:
                break
            try:
                pausing.pause(pause)
            except Cancelled as error:
                raised = error.within(about.doing)
                break
        raised.lost = raised.lost or turn.lost
        seconds = time.monotonic() - started
        if raised.began is not None:
            raised.began -= seconds
        self._log(about.operation, seconds, raised.attempts, raised.request_id, raised.code or type(raised).__name__)
        raise raised from None

    @property
    def began(self) -> float | None:
        """When this thread's latest call began that was answered, by AWS's clock (seconds since 1970). None if AWS did not say."""
        return getattr(self._latest, "began", None)

    def _asked(self, about: refusals.About, expected: Expected, started: float, turn: _Turn, most_bytes: int) -> Json:
        """The answer to one request with botocore's own retries. Raises: AwsError, Unusable."""
        from botocore import xform_name
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            client = self._client
            model = client.meta.service_model.operation_model(about.operation)
            about.at(client)
            answer = getattr(client, xform_name(about.operation))(**wire.to_api(model.input_shape, about.members))
        except ClientError as error:
            about.token = turn.token
            raise refusals.refused(error, about) from None
        except BotoCoreError as error:
            if not (known := refusals.unanswered(error, about)):
                raise  # botocore refused the request itself: a bug of ours, so it keeps its traceback
            raise known from None
        except AwsError as error:  # a role could not be assumed, or the run was cancelled: this attempt was not sent
            raise error.within(about.doing) from None
        answer = streamed(answer, model, most_bytes)
        document: Json = {}
        if model.output_shape:
            document = answer[DOCUMENT] if DOCUMENT in answer else wire.from_api(model.output_shape, answer)
        if why := shortfall(expected, document, about.members):
            raise Unusable(self.name, about.operation, why)
        metadata = answer["ResponseMetadata"]
        attempts, request_id = int(metadata.get("RetryAttempts", 0)) + 1, str(metadata.get("RequestId", ""))
        answered = refusals.answered_at(metadata.get("HTTPHeaders", {}))
        self._latest.began = None if answered is None else answered - (time.monotonic() - started)
        self._log(about.operation, time.monotonic() - started, attempts, request_id)
        return document

    def _log(self, operation: str, seconds: float, attempts: int, request_id: str, failed: str = "") -> None:
        if not log.isEnabledFor(logging.DEBUG):
            return
        parts = [f"{operation} in {self.region}: {seconds * 1000:.0f} ms", f"{attempts} attempt(s)" if attempts else ""]
        parts += [f"request id {request_id}" if request_id else "", failed]
        log.debug("%s", ", ".join(part for part in parts if part))

    @property
    def _client(self) -> Any:
        if self._made is None:
            self._made = clients.client(self.name, self.region, self.access)
        return self._made

    def credentials(self) -> Any:
        """botocore credentials of the Access; None where there are none. Raises: as `sessions.credentials`."""
        if not self._credentials:
            self._credentials = (sessions.credentials(self.access, self.region, ask_sts),)
        return self._credentials[0]

    def fetched(self) -> Any:
        """The same, fetched from where they are. Raises: AwsError for a role's, and what botocore raises for its own."""
        within = sessions.calling.set(_Turn(self))
        try:
            found = self.credentials()
            if found is not None:
                found.get_frozen_credentials()
            return found
        finally:
            sessions.calling.reset(within)

    def pace(self, operation: str) -> Pace:
        """The pace of the operation."""
        found = self._paces.get(operation)
        if found is None:
            with self._lock:
                found = self._paces.setdefault(operation, Pace())
        return found

    @property
    def retries(self) -> clients.Retries | None:
        """The retries of this Service alone; they are made when an attempt first fails."""
        with self._lock:
            if not self._retries:
                self._retries = (clients.retries(self._client, self.access),)
            return self._retries[0]

    @property
    def has_failed(self) -> bool:
        """Whether any attempt has failed."""
        return bool(self._retries)

    def note(self, attempt: dict[str, Any]) -> None:
        """Tells an attempt to those who asked for it."""
        for each in self._notes:
            each(**attempt)

    def _assumed(self) -> Caller | None:
        """Whose the credentials of the role are, as AssumeRole's answer says; None where there is no role, or the answer did not say."""
        if not self.access.roles:
            return None
        try:
            found = self.fetched()
        except AwsError as error:
            raise error.within(f"read {_CALLER}") from None
        arn = Arn.parse(found.arn)
        if not arn or not re.fullmatch("[0-9]{12}", arn.account):
            return None
        return Caller(arn.account, arn.partition, found.arn)


class _Turn:
    """A call while it is made; see `clients.Turn`. `lost`: an attempt may have been carried out whose answer was a fault, or never came."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._request: Any = None
        self.lost = False

    @property
    def region(self) -> str:
        return self._service.region

    @property
    def credentials(self) -> Any:
        return self._service.credentials()

    @property
    def token(self) -> str:
        """The session token, the only secret of the credentials that is sent. An answer may repeat it with the whole request."""
        token = self._request.headers.get("X-Amz-Security-Token", "") if self._request is not None else ""
        return token.decode() if isinstance(token, bytes) else str(token)

    def starting(self, operation: str) -> None:
        self._service.pace(operation).wait()

    def sending(self, request: Any) -> None:
        self._request = request

    def attempted(self, event: str, attempt: dict[str, Any]) -> float | None:
        """Notes if AWS has throttled the attempt, and if AWS may have carried it out although no good answer came."""
        self._service.note(attempt)
        response, operation = attempt["response"], attempt["operation"].name
        if response is None:
            from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError

            never_sent = (EndpointConnectionError, ConnectTimeoutError, Cancelled)
            self.lost |= not isinstance(attempt["caught_exception"], never_sent)
        elif (status := response[0].status_code) < HTTPStatus.BAD_REQUEST:
            self._service.pace(operation).let_through()
            return None
        else:
            self.lost |= status >= HTTPStatus.INTERNAL_SERVER_ERROR
            if CLASS_OF_CODE.get(response[1].get("Error", {}).get("Code")) is Throttled:
                self._service.pace(operation).throttled()
        own = self._service.retries
        return own.emit(event, attempt) if own else None

    def ended(self, event: str, answer: dict[str, Any]) -> None:
        if self._service.has_failed and (own := self._service.retries):
            own.emit(event, answer)


def ask_sts(access: Access, region: str, operation: str, subject: str, members: Json, expected: Expected) -> Json:
    """The answer of a Region's STS to a call with the Access. Sessions use it to get the credentials of roles."""
    return service("sts", region, access).call(operation, subject, members, expected)


def service(name: str, region: str, access: Access) -> Service:
    """The process's Service of that name for the Region and the Access."""
    with sessions.lock:
        known = _services.setdefault(access, {})
        found = known.get((name, region))
        if found is None:
            found = known[name, region] = Service(name, region, access)
        return found


def release(access: Access, region: str = "") -> None:
    """Forgets what is held for the Access in the Region, or everywhere, with its credentials, if none is given.

    Calls that are being made go on. Clients that other accounts share stay.
    """
    with sessions.lock:
        known = _services.get(access, {})
        for key in [key for key in known if region in ("", key[1])]:
            del known[key]
            clients.forget(*key, access)
        if not region:
            _services.pop(access, None)
            _callers.pop(access, None)
            sessions.forget_credentials(access)


def forget_clients() -> None:
    """Forgets all sessions, clients, credentials and callers: the next call creates them anew, by the environment of that moment."""
    with sessions.lock:
        sessions.forget()
        clients.forget_all()
        _services.clear()
        _callers.clear()


_CALLER = "the caller's identity"


def _caller(service_: Service, told: Callable[[], Caller | None]) -> Caller:
    """Whose the credentials of the Service's Access are, as `told` says, or STS if it says nothing.

    The lock is of this Access alone, so that calls with others do not wait.
    """
    access = service_.access
    with sessions.lock:
        lock, known = _callers.setdefault(access, (threading.Lock(), []))
    with lock:
        if not known:
            try:
                known.append(told() or _asked_caller(access, access.sts_region or service_.region))
            except AwsError as error:
                error.of_caller = True
                raise
        return known[0]


def _asked_caller(access: Access, region: str) -> Caller:
    found = service("sts", region, access).call("GetCallerIdentity", _CALLER, {}, CALLER)
    arn = Arn.parse(found["arn"])
    assert arn  # as expected of it
    return Caller(str(found["account"]), arn.partition, str(found["arn"]))
