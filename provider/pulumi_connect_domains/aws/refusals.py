"""Turns what botocore raises into our errors: one to three lines that say what could not be done, why, and what to do.

AWS's error codes and botocore's classes decide. AWS's text is only quoted. Values of the request are masked in it, since AWS repeats
them, secret or not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from ..model.errors import (
    CLASS_OF_CODE,
    AccessDenied,
    AwsError,
    BadCredentials,
    NoAnswer,
    QuotaExceeded,
    Throttled,
    Unreachable,
)
from .access import Naming, without_secrets
from .answers import Unusable

VERBS = {
    "Create": "create", "Get": "read", "Describe": "read", "Update": "update", "Delete": "delete",
    "List": "list", "Tag": "tag", "Untag": "untag", "Assume": "assume",
}  # fmt: skip

LOG_IN = "log in again, or set {profile}, AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
RENEW = "log in again or renew the credentials, then run again"
CHECK_CLOCK = "check the secret key, and this machine's clock"

CAUSES: dict[str, tuple[type[AwsError], str, str]] = {
    "NoCredentialsError": (BadCredentials, "there are no AWS credentials", LOG_IN),
    "PartialCredentialsError": (BadCredentials, "the AWS credentials are incomplete", LOG_IN),
    "CredentialRetrievalError": (BadCredentials, "the source of the AWS credentials gave none", LOG_IN),
    "MetadataRetrievalError": (BadCredentials, "the source of the AWS credentials gave none", LOG_IN),
    "TokenRetrievalError": (BadCredentials, "the AWS login session has ended", "log in again: `aws sso login`"),
    "SSOError": (BadCredentials, "the AWS login session has ended", "log in again: `aws sso login`"),
    "InvalidConfigError": (BadCredentials, "the AWS config files cannot be used", "check the profile in use"),
    "InfiniteLoopConfigError": (BadCredentials, "the profile's roles refer to each other", "check the profile in use"),
    "ConfigNotFound": (BadCredentials, "an AWS config file does not exist", "check {shared_config_files}"),
    "ConfigParseError": (BadCredentials, "an AWS config file cannot be read", "check its syntax"),
    "EndpointConnectionError": (Unreachable, "no connection to {endpoint}", "check region, endpoint and network"),
    "ConnectTimeoutError": (Unreachable, "no connection to {endpoint}", "check region, endpoint and network"),
    "ProxyConnectionError": (Unreachable, "no connection to the proxy", "check the proxy's address"),
    "SSLError": (Unreachable, "no trusted connection to {endpoint}", "check the endpoint and the CA bundle"),
    "HTTPClientError": (NoAnswer, "no answer from {endpoint}", "run again"),
}
"""For calls without an answer: our class, the cause, and what to do, by the name of botocore's exception or of a class above it.

In braces stand the endpoint, and settings (`Naming.told`).
"""

SENT_AWAY = (Unreachable, "{endpoint} sends us to a Region that is none", "check the endpoint")
"""For an answer of S3 that names the bucket's Region. The client's own Region was checked when the client was made."""

READS = ("Get", "Describe", "List", "Assume")
"""How the names of operations begin that change nothing."""
ACTIONS = {"ListObjectsV2": "ListBucket"}
"""The IAM actions of operations that are not named like them. Source: service authorization reference, Amazon S3."""
TAGS = ("tags", "tags_all")
_LAST_PART = re.compile(r"^(?:arn:|https?://).*[:/]([^:/]+)/?$")
EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
UNSIGNED = frozenset({"InvalidSignatureException", "SignatureDoesNotMatch", "RequestTimeTooSkewed"})
NO_SUCH_SERVICE = frozenset({404, 405, 501})
ALREADY_EXISTS = "already exists"
"""Customer Profiles has no error code for a name that is taken, only these words. Source: seen in other tools' resources."""
SERVER_FAULT = 500
"""From this status on, the request may have been carried out, whatever error code came with it. Often there is no code but the status: a
machine in between has answered for AWS.
"""


Known = Callable[[], Sequence[Mapping[str, object]]]
"""Gives documents whose texts are masked in AWS's messages. It is asked when there is a message, which is rare."""


class About:
    """What was being done when an error came."""

    def __init__(
        self,
        operation: str,
        subject: str,
        members: Mapping[str, object],
        known: Known = tuple,
        naming: Naming = Naming(),  # noqa: B008 - frozen
    ) -> None:
        self.operation, self.members, self.known, self.naming = operation, members, known, naming
        self._subject = subject
        self._client: Any = None
        self.token = ""
        self.attempts = 0

    @property
    def doing(self) -> str:
        """What could not be done: "read Customer Profiles domain 'crm'"."""
        verb = next((verb for start, verb in VERBS.items() if self.operation.startswith(start)), self.operation)
        return f"{verb} {self._subject}"

    @property
    def endpoint(self) -> str:
        """Where the request goes, or "" before there is a client."""
        return without_secrets(str(self._client.meta.endpoint_url)) if self._client else ""

    @property
    def prefix(self) -> str:
        """The prefix of the service's IAM actions, or "" before there is a client."""
        return str(self._client.meta.service_model.signing_name) if self._client else ""

    @property
    def again(self) -> str:
        """What to do where it is not known whether AWS did it. A call that only reads does nothing."""
        return "run again" if self.operation.startswith(READS) else "it may have been done all the same; run again"

    def at(self, client: Any) -> None:
        """Notes the client with which the request is sent."""
        self._client = client


class Said(NamedTuple):
    """The parts of AWS's error. `message` is masked."""

    code: str
    status: int
    message: str
    request_id: str
    attempts: int


def refused(error: Any, about: About) -> AwsError:
    """Our error for an error that AWS answered."""
    answer, metadata = error.response["Error"], error.response.get("ResponseMetadata", {})
    about.attempts += int(metadata.get("RetryAttempts", 0)) + 1
    said = Said(
        _in_one_line(str(answer.get("Code", ""))),
        int(metadata.get("HTTPStatusCode", 0)),
        _in_one_line(
            masked(str(answer.get("Message") or ""), {"session token": about.token}, about.members, *about.known())
        ),
        _in_one_line(str(metadata.get("RequestId", ""))),
        about.attempts,
    )
    kind = CLASS_OF_CODE.get(said.code, NoAnswer if said.status >= SERVER_FAULT else AwsError)
    lines = [
        f"cannot {about.doing}: {_cause(kind, said)} ({said.code})",
        _advice(kind, said, about),
        f"request id {said.request_id}" if said.request_id else "",
    ]
    raised = kind(
        "\n".join(line for line in lines if line),
        code=said.code,
        request_id=said.request_id,
        members={key: value for key, value in error.response.items() if isinstance(value, str)},
        attempts=said.attempts,
    )
    raised.began = answered_at(metadata.get("HTTPHeaders", {}))
    raised.says_it_exists = ALREADY_EXISTS in str(answer.get("Message") or "")
    return raised


def unanswered(error: Exception, about: About) -> AwsError | None:
    """Our error for a call that got no answer; None where botocore refused the request itself, which is a bug of ours."""
    row = SENT_AWAY if type(error).__name__ == "InvalidRegionError" else _foreseen(error)
    if row is None:
        return None
    kind, cause, advice = row
    cause = about.naming.told(cause, endpoint=about.endpoint)
    advice = about.again if kind is NoAnswer else about.naming.told(advice)
    raised = kind(f"cannot {about.doing}: {cause} ({type(error).__name__})\n{advice}")
    raised.lost = kind is NoAnswer
    return raised


def _foreseen(error: Exception) -> tuple[type[AwsError], str, str] | None:
    """The row of `CAUSES` for the error's class, or for the closest class that it is derived from."""
    return next((CAUSES[each.__name__] for each in type(error).__mro__ if each.__name__ in CAUSES), None)


def unusable_settings(error: Exception, naming: Naming) -> AwsError | None:
    """Our error where no client can be made by the variables, files and config of this machine; None for what botocore itself lacks.

    A ValueError is shown without its text, since a URL, and a password in it, may be in there.
    """
    from botocore.exceptions import BotoCoreError, DataNotFoundError

    if isinstance(error, DataNotFoundError):
        return None
    if row := _foreseen(error):
        kind, cause, advice = row
        return kind(f"{cause} ({type(error).__name__})\n{naming.told(advice)}")
    what = (
        f": {_in_one_line(str(error)).rstrip('.')}"
        if isinstance(error, BotoCoreError)
        else ", such as a URL or a number"
    )
    return Unreachable(
        f"a setting of AWS on this machine cannot be used{what} ({type(error).__name__})\n"
        f"check AWS_ENDPOINT_URL and the other variables that begin with AWS_, the profile in use, and {naming.of('endpoints')}"
    )


def no_credentials(error: Exception) -> BadCredentials:
    """Our error where a source of credentials failed in a way that botocore does not foresee: a file is missing, an answer is no JSON."""
    file = f": {error.filename}: {error.strerror}" if isinstance(error, OSError) and error.filename else ""
    return BadCredentials(
        f"the source of the AWS credentials gave none{file} ({type(error).__name__})\n"
        "check the profile in use, and the files and programs that it or a variable names"
    )


def unusable(error: Unusable, about: About) -> AwsError:
    """Our error for an answer that cannot be used."""
    asked_for = f"from {about.endpoint or 'AWS'}" if error.operation == about.operation else f"to {error.operation}"
    return NoAnswer(
        f"cannot {about.doing}: the answer {asked_for} {error.why}\n"
        f"is there a proxy, a sign-in page or a firewall in between? {about.again}"
    )


def masked(message: str, *documents: Mapping[str, object]) -> str:
    """AWS's message, in which each text of the documents is replaced by the name of its property: `<domain_name>`."""
    given = [each for asked in documents for each in _texts(asked)]
    stands_in = {text: member for member, text in given if len(text) > 2}
    for member, text in given:  # AWS may name a key by the last part of its ARN, or a queue by that of its URL
        part = _LAST_PART.search(text)
        if part and len(part[1]) > 3:
            stands_in.setdefault(part[1], member)
    if not stands_in:
        return message
    longest_first = sorted(stands_in, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, longest_first)), lambda found: f"<{stands_in[found[0]]}>", message)


def _texts(value: object, member: str = "") -> Iterator[tuple[str, str]]:
    """Every text in the value, with the name of its property; for tags that is `tags` or `key of tags`."""
    if isinstance(value, str):
        yield member, value
    elif isinstance(value, Mapping) and member in TAGS:
        yield from (("tags", text) for text in value.values() if isinstance(text, str))
        yield from (("key of tags", key) for key in value)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, key)
    elif isinstance(value, list) and member in TAGS:
        for tag in value:  # Voice ID's form of them: [{"key": "team", "value": "crm"}]
            yield from (("key of tags" if part == "key" else "tags", str(text)) for part, text in tag.items())
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, member)


def _in_one_line(text: str) -> str:
    """The words: a line end of AWS's would begin a line of ours, which may mean something else."""
    return " ".join(text.split())


def _cause(kind: type[AwsError], said: Said) -> str:
    """AWS's words, or ours where AWS's add nothing, or name the caller's session."""
    if issubclass(kind, AccessDenied):
        reason = re.search(r"\b(because .+?|with an explicit deny.*?)\.?$", said.message)
        return f"access denied, {reason[1]}" if reason else "access denied"
    if issubclass(kind, Throttled):
        return "too many requests"
    if issubclass(kind, BadCredentials):
        return "the credentials have expired" if said.code in EXPIRED else "the credentials are not accepted"
    return said.message or ("a fault on AWS's side" if issubclass(kind, NoAnswer) else "AWS gave no reason")


def _advice(kind: type[AwsError], said: Said, about: About) -> str:
    if issubclass(kind, AccessDenied):
        named = re.search(r"not authorized to perform: ([a-z0-9-]+:\w+)", said.message)
        own = f"{about.prefix}:{ACTIONS.get(about.operation, about.operation)}"
        return f"allow the IAM action {named[1] if named else own} to the caller"
    if issubclass(kind, Throttled):
        return (
            f"AWS still throttled the call after {said.attempts} attempts: lower --parallel, or ask for a higher quota"
        )
    if issubclass(kind, BadCredentials):
        return CHECK_CLOCK if said.code in UNSIGNED else RENEW
    if issubclass(kind, QuotaExceeded):
        return "delete what is not needed, or ask AWS for a higher quota"
    if said.code == "NoSuchBucket":
        return "check its name"
    if kind in (AwsError, NoAnswer) and said.status in NO_SUCH_SERVICE:
        return f"does {about.endpoint} offer this service? check {about.naming.of('endpoints')} and AWS_ENDPOINT_URL"
    return about.again if issubclass(kind, NoAnswer) else ""


def answered_at(headers: Mapping[str, Any]) -> float | None:
    """When AWS answered, by its own clock (seconds since 1970), so that a wrong local clock does not matter."""
    date = headers.get("date")
    return _moment(str(date)) if date else None


@lru_cache(maxsize=64)  # it has whole seconds, so many answers have the same
def _moment(date: str) -> float | None:
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(date).timestamp()
    except (TypeError, ValueError):
        return None
