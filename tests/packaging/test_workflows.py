"""Scripts, workflows and actions of this repository, its examples and templates: linted, pinned, and allowed no more than they need."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from .conftest import ROOT
from .test_makefile import PROMISED

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

needs_actionlint = pytest.mark.skipif(
    not shutil.which("actionlint"), reason="actionlint is not on PATH; .ci/install-tools installs it"
)
needs_shellcheck = pytest.mark.skipif(
    not shutil.which("shellcheck"), reason="shellcheck is not on PATH; .ci/install-tools installs it"
)
STYLE = {
    "extends": "default",
    "rules": {
        "line-length": {"max": 160},
        "document-start": "disable",
        "truthy": {"check-keys": False},
        "comments": {"min-spaces-from-content": 1},
    },
}
MAY_WRITE = {
    ("release.yml", "attest"): {"id-token": "write", "attestations": "write"},
    ("release.yml", "publish"): {"id-token": "write"},
    ("release.yml", "announce"): {"contents": "write"},
}
"""The jobs that may do more than read the repository, and what."""


class _Loader(yaml.SafeLoader):
    """Reads GitLab's files too, whose tags (`!reference`) only GitLab understands."""


_Loader.add_multi_constructor("!", lambda _loader, _suffix, _node: None)


def kept(*patterns: str) -> list[Path]:
    """The files of the repository, committed or not yet, that match one of git's patterns."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return sorted(path for name in set(listed.split("\0")) - {""} if (path := ROOT / name).is_file())


def loaded(path: Path) -> dict[Any, Any]:
    """What the YAML file holds; of several documents, the last. Nothing, where it cannot be read: test_yaml_is_tidy says that."""
    try:
        found = list(yaml.load_all(path.read_text(encoding="utf-8"), _Loader))[-1]  # a SafeLoader
    except yaml.YAMLError:
        return {}
    return found if isinstance(found, dict) else {}


def is_pipeline(document: dict[Any, Any]) -> bool:
    """Whether this is GitLab's: a pipeline or a component, whose jobs are named at the top."""
    return any(isinstance(job, dict) and "script" in job for job in document.values())


def is_script(path: Path) -> bool:
    with path.open("rb") as file:
        return re.match(rb"#!.*\b(ba)?sh\b", file.readline()) is not None


YAML = kept("*.yml", "*.yaml")
SCRIPTS = [path for path in kept() if is_script(path)]
WORKFLOWS = [
    path for path in YAML if {"jobs", True} <= loaded(path).keys()
]  # YAML 1.1 reads the key `on` as a truth value
OURS = [path for path in WORKFLOWS if path.parent == ROOT / ".github" / "workflows"]
ACTIONS = [path for path in YAML if path.stem == "action"]
PIPELINES = [path for path in YAML if is_pipeline(loaded(path))]
JOBS = [
    pytest.param(path, name, job, id=f"{path.name}-{name}")
    for path in OURS
    for name, job in loaded(path)["jobs"].items()
]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def linted(*command: str, given: str = "") -> None:
    done = subprocess.run(command, input=given, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def shell_of(document: dict[Any, Any]) -> Iterator[str]:
    """The scripts in an action, or in a GitLab file: those that bash or sh runs."""
    steps = (document.get("runs") or {}).get("steps") or []
    yield from (step["run"] for step in steps if step.get("shell", "").startswith(("bash", "sh")))
    for job in document.values():
        for key in ("before_script", "script", "after_script") if isinstance(job, dict) else ():
            lines = job.get(key) or []
            yield "\n".join(line for line in ([lines] if isinstance(lines, str) else lines) if isinstance(line, str))


EMBEDDED = [
    pytest.param(script, id=f"{named(path)}-{number}")
    for path in (*ACTIONS, *PIPELINES)
    for number, script in enumerate(shell_of(loaded(path)))
    if script
]


# -- what linters say ------------------------------------------------------------------------------------------------


def test_the_files_are_found() -> None:
    """Otherwise the tests below would have nothing to do."""
    assert {".ci/run", ".ci/install-tools", "examples/drift-schedule/systemd/connect-domains-drift.sh"} <= set(
        map(named, SCRIPTS)
    )
    assert {f".github/workflows/{name}.yml" for name in ("ci", "docs", "release")} == set(map(named, OURS))
    assert {"examples/drift-schedule/github/drift.yml", "examples/pull-request/github/preview.yml"} <= set(
        map(named, WORKFLOWS)
    )
    assert len(EMBEDDED) >= 2


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
@needs_shellcheck
def test_scripts_pass_shellcheck(path: Path) -> None:
    linted("shellcheck", str(path))


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_scripts_can_be_run(path: Path) -> None:
    """Those that a command names without a shell in front."""
    assert path.stat().st_mode & 0o111 or path.is_relative_to(ROOT / "examples")


@pytest.mark.parametrize("script", EMBEDDED)
@needs_shellcheck
def test_scripts_in_actions_and_pipelines_pass_shellcheck(script: str) -> None:
    """Where the system puts a value in (`${{ … }}`, `$[[ … ]]`), a word stands. SC2154: what the job's variables are, it cannot know."""
    filled = re.sub(r"\$\{\{.*?\}\}|\$\[\[.*?\]\]", "word", script)
    linted("shellcheck", "--shell", "bash", "--exclude", "SC2154", "-", given=f"{filled}\n")


@pytest.mark.parametrize("path", WORKFLOWS, ids=named)
@needs_actionlint
def test_workflows_pass_actionlint(path: Path) -> None:
    """With shellcheck on PATH, it asks that about the workflow's scripts."""
    linted("actionlint", "-no-color", str(path))


@needs_actionlint
@needs_shellcheck
def test_actionlint_asks_shellcheck(tmp_path: Path) -> None:
    (tmp_path / "bad.yml").write_text(
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo $A\n"
    )
    done = subprocess.run(["actionlint", "-no-color", tmp_path / "bad.yml"], capture_output=True, text=True)
    assert (done.returncode, "SC2086" in done.stdout) == (1, True), done.stdout


@pytest.mark.parametrize("path", [*OURS, *ACTIONS], ids=named)
def test_workflows_and_actions_follow_their_schema(path: Path) -> None:
    schema = "vendor.github-actions" if path in ACTIONS else "vendor.github-workflows"
    linted(sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path))


@pytest.mark.parametrize("path", [path for path in YAML if "tests" not in path.parts], ids=named)
def test_yaml_is_tidy(path: Path) -> None:
    linted(sys.executable, "-m", "yamllint", "--strict", "-d", json.dumps(STYLE), str(path))


# -- what our own workflows may do -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", OURS, ids=named)
def test_actions_of_others_are_pinned_to_a_commit_and_say_which_version_it_is(path: Path) -> None:
    used = re.findall(r"uses: (.*)", path.read_text(encoding="utf-8"))
    assert used
    assert [each for each in used if not re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each)] == []


def test_one_action_has_one_pin() -> None:
    used = {tuple(each.split("@")) for path in OURS for each in re.findall(r"uses: (\S+)", path.read_text())}
    assert len(used) == len({action for action, _ in used})


@pytest.mark.parametrize("path", OURS, ids=named)
def test_a_workflow_may_read_the_repository_and_no_more(path: Path) -> None:
    assert loaded(path)["permissions"] == {"contents": "read"}


@pytest.mark.parametrize(("path", "name", "job"), JOBS)
def test_a_job_has_the_permissions_that_it_needs(path: Path, name: str, job: dict[str, Any]) -> None:
    assert job.get("permissions", {}) == MAY_WRITE.get((path.name, name), {})
    assert job["timeout-minutes"] <= 90


@pytest.mark.parametrize(("path", "name", "job"), JOBS)
def test_a_job_with_more_permissions_runs_no_code_of_the_repository(path: Path, name: str, job: dict[str, Any]) -> None:
    """Only files that jobs without them have built; and no job leaves its token for what it runs."""
    checkouts = [step for step in job["steps"] if step.get("uses", "").startswith("actions/checkout@")]
    if job.get("permissions"):
        assert checkouts == []
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


@pytest.mark.parametrize(("path", "name", "job"), JOBS)
def test_a_job_runs_commands_that_exist(path: Path, name: str, job: dict[str, Any]) -> None:
    """A command of the Makefile, or a script; and what others can write, such as a branch's name, never stands in a script's text."""
    scripts = [step["run"] for step in job["steps"] if "run" in step]
    assert set(re.findall(r"(?m)^make ([\w-]+)", "\n".join(scripts))) <= set(PROMISED)
    assert all((ROOT / script).is_file() for script in re.findall(r"(?m)^\.ci/\S+", "\n".join(scripts)))
    assert not any("${{" in script for script in scripts)


def test_every_python_that_is_promised_is_tested() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    promised = re.findall(r"Python :: (3\.\d+)", "\n".join(project["classifiers"]))
    tested = loaded(ROOT / ".github/workflows/ci.yml")["jobs"]["test"]["strategy"]["matrix"]["python"]
    assert set(promised) <= set(tested)
    assert project["requires-python"] == f">={tested[0]}"


def test_a_release_is_built_from_a_version_tag_tested_and_published_without_a_token() -> None:
    release = loaded(ROOT / ".github/workflows/release.yml")
    assert release[True] == {
        "push": {"tags": ["v[0-9]+.[0-9]+.[0-9]+*"]}
    }  # YAML 1.1 reads the key `on` as a truth value
    jobs = release["jobs"]
    assert {name: job.get("needs") for name, job in jobs.items()} == {
        "test": None,
        "build": None,
        "attest": ["test", "build"],
        "publish": "attest",
        "announce": "publish",
    }
    assert jobs["publish"]["environment"] == "pypi"
    assert "secrets." not in (ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8")
