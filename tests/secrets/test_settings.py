"""Nothing of the configuration is told: not by a value that cannot be read, and not by an answer that repeats a whole request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pulumi_connect_domains import aws
from pulumi_connect_domains.aws import services
from pulumi_connect_domains.host import secrecy
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.model.errors import ConfigurationError
from pulumi_connect_domains.model.wording import camel_case
from pulumi_connect_domains.operations import PROVIDER_MARK
from pulumi_connect_domains.operations.settings import from_config
from pulumi_connect_domains.operations.vocabulary import ROLE_MEMBERS, SETTINGS, WEB_IDENTITY_MEMBERS

from ..contract.hosts import HELD
from ..contract.resources import Resource, resource_in
from .canaries import Search, canary
from .faults import FAULTS
from .inputs import TYPES, flat
from .saying import ONCE, Said
from .settings import KEYS, PUBLIC, PUBLIC_MEMBERS, SECRETS, in_config, role

SEARCH = Search(KEYS["secret_key"], KEYS["token"])
TEXT = canary("spoiled")
SPOILED: tuple[Any, ...] = (
    TEXT, f"[{TEXT}", f'["{TEXT}"', f'{{"{TEXT}": "{TEXT}"}}', f'[{{"{TEXT}": "{TEXT}"}}]', f'["{TEXT}", 1]', f'[["{TEXT}"]]',
    f'{{"roleArn": 1, "externalId": "{TEXT}"}}', f'{{"roleArn": "arn", "duration": "{TEXT}"}}', f'{{"keys": "{TEXT}"}}', f"http://{TEXT}@x",
)  # fmt: skip


def test_each_setting_holds_a_canary_or_says_why_not() -> None:
    assert SECRETS.keys() | PUBLIC.keys() == SETTINGS.keys()
    for name, value in SECRETS.items():
        assert SEARCH.found(" ".join(flat(value) if not isinstance(value, str) else [value])), name
    for members in (ROLE_MEMBERS, WEB_IDENTITY_MEMBERS):
        for member, value in role(members, "x").items():
            assert member in PUBLIC_MEMBERS or SEARCH.found(str(value)), member
        assert members.keys() - role(members, "x").keys() <= PUBLIC_MEMBERS.keys()


@pytest.mark.parametrize("name", SETTINGS)
def test_a_value_that_cannot_be_read_is_not_told(name: str) -> None:
    """As the stack's config, and as an argument of a Provider, where values have any type."""
    refused = 0
    for value in (*SPOILED, [TEXT], {TEXT: TEXT}, [{TEXT: [TEXT]}], [[TEXT]]):
        raws: list[dict[str, Any]] = [{PROVIDER_MARK: "1", name: value}]
        if isinstance(value, str):
            raws += [{f"aws:{camel_case(name)}": value}, {f"aws:{name}": value}]
        for raw in raws:
            is_refused, said = _read(raw)
            refused += is_refused
            assert SEARCH.found(said) == []
    assert refused


def _read(raw: dict[str, Any]) -> tuple[bool, str]:
    """Whether the configuration is refused, and all that is said of it."""
    try:
        return False, " ".join(map(str, from_config(raw, {}).notices))
    except ConfigurationError as error:
        return True, str(error)


def test_no_repr_shows_a_credential() -> None:
    found = from_config(
        {f"aws:{camel_case(name)}": in_config(value) for name, value in {**SECRETS, **KEYS}.items()}, {}
    )
    shown = repr(found)
    hidden = [KEYS["secret_key"], KEYS["token"], SECRETS["http_proxy"], SECRETS["https_proxy"]]
    for each in (*SECRETS["assume_roles"], SECRETS["assume_role_with_web_identity"]):
        hidden += [each[member] for member in ("external_id", "policy", "web_identity_token") if member in each]
    assert [text for text in hidden if text in shown] == []
    assert len(hidden) == 8


CONFIGS: dict[str, dict[str, Any]] = {
    "keys": KEYS,
    "a role": {**KEYS, "assume_roles": SECRETS["assume_roles"]},
    "a role of a web identity": {"assume_role_with_web_identity": SECRETS["assume_role_with_web_identity"]},
}


def _made(local_aws: LocalAws, host: str, key: str, config: dict[str, Any]) -> Resource:
    local_aws.reset()
    aws.forget_clients()
    resource = resource_in(local_aws, HELD[host](TYPES[key]))
    resource.settings.update(ONCE | {name: in_config(value) for name, value in config.items()})
    resource.begin_a_run()
    return resource


def _tokens() -> Iterator[str]:
    """The session tokens that clients of this process send, those of roles too. A secret key is never sent."""
    for service in [each for known in services._services.values() for each in known.values()]:
        if service._credentials:
            signed_with = service.fetched()
            frozen = signed_with and signed_with.get_frozen_credentials()
            yield from filter(None, [frozen and frozen.token])


def _sent_tokens(resource: Resource, config: dict[str, Any], call: str) -> set[str]:
    """The session tokens that go with the call: of the config, or of a role, which has then been assumed."""
    if call.startswith("AssumeRole"):
        return {config["token"]} if call == "AssumeRole" else set()
    assert resource.operations.call({"region": "us-east-1"}).account
    services._callers.clear()
    of_roles = {*_tokens()} - {KEYS["token"]}
    return of_roles or {config["token"]}


def _hold(local_aws: LocalAws, said: Said, host: str, name: str, share: int) -> None:
    """Every call of a creation meets each fault, or one of `share`; in each answer is what was sent with the call."""
    config, key = CONFIGS[name], "customerprofiles"
    resource = _made(local_aws, host, key, config)
    resource.make(resource.sample["minimal"])
    asked = list(dict.fromkeys(call.operation for call in local_aws.calls()))
    assert len(asked) == 2 + (name != "keys")
    for number, call in enumerate(asked):
        for fault in FAULTS[(number + [*HELD].index(host)) % share :: share]:
            resource = _made(local_aws, host, key, config)
            tokens = _sent_tokens(resource, config, call)
            assert tokens or call == "AssumeRoleWithWebIdentity"
            sent = {*tokens, *(flat(list(config.values())) if call.startswith("AssumeRole") else ())}
            fault.arm(local_aws, call, " and ".join(sorted(sent - {KEYS["secret_key"]})))
            said.texts.clear()
            said.of(lambda resource=resource: resource.make(resource.sample["minimal"]))  # type: ignore[misc]
            search = Search(KEYS["secret_key"], *tokens)
            found = [find for text in said.texts for find in search.found(text)]
            assert found == [], f"{call}, {fault.name}: {said.texts}"


@pytest.mark.parametrize("host", HELD)
@pytest.mark.parametrize("name", CONFIGS)
def test_no_answer_tells_what_a_call_was_signed_with(local_aws: LocalAws, said: Said, host: str, name: str) -> None:
    _hold(local_aws, said, host, name, share=8)


@pytest.mark.long
@pytest.mark.parametrize("host", HELD)
@pytest.mark.parametrize("name", CONFIGS)
def test_no_answer_tells_what_a_call_was_signed_with_by_more_faults(
    local_aws: LocalAws, said: Said, host: str, name: str
) -> None:
    _hold(local_aws, said, host, name, share=2)


def test_the_names_of_credentials_that_are_warned_of_are_settings() -> None:
    """`plain-secret` warns of each credential that stands in plain config."""
    assert {f"aws:{camel_case(name)}" for name in ("secret_key", "token")} == set(secrecy.SECRETS)
