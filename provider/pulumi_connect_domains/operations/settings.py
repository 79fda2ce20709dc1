"""Reads a Configuration from what the host is given: the whole stack config, or an explicit Provider's inputs.

Stack config has pulumi-aws's keys (`aws:assumeRoles`). Its values are texts; lists and objects are JSON texts. A Provider has the same
settings in snake_case (`assume_roles`), with values of the right type. One table reads both, so they cannot differ in meaning.

Source: dynamic providers' ConfigureRequest: stack config comes with its namespaces, and a Provider's inputs as they are.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from ..aws.access import Access, Naming
from ..model.errors import ConfigurationError
from ..model.resource_type import PACKAGE
from ..model.spelling import Spelling
from ..model.tags import TagPolicy
from ..model.validation.suggestions import alike
from ..model.values import holds_unknown
from ..model.warning import CONFIG_UNKNOWN, CONFIG_WITHOUT_EFFECT, SILENCE, Notice, silenced_rules
from ..model.wording import camel_case, snake_case
from . import PROVIDER_MARK
from .configuration import Configuration
from .vocabulary import IRRELEVANT, SETTINGS, WITHOUT_EFFECT

ALIKE = ("profile", "access_key", "secret_key", "token", "sts_region", "endpoints", "retry_mode")
"""The settings that an Access holds as they are, under the same names."""


def from_config(raw: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> Configuration:
    """The configuration that the host was given.

    Raises: ConfigurationError, which names every setting whose value cannot be read. It shows no value, since that may be secret.
    """
    is_explicit = PROVIDER_MARK in raw
    given = {**raw} if is_explicit else _stack_settings(raw)
    environment = os.environ if environment is None else environment
    naming = Naming(is_explicit=is_explicit)
    read, mistakes = _read(given, naming)
    if mistakes:
        raise ConfigurationError("\n".join(mistakes))
    rules, notices = silenced_rules(raw.get("silence" if is_explicit else SILENCE), environment)
    return replace(
        _configuration(read),
        silenced=rules,
        notices=notices if is_explicit else (*notices, *_notices(given, naming)),
        is_explicit=is_explicit,
    )


def from_native_inputs(
    raw: Mapping[str, Any],
    *,
    is_explicit: bool,
    environment: Mapping[str, str] | None = None,
    spelling: Spelling = Spelling.SNAKE,
    refused: Mapping[str, str] | None = None,
) -> Configuration:
    """The configuration of a native provider, by its inputs: keys in camelCase or snake_case, values as texts, JSON texts or structured.

    For the default provider (not `is_explicit`) they are the stack's config in the namespace of the package. Unknown values are left out.
    `spelling` is the program's. `refused` says what stands in the place of plain values, by key: `{"region": "an asset"}`.

    Source: CheckConfig and Configure of CLI 3.260.0, which put `version` and `pluginDownloadURL` among them.
    Raises: as `from_config`.
    """
    given = {snake_case(key): value for key, value in raw.items() if not holds_unknown(value)}
    for name in OF_THE_ENGINE:
        given.pop(name, None)
    environment = os.environ if environment is None else environment
    unknown = {snake_case(key) for key, value in raw.items() if holds_unknown(value)}
    naming = Naming(PACKAGE, is_explicit, spelling)
    read, mistakes = _read(given, naming, unknown)
    mistakes += [
        f"{naming.of(snake_case(key))}: holds {what}, not plain values" for key, what in sorted((refused or {}).items())
    ]
    mistakes += _given_twice(raw, naming)
    if mistakes:
        raise ConfigurationError("\n".join(mistakes))
    rules, notices = silenced_rules(given.pop("silence", None), environment)
    return replace(
        _configuration(read),
        silenced=rules,
        notices=(*notices, *_notices(given, naming)),
        is_explicit=is_explicit,
        namespace=PACKAGE,
        spelling=spelling,
    )


OF_THE_ENGINE = ("version", "plugin_download_u_r_l", "plugin_download_url", "__internal")


def _given_twice(raw: Mapping[str, Any], naming: Naming) -> list[str]:
    """What is wrong with the keys that name one setting in two spellings, which both have a value."""
    keys = sorted(key for key, value in raw.items() if value is not None)
    return [
        f"{naming.of(key)}: is given twice, as {camel_case(key)} and as {key}; keep {camel_case(key)}"
        for key in keys
        if key != camel_case(key) and camel_case(key) in keys
    ]


def _stack_settings(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The settings in the namespace `aws`, by their snake_case names."""
    return {snake_case(key.removeprefix("aws:")): raw[key] for key in raw if key.startswith("aws:")}


def _read(given: Mapping[str, Any], naming: Naming, unknown: Collection[str] = ()) -> tuple[dict[str, Any], list[str]]:
    """The settings that can be read, by name, and what is wrong with the others. `unknown` are given too, with values to come."""
    read, mistakes = {}, []
    for name, setting in SETTINGS.items():
        if given.get(name) in (None, ""):
            continue
        try:
            read[name] = setting.form(given[name])
        except ValueError as mistake:
            mistakes.append(f"{naming.of(name)}: {mistake}")
    for key, other in (("access_key", "secret_key"), ("secret_key", "access_key")):
        if key in read and not given.get(other) and other not in unknown:
            mistakes.append(f"{naming.of(key)}: is of no use without {naming.of(other)}")
    return read, mistakes


def _configuration(read: Mapping[str, Any]) -> Configuration:
    ignored_keys, ignored_prefixes = read.get("ignore_tags", ((), ()))
    return Configuration(
        region=read.get("region", ""),
        access=_access(read),
        tags=TagPolicy(read.get("default_tags", {}), frozenset(ignored_keys), ignored_prefixes),
        allowed_account_ids=read.get("allowed_account_ids", ()),
        forbidden_account_ids=read.get("forbidden_account_ids", ()),
    )


def _access(read: Mapping[str, Any]) -> Access:
    roles = [
        *read.get("assume_role_with_web_identity", ()),  # first, since it needs no credentials
        *(read.get("assume_roles") or read.get("assume_role") or ()),
    ]
    variables = [
        (setting.variable, read[name]) for name, setting in SETTINGS.items() if setting.variable and name in read
    ]
    proxies = [(name.partition("_")[0], read[name]) for name in ("http_proxy", "https_proxy") if name in read]
    return Access(
        **{name: read[name] for name in ALIKE if name in read},
        roles=tuple(roles),
        max_attempts=read.get("max_retries", Access.max_attempts),
        skips_metadata=read.get("skip_metadata_api_check", False),
        verifies_tls=not read.get("insecure", False),
        proxies=tuple(proxies),
        variables=tuple(variables),
    )


def _notices(given: Mapping[str, Any], naming: Naming) -> list[Notice]:
    """A warning for each setting that has no effect here, though people may expect one."""
    notices = []
    for name in given:
        key = naming.of(name)
        if name in WITHOUT_EFFECT:
            notices.append(Notice(CONFIG_WITHOUT_EFFECT, key, naming.told(WITHOUT_EFFECT[name])))
        elif name not in SETTINGS and name not in IRRELEVANT:
            meant = "".join(f"; did you mean {naming.of(known)}?" for known in alike(name, SETTINGS))
            notices.append(Notice(CONFIG_UNKNOWN, key, f"is not a setting known here, and does nothing{meant}"))
    return notices
