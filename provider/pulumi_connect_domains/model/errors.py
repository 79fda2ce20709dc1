"""The exception tree: everything that a user can cause or repair. Anything else that is raised is a bug of ours.

    ConnectDomainsError
    ├── ProgramError          the program asks for something impossible (the host shows it without a traceback)
    ├── ConfigurationError    region, credentials or stack config do not fit together
    ├── Refused               we will not do it: data would be lost, or the resource is not ours
    ├── Unfinished            AWS failed a part of a change; what came before it is done
    ├── Unreadable            a file cannot be used, or what the Pulumi CLI printed
    │   ├── NotJson           it is no JSON (in stacks.documents: it says where)
    │   ├── TooBig            it would take too much memory
    │   ├── NotYaml           it is no YAML (in stacks.documents: it says where)
    │   └── NotAState         it is no stack export, or a damaged one (in stacks.deployment)
    ├── CommandFailed         a command of the Pulumi CLI failed
    ├── Stopped               an import into a stack ended early
    ├── LocalAwsError         the local AWS did not start, or refused what a test asked of it (in local.aws.client)
    ├── HostDown              Pulumi's provider host does not start, or does not answer (in host.probe)
    └── AwsError              AWS said no, or nothing
        ├── NotFound          the service's own not-found
        ├── AccessDenied      a permission is missing
        ├── InvalidRequest    AWS did not accept the values
        ├── Conflict          the resource's state forbids it for now
        ├── QuotaExceeded     a limit of the account
        ├── Throttled         too many requests, after all retries
        ├── BadCredentials    none, expired or not valid
        ├── Cancelled         the run was cancelled while a call waited: it was not sent again
        └── NoAnswer          a server fault or no answer: what was asked may have happened
            └── Unreachable   no connection could be made: nothing happened

Each message is one to three lines that stand alone. Only the command line turns them into exit codes.
"""

from __future__ import annotations

import traceback

from typing_extensions import Self

from .values import Json


class ConnectDomainsError(Exception):
    """A cause that the user can read and act on."""

    @property
    def in_one_line(self) -> str:
        """The text, for where there is one line: its lines with `; ` between them."""
        return "; ".join(str(self).splitlines())


def told(error: BaseException) -> str:
    """What is told of an error: the text of one of ours; of a bug its class and where it happened.

    A bug's own text is left out, since it may hold any value, also a secret one.
    """
    if isinstance(error, ConnectDomainsError):
        return str(error)
    places = "".join(traceback.format_tb(error.__traceback__))
    return f"connect-domains has a bug: {type(error).__name__}\n{places}"


class ProgramError(ConnectDomainsError):
    """The program asks for something impossible. Raised in a constructor, so at the program's own line."""


class ConfigurationError(ConnectDomainsError):
    """Region, credentials or stack config are missing or contradict each other."""


class Refused(ConnectDomainsError):
    """The provider refuses: data would be lost, or the resource does not belong to this stack."""


class Unfinished(ConnectDomainsError):
    """AWS failed a part of a change, perhaps in the background. What came before it is done.

    `live` is the resource as it is now. It must be stored in state.
    """

    def __init__(self, text: str, live: Json) -> None:
        super().__init__(text)
        self.live = live


class AwsError(ConnectDomainsError):
    """AWS did not do what was asked.

    `code` is AWS's error code, "" when no answer came; `request_id` its request id, or "". `members` are further texts of AWS's error
    (Voice ID's ResourceType and ConflictType). `attempts` counts the requests that were sent, 0 when no answer came. `lost`: an attempt's
    answer was lost or was a server fault, so the request may have been carried out. `began` is when the call began by AWS's clock (seconds
    since 1970), None when AWS did not say. `of_caller`: AWS could not say whose the credentials are. `says_it_exists`: AWS's unmasked text
    says that what was to be created exists already.
    """

    lost: bool = False
    began: float | None = None
    of_caller: bool = False
    says_it_exists: bool = False

    def __init__(
        self,
        text: str,
        *,
        code: str = "",
        request_id: str = "",
        members: dict[str, str] | None = None,
        attempts: int = 0,
    ) -> None:
        super().__init__(text)
        self.code = code
        self.request_id = request_id
        self.members = members or {}
        self.attempts = attempts

    def within(self, doing: str) -> Self:
        """This error; its text now begins with what could not be done: `cannot read Customer Profiles domain 'crm': …`."""
        self.args = (f"cannot {doing}: {self}",)
        return self

    def advise(self, sentence: str, *, alone: bool = False) -> Self:
        """This error; its advice now ends with the sentence, or if `alone` is the sentence alone.

        The request id stays the last line.
        """
        cause, *rest = str(self).split("\n")
        closing = [line for line in rest if line.startswith("request id ")]
        advice = [line for line in rest if line not in closing and not alone]
        self.args = ("\n".join([cause, "; ".join([*advice, sentence]), *closing]),)
        return self


class NotFound(AwsError):
    """The service says that something does not exist. What that means is decided where it is caught."""


class AccessDenied(AwsError):
    """A permission is missing. Never taken for "gone"."""


class InvalidRequest(AwsError):
    """AWS did not accept the request's values."""


class Conflict(AwsError):
    """The resource's state forbids the operation for now."""


class QuotaExceeded(AwsError):
    """A quota of the account is used up."""


class Throttled(AwsError):
    """Too many requests, also after the retries."""


class BadCredentials(AwsError):
    """No credentials, or expired, or not valid ones."""


class NoAnswer(AwsError):
    """No answer, or a server fault: the request may have been carried out."""


class Unreachable(NoAnswer):
    """No connection could be made, so nothing was done."""


class Cancelled(AwsError):
    """The run was cancelled while a call waited for its turn, or to be repeated. The call was not sent again."""


_CODES: dict[type[AwsError], str] = {
    NotFound: "ResourceNotFoundException NoSuchKey",
    AccessDenied: "AccessDenied AccessDeniedException NotAuthorized UnauthorizedException UnauthorizedOperation OptInRequired",
    InvalidRequest: (
        "BadRequestException ValidationException ValidationError InvalidParameterValue MalformedPolicyDocument "
        "PackedPolicyTooLarge RegionDisabledException InvalidContextAssertion"
    ),
    Conflict: "ConflictException",
    QuotaExceeded: "ServiceQuotaExceededException LimitExceededException",
    Throttled: (
        "Throttling ThrottlingException ThrottledException RequestThrottled RequestThrottledException RequestLimitExceeded "
        "TooManyRequestsException SlowDown BandwidthLimitExceeded PriorRequestNotComplete"
    ),
    BadCredentials: (
        "ExpiredToken ExpiredTokenException RequestExpired RequestTimeTooSkewed InvalidClientTokenId InvalidAccessKeyId "
        "InvalidIdentityToken IDPRejectedClaim UnrecognizedClientException InvalidSignatureException SignatureDoesNotMatch "
        "IncompleteSignature IncompleteSignatureException MissingAuthenticationToken MissingAuthenticationTokenException"
    ),
    NoAnswer: (
        "InternalServerException InternalServerError InternalFailure InternalError ServiceUnavailable "
        "ServiceUnavailableException IDPCommunicationError"
    ),
}

CLASS_OF_CODE: dict[str, type[AwsError]] = {code: kind for kind, codes in _CODES.items() for code in codes.split()}
"""Which class an AWS error code is raised as; codes that are not here are a plain AwsError.

Source: the error shapes of both service models and of STS, the common errors of AWS's API references, and botocore's list of codes
that mean throttling.
"""


# -- files, and the Pulumi CLI ----------------------------------------------------------------------------------------


class Unreadable(ConnectDomainsError):
    """A file cannot be used. The text is one line that follows the file's name: `is not JSON: …`."""


class TooBig(Unreadable):
    """A file, or what it holds, would take too much memory."""


class CommandFailed(ConnectDomainsError):
    """A command of the Pulumi CLI failed; the message is what it said."""


class Stopped(ConnectDomainsError):
    """An import into a stack ended early; the message says why, and how the stack stands."""
