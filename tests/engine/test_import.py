"""Existing domains come under Pulumi: whole ways of `connect-domains import`, on whichever engine was asked for."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation import CommandError
from pulumi_connect_domains import aws, cli
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.registry import by_token, resource_types
from pulumi_connect_domains.testing import MakeStack, PulumiEngine, PulumiStack

from ..natives import ON_THE_NATIVE_HOST, SELDOM_ON_THE_NATIVE_HOST, native_tokens, program_host
from .import_settings import make, some_inputs

__all__ = ["program_host"]  # a fixture

CUSTOMERPROFILES, VOICEID = resource_types().values()
CP, VID = CUSTOMERPROFILES.service, VOICEID.service
READS = {"GetCallerIdentity", "ListDomains", "GetDomain", "DescribeDomain", "ListTagsForResource"}
KEY = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000001"
ANOTHER_CRM = """\
from pulumi_connect_domains import customerprofiles

customerprofiles.Domain("crm", domain_name="x", default_expiration_days=1)
"""

ConnectDomains = Callable[..., int]


@pytest.fixture
def stack(pulumi_stack: MakeStack, tmp_path: Path, program_host: str) -> PulumiStack:
    """The stack `dev` of a new project, whose program declares nothing yet."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: crm\nruntime: python\n")
    (folder / "__main__.py").write_text("")
    made = pulumi_stack(folder, name="dev", project="crm", native=program_host == "native")
    (made.folder / "__main__.py").unlink()
    return made


@pytest.fixture
def connect_domains(
    stack: PulumiStack,
    pulumi_engine: PulumiEngine,
    monkeypatch: pytest.MonkeyPatch,
    local_aws: LocalAws,
    program_host: str,
) -> ConnectDomains:
    """Runs `connect-domains` in the stack's project, for the host, and gives back its exit code."""
    for name, value in stack.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PATH", os.pathsep.join([str(pulumi_engine.path.parent), os.environ["PATH"]]))
    monkeypatch.chdir(stack.folder)
    aws.forget_clients()
    host = ["--host", "native"] if program_host == "native" else []
    return lambda *arguments: cli.run([*map(str, arguments), *host])


def program_of(host: str, text: str) -> str:
    """The program, written for the dynamic host, for this one."""
    if host == "dynamic":
        return text
    return text.replace("from pulumi_connect_domains import", "from pulumi_connect_domains.native import")


def fails(run: Callable[..., Any], **options: Any) -> str:
    """The text of a command that has to fail."""
    with pytest.raises(CommandError) as failed:
        run(**options)
    return str(failed.value)


def settled(stack: PulumiStack) -> None:
    """The next preview, and a refresh, find nothing."""
    stack.preview(expect_no_changes=True)
    stack.refresh(preview_only=True, expect_no_changes=True)


def only_read(local_aws: LocalAws) -> bool:
    return {call.operation for call in local_aws.calls()} <= READS


# -- the whole way ----------------------------------------------------------------------------------------------------


SEEDS = pytest.mark.parametrize("seed", [0, *(pytest.param(each, marks=pytest.mark.long) for each in (1, 2, 3))])


@SEEDS
def test_fifty_random_domains_are_adopted_and_nothing_is_left_to_do(
    stack: PulumiStack,
    connect_domains: ConnectDomains,
    local_aws: LocalAws,
    capsys: pytest.CaptureFixture[str],
    seed: int,
) -> None:
    for number, inputs in enumerate(some_inputs(CUSTOMERPROFILES, 40, seed)):
        make(
            local_aws,
            CUSTOMERPROFILES,
            {**inputs, "domain_name": f"crm-{number}"},
            region=("us-east-1", "eu-west-2")[number % 2],
        )
    for inputs in some_inputs(VOICEID, 10, seed):
        make(local_aws, VOICEID, inputs)
    everywhere = ("--region", "us-east-1", "--region", "eu-west-2")
    before = [
        local_aws.domains(service, region=region) for service in (CP, VID) for region in ("us-east-1", "eu-west-2")
    ]
    local_aws.forget_calls()

    assert connect_domains("import", "--all", *everywhere, "--out", ".", "--stack", "dev", "--yes") == 0
    assert "its preview is empty" in capsys.readouterr().out
    settled(stack)
    assert only_read(local_aws)
    assert [
        local_aws.domains(service, region=region) for service in (CP, VID) for region in ("us-east-1", "eu-west-2")
    ] == before
    ours = [each for each in stack.state().values() if each["type"] in by_token()]
    assert len(ours) == 50
    assert all(each["protect"] for each in ours)
    assert max(map(len, (stack.folder / "__main__.py").read_text().split("\n"))) <= 120

    written = (stack.folder / "import.json").read_bytes()
    assert connect_domains("import", "--all", *everywhere, "--out", ".", "--stack", "dev", "--yes") == 0
    assert "managed by the stack already" in capsys.readouterr().err
    stack.command("import", "--file", "import.json", "--generate-code=false", "--yes", "--skip-preview")
    assert (stack.folder / "import.json").read_bytes() == written
    assert stack.up().summary.resource_changes == {"same": len(stack.state()) - 1}
    assert only_read(local_aws)


@ON_THE_NATIVE_HOST
@SEEDS
def test_random_domains_that_the_native_provider_reads_itself_leave_nothing_to_do(
    stack: PulumiStack, connect_domains: ConnectDomains, local_aws: LocalAws, seed: int
) -> None:
    """`pulumi import` with ids alone. A dynamic provider cannot be asked what they are, so its import file says it."""
    for number, inputs in enumerate(some_inputs(CUSTOMERPROFILES, 16, seed)):
        make(local_aws, CUSTOMERPROFILES, {**inputs, "domain_name": f"crm-{number}"})
    for inputs in some_inputs(VOICEID, 4, seed):
        make(local_aws, VOICEID, inputs)
    local_aws.forget_calls()
    assert connect_domains("import", "--all", "--out", ".") == 0
    file = stack.folder / "import.json"
    entries = json.loads(file.read_text())["resources"]
    ids = [{key: each[key] for key in ("type", "name", "id")} for each in entries]
    file.write_text(json.dumps({"resources": ids}))
    stack.command("import", "--file", "import.json", "--generate-code=false", "--yes", "--skip-preview")
    settled(stack)
    assert len([each for each in stack.state().values() if each["type"] in by_token()]) == 20
    assert only_read(local_aws)


def test_the_steps_that_it_names_can_be_gone_by_hand(
    stack: PulumiStack, connect_domains: ConnectDomains, local_aws: LocalAws, capsys: pytest.CaptureFixture[str]
) -> None:
    make(local_aws, CUSTOMERPROFILES, {"domain_name": "crm", "default_expiration_days": 30, "tags": {"team": "crm"}})
    make(local_aws, CUSTOMERPROFILES, {"domain_name": "other", "default_expiration_days": 30})
    assert connect_domains("import", "--name", "crm", "--out", "adopted", "--no-protect") == 0
    shown = capsys.readouterr().out
    assert "pulumi import --file adopted/import.json --generate-code=false --protect=false" in shown
    stack.command(
        "import", "--file", "adopted/import.json", "--generate-code=false", "--protect=false", "--yes", "--skip-preview"
    )
    (stack.folder / "__main__.py").write_text((stack.folder / "adopted" / "__main__.py").read_text())
    settled(stack)
    state = stack.domain("crm")
    assert state["inputs"]["region"] == "us-east-1"
    assert state["outputs"]["arn"] == "arn:aws:profile:us-east-1:123456789012:domains/crm"
    assert not state.get("protect")
    assert "other" not in stack.state()
    stack.destroy()
    assert list(local_aws.domains(CP)) == ["other"]


DEFAULT_TAGS = {"tags": {"team": "crm", "owner": "platform", "aws-like": "x"}}


@pytest.mark.parametrize(
    ("live", "own", "all_", "notes"),
    [
        ({"team": "crm", "owner": "platform", "aws-like": "x", "mine": "1"}, {"mine": "1"}, None, 0),
        ({"team": "sales", "owner": "platform", "aws-like": "x"}, {"team": "sales"}, None, 0),
        ({"team": "crm", "owner": "platform", "aws-like": "x", "ci:run": "9"}, None, ["aws-like", "owner", "team"], 0),
        ({"mine": "1"}, {"mine": "1"}, ["aws-like", "mine", "owner", "team"], 1),
        ({}, None, ["aws-like", "owner", "team"], 1),
    ],
    ids=[
        "default tags are left out of the program",
        "a default tag that has another value here is declared with that value",
        "ignored tags are nobody's",
        "default tags that the domain lacks come with a note",
        "no tags at all",
    ],
)
def test_default_and_ignored_tags_of_the_stack_leave_the_first_preview_empty(
    stack: PulumiStack,
    connect_domains: ConnectDomains,
    local_aws: LocalAws,
    capsys: pytest.CaptureFixture[str],
    program_host: str,
    live: dict[str, str],
    own: dict[str, str] | None,
    all_: list[str] | None,
    notes: int,
) -> None:
    namespace = "aws" if program_host == "dynamic" else "connect-domains"
    stack.set_config(f"{namespace}:defaultTags", json.dumps(DEFAULT_TAGS))
    stack.set_config(f"{namespace}:ignoreTags", json.dumps({"keyPrefixes": ["ci:"]}))
    stack.set_config(f"{namespace}:region", "us-east-1")
    local_aws.seed(CP, "crm", Tags={**live, "aws:cloudformation:stack-name": "by-hand"})
    assert connect_domains("import", "--all", "--out", ".", "--stack", "dev", "--yes") == 0
    assert capsys.readouterr().err.count("default tags of the stack") == notes
    inputs = stack.domain("crm")["inputs"]
    assert inputs.get("tags") == own
    assert sorted(inputs["tags_all"]) == (all_ or sorted(live))
    assert "region" not in (stack.folder / "__main__.py").read_text()  # the stack's config says it
    if notes:
        stack.up(refresh=True)
        assert local_aws.domains(CP)["crm"]["Tags"].items() >= DEFAULT_TAGS["tags"].items()
    settled(stack)


WITH_A_GET = """\
from pulumi_connect_domains import customerprofiles

customerprofiles.Domain.get("theirs", "theirs", region="us-east-1")
"""


def test_a_stack_that_reads_a_domain_of_somebody_else_takes_over_others(
    stack: PulumiStack, connect_domains: ConnectDomains, local_aws: LocalAws, program_host: str
) -> None:
    make(local_aws, CUSTOMERPROFILES, {"domain_name": "theirs", "default_expiration_days": 30})
    make(local_aws, CUSTOMERPROFILES, {"domain_name": "crm", "default_expiration_days": 30})
    program = stack.folder / "__main__.py"
    reading = program_of(program_host, WITH_A_GET)
    program.write_text(reading)
    stack.up()
    assert connect_domains("import", "--name", "crm", "--out", "adopted") == 0
    program.write_text(f"{(stack.folder / 'adopted' / '__main__.py').read_text()}\n{reading}")
    assert connect_domains("import", "--name", "crm", "--out", "adopted", "--stack", "dev", "--yes") == 0
    assert {name for name, each in stack.state().items() if each["type"] in by_token()} == {"theirs", "crm"}
    stack.preview(expect_no_changes=True)


def test_an_earlier_run_into_the_same_folder_is_gone_on_with(
    stack: PulumiStack, connect_domains: ConnectDomains, local_aws: LocalAws, capsys: pytest.CaptureFixture[str]
) -> None:
    make(local_aws, CUSTOMERPROFILES, {"domain_name": "crm", "default_expiration_days": 30})
    assert connect_domains("import", "--all", "--out", ".", "--stack", "dev") == 0
    local_aws.change(CP, "crm", Stats={"ProfileCount": 7})  # meanwhile somebody stores data: its counts are outputs
    assert connect_domains("import", "--all", "--out", ".", "--stack", "dev", "--yes") == 0
    assert stack.domain("crm")["outputs"]["stats"]["profile_count"] == 7
    assert "there already" not in capsys.readouterr().err


def test_what_another_stack_of_the_backend_declares_is_not_taken_over(
    stack: PulumiStack,
    pulumi_engine: PulumiEngine,
    connect_domains: ConnectDomains,
    local_aws: LocalAws,
    capsys: pytest.CaptureFixture[str],
) -> None:
    make(local_aws, CUSTOMERPROFILES, {"domain_name": "crm", "default_expiration_days": 30})
    assert connect_domains("import", "--all", "--out", ".", "--stack", "dev", "--yes") == 0
    subprocess.run([pulumi_engine.path, "stack", "init", "second", "--non-interactive"], check=True)
    assert connect_domains("import", "--all", "--out", "again", "--stack", "second", "--yes") == 1
    told = capsys.readouterr().err
    assert "warning: Customer Profiles domain 'crm' in us-east-1 is declared already, in stack crm/dev" in told
    assert "nothing was imported into stack second, since another stack declares what was chosen" in told
    assert connect_domains("import", "--all", "--out", "again", "--stack", "second") == 0  # which changes no stack


# -- what can go wrong, and leaves the stack as it was ----------------------------------------------------------------


@SELDOM_ON_THE_NATIVE_HOST
def test_a_domain_that_is_not_found_is_named(
    stack: PulumiStack, connect_domains: ConnectDomains, local_aws: LocalAws, capsys: pytest.CaptureFixture[str]
) -> None:
    local_aws.seed(CP, "crm")
    assert connect_domains("import", "--name", "crm", "--name", "cmr", "--out", ".", "--stack", "dev", "--yes") == 1
    shown = capsys.readouterr()
    assert "error: 'cmr': there is no such domain in us-east-1, account 123456789012" in shown.err
    assert "nothing was imported into stack dev" in shown.err
    assert stack.state() == {}


@SELDOM_ON_THE_NATIVE_HOST
def test_a_denied_read_is_told_and_leaves_the_stack_as_it_was(
    stack: PulumiStack, connect_domains: ConnectDomains, local_aws: LocalAws, capsys: pytest.CaptureFixture[str]
) -> None:
    local_aws.seed(CP, "crm")
    local_aws.fault("GetDomain", code="AccessDeniedException", message="no", times=None)
    assert connect_domains("import", "--all", "--out", ".", "--stack", "dev", "--yes") == 1
    assert "'crm'" in (told := capsys.readouterr().err)
    assert "profile:GetDomain" in told
    assert stack.state() == {}
    assert not (stack.folder / "__main__.py").exists()


@SELDOM_ON_THE_NATIVE_HOST
def test_a_denied_list_of_the_other_type_matters_only_where_all_are_wanted(
    stack: PulumiStack, connect_domains: ConnectDomains, local_aws: LocalAws, capsys: pytest.CaptureFixture[str]
) -> None:
    local_aws.seed(CP, "crm")
    local_aws.voiceid(closed="access-denied")
    assert connect_domains("import", "--all", "--out", "all") == 1
    assert "--type customerprofiles leaves the Voice ID domains out" in capsys.readouterr().err
    assert connect_domains("import", "--name", "crm", "--out", "one") == 0
    assert connect_domains("import", "--name", "cr*", "--out", "pattern") == 1  # there may be more that fit
    assert connect_domains("import", "--all", "--type", "customerprofiles", "--out", "others") == 0


@SELDOM_ON_THE_NATIVE_HOST
def test_a_domain_that_vanished_between_list_and_read_is_told(
    stack: PulumiStack, connect_domains: ConnectDomains, local_aws: LocalAws, capsys: pytest.CaptureFixture[str]
) -> None:
    local_aws.seed(CP, "crm")
    local_aws.fault("GetDomain", code="ResourceNotFoundException", message="Domain crm does not exist", times=None)
    assert connect_domains("import", "--name", "crm", "--out", ".", "--stack", "dev", "--yes") == 1
    assert "Customer Profiles domain 'crm' in us-east-1 vanished while it was read" in capsys.readouterr().err
    assert stack.state() == {}


@SELDOM_ON_THE_NATIVE_HOST
def test_a_region_without_domains_is_no_mistake(
    stack: PulumiStack, connect_domains: ConnectDomains, local_aws: LocalAws, capsys: pytest.CaptureFixture[str]
) -> None:
    local_aws.seed(CP, "crm")
    code = connect_domains("import", "--all", "--region", "us-west-2", "--out", "adopted", "--stack", "dev", "--yes")
    assert code == 0
    assert "note: no domain to import in us-west-2, account 123456789012" in capsys.readouterr().err
    assert not (stack.folder / "adopted").exists()
    assert stack.state() == {}


def test_a_name_that_the_stack_has_already_is_avoided(
    stack: PulumiStack, connect_domains: ConnectDomains, local_aws: LocalAws, program_host: str
) -> None:
    program = stack.folder / "__main__.py"
    program.write_text(program_of(program_host, ANOTHER_CRM))
    stack.up()
    local_aws.seed(CP, "crm", DefaultExpirationDays=30)
    assert connect_domains("import", "--all", "--out", "adopted", "--stack", "dev") == 0
    (entry,) = json.loads((stack.folder / "adopted" / "import.json").read_text())["resources"]
    assert (entry["name"], entry["id"]) == ("crm-us-east-1", "crm")
    declarations = (stack.folder / "adopted" / "__main__.py").read_text().partition("voiceid\n")[0]
    program.write_text(f"{program.read_text()}\n{declarations}")
    assert connect_domains("import", "--all", "--out", "adopted", "--stack", "dev", "--yes") == 0
    settled(stack)


def test_a_clash_of_names_at_the_import_leaves_the_stack_as_it_was(
    stack: PulumiStack, connect_domains: ConnectDomains, local_aws: LocalAws, program_host: str
) -> None:
    local_aws.seed(CP, "crm", DefaultExpirationDays=30)
    assert connect_domains("import", "--all", "--out", "adopted") == 0  # without the stack its names are not known
    (stack.folder / "__main__.py").write_text(program_of(program_host, ANOTHER_CRM))
    stack.up()
    before = stack.state()
    with pytest.raises(CommandError, match="already exists"):
        stack.command("import", "--file", "adopted/import.json", "--generate-code=false", "--yes", "--skip-preview")
    assert stack.state() == before


@pytest.mark.parametrize(
    ("program", "text"),
    [
        ("", "the program of stack dev does not declare 'crm' as adopted/__main__.py does"),
        ("raise SystemExit('broken')", "the preview of stack dev fails, so nothing was imported"),
        ("import pulumi\npulumi.export('x', 1)\nfrom pulumi_connect_domains import customerprofiles as c\n"
         "c.Domain('new', default_expiration_days=1)\nc.Domain('crm', domain_name='crm', default_expiration_days=30)",
         "create new (pulumi-python:dynamic/customerprofiles:Domain)"),
    ],
    ids=["a program without the declarations", "a program that fails", "a program with other changes to make"],
)  # fmt: skip
def test_the_program_must_be_in_place_before_the_import(
    stack: PulumiStack,
    connect_domains: ConnectDomains,
    local_aws: LocalAws,
    capsys: pytest.CaptureFixture[str],
    program_host: str,
    program: str,
    text: str,
) -> None:
    local_aws.seed(CP, "crm", DefaultExpirationDays=30)
    (stack.folder / "__main__.py").write_text(program_of(program_host, program))
    assert connect_domains("import", "--all", "--out", "adopted", "--stack", "dev", "--yes") == 1
    assert (text if program_host == "dynamic" else native_tokens(text)) in capsys.readouterr().err
    assert stack.state() == {}


def test_a_preview_that_is_not_clean_stops_with_an_account(
    stack: PulumiStack,
    connect_domains: ConnectDomains,
    local_aws: LocalAws,
    capsys: pytest.CaptureFixture[str],
    program_host: str,
) -> None:
    local_aws.seed(CP, "crm", DefaultExpirationDays=30)
    program = (
        "import pulumi\nfrom pulumi_connect_domains import customerprofiles\n\ncustomerprofiles.Domain(\n"
        '    "crm", domain_name="crm", default_expiration_days=7, opts=pulumi.ResourceOptions(protect=True)\n)\n'
    )
    (stack.folder / "__main__.py").write_text(program_of(program_host, program))
    assert connect_domains("import", "--all", "--out", "adopted", "--stack", "dev", "--yes") == 1
    told = capsys.readouterr().err
    assert "the domains are imported, but the preview is not clean" in told
    token = CUSTOMERPROFILES.type_token if program_host == "dynamic" else CUSTOMERPROFILES.native_token
    assert f"update crm ({token}): default_expiration_days" in told
    assert only_read(local_aws)


@SELDOM_ON_THE_NATIVE_HOST
def test_a_program_of_somebody_else_is_never_overwritten(
    stack: PulumiStack, connect_domains: ConnectDomains, local_aws: LocalAws, capsys: pytest.CaptureFixture[str]
) -> None:
    local_aws.seed(CP, "crm")
    (stack.folder / "__main__.py").write_text("print('mine')\n")
    assert connect_domains("import", "--all", "--out", ".") == 1
    assert "__main__.py: there already, with other contents" in capsys.readouterr().err
    assert (stack.folder / "__main__.py").read_text() == "print('mine')\n"
    assert not (stack.folder / "import.json").exists()
    assert connect_domains("import", "--all", "--out", ".", "--overwrite") == 0
    assert "customerprofiles.Domain" in (stack.folder / "__main__.py").read_text()
