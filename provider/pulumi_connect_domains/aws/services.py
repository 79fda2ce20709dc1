"""A service to call: one for each name, region and Access in a process."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..model.errors import AwsError
from ..model.path import Path, PathPattern
from ..model.schema import Expected
from ..model.values import Arn, Json
from . import refusals, sessions, wire
from .access import Access
from .answers import Unusable, leaves_out_a_list, shortfall

log = logging.getLogger("pulumi_connect_domains.aws")
"""A line for each call, at DEBUG: operation, region, duration, attempts, request id; never what was asked or answered."""

UNUSABLE_AGAIN_AFTER_SECONDS = (0.2, 1.0)
"""The pauses before a call is made again whose answer could not be used. What garbles answers either passes at once, or stays."""

CALLER = Expected(
    needs=(PathPattern(("account",)), PathPattern(("arn",))),
    looks={Path(("account",)): "[0-9]{12}", Path(("arn",)): "arn:[a-z0-9-]+:[^:]*:[^:]*:[0-9]{12}:.+"},
)

_services: dict[tuple[str, str, Access], Service] = {}
_callers: dict[Access, tuple[threading.Lock, list[Caller]]] = {}


@dataclass(frozen=True)
class Caller:
    """Who the credentials belong to. Source: STS GetCallerIdentity."""

    account: str
    partition: str
    arn: str


@dataclass(frozen=True)
class Answer:
    """What AWS answered to one call: the document in snake_case, and what is worth logging."""

    document: Json
    request_id: str
    attempts: int
    seconds: float


class Service:
    """One AWS service in one region, reached by one Access. Thread-safe; its client is made with the first call."""

    def __init__(self, name: str, region: str, access: Access) -> None:
        self.name = name
        self.region = region
        self.access = access
        self._made: Any = None
        self._attempts = threading.local()

    @property
    def caller(self) -> Caller:
        """The caller's account; asked once for each Access. Raises as `call` does."""
        return _caller(self.region, self.access)

    @property
    def prefix(self) -> str:
        """The prefix of the service's IAM actions and ARNs: `profile` for customer-profiles. Source: the model's signing name."""
        return str(self._client.meta.service_model.signing_name)

    def call(
        self,
        operation: str,
        subject: str,
        members: Mapping[str, object],
        expected: Expected = Expected(),  # noqa: B008 - frozen
        known: Sequence[Mapping[str, object]] = (),
    ) -> Answer:
        """AWS's answer to the operation. `subject` says in errors what it was about: "Customer Profiles domain 'crm'".

        An answer that nobody can use (see `answers`) is asked for again, and in the end is no answer. `known` are documents whose
        texts are masked in AWS's messages, as those of `members` are.

        Raises: AwsError and its subclasses; `lost` on it says whether the request may have been carried out all the same.
        """
        about = refusals.About(operation, subject, members, known)
        started = time.monotonic()
        self._attempts.lost = False
        pauses = iter(UNUSABLE_AGAIN_AFTER_SECONDS[: self.access.max_attempts - 1])
        pause: float | None
        is_told_twice = False
        while True:
            try:
                found = self._asked(about, expected, started)
                if is_told_twice or not leaves_out_a_list(expected, found.document):
                    return found
                is_told_twice, pause = True, UNUSABLE_AGAIN_AFTER_SECONDS[0]
            except Unusable as error:
                # Where botocore asked for something first (the credentials of a profile's role), ours was never sent.
                self._attempts.lost |= (error.service, error.operation) == (self.name, operation)
                raised: AwsError = refusals.unusable(error, about)
                pause = next(pauses, None)
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

    def _asked(self, about: refusals.About, expected: Expected, started: float) -> Answer:
        """The answer to one request with botocore's own retries. Raises: AwsError, Unusable."""
        from botocore import xform_name
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            client = self._client
            model = client.meta.service_model.operation_model(about.operation)
            about.at(client)
            answer = getattr(client, xform_name(about.operation))(**wire.to_api(model.input_shape, about.members))
        except ClientError as error:
            raise refusals.refused(error, about) from None
        except BotoCoreError as error:
            if not (known := refusals.unanswered(error, about)):
                raise  # a request that botocore itself refuses is our mistake, so it keeps its traceback
            raise known from None
        except AwsError as error:  # a role could not be assumed, so nothing was sent
            raise error.within(about.doing) from None
        document = wire.from_api(model.output_shape, answer) if model.output_shape else {}
        if why := shortfall(expected, document, about.members):
            raise Unusable(self.name, about.operation, why)
        metadata = answer["ResponseMetadata"]
        found = Answer(
            document,
            str(metadata.get("RequestId", "")),
            int(metadata.get("RetryAttempts", 0)) + 1,
            time.monotonic() - started,
        )
        self._log(about.operation, found.seconds, found.attempts, found.request_id)
        return found

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
                    made.meta.events.register("needs-retry", self._note_attempt)
                    self._made = made
        return self._made

    def _note_attempt(self, response: Any = None, caught_exception: Any = None, **_: Any) -> None:
        """Remembers when an attempt may have been carried out though its answer says otherwise, or never came."""
        from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError

        never_sent = (EndpointConnectionError, ConnectTimeoutError)
        if caught_exception is not None:
            lost = not isinstance(caught_exception, never_sent)
        else:
            lost = response is not None and response[0].status_code >= 500
        self._attempts.lost = lost or getattr(self._attempts, "lost", False)


def ask_sts(access: Access, region: str, operation: str, subject: str, members: Json, expected: Expected) -> Json:
    """What the STS of a Region answers to the credentials of an Access: by it sessions get credentials of roles."""
    return service("sts", region, access).call(operation, subject, members, expected).document


def service(name: str, region: str, access: Access) -> Service:
    """The process's one Service of that name for the region and the Access."""
    key = (name, region, access)
    with sessions.lock:
        return _services.setdefault(key, Service(*key))


def forget_clients() -> None:
    """No session, client or caller is remembered: the next call makes them anew, by the environment as it is then."""
    with sessions.lock:
        sessions.forget()
        _services.clear()
        _callers.clear()


def _caller(region: str, access: Access) -> Caller:
    """The caller, asked for under a lock of this Access alone: others are not kept waiting."""
    with sessions.lock:
        lock, known = _callers.setdefault(access, (threading.Lock(), []))
    with lock:
        if not known:
            sts = service("sts", access.sts_region or region, access)
            try:
                found = sts.call("GetCallerIdentity", "the caller's identity", {}, CALLER).document
            except AwsError as error:
                error.of_caller = True
                raise
            arn = Arn.parse(found["arn"])
            assert arn  # as expected of it
            known.append(Caller(str(found["account"]), arn.partition, str(found["arn"])))
        return known[0]
