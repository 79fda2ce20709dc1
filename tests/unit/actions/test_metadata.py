"""action.yml, the workflows that use the actions, and the script that installs: as GitHub wants them, and with no more than they need."""

from __future__ import annotations

import json
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from pulumi_connect_domains import __version__

from .expressions import filled, value_of
from .runner import ACTIONS, ROOT, Runner, metadata

NAMES = sorted(file.parent.name for file in ACTIONS.glob("*/action.yml"))
SCRIPTS = sorted(ACTIONS.rglob("*.sh"))
WORKFLOWS = {
    "drift": ROOT / "examples" / "drift-schedule" / "github" / "drift.yml",
    "review": ROOT / "examples" / "pull-request" / "github" / "preview.yml",
}
STYLE = """{extends: default, rules: {line-length: {max: 160}, document-start: disable, truthy: {check-keys: false},
    comments: {min-spaces-from-content: 1}}}"""


def run(*command: str, **more: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, **more)


def test_there_are_two_actions() -> None:
    assert NAMES == ["drift", "review"]


@pytest.mark.parametrize("name", NAMES)
def test_an_action_is_as_githubs_schema_says(name: str) -> None:
    file = str(ACTIONS / name / "action.yml")
    done = run(sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-actions", file)
    assert done.returncode == 0, done.stdout + done.stderr


def test_yaml_is_tidy() -> None:
    done = run(sys.executable, "-m", "yamllint", "--strict", "-d", STYLE, str(ACTIONS))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda file: str(file.relative_to(ACTIONS)))
def test_a_script_is_bash(script: Path) -> None:
    assert run("bash", "-n", str(script)).returncode == 0
    assert script.stat().st_mode & stat.S_IXUSR


@pytest.mark.skipif(
    shutil.which("shellcheck") is None, reason="no shellcheck on PATH: the scripts were parsed by bash only"
)
def test_shellcheck() -> None:
    done = run("shellcheck", *map(str, SCRIPTS))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", NAMES)
def test_every_input_and_output_is_described_and_used(name: str) -> None:
    about, text = metadata(name), (ACTIONS / name / "action.yml").read_text()
    steps = text.partition("\nruns:\n")[2]
    for each, input_ in about["inputs"].items():
        assert input_["description"].endswith(".")
        assert "default" in input_
        assert f"inputs.{each}" in steps, each
    for output in about["outputs"].values():
        assert output["description"].endswith(".")
        step, output_name = re.findall(r"steps\.(\w+)\.outputs\.([\w-]+)", output["value"])[0]
        script = next(each["run"] for each in about["runs"]["steps"] if each.get("id") == step)
        assert f'"{output_name}=' in (ACTIONS / name / script.partition("/")[2].rstrip('"')).read_text()


@pytest.mark.parametrize("name", NAMES)
def test_no_expression_is_written_into_a_script(name: str) -> None:
    for step in metadata(name)["runs"]["steps"]:
        assert "${{" not in step["run"]
        assert set(step) <= {"id", "name", "if", "shell", "env", "run"}, "the action uses no other action"


@pytest.mark.parametrize("name", NAMES)
def test_the_example_uses_inputs_and_outputs_that_are_there(name: str) -> None:
    about, workflow = metadata(name), yaml.safe_load(WORKFLOWS[name].read_text())
    (job,) = workflow["jobs"].values()
    step = next(each for each in job["steps"] if "pulumi-connect-domains" in each.get("uses", ""))
    assert step["uses"] == f"OWNER/pulumi-connect-domains/actions/{name}@v1"
    assert step["with"].keys() <= about["inputs"].keys()
    used = set(re.findall(r"steps\.(?:drift|review)\.outputs\.([\w-]+)", WORKFLOWS[name].read_text()))
    assert used
    assert used <= about["outputs"].keys()


@pytest.mark.skipif(
    shutil.which("actionlint") is None, reason="no actionlint on PATH: the inputs were compared by names only"
)
def test_actionlint_knows_the_actions_of_the_examples(tmp_path: Path) -> None:
    """It reads an action.yml that stands in the same repository, and compares inputs and outputs with it."""
    (tmp_path / ".git").mkdir()
    shutil.copytree(ACTIONS, tmp_path / "actions")
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    for name, file in WORKFLOWS.items():
        used = f"OWNER/pulumi-connect-domains/actions/{name}@v1"
        (folder / f"{name}.yml").write_text(file.read_text().replace(used, f"./actions/{name}"))
    done = run("actionlint", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_examples_get_no_more_than_they_need() -> None:
    drift, review = (yaml.safe_load(file.read_text()) for file in WORKFLOWS.values())
    assert drift["permissions"] == {"contents": "read", "id-token": "write", "issues": "write"}
    assert review["permissions"] == {"contents": "read", "id-token": "write", "pull-requests": "write"}
    assert "head.repo.full_name == github.repository" in review["jobs"]["preview"]["if"]


# -- installing -------------------------------------------------------------------------------------------------------

PYTHON = """
if [ "$3" = venv ]; then
  mkdir -p "$4/bin"
  cp "$0" "$4/bin/python"
  printf '#!/bin/sh\\necho connect-domains, version 9\\n' > "$4/bin/connect-domains"
  chmod +x "$4/bin/connect-domains"
fi
"""


def test_a_command_that_should_be_there_and_is_not(runner: Runner) -> None:
    program = runner.programs / "connect-domains"
    environment = {**runner.environment, "PACKAGE": "none", "PATH": f"{runner.programs}:/usr/bin:/bin"}
    assert run("bash", str(ACTIONS / "install.sh"), env=environment).stdout == f"{program}\n"
    program.unlink()
    done = run("bash", str(ACTIONS / "install.sh"), env=environment)
    assert done.returncode == 1
    assert done.stdout == "::error title=Install::package is none, and there is no command connect-domains\n"


def installed(runner: Runner, action: Path, package: str) -> tuple[list[str], str]:
    """What pip was asked for, and what was put on the PATH. Python is a stand-in, which makes an environment and installs nothing."""
    runner.program("python3", PYTHON)
    path = runner.temporary / "path"
    environment = {
        **runner.environment,
        "PACKAGE": package,
        "GITHUB_ACTION_PATH": str(action),
        "GITHUB_PATH": str(path),
        "RUNNER_TEMP": str(runner.temporary),
    }
    done = run("bash", str(ACTIONS / "install.sh"), env=environment)
    assert done.returncode == 0, done.stderr
    asked = [each for each in runner.called("python3") if "install" in each]
    return [each[-1] for each in asked], path.read_text() if path.exists() else ""


def test_the_actions_own_version_is_installed(runner: Runner) -> None:
    asked, path = installed(runner, ACTIONS / "drift", "")
    assert asked == [str(ROOT)]
    folder = Path(path.strip())
    assert [each.name for each in folder.iterdir()] == ["connect-domains"], (
        "nothing else of the environment gets on the PATH"
    )
    assert run(str(folder / "connect-domains")).stdout == "connect-domains, version 9\n"


def test_a_copy_of_the_actions_installs_from_the_index(runner: Runner) -> None:
    (runner.workspace / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    (runner.workspace / "actions" / "drift").mkdir(parents=True)
    asked, _ = installed(runner, runner.workspace / "actions" / "drift", "")
    assert asked == ["pulumi-connect-domains"]


@pytest.mark.parametrize(
    "package", ["pulumi-connect-domains==1.2.3", "--index-url=http://evil.example", "a; touch harmed"]
)
def test_what_is_asked_for_is_one_requirement(package: str, runner: Runner) -> None:
    asked, _ = installed(runner, ACTIONS / "drift", package)
    assert asked == [package]
    (arguments,) = [each for each in runner.called("python3") if "install" in each]
    assert arguments[-2:] == ["--", package]


def test_a_command_that_is_there_is_taken(runner: Runner) -> None:
    asked, path = installed(runner, ACTIONS / "drift", "none")
    assert (asked, path) == ([], "")


def test_the_name_by_which_the_repository_is_known_is_the_projects() -> None:
    assert '\nname = "pulumi-connect-domains"\n' in (ROOT / "pyproject.toml").read_text()
    assert __version__


# -- the stand-in of GitHub's expressions -----------------------------------------------------------------------------

CONTEXTS = {
    "inputs": {"label": "ok", "empty": ""},
    "github": {"event": {"action": "opened", "pull_request": {"labels": [{"name": "OK"}]}}},
}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("inputs.label == 'OK'", True),
        ("inputs.empty != '' && github.event.action", False),
        ("inputs.label != '' && github.event.action", "opened"),
        ("inputs.empty || 'it''s'", "it's"),
        ("contains(github.event.pull_request.labels.*.name, inputs.label)", True),
        ("contains(github.event.issue.labels.*.name, inputs.label)", False),
        ("!(inputs.label == 'ok') || github.event.nothing.at.all", None),
    ],
)
def test_expressions(expression: str, value: object) -> None:
    assert value_of(expression, CONTEXTS) == value
    assert (
        filled(f"<${{{{ {expression} }}}}>", CONTEXTS)
        == f"<{json.dumps(value) if isinstance(value, bool) else value or ''}>"
    )
