"""The quickstarts in other languages than Python, their whole life on the Pulumi CLI: every command of their READMEs, and more.

A domain is created, changed, drifts, is repaired, is imported, and is destroyed. Skips, and says why, where there is no CLI, no language
host, or where the packages of the language cannot be had.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import sysconfig
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import pytest
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.plugin.launcher import START
from pulumi_connect_domains.stacks.plugins import EXECUTABLE
from pulumi_connect_domains.testing.engine import find_cli

from .conftest import EXAMPLES, NOT_COPIED, Example

PROFILES, VOICE, REGION = "customer-profiles", "voice-id", "eu-west-2"
TOKEN, VOICE_TOKEN = "connect-domains:customerprofiles:Domain", "connect-domains:voiceid:Domain"
PHONE = "+44 20 7946 0000"
KEY, OTHER_KEY = (f"arn:aws:kms:eu-west-2:123456789012:key/0a1b2c3d-0000-4000-8000-00000000000{n}" for n in (1, 2))
VOICE_ID = "AbCdEfGhIjKlMnOpQrStUv"
DRIFTS = {
    "crm": ["defaultExpirationDays", "ruleBasedMatching.maxAllowedRuleLevelForMatching", "tags.team"],
    "voice": ["description", "serverSideEncryptionConfiguration.kmsKeyId", "tags.team"],
}
"""What is changed behind the program's back, as programs in these languages spell it."""


@dataclass(frozen=True)
class Language:
    """What differs: the folder, the program and its host; where declarations of imported domains go, and how they read there."""

    folder: str
    host: str
    file: str
    before: str
    declaration: str
    has_sdk: bool = True


YAML = Language(
    "quickstart-yaml", "yaml", "Pulumi.yaml", "outputs:\n",
    f"  byHand:\n    type: {TOKEN}\n    properties: {{domainName: by-hand, defaultExpirationDays: 30}}\n"
    f"  calls:\n    type: {VOICE_TOKEN}\n    properties:\n      name: calls\n"
    "      serverSideEncryptionConfiguration: {kmsKeyId: '${kmsKeyId}'}\n",
    has_sdk=False,
)  # fmt: skip
TYPESCRIPT = Language(
    "quickstart-typescript", "nodejs", "index.ts", "export const domainName",
    'new customerprofiles.Domain("byHand", { domainName: "by-hand", defaultExpirationDays: 30 });\n'
    'new voiceid.Domain("calls", { name: "calls", serverSideEncryptionConfiguration: { kmsKeyId } });\n\n',
)  # fmt: skip
GO = Language(
    "quickstart-go", "go", "main.go", '\t\tctx.Export("domainName"',
    '\t\tif _, err := customerprofiles.NewDomain(ctx, "byHand", &customerprofiles.DomainArgs{\n'
    '\t\t\tDomainName: pulumi.String("by-hand"), DefaultExpirationDays: pulumi.Int(30)}); err != nil {\n\t\t\treturn err\n\t\t}\n'
    '\t\tif _, err := voiceid.NewDomain(ctx, "calls", &voiceid.DomainArgs{\n'
    '\t\t\tName: pulumi.String("calls"),\n'
    "\t\t\tServerSideEncryptionConfiguration: &voiceid.ServerSideEncryptionConfigurationArgs{KmsKeyId: key}}); "
    "err != nil {\n\t\t\treturn err\n\t\t}\n",
)  # fmt: skip

Copy = Callable[[Language], Example]


@pytest.fixture
def copied(tmp_path: Path, local_aws: LocalAws) -> Copy:
    """Copies an example, whose `.venv/bin` holds the provider and `connect-domains`, and nothing else."""
    cli = find_cli()
    if isinstance(cli, str):
        pytest.skip(f"{cli}; programs in other languages than Python need it")

    def make(language: Language) -> Example:
        programs = os.pathsep.join([str(cli.path.parent), sysconfig.get_path("scripts"), os.environ["PATH"]])
        if not shutil.which(f"pulumi-language-{language.host}", path=programs):
            pytest.skip(f"the Pulumi CLI has no language host for {language.host}")
        (tmp_path / "state").mkdir()
        folder = Path(shutil.copytree(EXAMPLES / language.folder, tmp_path / "a project", ignore=NOT_COPIED))
        own = folder / ".venv" / "bin"
        own.mkdir(parents=True)
        for name, start in ((EXECUTABLE, f"-c '{START}'"), ("connect-domains", "-m pulumi_connect_domains")):
            (own / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {start} "$@"\n')
            (own / name).chmod(0o755)
        environment = {
            **{name: value for name, value in os.environ.items() if name not in ("AWS_REGION", "AWS_DEFAULT_REGION")},
            "PATH": programs,
            "PULUMI_BACKEND_URL": f"file://{tmp_path / 'state'}",
            "PULUMI_HOME": str(tmp_path / "home"),
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        }
        return Example(folder, environment)

    return make


def with_sdk(example: Example, command: str) -> None:
    """The SDK is made and installed. Skips where its packages cannot be had."""
    assert command == f"pulumi package add .venv/bin/{EXECUTABLE}"
    said = example.run(f"{command} --non-interactive || echo FAILED")
    if "FAILED" in said:
        assert "Successfully generated an SDK" in said, said
        pytest.skip(f"the packages that the SDK needs cannot be had: {said.strip().splitlines()[-2]}")


@pytest.mark.parametrize(
    "language",
    [
        pytest.param(YAML, id="YAML"),
        pytest.param(TYPESCRIPT, id="TypeScript", marks=pytest.mark.long),
        pytest.param(GO, id="Go", marks=pytest.mark.long),
    ],
)
def test_a_whole_life(language: Language, copied: Copy, local_aws: LocalAws) -> None:
    example = copied(language)
    made, *sdk, up, settled, destroy = example.blocks
    assert made == "python3 -m venv .venv\n.venv/bin/pip install pulumi-connect-domains"
    assert len(sdk) == language.has_sdk
    for command in sdk:
        with_sdk(example, command)

    # Created, with the secret nowhere in clear.
    said = example.run(up)
    [name] = local_aws.domains(PROFILES, region=REGION)
    [voice] = local_aws.domains(VOICE, region=REGION)
    crm = {"DefaultExpirationDays": 366, "DefaultEncryptionKey": KEY, "Tags": {"team": "crm", "phone": PHONE}}
    calls = {"DomainStatus": "ACTIVE", "Description": "Voiceprints of the contact centre", "Tags": {"team": "crm"}}
    live(local_aws, PROFILES, name, **crm)
    live(local_aws, VOICE, voice, **calls)
    assert "prematurely" not in said
    exported = example.run("pulumi stack export")
    assert PHONE not in said + exported
    assert "in sync" in example.run(settled)

    # Changed in the program.
    program = example.folder / language.file
    program.write_text(program.read_text().replace("366", "400").replace("the contact centre", "Leeds"))
    said = example.run("pulumi preview")
    assert "[diff: ~defaultExpirationDays]" in said
    assert "[diff: ~description]" in said
    example.run("pulumi up --yes")
    crm["DefaultExpirationDays"], calls["Description"] = 400, "Voiceprints of Leeds"
    live(local_aws, PROFILES, name, **crm)
    live(local_aws, VOICE, voice, **calls)

    # Changed behind its back, and repaired: by a refresh and an `up`, and then by an `up` that refreshes first.
    for repair in ("pulumi refresh --yes && pulumi up --yes", "pulumi up --refresh --yes"):
        drift(local_aws, name, voice)
        report = example.run("COLUMNS=300 .venv/bin/connect-domains drift --stack dev", fails=True)
        assert [path for paths in DRIFTS.values() for path in paths if path not in report] == []
        preview = json.loads(example.run("pulumi preview --refresh --json 2>/dev/null"))
        updates = [each for each in preview["steps"] if each["op"] == "update"]
        changed = {each["urn"].rpartition("::")[2]: without_merged(each["detailedDiff"]) for each in updates}
        assert changed == DRIFTS
        example.run(repair)
        live(local_aws, PROFILES, name, **crm, **{"RuleBasedMatching.MaxAllowedRuleLevelForMatching": 2})
        live(local_aws, VOICE, voice, **calls, **{"ServerSideEncryptionConfiguration.KmsKeyId": KEY})
        assert "in sync" in example.run(settled)

    # Imported, and declared as they are: no change.
    local_aws.seed(PROFILES, "by-hand", region=REGION, DefaultExpirationDays=30)
    local_aws.seed(VOICE, VOICE_ID, region=REGION, Name="calls", ServerSideEncryptionConfiguration={"KmsKeyId": KEY})
    before = local_aws.domains(PROFILES), local_aws.domains(VOICE)
    example.run(f"pulumi import {TOKEN} byHand by-hand --yes --protect=false --out imported")
    example.run(f"pulumi import {VOICE_TOKEN} calls {VOICE_ID} --yes --protect=false --out imported")
    text = program.read_text()
    program.write_text(text.replace(language.before, f"{language.declaration}{language.before}", 1))
    assert "5 unchanged" in example.run("pulumi preview --expect-no-changes")
    assert "5 unchanged" in example.run("pulumi up --yes")
    assert (local_aws.domains(PROFILES), local_aws.domains(VOICE)) == before

    # Destroyed, the imported ones too.
    example.run(destroy)
    assert local_aws.domains(PROFILES) == {}
    assert [each["DomainStatus"] for each in local_aws.domains(VOICE).values()] == ["SUSPENDED"] * 2
    assert json.loads(example.run("pulumi stack export 2>/dev/null"))["deployment"].get("resources", []) == []


def live(local_aws: LocalAws, service: str, name: str, **expected: object) -> None:
    """The domain has these members; `A.B` is member B of A."""
    domain = local_aws.domains(service)[name]
    found = {path: reduce(lambda value, step: value[step], path.split("."), domain) for path in expected}
    assert found == expected


def drift(local_aws: LocalAws, crm: str, voice: str) -> None:
    """Somebody changes what DRIFTS has."""
    rules = {"RuleBasedMatching.MaxAllowedRuleLevelForMatching": 1}
    tags = {**local_aws.domains(PROFILES)[crm]["Tags"], "team": "theirs"}
    local_aws.change(PROFILES, crm, DefaultExpirationDays=1, Tags=tags, **rules)
    key = {"ServerSideEncryptionConfiguration.KmsKeyId": OTHER_KEY}
    local_aws.change(VOICE, voice, Description="theirs", Tags={"team": "theirs"}, **key)


def without_merged(paths: Iterable[str]) -> list[str]:
    """The paths of the program's own properties, in order: tags are in `tagsAll`, too."""
    return sorted(path for path in paths if not path.startswith("tagsAll"))


def test_processes_of_a_program_in_yaml(copied: Copy, local_aws: LocalAws) -> None:
    """The provider is started once more than for other programs: to be told what there is."""
    example = copied(YAML)
    executable, log = example.folder / ".venv" / "bin" / EXECUTABLE, example.folder / "started"
    executable.write_text(executable.read_text().replace("exec", f"echo started >> '{log}'\nexec", 1))
    example.run(example.blocks[1].rpartition("\n")[0])
    example.run("pulumi preview")
    assert log.read_text().count("started") == 2
    log.unlink()
    example.run("pulumi up --yes --skip-preview")
    assert log.read_text().count("started") == 2


def test_the_project_is_the_same_in_every_language() -> None:
    """What the READMEs let people type is one thing; only the SDK's block is more."""
    pages = [Example(EXAMPLES / each.folder, {}).blocks for each in (YAML, TYPESCRIPT, GO)]
    assert len({tuple(blocks[:1] + blocks[-3:]) for blocks in pages}) == 1
