"""Where a resource goes: its region, and the account that the credentials belong to. And what speaks against going there."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Literal

from .. import aws
from ..model.errors import AwsError, ConfigurationError, Refused
from ..model.resource_type import ResourceSpec
from ..model.values import Json, is_unknown, moment
from . import forms
from .configuration import Configuration, Region

ARN_COLONS = 5
"""`arn:partition:service:region:account:resource`. Source: AWS's reference of ARNs."""


def resolve_region(
    own: str, configuration: Configuration, environment: Mapping[str, str] | None = None
) -> Region | None:
    """The region of a resource, first that is set: its own input, the Provider's or the stack's, the environment's, the profile's.

    Raises: BadCredentials for a profile that does not exist, where the region is looked for there.
    """
    environment = os.environ if environment is None else environment
    configured: Literal["Provider", "aws:region"] = "Provider" if configuration.is_explicit else "aws:region"
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


def settle(spec: ResourceSpec, state: Json, inputs: Json, configuration: Configuration) -> list[str]:
    """`region` in the inputs is the one to use. What speaks against it, each as a failure.

    AWS is asked only where the configuration limits the accounts. An unknown region is left alone, and so is one that is no text.
    """
    own, kept = inputs.get("region", ""), str(state.get("region") or "")
    if is_unknown(own) or not isinstance(own, str):
        return []
    try:
        region = resolve_region(own.strip(), configuration)
    except AwsError as error:
        return [str(error)]
    if region is None:
        return [_no_region(spec, configuration, kept)]
    if not forms.REGION.fullmatch(region.name):
        return [f"region: {region.name!r} (from {region.source}) is not the name of a region"]
    if region.is_ambient and kept and kept != region.name:
        return [_another_region(spec, configuration, region, kept)]
    inputs["region"] = region.name
    return _accounts(spec, region.name, configuration)


def service(spec: ResourceSpec, document: Json, configuration: Configuration) -> aws.Service:
    """The service to call for a resource with these inputs or outputs.

    Raises: Refused for credentials of another account than that of its ARN, or of one that the configuration does not allow.
    ConfigurationError without a region.
    """
    region = resolve_region(str(document.get("region") or ""), configuration)
    if region is None:
        raise ConfigurationError(_no_region(spec, configuration))
    found = aws.service(spec.service, region.name, configuration.access)
    arn = str(document.get("arn") or "")
    if arn.count(":") >= ARN_COLONS and (account := arn.split(":")[4]) != found.caller.account:
        raise Refused(
            f"the {spec.noun} {arn} belongs to account {account}, but the credentials are of account "
            f"{found.caller.account}\nuse credentials of account {account}; nothing was read or changed"
        )
    if configuration.limits_accounts and (mistake := account_mistake(found.caller.account, configuration)):
        raise Refused(mistake)
    return found


def identified(verb: str, spec: ResourceSpec, id: str, outputs: Json) -> str:
    """The ARN of the domain that state means.

    Raises: Refused where state does not hold what tells one domain from another, its ARN and its time of creation: another domain may
    have taken the name meanwhile.
    """
    arn = str(outputs.get("arn") or "")
    missing = [] if arn else ["arn"]
    missing += [] if moment(outputs.get("created_at")) else ["created_at"]
    if not missing and arn.count(":") >= ARN_COLONS:
        return arn
    what = " and ".join(missing) or "usable arn"
    raise Refused(
        f"cannot {verb} {spec.noun} {id!r}: its state has no {what}, so it is not certain which domain it means\n"
        "`pulumi refresh` takes the domain of that id into state as it is now: look at what it shows, then run again; "
        "or `pulumi state delete` lets go of the entry"
    )


@contextmanager
def used_to(verb: str, spec: ResourceSpec, id: str = "") -> Iterator[None]:
    """An error in finding out whose the credentials are tells what it kept from being done."""
    try:
        yield
    except AwsError as error:
        if error.of_caller:
            error.within(f"{verb} {spec.noun} {id!r}" if id else f"{verb} a {spec.noun}")
        raise


def account_mistake(account: str, configuration: Configuration) -> str:
    """Why the account may not be touched, or ""."""
    allowed, forbidden = configuration.allowed_account_ids, configuration.forbidden_account_ids
    if allowed and account not in allowed:
        setting, expected = "allowed_account_ids", f"only {_or(allowed)} may be used"
    elif account in forbidden:
        setting, expected = "forbidden_account_ids", "this account must not be used"
    else:
        return ""
    return f"account: the credentials are of account {account}, but {expected} ({configuration.named(setting)})"


def _accounts(spec: ResourceSpec, region: str, configuration: Configuration) -> list[str]:
    if not configuration.limits_accounts:
        return []
    try:
        caller = aws.service(spec.service, region, configuration.access).caller
    except AwsError as error:
        return [f"account: {error}"]
    mistake = account_mistake(caller.account, configuration)
    return [mistake] if mistake else []


def _no_region(spec: ResourceSpec, configuration: Configuration, kept: str = "") -> str:
    there = f"; the {spec.noun} is in {kept}" if kept else ""
    return f"region: is not set{there}; set the resource's region, {_configured(configuration)}, or AWS_REGION"


def _another_region(spec: ResourceSpec, configuration: Configuration, region: Region, kept: str) -> str:
    shell = "this machine's profile" if region.source == "profile" else f"this shell's {region.source}"
    return (
        f"region: {shell} says {region.name}, but the {spec.noun} is in {kept}; "
        f"set the resource's region, or {_configured(configuration)}, to the one you mean"
    )


def _configured(configuration: Configuration) -> str:
    return "the Provider's region" if configuration.is_explicit else "aws:region in the stack's config"


def _or(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
