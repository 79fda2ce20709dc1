"""The template of `pulumi new`: what comes out is a project that works, on the local engine and on the Pulumi CLI."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.testing import MakeStack, PulumiEngine
from smoke import rendered

from .conftest import ROOT

TEMPLATE = ROOT / "templates" / "connect-domains-python"
FILES = sorted(path for path in TEMPLATE.rglob("*") if path.is_file())
PLACEHOLDERS = {"PROJECT": "shop", "DESCRIPTION": "The shop's customers"}


@pytest.fixture
def project(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """The project that comes out, and its config as offered."""
    folder = tmp_path / "shop"
    return folder, rendered(TEMPLATE, folder, **PLACEHOLDERS)


@pytest.fixture
def runnable(project: tuple[Path, dict[str, str]]) -> tuple[Path, dict[str, str]]:
    """The same, run by this Python: there is no `venv`, which `pulumi new` would make and fill from the network."""
    settings = yaml.safe_load((project[0] / "Pulumi.yaml").read_text(encoding="utf-8"))
    del settings["runtime"]["options"]
    (project[0] / "Pulumi.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    return project


def test_the_project_goes_up_as_it_comes(
    runnable: tuple[Path, dict[str, str]], local_aws: LocalAws, pulumi_stack: MakeStack
) -> None:
    folder, config = runnable
    stack = pulumi_stack(folder, project="shop", config=config)
    assert stack.preview().change_summary == {"create": 2}
    stack.up()
    [domain] = local_aws.domains("customer-profiles").values()
    assert domain["DefaultExpirationDays"] == 366
    assert domain["Tags"] == {"team": "customer-care"}
    assert stack.outputs()["domain_name"] in local_aws.domains("customer-profiles", region=config["aws:region"])
    stack.preview(expect_no_changes=True)


def test_every_setting_that_is_asked_for_is_used(
    runnable: tuple[Path, dict[str, str]], local_aws: LocalAws, pulumi_stack: MakeStack
) -> None:
    folder, config = runnable
    others = {"aws:region": "eu-central-1", "default_expiration_days": "30", "team": "shop"}
    assert config.keys() == others.keys()
    pulumi_stack(folder, project="shop", config=others).up()
    [domain] = local_aws.domains("customer-profiles", region="eu-central-1").values()
    assert (domain["DefaultExpirationDays"], domain["Tags"]) == (30, {"team": "shop"})


def test_nothing_is_left_to_fill_in(project: tuple[Path, dict[str, str]]) -> None:
    folder, _ = project
    texts = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert [name for name, text in texts.items() if re.search(r"\$\{[A-Z]+\}", text)] == []
    assert texts["README.md"].startswith("# shop\n\nThe shop's customers\n")
    assert yaml.safe_load(texts["Pulumi.yaml"]) == {
        "name": "shop",
        "description": "The shop's customers",
        "runtime": {"name": "python", "options": {"toolchain": "pip", "virtualenv": "venv"}},
    }


def test_what_is_asked_for_has_a_description_and_a_default() -> None:
    section = yaml.safe_load((TEMPLATE / "Pulumi.yaml").read_text(encoding="utf-8"))["template"]
    assert section["description"]
    assert [key for key, value in section["config"].items() if value.keys() != {"description", "default"}] == []
    assert all(value["description"] and isinstance(value["default"], str) for value in section["config"].values())


def test_the_requirements_are_this_package_and_the_sdk() -> None:
    lines = (TEMPLATE / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert {Requirement(line).name for line in lines} == {"pulumi", "pulumi-connect-domains"}


def test_git_leaves_the_virtual_environment_out() -> None:
    assert "venv/" in (TEMPLATE / ".gitignore").read_text(encoding="utf-8").splitlines()


# -- the Pulumi CLI itself -------------------------------------------------------------------------------------------


@pytest.fixture
def environment(local_aws: LocalAws, tmp_path: Path) -> dict[str, str]:
    (tmp_path / "state").mkdir()
    return {
        **os.environ,
        **local_aws.environment(),
        "PULUMI_BACKEND_URL": f"file://{tmp_path / 'state'}",
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_CONFIG_PASSPHRASE": "test",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }


def test_pulumi_new_makes_the_same_project(
    cli: PulumiEngine, environment: dict[str, str], project: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    made = tmp_path / "made"
    named = ["--name", PLACEHOLDERS["PROJECT"], "--description", PLACEHOLDERS["DESCRIPTION"]]
    pulumi(cli, tmp_path, environment, "new", str(TEMPLATE), "--yes", "--generate-only", "--dir", str(made), *named)
    files = [
        {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} for folder in (made, project[0])
    ]
    settings = [yaml.safe_load(each.pop("Pulumi.yaml")) for each in files]
    assert files[0] == files[1]
    assert settings[0].pop("config").keys() == {"pulumi:tags"}  # where it came from, which the CLI notes
    assert settings[0] == settings[1]


def test_the_readmes_command_finds_the_template(cli: PulumiEngine, environment: dict[str, str], tmp_path: Path) -> None:
    """The CLI looks for a template from within the folder of --dir."""
    repository = tmp_path / "repository"
    repository.mkdir()
    (repository / "templates").symlink_to(ROOT / "templates")
    [line] = re.findall(r"(?m)^\$ (.*pulumi new .*)$", (ROOT / "README.md").read_text(encoding="utf-8"))
    command = ["bash", "-c", f"{line} --yes --generate-only"]
    environment = {**environment, "PATH": f"{Path(cli.path).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "crm" / "Pulumi.yaml").exists()


def test_the_project_that_pulumi_new_makes_goes_up(
    cli: PulumiEngine, environment: dict[str, str], local_aws: LocalAws, installed: Path, tmp_path: Path
) -> None:
    """With the config as offered, and the wheel in the project's virtual environment. Its installation would need the network."""
    made = tmp_path / "shop"
    pulumi(
        cli,
        tmp_path,
        environment,
        "new",
        str(TEMPLATE),
        "--yes",
        "--generate-only",
        "--dir",
        str(made),
        "--name",
        "shop",
    )
    (made / "venv").symlink_to(installed.parents[1])
    pulumi(cli, made, environment, "stack", "init", "dev")
    config = yaml.safe_load((TEMPLATE / "Pulumi.yaml").read_text(encoding="utf-8"))["template"]["config"]
    for key, value in config.items():
        pulumi(cli, made, environment, "config", "set", key, value["default"])
    pulumi(cli, made, environment, "up", "--yes", "--skip-preview")
    [domain] = local_aws.domains("customer-profiles").values()
    assert domain["Tags"] == {"team": "customer-care"}


def pulumi(cli: PulumiEngine, folder: Path, environment: dict[str, str], *arguments: str) -> None:
    command = [str(cli.path), *arguments, "--non-interactive"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
