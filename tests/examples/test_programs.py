"""The examples do what their READMEs say: every command in them is run."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.model.schema import Property
from pulumi_connect_domains.registry import by_token, resource_types

from .conftest import EXAMPLES, Example, blocks_of

GetExample = Callable[[str], Example]
PROFILES, VOICE = "customer-profiles", "voice-id"


def entries(example: Example) -> list[dict[str, Any]]:
    """Our resources in the state of the stack `dev`."""
    exported = json.loads(example.run("pulumi stack export --stack dev 2>/dev/null"))
    return [each for each in exported["deployment"]["resources"] if each["type"] in by_token()]


def warned(shown: str) -> set[str]:
    """The rules of the warnings in what a command printed."""
    return set(re.findall(r"\[([a-z]+(?:-[a-z]+)+)\]", shown))


def test_quickstart(example: GetExample, local_aws: LocalAws) -> None:
    quickstart = example("quickstart")
    up, settled, destroy = quickstart.blocks
    quickstart.run(up)
    [name] = local_aws.domains(PROFILES, region="eu-west-2")
    assert re.fullmatch("crm-[0-9a-f]{7}", name)
    assert "1 of 1 domain in sync" in quickstart.run(settled)
    local_aws.change(PROFILES, name, DefaultExpirationDays=1)
    assert "default_expiration_days" in quickstart.run("connect-domains drift --stack dev", fails=True)
    quickstart.run(destroy)
    assert local_aws.domains(PROFILES) == {}


def test_without_an_account_and_without_the_cli(example: GetExample, local_aws: LocalAws) -> None:
    """The page of all examples, in one shell with the commands of one of them. What `local start` prints is in the environment."""
    quickstart = example("quickstart")
    installed, *_ = quickstart.environment["PATH"].split(os.pathsep, 1)
    own = {name: value for name, value in quickstart.environment.items() if not name.startswith("PULUMI_")}
    path = quickstart.environment["PATH"].removeprefix(f"{installed}{os.pathsep}")  # where `pulumi` is
    quickstart.environment = {**own, "PATH": path, "PULUMI_HOME": str(quickstart.folder / "home")}
    page = blocks_of((EXAMPLES / "README.md").read_text(encoding="utf-8"))
    up, settled, _ = quickstart.blocks
    shown = quickstart.run("\n".join([*page, up, settled]))
    assert "The local engine" in shown
    assert "1 of 1 domain in sync" in shown
    assert (quickstart.folder / "bin" / "pulumi").is_file()
    assert len(local_aws.domains(PROFILES, region="eu-west-2")) == 1


# -- every property ---------------------------------------------------------------------------------------------------


def settable(of: Property, path: str = "") -> Iterator[str]:
    """The path of every input, at any depth; a list's items stand for themselves."""
    for name, each in of.inputs.items():
        if not each.merged_from:
            yield f"{path}{name}"
            inner = each
            while inner.items:
                inner = inner.items
            yield from settable(inner, f"{path}{name}.")


def given(value: object, path: str = "") -> Iterator[str]:
    """The path of every key in the document."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield f"{path}{name}"
            yield from given(each, f"{path}{name}.")
    elif isinstance(value, list):
        for each in value:
            yield from given(each, path)


def test_every_property(example: GetExample, local_aws: LocalAws) -> None:
    every = example("every-property")
    up, settled = every.blocks
    shown = every.run(up)
    assert warned(shown) == {"end-of-support"}
    state = {by_token()[each["type"]].key: each for each in entries(every)}
    assert state.keys() == resource_types().keys()
    for key, type in resource_types().items():
        assert set(settable(type.schema)) - set(given(state[key]["inputs"])) == set(), key
    assert "all 2 domains in sync" in every.run(settled)
    assert local_aws.domains(PROFILES) == {}


def test_every_property_has_a_comment_and_every_output_is_exported() -> None:
    text = (EXAMPLES / "every-property" / "__main__.py").read_text(encoding="utf-8")
    lines = text.splitlines()
    commented = {
        match[1]
        for before, line in pairwise(lines)
        if before.strip().startswith("#") and (match := re.match(r'\s+\{?"?(\w+)"?[=:]', line))
    }
    for type in resource_types().values():
        wanted = {path.rpartition(".")[2] for path in settable(type.schema)}
        assert wanted - commented - {"s3_exporting"} == set(), type.key
        assert {name for name in type.schema.outputs if f".{name}" not in text} == set(), type.key


# -- several domains --------------------------------------------------------------------------------------------------


def test_both_services(example: GetExample, local_aws: LocalAws) -> None:
    both = example("both-services")
    up, settled, destroy = both.blocks
    assert warned(both.run(up)) == {"end-of-support"}
    [profiles], [voice] = local_aws.domains(PROFILES).values(), local_aws.domains(VOICE).values()
    assert profiles["DefaultEncryptionKey"] == voice["ServerSideEncryptionConfiguration"]["KmsKeyId"]
    assert "all 2 domains in sync" in both.run(settled)
    both.run(destroy)
    assert local_aws.domains(PROFILES) == {}
    assert [each["DomainStatus"] for each in local_aws.domains(VOICE).values()] == ["SUSPENDED"]


def test_two_regions_two_accounts(example: GetExample, local_aws: LocalAws) -> None:
    places = example("two-regions-two-accounts")
    up, settled, destroy = places.blocks
    places.run(up)
    for account, stage, days in (("111111111111", "staging", 30), ("222222222222", "production", 366)):
        for region in ("eu-west-2", "us-west-2"):
            [domain] = local_aws.domains(PROFILES, account=account, region=region).values()
            assert (domain["DomainName"], domain["DefaultExpirationDays"], domain["Tags"]) == (
                "crm",
                days,
                {"stage": stage},
            )
    assert len(local_aws.domains(PROFILES, account="123456789012")) == 0
    assert {call.parameters["ExternalId"] for call in local_aws.calls("sts", "AssumeRole")} == {"crm-4711"}
    assert "all 4 domains in sync (1 stack, 2 accounts, 2 regions" in places.run(settled)
    places.run(destroy)
    assert all(not local_aws.domains(PROFILES, account=account) for account in ("111111111111", "222222222222"))


def test_a_role_of_another_account_stops_the_preview(example: GetExample, local_aws: LocalAws) -> None:
    places = example("two-regions-two-accounts")
    program = places.folder / "__main__.py"
    program.write_text(program.read_text().replace("account_of(role)]", 'account_of(roles["staging"])]'))
    [*setting, external_id, up] = places.blocks[0].splitlines()
    assert (external_id.split()[-2], up) == ("external_id", "pulumi up --yes")
    places.run("\n".join(setting))  # without the external id, which is optional
    assert "of account 222222222222, but only 111111111111 may be used" in places.run("pulumi preview", fails=True)
    assert local_aws.calls(PROFILES) == []
