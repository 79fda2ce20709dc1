"""A warning reaches people once: in the text of a command, in a preview's JSON, and among the events. The quickstart has none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pulumi_connect_domains.testing import MakeStack

ROOT = Path(__file__).parents[2]
PROGRAM = """
import pulumi
from pulumi_connect_domains import customerprofiles

crm = customerprofiles.Domain(
    "crm", default_expiration_days=366, matching={"enabled": False, "job_schedule": {"day_of_the_week": "MONDAY", "time": "09:00"}}
)
pulumi.log.warn("mind this", resource=crm)
"""
OURS, OWN = "matching.job_schedule: has no effect while matching.enabled is false [matching-is-off]", "mind this"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The folder of a program that warns twice: the provider does, and the program itself."""
    folder = tmp_path / "warns"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: warns\nruntime: python\n")
    (folder / "__main__.py").write_text(PROGRAM)
    return folder


def test_each_warning_is_an_event_and_in_json_once(pulumi_stack: MakeStack, local_aws: object, project: Path) -> None:
    stack = pulumi_stack(project)
    diagnostics = stack.preview_json()["diagnostics"]
    assert sorted(found["message"] for found in diagnostics) == [f"warning: {OURS}\n", f"warning: {OWN}\n"]
    assert sorted(stack.messages()) == [OURS, OWN]
    stack.up()
    assert sorted(stack.messages()) == [OURS, OWN]
    stack.up()
    assert sorted(stack.messages()) == [OURS, OWN]


@pytest.mark.parametrize("options", [[], ["--diff"], ["--skip-preview"]], ids=["", "diff", "no preview"])
def test_a_command_of_the_local_engine_shows_each_warning_once(
    pulumi_stack: MakeStack, local_aws: object, project: Path, options: list[str]
) -> None:
    stack = pulumi_stack(project)
    if stack.engine.name != "local":
        pytest.skip("the CLI repeats a warning on every line about its resource")
    text = stack.command("up", "--yes", *options)
    assert (text.count(OURS), text.count(OWN)) == (1, 1), text
    text = stack.command("preview", *options[:1] if options == ["--diff"] else [])
    assert (text.count(OURS), text.count(OWN)) == (1, 1), text


def test_the_quickstart_warns_of_nothing(pulumi_stack: MakeStack, local_aws: object, tmp_path: Path) -> None:
    folder = tmp_path / "quickstart"
    shutil.copytree(ROOT / "examples" / "quickstart", folder / "examples" / "quickstart")
    shutil.copy(ROOT / "Pulumi.yaml", folder)
    stack = pulumi_stack(folder, project="connect-quickstart")
    assert "diagnostics" not in stack.preview_json()
    assert stack.messages() == []
    for _ in range(2):
        stack.up()
        assert stack.messages() == []
    stack.destroy()
    assert stack.messages() == []
