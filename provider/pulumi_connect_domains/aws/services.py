"""The services to call. A process has one Service for each service name, Region and Access."""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..model.errors import CLASS_OF_CODE, AwsError, Throttled
from ..model.path import Path, PathPattern
from ..model.schema import Expected
from ..model.values import Arn, Json
from . import refusals, sessions, wire
from .access import Access
from .answers import DOCUMENT, Unusable, leaves_out_a_list, shortfall
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

_services: dict[tuple[str, str, Access], Service] = {}
_callers: dict[Access, tuple[threading.Lock, list[Caller]]] = {}


@dataclass(frozen=True)
class Caller:
    """Whose the credentials are. Source: STS GetCallerIdentity."""

    account: str
    partition: str
    arn: str


class Service:
    """One AWS service in one Region, with one Access. Thread-safe. Its client is created with the first call."""

    def __init__(self, name: str, region: str, access: Access) -> None:
        self.name = name
        self.region = region
        self.access = access
        self._made: Any = None
        self._attempts = threading.local()
        self._paces: defaultdict[str, Pace] = defaultdict(Pace)
        self._paces_lock = threading.Lock()

    @property
    def caller(self) -> Caller:
        """Whose the credentials are; AWS is asked once for each Access. Raises: as `call`."""
        return _caller(self.region, self.access)

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
        self._client.meta.events.register("needs-retry", note)

    def call(
        self,
        operation: str,
        subject: str,
        members: Mapping[str, object],
        expected: Expected = Expected(),  # noqa: B008 - frozen
        known: Sequence[Mapping[str, object]] = (),
    ) -> Json:
        """AWS's answer to the operation, in snake_case. `subject` is what errors name: "Customer Profiles domain 'crm'".

        If the answer cannot be used (see `answers`), the call is repeated a few times, then NoAnswer is raised. If AWS throttles it, it is
        repeated for minutes: alone, the client gives up too soon where many calls share a quota. `known` are documents whose texts are
        masked in AWS's messages, as the texts of `members` are.

        Raises: AwsError and its subclasses; its `lost` says whether the request may have been carried out all the same.
        """
        about = refusals.About(operation, subject, members, known)
        started = time.monotonic()
        self._attempts.lost = False
        pauses = iter(UNUSABLE_AGAIN_AFTER_SECONDS[: self.access.max_attempts - 1])
        pause: float | None
        has_asked_again = False
        most = THROTTLED_ROUNDS * self.access.max_attempts if self.access.max_attempts > 1 else 1
        while True:
            try:
                found = self._asked(about, expected, started)
                if has_asked_again or not leaves_out_a_list(expected, found):
                    return found
                has_asked_again, pause = True, UNUSABLE_AGAIN_AFTER_SECONDS[0]
            except Unusable as error:
                # If it is the answer to a call that botocore made first (for a profile's role), our request was never sent.
                self._attempts.lost |= (error.service, error.operation) == (self.name, operation)
                raised: AwsError = refusals.unusable(error, about)
                pause = next(pauses, None)
            except Throttled as error:
                raised, pause = error, 0.0 if error.attempts < most else None
            except AwsError as error:
                raised, pause = error, None
            if pause is None:
                break
            time.sleep(pause)
        raised.lost = raised.lost or bool(self._attempts.lost)
        seconds = time.monotonic() - started
        if raised.began is not None:
            raised.began -= seconds
        self._log(operation, seconds, raised.attempts, raised.request_id, raised.code or type(raised).__name__)
        raise raised from None

    @property
    def began(self) -> float | None:
        """When this thread's latest call began that was answered, by AWS's clock (seconds since 1970). None if AWS did not say."""
        return getattr(self._attempts, "began", None)

    def _asked(self, about: refusals.About, expected: Expected, started: float) -> Json:
        """The answer to one request with botocore's own retries. Raises: AwsError, Unusable."""
        from botocore import xform_name
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            client = self._client
            model = client.meta.service_model.operation_model(about.operation)
            about.at(client)
            answer = getattr(client, xform_name(about.operation))(**wire.to_api(model.input_shape, about.members))
        except ClientError as error:
            about.token = str(getattr(self._attempts, "token", ""))
            raise refusals.refused(error, about) from None
        except BotoCoreError as error:
            if not (known := refusals.unanswered(error, about)):
                raise  # botocore refused the request itself: a bug of ours, so it keeps its traceback
            raise known from None
        except AwsError as error:  # a role could not be assumed, so nothing was sent
            raise error.within(about.doing) from None
        document: Json = {}
        if model.output_shape:
            document = answer[DOCUMENT] if DOCUMENT in answer else wire.from_api(model.output_shape, answer)
        if why := shortfall(expected, document, about.members):
            raise Unusable(self.name, about.operation, why)
        metadata = answer["ResponseMetadata"]
        attempts, request_id = int(metadata.get("RetryAttempts", 0)) + 1, str(metadata.get("RequestId", ""))
        answered = refusals.answered_at(metadata.get("HTTPHeaders", {}))
        self._attempts.began = None if answered is None else answered - (time.monotonic() - started)
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
            with sessions.lock:
                if self._made is None:
                    made = sessions.client(self.name, self.region, self.access, ask_sts)
                    # Before each attempt, the client's own repeats among them, and before it is signed.
                    made.meta.events.register_first("request-created", self._wait_for_turn)
                    made.meta.events.register("needs-retry", self._note_attempt)
                    made.meta.events.register("before-send", self._note_token)
                    self._made = made
        return self._made

    def _pace(self, operation: str) -> Pace:
        with self._paces_lock:
            return self._paces[operation]

    def _wait_for_turn(self, operation_name: str, **_: Any) -> None:
        self._pace(operation_name).wait()

    def _note_attempt(
        self, response: Any = None, caught_exception: Any = None, operation: Any = None, **_: Any
    ) -> None:
        """Notes if AWS has throttled an attempt, and if it may have carried out one whose answer was a server fault, or never came."""
        from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError

        never_sent = (EndpointConnectionError, ConnectTimeoutError)
        if caught_exception is not None:
            lost = not isinstance(caught_exception, never_sent)
        else:
            lost = response is not None and response[0].status_code >= 500
        if response is not None and operation is not None:
            answer, members = response
            if CLASS_OF_CODE.get(members.get("Error", {}).get("Code")) is Throttled:
                self._pace(operation.name).throttled()
            elif answer.status_code < 400:
                self._pace(operation.name).let_through()
        self._attempts.lost = lost or getattr(self._attempts, "lost", False)

    def _note_token(self, request: Any, **_: Any) -> None:
        """Notes the session token, the only secret of the credentials that is sent. An answer may repeat it with the whole request."""
        token = request.headers.get("X-Amz-Security-Token", "")
        self._attempts.token = token.decode() if isinstance(token, bytes) else token


def ask_sts(access: Access, region: str, operation: str, subject: str, members: Json, expected: Expected) -> Json:
    """The answer of a Region's STS to a call with the Access. Sessions use it to get the credentials of roles."""
    return service("sts", region, access).call(operation, subject, members, expected)


def service(name: str, region: str, access: Access) -> Service:
    """The process's Service of that name for the Region and the Access."""
    key = (name, region, access)
    with sessions.lock:
        return _services.setdefault(key, Service(*key))


def forget_clients() -> None:
    """Forgets all sessions, clients and callers: the next call creates them anew, by the environment of that moment."""
    with sessions.lock:
        sessions.forget()
        _services.clear()
        _callers.clear()


def _caller(region: str, access: Access) -> Caller:
    """Whose the credentials of the Access are. The lock is of this Access alone, so that calls with others do not wait."""
    with sessions.lock:
        lock, known = _callers.setdefault(access, (threading.Lock(), []))
    with lock:
        if not known:
            sts = service("sts", access.sts_region or region, access)
            try:
                found = sts.call("GetCallerIdentity", "the caller's identity", {}, CALLER)
            except AwsError as error:
                error.of_caller = True
                raise
            arn = Arn.parse(found["arn"])
            assert arn  # as expected of it
            known.append(Caller(str(found["account"]), arn.partition, str(found["arn"])))
        return known[0]
