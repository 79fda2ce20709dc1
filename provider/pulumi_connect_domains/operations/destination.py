"""Where a resource is: its Region, and the account of the credentials. And the reasons not to touch it there."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from .. import aws
from ..model.errors import AwsError, ConfigurationError, Refused
from ..model.resource_type import ResourceType
from ..model.schema import Schema
from ..model.values import Arn, Json, is_unknown, moment
from ..model.wording import either
from . import forms
from .configuration import Configuration, Region


def resolve_region(
    own: str, configuration: Configuration, environment: Mapping[str, str] | None = None
) -> Region | None:
    """The Region of a resource, or None. The first that is set counts: its own input, the Provider's or the stack's, the environment's,
    the profile's.

    Raises: BadCredentials when the profile is looked at and does not exist.
    """
    environment = os.environ if environment is None else environment
    configured = "Provider" if configuration.is_explicit else configuration.named("region")
    if own:
        return Region(own, "region")
    if configuration.region:
        return Region(configuration.region, configured)
    if environment.get("AWS_REGION"):
        return Region(environment["AWS_REGION"], "AWS_REGION")
    if environment.get("AWS_DEFAULT_REGION"):
        return Region(environment["AWS_DEFAULT_REGION"], "AWS_DEFAULT_REGION")
    name = aws.profile_region(configuration.access)
    return Region(name, "profile") if name else None


def settled_region(
    type: ResourceType, state: Json, inputs: Json, configuration: Configuration
) -> tuple[str, list[str]]:
    """The Region to use, "" if there is none or it is not known yet; and the failures that forbid to use it.

    AWS is asked only if the configuration limits the accounts. A Region that is unknown or no text is not judged here.
    """
    own, kept = inputs.get("region", ""), str(state.get("region") or "")
    if is_unknown(own) or not isinstance(own, str):
        return "", []
    try:
        region = resolve_region(own.strip(), configuration)
    except AwsError as error:
        return "", [str(error)]
    if region is None:
        return "", [_no_region(type, configuration, kept)]
    if not forms.REGION.fullmatch(region.name):
        return "", [f"region: {region.name!r} (from {region.source}) is not the name of a region"]
    if region.is_ambient and kept and kept != region.name:
        return "", [_another_region(type, configuration, region, kept)]
    return region.name, _accounts(type, region.name, configuration)


def service(type: ResourceType, document: Json, configuration: Configuration) -> aws.Service:
    """The service to call for a resource with these inputs or outputs.

    Raises: Refused for credentials of another account than that of its ARN, or of one that the configuration does not allow.
    ConfigurationError without a region, or with one that is not known yet.
    """
    own = document.get("region") or ""
    if is_unknown(own):
        raise ConfigurationError("region: is not known yet, so AWS was not asked")
    region = resolve_region(str(own), configuration)
    if region is None:
        raise ConfigurationError(_no_region(type, configuration))
    found = aws.service(type.service, region.name, configuration.access)
    arn = Arn.parse(document.get("arn"))
    if arn and arn.account != found.caller.account:
        raise Refused(
            f"the {type.noun} {document['arn']} belongs to account {arn.account}, but the credentials are of account "
            f"{found.caller.account}\nuse credentials of account {arn.account}; nothing was read or changed"
        )
    if configuration.limits_accounts and (mistake := account_mistake(found.caller.account, configuration)):
        raise Refused(mistake)
    return found


def is_known(schema: Schema, outputs: Json) -> bool:
    """Whether state knows the resource: it was created, adopted or read before, and these outputs still say which one it is."""
    wanted = schema.identified_by[:1] or tuple(schema.outputs)
    return not wanted or any(name in outputs for name in wanted)


def require_identity(verb: str, type: ResourceType, id: str, outputs: Json) -> None:
    """Does nothing if state says which resource it means.

    Raises: Refused if it lacks an output that tells the resource from another one with the same id (`identified_by`: an ARN, a time of
    creation). Another resource may have that id by now.
    """
    missing = [name for name in type.schema.identified_by if not _is_usable(type.schema, name, outputs)]
    if not missing:
        return
    arn = outputs.get("arn")
    absent = [name for name in missing if name != "arn" or not arn]
    what, noun = " and ".join(absent) or "usable arn", type.schema.short_noun
    raise Refused(
        f"cannot {verb} {type.noun} {id!r}: its state has no {what}, so it is not certain which {noun} it means\n"
        f"`pulumi refresh` takes the {noun} of that id into state as it is now: look at what it shows, then run again; "
        "or `pulumi state delete` lets go of the entry"
    )


def _is_usable(schema: Schema, name: str, outputs: Json) -> bool:
    value = outputs.get(name)
    if name == "arn":
        return Arn.parse(value) is not None
    return moment(value) is not None if schema.members[name].is_time else bool(value)


@contextmanager
def used_to(verb: str, type: ResourceType, id: str = "") -> Iterator[None]:
    """If AWS cannot say whose the credentials are, adds to the error what we wanted to do: "cannot update … 'crm': …"."""
    try:
        yield
    except AwsError as error:
        if error.of_caller:
            error.within(f"{verb} {type.noun} {id!r}" if id else f"{verb} a {type.noun}")
        raise


def account_mistake(account: str, configuration: Configuration) -> str:
    """Why the account may not be touched, or ""."""
    allowed, forbidden = configuration.allowed_account_ids, configuration.forbidden_account_ids
    if allowed and account not in allowed:
        setting, expected = "allowed_account_ids", f"only {either(allowed)} may be used"
    elif account in forbidden:
        setting, expected = "forbidden_account_ids", "this account must not be used"
    else:
        return ""
    return f"account: the credentials are of account {account}, but {expected} ({configuration.named(setting)})"


def _accounts(type: ResourceType, region: str, configuration: Configuration) -> list[str]:
    if not configuration.limits_accounts:
        return []
    try:
        caller = aws.service(type.service, region, configuration.access).caller
    except AwsError as error:
        return [f"account: {error}"]
    mistake = account_mistake(caller.account, configuration)
    return [mistake] if mistake else []


def _no_region(type: ResourceType, configuration: Configuration, kept: str = "") -> str:
    there = f"; the {type.noun} is in {kept}" if kept else ""
    return f"region: is not set{there}; set the resource's region, {_configured(configuration)}, or AWS_REGION"


def _another_region(type: ResourceType, configuration: Configuration, region: Region, kept: str) -> str:
    shell = "this machine's profile" if region.source == "profile" else f"this shell's {region.source}"
    return (
        f"region: {shell} says {region.name}, but the {type.noun} is in {kept}; "
        f"set the resource's region, or {_configured(configuration)}, to the one you mean"
    )


def _configured(configuration: Configuration) -> str:
    return (
        "the Provider's region"
        if configuration.is_explicit
        else f"{configuration.named('region')} in the stack's config"
    )
