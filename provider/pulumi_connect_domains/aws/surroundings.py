"""What a resource's settings name at AWS: keys, queues, buckets. Do they exist, and do their policies let the service in?

AWS is only read. Which settings name what, and who needs which actions there, is in schema.json (`refersTo` and `behind`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from ..model.errors import AccessDenied, AwsError, BadCredentials
from ..model.path import Path, PathPattern
from ..model.schema import Expected, Permission, Schema, walk
from ..model.values import Arn, Json, is_unknown
from .policies import ANYTHING, Request, Ruling, allows_account, refusal, ruling
from .services import Service, service

Status = Literal["ok", "failed", "cannot tell"]

READS: Mapping[str, tuple[str, ...]] = {
    "kms-key": ("kms:DescribeKey", "kms:GetKeyPolicy"),
    "s3-bucket": ("s3:GetBucketPolicy",),
    "sqs-queue": ("sqs:GetQueueAttributes",),
}
"""The IAM actions with which each kind is looked at."""

GONE = frozenset({"NotFoundException", "AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist", "NoSuchBucket"})
_REGION = "[a-z]{2}(?:-[a-z]+)+-[0-9]+"
_URL = re.compile(rf"https?://(?:sqs\.({_REGION})|({_REGION})\.queue)\.amazonaws\.")

NO_POLICY = "NoSuchBucketPolicy"
"""Source: error codes of KMS DescribeKey, SQS GetQueueAttributes (by either of its protocols) and S3 GetBucketPolicy."""


@dataclass(frozen=True)
class Sight:
    """What was seen of what a setting names. `text` never holds the setting's value, which may be secret.

    `kind` is that of the schema: `kms-key`. `permission` is the IAM action without which no more can be told, or "".
    """

    path: str
    kind: str
    status: Status
    text: str
    permission: str = ""


class _Seen(NamedTuple):
    status: Status
    text: str


def kinds(schema: Schema) -> tuple[str, ...]:
    """What settings of the resource can name, sorted."""
    return tuple(sorted({each.refers_to for each in schema.behind if each.refers_to}))


def named(schema: Schema, inputs: object) -> Iterator[tuple[str, str, object]]:
    """The path, the kind and the value of every setting that names something at AWS, in the order of the inputs."""
    for steps, of, value in walk(schema, inputs):
        if of.refers_to and value != "" and (isinstance(value, str) or is_unknown(value)):
            yield str(Path(steps)), of.refers_to, value


def look(near: Service, schema: Schema, inputs: Json) -> Iterator[Sight]:
    """What is seen of everything that the inputs name, in their order. `near` is the resource's own service, account and Region.

    The inputs must be valid. Raises: BadCredentials, since then nothing at all can be seen.
    """
    for path, kind, value in named(schema, inputs):
        if is_unknown(value):
            yield Sight(path, kind, "cannot tell", "its value is not known here")
        else:
            yield _sight(_Named(near, schema, inputs, kind, str(value)), path)


def unseen(schema: Schema, inputs: Json, reason: str) -> Iterator[Sight]:
    """The same where nobody can look, for that reason."""
    for path, kind, _ in named(schema, inputs):
        yield Sight(path, kind, "cannot tell", reason)


def _sight(given: _Named, path: str) -> Sight:
    permission = ""
    try:
        status, text = _LOOKS[given.kind](given)
    except BadCredentials:
        raise
    except AccessDenied as error:
        found = re.search(r"allow the IAM action (\S+) ", str(error))
        permission = found[1] if found else " and ".join(READS[given.kind])
        owner = "" if given.is_own else "; or it belongs to another account"
        status, text = "cannot tell", f"access denied: allow {permission} to the caller{owner}"
    except AwsError as error:
        status, text = _gone(given) if error.code in GONE else ("cannot tell", str(error).split("\n")[0])
    return Sight(path, given.kind, status, text, permission)


def _gone(given: _Named) -> _Seen:
    """AWS says the same of what does not exist and of what another account does not show."""
    if given.account and not given.is_own:
        return _Seen(
            "cannot tell", f"account {given.account} does not show this {given.noun} to account {given.caller}"
        )
    return _Seen("failed", f"there is no such {given.noun}")


@dataclass(frozen=True)
class _Named:
    """What a setting names, and who looks at it from where."""

    near: Service
    schema: Schema
    inputs: Json
    kind: str
    value: str

    @property
    def noun(self) -> str:
        return self.kind.partition("-")[2]

    @property
    def region(self) -> str:
        """The Region that the value says; else that of the resource."""
        arn, url = Arn.parse(self.value), _URL.match(self.value)
        said = next(filter(None, url.groups())) if url else arn.region if arn else ""
        return said if re.fullmatch(_REGION, said) else self.near.region

    @property
    def account(self) -> str:
        """The account that the value says, or ""."""
        arn, url = Arn.parse(self.value), re.fullmatch(r"https?://[^/]+/(\d{12})/[^/]+", self.value)
        return url[1] if url else arn.account if arn else ""

    @property
    def caller(self) -> str:
        """The account of the credentials."""
        return self.near.caller.account

    @property
    def is_own(self) -> bool:
        """Whether the value says that it is in the account of the credentials."""
        return self.account == self.caller

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """What the schema says about this kind."""
        return tuple(each for each in self.schema.behind if each.refers_to == self.kind)

    def ask(self, name: str, operation: str, members: Mapping[str, object], *needs: tuple[str, ...]) -> Any:
        """AWS's answer, in snake_case, which has all that it needs to have. Raises: AwsError."""
        asked = service(name, self.region, self.near.access)
        expected = Expected(needs=tuple(PathPattern(each) for each in needs))
        return asked.call(operation, f"the {self.noun}", members, expected, known=lambda: [self.inputs])

    def requests(self, resource: str) -> Iterator[tuple[Permission, Request]]:
        """What a service needs to do with the resource: one request for each action."""
        for each in self.permissions:
            for action in () if each.is_the_callers else each.actions:
                yield each, Request(each.who, action, resource, self.caller, self._sources())

    def _sources(self) -> tuple[str, ...]:
        """On whose behalf the service comes: as AWS documents it, of the resource itself; possibly of something below it."""
        if self.schema.resource_level is None:
            return ()
        prefix, _, owner, _, _, below = self.schema.resource_level.arn.split(":", 5)
        name = str(self.inputs.get(self.schema.id_property) or ANYTHING)
        place = (prefix, self.near.caller.partition, owner, self.near.region, self.caller, below.replace("*", name))
        return ":".join(place), f"{':'.join(place)}/{ANYTHING}"


# -- each kind --------------------------------------------------------------------------------------------------------


def _key(given: _Named) -> _Seen:
    """Source: KMS DescribeKey and GetKeyPolicy."""
    needs = [("key_metadata", name) for name in ("arn", "key_id", "key_spec", "key_state")]
    key = given.ask("kms", "DescribeKey", {"key_id": given.value}, *needs)["key_metadata"]
    if (state := key["key_state"]) != "Enabled":
        return _Seen("failed", f"the key is not enabled, but {state}")
    if (key["key_spec"], key.get("key_usage", "ENCRYPT_DECRYPT")) != ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"):
        return _Seen("failed", "the key is not a symmetric one that encrypts and decrypts")
    if key.get("key_manager") == "AWS" and any(each.customer_managed for each in given.permissions):
        return _Seen("failed", "the key is managed by AWS; a customer managed one is needed")
    if key.get("key_manager") == "AWS":
        return _Seen("cannot tell", "the key is managed by AWS, which does not document whether such a key will do")
    if given.region != given.near.region:
        return _Seen("cannot tell", f"the key is in {given.region}; AWS does not document whether that will do")
    return _key_policy(given, key["key_id"], key["arn"])


def _key_policy(given: _Named, id: str, arn: str) -> _Seen:
    seen = "the key exists, is enabled and symmetric"
    policy = _read(given.ask("kms", "GetKeyPolicy", {"key_id": id, "policy_name": "default"}).get("policy"))
    requests = list(given.requests(arn))
    for answer in (refusal(policy, request) for _, request in requests):  # which counts for grants and IAM policies too
        if not answer.allows:
            return _unlike(answer, f"{seen}, but its policy {answer.why}")
    own = [action for each in given.permissions if each.is_the_callers for action in each.actions]
    if allows_account(policy, given.caller, own):
        return _Seen("ok", f"{seen}; its policy leaves it to IAM policies who may use it")
    if requests and all(ruling(policy, request).allows for _, request in requests):
        return _Seen("ok", f"{seen}; its policy lets {requests[0][0].who} use it")
    return _Seen("cannot tell", f"{seen}; whether its policy lets everybody use it who has to cannot be told")


def _queue(given: _Named) -> _Seen:
    """Source: SQS GetQueueAttributes."""
    asked = {"queue_url": given.value, "attribute_names": ["Policy", "QueueArn", "KmsMasterKeyId"]}
    found = given.ask("sqs", "GetQueueAttributes", asked, ("attributes", "QueueArn"))["attributes"]
    seen = _judged(given, found.get("Policy"), found["QueueArn"])
    if seen.status == "ok" and found.get("KmsMasterKeyId"):
        unclear = "but it is encrypted with a KMS key, and AWS does not document what the service needs there"
        return _Seen("cannot tell", f"{seen.text}; {unclear}")
    return seen


def _bucket(given: _Named) -> _Seen:
    """Source: S3 GetBucketPolicy, which alone tells whether the bucket exists."""
    try:
        policy = given.ask("s3", "GetBucketPolicy", {"bucket": given.value}).get("policy")
    except AwsError as error:
        if error.code != NO_POLICY:
            raise
        policy = None
    return _judged(given, policy, f"arn:{given.near.caller.partition}:s3:::{given.value}/{ANYTHING}")


def _judged(given: _Named, policy: object, resource: str) -> _Seen:
    """Whether the policy lets in every service that needs it."""
    seen, allowed = f"the {given.noun} exists", []
    for permission, request in given.requests(resource):
        if not policy:
            missing = f"{permission.who} do {', '.join(permission.actions)}"
            return _Seen("failed", f"{seen}, but has no policy that lets {missing}")
        if not (answer := ruling(_read(policy), request)).allows:
            return _unlike(answer, f"{seen}, but its policy {answer.why}")
        allowed.append(f"its policy lets {permission.who} do what it needs")
    return _Seen("ok", "; ".join([seen, *dict.fromkeys(allowed)]))


def _unlike(answer: Ruling, text: str) -> _Seen:
    return _Seen("cannot tell" if answer.allows is None else "failed", text)


def _read(policy: object) -> object:
    try:
        return json.loads(str(policy))
    except (ValueError, RecursionError):
        return None


_LOOKS: Mapping[str, Callable[[_Named], _Seen]] = {"kms-key": _key, "sqs-queue": _queue, "s3-bucket": _bucket}
