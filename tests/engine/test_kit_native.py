"""The test kit with the native provider: a program that uses it runs as any other, and its state reads the same."""

from __future__ import annotations

from pathlib import Path

import pulumi_connect_domains as dynamic
from pulumi_connect_domains import native
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.registry import resource_types
from pulumi_connect_domains.testing import MakeStack

PROFILES = resource_types()["customerprofiles"]
TAGS = {"costCenter": "1"}
SCHEDULE = {"job_schedule": {"day_of_the_week": "SUNDAY", "time": "9:05"}, "enabled": True}


def declares(of: object) -> None:
    domain = of.customerprofiles.Domain  # type: ignore[attr-defined]  # either package has it
    domain("crm", domain_name="crm", default_expiration_days=30, matching=SCHEDULE, tags=TAGS)


def test_a_program_in_python_uses_the_native_provider(local_aws: LocalAws, pulumi_stack: MakeStack) -> None:
    stack = pulumi_stack(lambda: declares(native), native=True)
    stack.set_config("connect-domains:region", "us-east-1")
    stack.up()
    found = stack.domain("crm")
    assert (found["type"], found["id"]) == (PROFILES.native_token, "crm")
    assert found["inputs"]["matching"] == SCHEDULE
    assert found["outputs"]["tags"] == TAGS
    assert stack.state()["crm"]["inputs"]["defaultExpirationDays"] == 30
    stack.preview(expect_no_changes=True)
    stack.destroy()
    assert local_aws.domains(PROFILES.service) == {}


def test_a_domain_reads_the_same_whichever_host_manages_it(local_aws: LocalAws, pulumi_stack: MakeStack) -> None:
    stack = pulumi_stack(lambda: declares(dynamic))
    stack.set_config("aws:region", "us-east-1")
    stack.up()
    found = stack.domain("crm")
    assert found["inputs"]["matching"] == SCHEDULE
    assert "__provider" not in {**found["inputs"], **found["outputs"]}


def test_a_folder_that_names_a_plugin_keeps_it(pulumi_stack: MakeStack, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    named = "plugins:\n  providers:\n  - name: connect-domains\n    path: ../mine\n"
    (folder / "Pulumi.yaml").write_text(f"name: test\nruntime: python\n{named}")
    (folder / "__main__.py").write_text("")
    stack = pulumi_stack(folder, native=True)
    assert "path: ../mine" in (stack.folder / "Pulumi.yaml").read_text()
