"""The local AWS as tests hold it: start it, point programs at it, look behind it and make it misbehave."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from types import TracebackType
from typing import Any, Literal, TypedDict
from urllib.parse import urlsplit

from typing_extensions import Self, Unpack

from ...aws.access import is_local
from ...model.errors import ConnectDomainsError
from ..extra import missing
from . import token
from .accounts import DEFAULT_ACCOUNT, DEFAULT_REGION, SECRET_ACCESS_KEY, access_key_id, environment

_TIMESTAMPS = ("CreatedAt", "LastUpdatedAt", "UpdatedAt")


class LocalAwsError(ConnectDomainsError):
    """The server could not be started, or refused a control: the caller's mistake."""


@dataclass(frozen=True)
class Call:
    """One call that the server has answered, or cut off: then `status` is 0.

    `parameters` has the API's own member names. `started` is in seconds since 1970, `seconds` is how long it took.
    """

    service: str
    operation: str
    account: str
    region: str
    parameters: Mapping[str, Any]
    started: float
    status: int
    error_code: str | None
    request_id: str
    seconds: float


class Calls(TypedDict, total=False):
    """The calls of an operation that go wrong: the next one, or the next `times` (None: all that follow), after `after` others.

    Those of one `service`, `account` or `region`, or of any.
    """

    service: str | None
    account: str | None
    region: str | None
    times: int | None
    after: int


class LocalAws:
    """A running local AWS. As a context manager it is stopped at the end, if it was started here.

    `account` and `region` are those of clients, variables and seeded domains for which none are given. Methods that look for domains
    look in every account and region then.
    """

    def __init__(self, endpoint: str, *, process: subprocess.Popen[str] | None = None) -> None:
        self.endpoint = endpoint
        self.account = DEFAULT_ACCOUNT
        self.region = DEFAULT_REGION
        self._process = process
        self._clients: dict[tuple[str, str, str], Any] = {}
        self._session: Any = None
        self._lock = threading.Lock()

    @classmethod
    def start(cls, port: int = 0, services: Sequence[str] = ()) -> Self:
        """A server in a process of its own, ready. It ends with `stop`, and with this process however that ends.

        `services` are names of modules that this process could import, each with one more service, its `SERVICE`, to offer.

        Raises LocalAwsError when it does not come up; why is on standard error.
        """
        if sentence := missing():
            raise LocalAwsError(sentence)
        process = subprocess.Popen(
            [sys.executable, "-m", __package__, str(port), *services],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))} if services else None,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        endpoint = process.stdout.readline().strip()
        if not endpoint:
            raise LocalAwsError(f"the local AWS did not start: exit code {process.wait()}, see standard error")
        return cls(endpoint, process=process)

    @classmethod
    def connect(cls, endpoint: str) -> Self:
        """A server of this user's that is already running. Raises LocalAwsError when none answers there, or another user's."""
        aws = cls(endpoint.rstrip("/"))
        aws._control("server")
        return aws

    @property
    def pid(self) -> int:
        """The server's process. Raises LocalAwsError when none answers."""
        return int(self._control("server")["pid"])

    @property
    def holds_domains(self) -> bool:
        """Whether there is a domain of any service, in any account and region. Raises LocalAwsError when the server does not answer."""
        return bool(self._control("server")["holds_domains"])

    def stop(self) -> None:
        """The server that was started here has ended; one that was connected to goes on."""
        if self._process is None:
            return
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.terminate()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()
        self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def environment(self, account: str | None = None, region: str | None = None) -> dict[str, str]:
        """Variables with which a process talks to this server, with credentials of this account."""
        return environment(self.endpoint, account or self.account, region or self.region)

    def client(self, service: str, account: str | None = None, region: str | None = None) -> Any:
        """A boto3 client that tries each call once. The same arguments give the same client."""
        key = (service, account or self.account, region or self.region)
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._new_client(*key)
            return self._clients[key]

    def calls(self, service: str | None = None, operation: str | None = None) -> list[Call]:
        """What was asked of AWS, in order: all of it, or of one service, or of one operation."""
        return [Call(**call) for call in self._control("calls", service=service, operation=operation)]

    def forget_calls(self) -> None:
        self._control("forget_calls")

    def reset(self) -> None:
        """No state in any service, no faults, no latency, no throttles, an empty log. AssumeRole's credentials are gone too."""
        self._control("reset")

    def reset_faults(self) -> None:
        """No faults, latency or throttles any more; all domains and the log stay."""
        self._control("reset_faults")

    def domains(self, service: str, account: str | None = None, region: str | None = None) -> dict[str, dict[str, Any]]:
        """The domains as they stand: by name (Customer Profiles) or DomainId (Voice ID), tags included as a map.

        Of all accounts and regions, or of those given. Raises LocalAwsError when two of them have the same name.
        """
        domains = self._control("domains", service=service, account=account, region=region)
        return {key: _with_datetimes(members) for key, members in domains.items()}

    def seed(
        self, service: str, name: str, *, account: str | None = None, region: str | None = None, **members: Any
    ) -> None:
        """A domain stands there with these members, unchecked. For Voice ID `name` is the DomainId."""
        self._control("seed", service=service, name=name, account=account, region=region, members=members)

    def change(
        self, service: str, name: str, *, account: str | None = None, region: str | None = None, **members: Any
    ) -> None:
        """Members have these values without any call or check; None removes one.

        `**{"RuleBasedMatching.Status": "ACTIVE"}` reaches into a structure. Raises LocalAwsError when there is no
        such domain, or more than one.
        """
        self._control("change", service=service, name=name, account=account, region=region, members=members)

    def remove(self, service: str, name: str, *, account: str | None = None, region: str | None = None) -> None:
        """The domain is gone without a trace. Raises LocalAwsError when there is no such domain, or more than one."""
        self._control("remove", service=service, name=name, account=account, region=region)

    def fault(
        self,
        operation: str,
        *,
        code: str | None = None,
        status: int | None = None,
        message: str = "",
        members: Mapping[str, Any] | None = None,
        body: str | None = None,
        content_type: str = "text/html",
        **calls: Unpack[Calls],
    ) -> None:
        """The calls fail with this error and do nothing; the operation `*` is any.

        Without a `status` it is the one that the service's model has for the code; without a `code` the answer has no body. `members` are
        the error's further members, such as `{"ResourceType": "DOMAIN"}`. A `body` (one byte a character, Latin-1) is sent as it is
        instead, with this status and content type: the answer of something that is not AWS.
        """
        error = {"code": code, "status": status, "message": message, "members": dict(members or {})}
        self._fail(operation, calls, {**error, "body": body, "content_type": content_type})

    def drop(self, operation: str, *, when: Literal["before", "after"], **calls: Unpack[Calls]) -> None:
        """The calls get no answer: the connection is cut before or after the change is made."""
        self._fail(operation, calls, {"drop": when})

    def garble(self, operation: str, *, how: str, **calls: Unpack[Calls]) -> None:
        """The calls are carried out, and their answers are spoiled on the way back.

        `how`: cut, half, empty, empty object, null, list, text, html, binary, deep, wrong types, another domain, undated (no dates),
        no content (204), redirect (302), huge (30 MB), and mislabelled (as HTML), which does no harm.
        """
        self._fail(operation, calls, {"garbled": how})

    def delay(self, operation: str, *, seconds: float, bytewise: bool = False, **calls: Unpack[Calls]) -> None:
        """The calls are carried out at once, and their answers come so much later.

        `bytewise`: the answer begins at once, and its bytes come one by one over that time.
        """
        self._fail(operation, calls, {"slow" if bytewise else "late": seconds})

    def stale(self, operation: str, **calls: Unpack[Calls]) -> None:
        """The calls see the domains as they were before the last change. For reads."""
        self._fail(operation, calls, {"stale": True})

    def unmet(self) -> list[str]:
        """The operations of faults that no call has met yet: a test whose fault never comes proves nothing."""
        return list(self._control("unmet"))

    def latency(self, seconds: float, operation: str | None = None, service: str | None = None) -> None:
        """Every call, or every call of this operation, takes this much longer; 0 ends it."""
        self._control("latency", seconds=seconds, operation=operation, service=service)

    def throttle(
        self,
        operation: str,
        per_second: float,
        *,
        service: str | None = None,
        burst: float | None = None,
        shared: bool = False,
    ) -> None:
        """Calls above this rate, for each account and region, fail with ThrottlingException; 0 ends it.

        A token bucket that holds `burst` calls, or as many as a second brings. `*` gives each operation a bucket of its
        own, or with `shared` one to all together.
        """
        self._control(
            "throttle", operation=operation, per_second=per_second, service=service, burst=burst, shared=shared
        )

    def voiceid(self, **behaviour: Any) -> dict[str, Any]:
        """How Voice ID behaves, after the given changes.

        `pending_describes`: how many DescribeDomain answers show a new domain PENDING; None: until it is changed.
        `encryption_describes`: the same for IN_PROGRESS after a change of the key.
        `encryption_failure`: the message with which changes of the key fail; None: they succeed.
        `consent`: whether the account has acknowledged the consent that CreateDomain needs.
        `domain_quota`: how many domains an account and region may have; None: any number.
        `closed`: "connection", "access-denied" or "not-found": the service is gone, and says so in this way.
        """
        answer: dict[str, Any] = self._control("behaviour", service="voice-id", **behaviour)
        return answer

    def _fail(self, operation: str, calls: Calls, how: Mapping[str, Any]) -> None:
        self._control("fault", operation=operation, **calls, **how)

    def _new_client(self, service: str, account: str, region: str) -> Any:
        import boto3
        from botocore.config import Config
        from botocore.session import Session

        if self._session is None:
            # Neither the user's configuration files nor AWS_PROFILE have a say here.
            no_file, no_profile = (None, None, os.devnull, None), (None, None, None, None)
            variables = {"config_file": no_file, "credentials_file": no_file, "profile": no_profile}
            self._session = boto3.Session(botocore_session=Session(session_vars=variables))
        return self._session.client(
            service,
            region_name=region,
            endpoint_url=self.endpoint,
            aws_access_key_id=access_key_id(account),
            aws_secret_access_key=SECRET_ACCESS_KEY,
            config=Config(retries={"total_max_attempts": 1, "mode": "standard"}, s3={"addressing_style": "path"}),
        )

    def _control(self, verb: str, **request: Any) -> Any:
        if not is_local(self.endpoint):
            raise LocalAwsError(
                f"{self.endpoint} is not on this machine; a local AWS is, such as http://127.0.0.1:4599"
            )
        port = urlsplit(self.endpoint).port or http.client.HTTP_PORT
        # It listens there only. At another address that `localhost` stands for, a stranger may wait for the token.
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            with_token = {"Authorization": f"Bearer {token.read(port)}"}
            connection.request("POST", f"/_control/{verb}", json.dumps(request, default=_plain), with_token)
            response = connection.getresponse()
            answer = json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise LocalAwsError(f"no local AWS answers at {self.endpoint}: {error}") from error
        finally:
            connection.close()
        if response.status == http.HTTPStatus.UNAUTHORIZED:
            raise LocalAwsError(f"{verb}: {answer} ({token.path_of(port)})")
        if response.status != http.HTTPStatus.OK:
            raise LocalAwsError(f"{verb}: {answer}")
        return answer


def _plain(value: object) -> Any:
    if isinstance(value, datetime):
        return value.timestamp()
    raise TypeError(f"{type(value).__name__} has no place in a domain")


def _with_datetimes(members: dict[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromtimestamp(value, timezone.utc) if name in _TIMESTAMPS else value
        for name, value in members.items()
    }
