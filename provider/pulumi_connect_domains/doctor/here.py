"""What AWS is to this machine: Region, credentials, account, clock, endpoints, and whether each service answers.

The rules are the provider's own: `operations.settings`, `operations.destination`, `aws.sessions`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from .. import aws
from ..aws.access import Role
from ..model.errors import AccessDenied, AwsError, BadCredentials, CommandFailed, ConfigurationError
from ..model.resource_type import ResourceType
from ..model.validation import advice
from ..model.values import Json
from ..model.warning import SILENCE
from ..operations.call import Call
from ..operations.configuration import Configuration
from ..operations.destination import account_mistake, resolve_region
from ..operations.forms import REGION
from ..operations.settings import from_config, from_native_inputs
from ..registry import resource_types
from ..stacks.cli import Pulumi
from ..stacks.config import config_of
from ..stacks.hosts import CONFIG_BEGINS, native_settings
from ..stacks.project import runtime
from .model import Check, Status

ATTEMPTS = 2
"""How often a call is tried. The provider is more patient; here people wait for the report."""

REGION_SOURCES = {"region": "--region", "profile": "the AWS profile"} | {
    key: f"the stack's {key}" for key in ("aws:region", f"{CONFIG_BEGINS}region")
}
CHOOSE_STACK = "choose a stack that `pulumi stack ls` lists in the project's folder; --cwd names the folder"
SET_REGION = (
    f"set aws:region in the stack's config ({CONFIG_BEGINS}region for the native provider), or the variable AWS_REGION"
)

CLOCK_WARNS_SECONDS, CLOCK_FAILS_SECONDS = 60, 300
"""AWS refuses a request whose time is more than five minutes away from its own. Source: Signature Version 4, "date in the signature"."""


@dataclass(frozen=True)
class Wanted:
    """What the command line says about how to reach AWS. Each part counts before what is configured."""

    stack: str = ""
    folder: str = "."
    region: str = ""
    profile: str = ""
    role: str = ""


def configured(wanted: Wanted, seconds: float) -> tuple[Configuration | None, Check]:
    """The configuration, or None where it cannot be read; and the check of it."""
    name = "configuration"
    try:
        pulumi = Pulumi.find(wanted.folder, "--stack asks it") if wanted.stack else None
    except ConfigurationError as error:
        return None, Check(name, "failed", str(error), "install the Pulumi CLI, or leave --stack out")
    try:
        found = _read(config_of(pulumi, wanted.stack, seconds) if pulumi else {}, wanted.folder)
    except CommandFailed as error:
        return None, Check(name, "failed", error.in_one_line, CHOOSE_STACK)
    except ConfigurationError as error:
        return None, Check(name, "failed", error.in_one_line, "correct the stack's config")
    access = replace(found.access, max_attempts=min(ATTEMPTS, found.access.max_attempts))
    if wanted.profile:
        access = replace(access, profile=wanted.profile)
    if wanted.role:
        access = replace(access, roles=(*access.roles, Role(wanted.role)))
    found = replace(found, access=access)
    if not wanted.stack:
        return found, Check(
            name, "skipped", "no stack was named, so this shell's settings count", "--stack NAME checks a stack's own"
        )
    if found.notices:
        return found, Check(name, "warning", "; ".join(f"{each.path} {each.text}".strip() for each in found.notices))
    return found, Check(name, "ok", f"the config of stack {wanted.stack} can be read")


def _read(config: Json, folder: str) -> Configuration:
    """The configuration as the stack's host reads it: the native one, where its settings stand in it, or the programs are not in Python."""
    settings = native_settings(config)
    if settings.keys() - {SILENCE.removeprefix(CONFIG_BEGINS)} or runtime(folder) not in ("", "python"):
        return from_native_inputs(settings, is_explicit=False)
    return from_config(config)


def region_of(wanted: Wanted, configuration: Configuration) -> tuple[str, Check]:
    """The Region, or "" where none can be used; and the check of it."""
    try:
        found = resolve_region(wanted.region, configuration)
    except BadCredentials as error:
        return "", Check.of_error("region", error)
    if found is None:
        return "", Check("region", "failed", "no Region is set", SET_REGION)
    source = REGION_SOURCES.get(found.source, found.source)
    if not REGION.fullmatch(found.name):
        return "", Check("region", "failed", f"{found.name!r} ({source}) is not the name of a Region", SET_REGION)
    return found.name, Check("region", "ok", f"{found.name} ({source})")


def credentials(region: str, configuration: Configuration) -> list[Check]:
    """Where the credentials come from; they are fetched, and never shown."""
    try:
        source = aws.credentials_source(region, configuration.access)
    except AwsError as error:
        return [Check.of_error("credentials", error)]
    roles = "".join(f", then role {role.arn}" for role in configuration.access.roles)
    return [Check("credentials", "ok", f"from {source}{roles}" if not roles else f"found{roles}")]


def account(region: str, configuration: Configuration) -> list[Check]:
    """Whose the credentials are, and whether this machine's clock is right, by the time in AWS's answer."""
    sts = aws.service("sts", configuration.access.sts_region or region, configuration.access)
    try:
        offset = aws.watched_clock(sts)
    except AwsError as error:
        return [Check.of_error("account", error), Check("clock", "skipped", "AWS was not asked")]
    try:
        caller = sts.caller
    except AwsError as error:
        return [Check.of_error("account", error), clock(offset())]
    mistake = account_mistake(caller.account, configuration)
    if mistake:
        found = Check("account", "failed", mistake.removeprefix("account: "), "use credentials of another account")
    else:
        found = Check("account", "ok", f"{caller.account} ({caller.partition}), as {identity(caller.arn)}")
    return [found, clock(offset())]


def identity(arn: str) -> str:
    """Who the ARN names, without the session: "user/ada", "assumed-role/Deploy"."""
    kind, _, rest = arn.split(":", 5)[-1].partition("/")
    return f"{kind}/{rest.partition('/')[0]}" if kind == "assumed-role" else f"{kind}/{rest}".rstrip("/")


def clock(offset: float | None) -> Check:
    """How far AWS's clock is ahead of this machine's, in seconds; None where AWS did not say."""
    if offset is None:
        return Check("clock", "skipped", "AWS did not say what time it is")
    seconds = abs(round(offset))
    if seconds <= CLOCK_WARNS_SECONDS:
        return Check("clock", "ok", "agrees with AWS's")
    found = f"this machine's clock is {seconds:,} s {'behind' if offset > 0 else 'ahead of'} AWS's"
    status: Status = "failed" if seconds > CLOCK_FAILS_SECONDS else "warning"
    return Check("clock", status, found, "set the clock; AWS refuses requests that are five minutes away")


def service(type: ResourceType, region: str, configuration: Configuration) -> list[Check]:
    """The endpoint of the type's service, and whether it answers one cheap read."""
    found = aws.service(type.service, region, configuration.access)
    try:
        url, source = aws.endpoint(found)
    except AwsError as error:
        return [Check.of_error(f"endpoint-{type.key}", error), Check(f"service-{type.key}", "skipped", "was not asked")]
    return [Check(f"endpoint-{type.key}", "ok", f"{url} ({source})"), answers(type, found, configuration)]


def answers(type: ResourceType, service: aws.Service, configuration: Configuration) -> Check:
    """Whether the service answers: its list operation is asked for one entry.

    Listing is no part of what `pulumi up` needs, so a permission for it that is missing is a warning. So is all that a service says
    whose schema has a warning about the type as a whole: nobody knows what AWS answers then.
    """
    name = f"service-{type.key}"
    notices = advice(type.schema, {"region": service.region})
    about_service = "; ".join(each.text for each in notices if not each.path)
    about_region = "; ".join(f"{service.region} {each.text}" for each in notices if each.path)
    [action] = type.schema.permissions["list"]
    call = Call(service, type, configuration=configuration)
    try:
        call.aws(action.partition(":")[2], f"the {type.noun}s of {service.region}", max_results=1)
    except AccessDenied as error:
        denied = Check.of_error(name, error, "warning")
        without = "only `import` and `drift --unmanaged` need this"
        return replace(denied, advice="; ".join(filter(None, [denied.advice, without, about_service])))
    except AwsError as error:
        failed = Check.of_error(name, error, "warning" if about_service else "failed")
        return replace(failed, advice="; ".join(filter(None, [failed.advice, about_region, about_service])))
    return Check(name, "ok", f"{action} is answered", "; ".join(filter(None, [about_region, about_service])))


def asked_types() -> list[ResourceType]:
    """One type of each service that can be asked without knowing a resource."""
    found: dict[str, ResourceType] = {}
    for type in resource_types().values():
        if type.schema.permissions.get("list") and not type.parent:
            found.setdefault(type.service, type)
    return list(found.values())


FIRST = ("credentials",)
Task = tuple[Sequence[str], Callable[[], "list[Check]"]]
"""The names of the checks that a function makes, and the function."""


def tasks(region: str, configuration: Configuration) -> Iterator[Task]:
    """All that asks AWS. The first finds credentials, which the others need; those may run at the same time."""
    yield FIRST, lambda: credentials(region, configuration)
    yield ("account", "clock"), lambda: account(region, configuration)
    for type in asked_types():
        names = (f"endpoint-{type.key}", f"service-{type.key}")
        yield names, lambda type=type: service(type, region, configuration)  # type: ignore[misc]  # its default is the type
