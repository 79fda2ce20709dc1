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
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.plugin.launcher import START
from pulumi_connect_domains.stacks.plugins import EXECUTABLE
from pulumi_connect_domains.testing.engine import find_cli

from .conftest import EXAMPLES, NOT_COPIED, Example

PROFILES, VOICE, REGION = "customer-profiles", "voice-id", "eu-west-2"
TOKEN = "connect-domains:customerprofiles:Domain"
PHONE = "+44 20 7946 0000"


@dataclass(frozen=True)
class Language:
    """What differs: the folder, the program and its host; where a declaration of an imported domain goes, and how it reads there."""

    folder: str
    host: str
    file: str
    before: str
    declaration: str
    has_sdk: bool = True


YAML = Language(
    "quickstart-yaml", "yaml", "Pulumi.yaml", "outputs:\n",
    f"  byHand:\n    type: {TOKEN}\n    properties: {{domainName: by-hand, defaultExpirationDays: 30}}\n",
    has_sdk=False,
)  # fmt: skip
TYPESCRIPT = Language(
    "quickstart-typescript", "nodejs", "index.ts", "export const domainName",
    'new customerprofiles.Domain("byHand", { domainName: "by-hand", defaultExpirationDays: 30 });\n\n',
)  # fmt: skip
GO = Language(
    "quickstart-go", "go", "main.go", '\t\tctx.Export("domainName"',
    '\t\tif _, err := customerprofiles.NewDomain(ctx, "byHand", &customerprofiles.DomainArgs{\n'
    '\t\t\tDomainName: pulumi.String("by-hand"), DefaultExpirationDays: pulumi.Int(30)}); err != nil {\n\t\t\treturn err\n\t\t}\n',
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
    [voice] = local_aws.domains(VOICE, region=REGION).values()
    assert local_aws.domains(PROFILES)[name]["Tags"] == {"team": "crm", "phone": PHONE}
    assert voice["DomainStatus"] == "ACTIVE"
    assert "prematurely" not in said
    exported = example.run("pulumi stack export")
    assert PHONE not in said + exported
    assert "in sync" in example.run(settled)

    # Changed in the program.
    program = example.folder / language.file
    program.write_text(program.read_text().replace("366", "400"))
    assert "[diff: ~defaultExpirationDays]" in example.run("pulumi preview")
    example.run("pulumi up --yes")
    assert local_aws.domains(PROFILES)[name]["DefaultExpirationDays"] == 400

    # Changed behind its back, seen, and repaired.
    local_aws.change(PROFILES, name, DefaultExpirationDays=1)
    assert "defaultExpirationDays" in example.run(".venv/bin/connect-domains drift --stack dev", fails=True)
    example.run("pulumi preview --refresh --expect-no-changes", fails=True)
    example.run("pulumi up --refresh --yes")
    assert local_aws.domains(PROFILES)[name]["DefaultExpirationDays"] == 400

    # Imported, and declared as it is: no change.
    local_aws.seed(PROFILES, "by-hand", region=REGION, DefaultExpirationDays=30)
    before = local_aws.domains(PROFILES)["by-hand"]
    example.run(f"pulumi import {TOKEN} byHand by-hand --yes --protect=false --out imported")
    text = program.read_text()
    program.write_text(text.replace(language.before, f"{language.declaration}{language.before}", 1))
    assert "4 unchanged" in example.run("pulumi preview --expect-no-changes")
    assert local_aws.domains(PROFILES)["by-hand"] == before

    example.run(destroy)
    assert local_aws.domains(PROFILES) == {}
    assert [each["DomainStatus"] for each in local_aws.domains(VOICE).values()] == ["SUSPENDED"]
    assert json.loads(example.run("pulumi stack export 2>/dev/null"))["deployment"].get("resources", []) == []


def test_the_project_is_the_same_in_every_language() -> None:
    """What the READMEs let people type is one thing; only the SDK's block is more."""
    pages = [Example(EXAMPLES / each.folder, {}).blocks for each in (YAML, TYPESCRIPT, GO)]
    assert len({tuple(blocks[:1] + blocks[-3:]) for blocks in pages}) == 1
