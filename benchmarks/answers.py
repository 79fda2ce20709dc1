"""What the answering server says: Customer Profiles' and Voice ID's domains, STS, and quotas. No network here.

A domain that nobody has made or deleted exists, with the same few settings in every account and Region: so an organisation of any size
needs no memory. What is made, changed or deleted is kept, so that whole programs find what they did.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import unquote

from pulumi_connect_domains.local.aws.accounts import DEFAULT_ACCOUNT, access_key_id, account_in

Json = dict[str, Any]

CREATED = 1777629600
PROFILES: Json = {
    "DefaultExpirationDays": 365,
    "CreatedAt": CREATED,
    "LastUpdatedAt": CREATED,
    "Stats": {"ProfileCount": 0, "MeteringProfileCount": 0, "ObjectCount": 0, "TotalSize": 0},
    "Tags": {"team": "crm"},
}
VOICE: Json = {
    "Name": "voice",
    "DomainStatus": "ACTIVE",
    "CreatedAt": CREATED,
    "UpdatedAt": CREATED,
    "ServerSideEncryptionConfiguration": {"KmsKeyId": "alias/voice"},
}
STS = "https://sts.amazonaws.com/doc/2011-06-15/"
EXPIRES = "2099-01-01T00:00:00Z"
OF_METHOD = {b"GET": "GetDomain", b"POST": "CreateDomain", b"PUT": "UpdateDomain", b"DELETE": "DeleteDomain"}
"""Customer Profiles' operations on one domain. Source: the request lines in botocore's model."""

_CREDENTIAL = re.compile(rb"Credential=([^/]+)/[0-9]+/([^/]+)/([^/]+)/")
_TARGET = re.compile(rb"(?i)\r\nx-amz-target: *[A-Za-z]+\.([A-Za-z]+)")
_ACTION = re.compile(rb"(?:^|&)Action=([A-Za-z]+)")
_ROLE = re.compile(r"(?:^|&)RoleArn=arn:[a-z-]+:iam::([0-9]{12}):role/([^&]*)")


class Bucket(NamedTuple):
    """What AWS counts calls by."""

    account: str
    region: str
    operation: str


@dataclass
class Quotas:
    """A token bucket for each account, Region and operation, which holds the calls of one second, and one at least.

    `rates` are calls a second by operation, `*` for all others; an operation without a rate, or with 0, has no limit. AWS's seconds are
    `scale` times as short as real ones.
    """

    rates: Mapping[str, float] = field(default_factory=dict)
    scale: float = 1.0
    clock: Callable[[], float] = time.monotonic
    _held: dict[Bucket, tuple[float, float]] = field(default_factory=dict)

    def allow(self, bucket: Bucket) -> bool:
        """Whether AWS carries the call out; then it counts."""
        rate = self.rates.get(bucket.operation, self.rates.get("*", 0.0))
        if not rate:
            return True
        now, most = self.clock() * self.scale, max(1.0, rate)
        tokens, filled = self._held.get(bucket, (most, now))
        tokens = min(most, tokens + (now - filled) * rate)
        is_allowed = tokens >= 1
        self._held[bucket] = (tokens - is_allowed, now)
        return is_allowed

    def __len__(self) -> int:
        return len(self._held)


@dataclass
class Answers:
    """The answers of AWS, as whole HTTP responses, and how many there were."""

    quotas: Quotas = field(default_factory=Quotas)
    calls: Counter[str] = field(default_factory=Counter)
    """What was carried out, by operation."""
    throttled: Counter[str] = field(default_factory=Counter)
    domains: dict[tuple[str, str, str], Json | None] = field(default_factory=dict)
    """By account, Region and name: what was made or changed. None: it was deleted."""
    now: Callable[[], float] = time.time

    def answer(self, head: bytes, body: bytes) -> bytes:
        """The response to a request: `head` up to the empty line."""
        signed = _CREDENTIAL.search(head)
        key, region, service = (part.decode() for part in signed.groups()) if signed else ("", "", "sts")
        account = account_in(key) or DEFAULT_ACCOUNT
        if service == "sts":
            return self._sts(account, body)
        method, target, _ = head.split(b" ", 2)
        path = target.decode()
        if service == "voiceid":
            found = _TARGET.search(head)
            operation = found[1].decode() if found else ""
        else:
            operation = OF_METHOD[method] if path.startswith("/domains/") else _other_operation(method, path)
        if not self.quotas.allow(Bucket(account, region, operation)):
            self.throttled[operation] += 1
            return error(429, "ThrottlingException", "Rate exceeded")
        self.calls[operation] += 1
        if service == "voiceid":
            return self._voice(account, region, operation, json.loads(body))
        if not path.startswith("/domains/"):
            return self._list_or_tag(account, region, operation, path, body)
        return self._profiles((account, region, unquote(path[9:])), operation, body)

    # -- Customer Profiles ------------------------------------------------------------------------------------------------

    def _profiles(self, key: tuple[str, str, str], operation: str, body: bytes) -> bytes:
        there: Json | None = self.domains.get(key, PROFILES)
        if operation == "GetDomain" and there is PROFILES:
            return response(b'{"DomainName":"%s",%s' % (key[2].encode(), _PROFILES_REST))
        if operation == "CreateDomain":
            now = self.now()
            there = {"Stats": PROFILES["Stats"], **json.loads(body), "CreatedAt": now, "LastUpdatedAt": now}
            self.domains[key] = there
        elif there is None:
            return error(404, "ResourceNotFoundException", "no such domain")
        elif operation == "UpdateDomain":
            there = {**there, **json.loads(body), "LastUpdatedAt": self.now()}
            self.domains[key] = there
        elif operation == "DeleteDomain":
            self.domains[key] = None
            return response(b'{"Message":"deleted"}')
        return respond({**there, "DomainName": key[2]})

    def _list_or_tag(self, account: str, region: str, operation: str, path: str, body: bytes) -> bytes:
        """ListDomains has what was made here; the domains that are simply there have no end, so they are not in it."""
        if operation == "ListDomains":
            made = [
                {"DomainName": name, "CreatedAt": there["CreatedAt"], "LastUpdatedAt": there["LastUpdatedAt"]}
                for (of, at, name), there in self.domains.items()
                if there and (of, at) == (account, region)
            ]
            return respond({"Items": made})
        arn, _, query = unquote(path.removeprefix("/tags/")).partition("?")
        key = (account, region, arn.rpartition("/")[2])
        there = self.domains.get(key, PROFILES)
        if there is None:
            return error(404, "ResourceNotFoundException", "no such domain")
        gone = [unquote(part.partition("=")[2]) for part in query.split("&")]
        put = json.loads(body)["tags"] if operation == "TagResource" else {}
        tags = {name: value for name, value in {**there.get("Tags", {}), **put}.items() if name not in gone}
        self.domains[key] = {**there, "Tags": tags}
        return response(b"{}")

    # -- Voice ID and STS -------------------------------------------------------------------------------------------------

    def _voice(self, account: str, region: str, operation: str, request: Json) -> bytes:
        """Only what a read asks. Raises KeyError for another operation, which ends the connection."""
        if operation == "ListTagsForResource":
            return response(b'{"Tags":[]}')
        arn = f"arn:aws:voiceid:{region}:{account}:domain/{request['DomainId']}"
        return {"DescribeDomain": respond({"Domain": {**VOICE, "DomainId": request["DomainId"], "Arn": arn}})}[
            operation
        ]

    def _sts(self, account: str, body: bytes) -> bytes:
        """AssumeRole's access key tells the account of the role. Raises ValueError for another action."""
        found = _ACTION.search(body)
        action = found[1].decode() if found else ""
        self.calls[action] += 1
        if action == "GetCallerIdentity":
            arn = f"arn:aws:iam::{account}:user/bench"
            return xml(action, f"<Arn>{arn}</Arn><UserId>bench</UserId><Account>{account}</Account>")
        role = _ROLE.search(unquote(body.decode()))
        if not action.startswith("AssumeRole") or not role:
            raise ValueError(f"nothing is known of {action!r}")
        assumed = f"arn:aws:sts::{role[1]}:assumed-role/{role[2]}/bench"
        credentials = (
            f"<AccessKeyId>{access_key_id(role[1])}</AccessKeyId><SecretAccessKey>bench</SecretAccessKey>"
            f"<SessionToken>bench</SessionToken><Expiration>{EXPIRES}</Expiration>"
        )
        user = f"<Arn>{assumed}</Arn><AssumedRoleId>bench:bench</AssumedRoleId>"
        return xml(action, f"<Credentials>{credentials}</Credentials><AssumedRoleUser>{user}</AssumedRoleUser>")


def _other_operation(method: bytes, path: str) -> str:
    if path.startswith("/tags/"):
        return {b"POST": "TagResource", b"DELETE": "UntagResource"}[method]
    return "ListDomains"


# -- as HTTP ------------------------------------------------------------------------------------------------------------


def respond(document: Json) -> bytes:
    return response(json.dumps(document).encode())


def response(body: bytes, kind: bytes = b"application/json") -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\nx-amzn-RequestId: 1\r\n\r\n"
    return head % (kind, len(body)) + body


def error(status: int, code: str, message: str) -> bytes:
    body = json.dumps({"Message": message}).encode()
    head = f"HTTP/1.1 {status} {code}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return f"{head}x-amzn-ErrorType: {code}\r\nx-amzn-RequestId: 1\r\n\r\n".encode() + body


def xml(action: str, result: str) -> bytes:
    body = f'<{action}Response xmlns="{STS}"><{action}Result>{result}</{action}Result></{action}Response>'
    return response(body.encode(), b"text/xml")


_PROFILES_REST = json.dumps(PROFILES).encode()[1:]
