"""templates/*.yml: GitLab's components, filled in as GitLab does it, held to its schema, and their scripts run in a shell."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from pulumi_connect_domains.local.aws import LocalAws

from ..drift.reports import export, resource
from ..review.previews import HELD, document, state, step
from .runner import ROOT, Runner

COMPONENTS = {file.stem: file for file in sorted((ROOT / "templates").glob("*.yml"))}
EXAMPLES = {
    "drift": ROOT / "examples" / "drift-schedule" / "gitlab" / ".gitlab-ci.yml",
    "review": ROOT / "examples" / "pull-request" / "gitlab" / ".gitlab-ci.yml",
}
STYLE = """{extends: default, rules: {line-length: {max: 160}, document-start: disable, truthy: {check-keys: false},
    comments: {min-spaces-from-content: 1}}}"""
MARKER = "<!-- connect-domains review -->"
LOSES = document(step("delete", state(outputs=HELD)))


def parts(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A component's inputs, and its configuration."""
    header, configuration = yaml.safe_load_all(COMPONENTS[name].read_text())
    return header["spec"]["inputs"], configuration


def job(name: str, **given: Any) -> dict[str, Any]:
    """The component's only job with these inputs (`_` stands for `-`), each `$[[ inputs.… ]]` replaced in the values of the YAML.

    Source: GitLab's page "CI/CD inputs": inputs are filled in after the YAML is read, and before any variable is.
    """
    inputs, configuration = parts(name)
    wanted = {key.replace("_", "-"): value for key, value in given.items()}
    assert wanted.keys() <= inputs.keys()
    values = {key: about.get("default") for key, about in inputs.items()} | wanted
    assert None not in values.values(), "an input without a default must be given"

    def text(value: Any) -> str:
        return str(value).lower() if isinstance(value, bool) else str(value)

    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {filled(key): filled(item) for key, item in value.items()}
        if isinstance(value, list):
            return [filled(item) for item in value]
        if isinstance(value, str):
            return re.sub(r"\$\[\[ inputs\.([\w-]+) \]\]", lambda found: text(values[found[1]]), value)
        return value

    (found,) = filled(configuration).items()
    return {"name": found[0], **found[1]}


def run(
    job: dict[str, Any], runner: Runner, *, shell: str = "bash", before: bool = False, **variables: str
) -> tuple[int, str]:
    """The exit code of the job's script, and what it printed. Each line is run in one shell, which ends with the first that fails."""
    own = {key: each["value"] for key, each in job["variables"].items()}
    lines = [*(job["before_script"] if before else []), *job["script"]]
    script = "\n".join(lines)
    environment = {**runner.environment, "CI_PROJECT_DIR": str(runner.workspace), **own, **variables}
    done = subprocess.run(
        [shell, "-e", "-c", script], cwd=runner.workspace, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_there_are_two_components() -> None:
    assert list(COMPONENTS) == ["drift", "review"]


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_is_as_gitlabs_schema_says(name: str, tmp_path: Path) -> None:
    header, configuration = tmp_path / "header.yml", tmp_path / "configuration.yml"
    given = {"stacks": "dev"} if name == "review" else {}
    described = job(name, **given)
    header.write_text(yaml.safe_dump({"spec": {"inputs": parts(name)[0]}}))
    configuration.write_text(yaml.safe_dump({described.pop("name"): described}))
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.gitlab-ci"]
    done = subprocess.run([*command, str(header), str(configuration)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", COMPONENTS)
def test_yaml_is_tidy(name: str) -> None:
    command = [sys.executable, "-m", "yamllint", "--strict", "-d", STYLE, str(COMPONENTS[name])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", COMPONENTS)
def test_every_input_is_described_and_used(name: str) -> None:
    inputs, configuration = parts(name)
    text = yaml.safe_dump(configuration)
    for each, about in inputs.items():
        assert about["description"].endswith(".")
        assert f"inputs.{each} ]]" in text


@pytest.mark.parametrize("name", COMPONENTS)
def test_no_input_is_written_into_a_script(name: str) -> None:
    (job,) = parts(name)[1].values()
    assert not re.search(r"\$\[\[", json.dumps([job["script"], job["before_script"]]))
    assert all(each["expand"] is False for each in job["variables"].values()), "a $ in an input is no variable"


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="no shellcheck on PATH: the scripts were run only")
@pytest.mark.parametrize("name", COMPONENTS)
def test_shellcheck(name: str) -> None:
    (job,) = parts(name)[1].values()
    script = "\n".join(["#!/bin/sh", *job["before_script"], *job["script"]])
    # 2154: the variables of GitLab.
    done = subprocess.run(
        ["shellcheck", "--shell=sh", "--exclude=SC2154", "-"],
        input=script,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_gives_inputs_that_are_there(name: str) -> None:
    (include,) = yaml.safe_load(EXAMPLES[name].read_text())["include"]
    assert include["component"] == f"$CI_SERVER_FQDN/OWNER/pulumi-connect-domains/{name}@1"
    assert job(name, **include["inputs"])["name"] == f"connect-domains-{name}"


def test_two_checks_in_one_pipeline_have_two_names() -> None:
    assert job("drift", job_name="drift-eu")["name"] == "drift-eu"


# -- drift ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", ["bash", "sh"])
@pytest.mark.parametrize(("days", "code"), [(30, 0), (31, 2)], ids=["in sync", "drift"])
def test_drift(days: int, code: int, shell: str, runner: Runner, local_aws: LocalAws) -> None:
    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=days)
    (runner.workspace / "states").mkdir()
    (runner.workspace / "states" / "dev.json").write_text(export(resource("crm")))
    described = job("drift")
    found, said = run(described, runner, shell=shell, **local_aws.environment())
    assert found == code, said
    files = {*described["artifacts"]["paths"], described["artifacts"]["reports"]["junit"]}
    assert {each for each in files if (runner.workspace / each).is_file()} == files
    assert described["allow_failure"] == {"exit_codes": 2}


def test_every_input_of_the_check_reaches_it(runner: Runner) -> None:
    for name in ("connect-domains", "pip"):
        runner.program(name, "true")
    given = {
        "package": "pulumi-connect-domains==1",
        "state_dir": "my states",
        "aws_role_arn": "arn:aws:iam::1:role/x",
        "policy": "policy.yaml",
        "unmanaged": True,
        "strict": True,
        "assume_role": "arn:aws:iam::{account}:role/y",
    }
    code, said = run(job("drift", **given), runner, before=True, CONNECT_DOMAINS_TOKEN="t0ken")
    assert code == 0, said
    assert runner.called("pip") == [["install", "--quiet", "--", "pulumi-connect-domains==1"]]
    assert runner.called("connect-domains")[0][:6] == [
        *("drift", "--state-dir=my states", "--policy=policy.yaml", "--unmanaged", "--strict"),
        "--assume-role=arn:aws:iam::{account}:role/y",
    ]
    assert "t0ken" not in said


@pytest.mark.parametrize("shell", ["bash", "sh"])
def test_a_backend_is_read_where_it_is(shell: str, runner: Runner, local_aws: LocalAws) -> None:
    """In a bucket whose Region only the URL names, as the job's role does not."""
    s3 = local_aws.client("s3", region="eu-west-2")
    s3.create_bucket(Bucket="states", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    s3.put_object(Bucket="states", Key=".pulumi/stacks/shop/dev.json", Body=export(resource("crm")).encode())
    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=31)
    without_region = {k: v for k, v in local_aws.environment().items() if not k.endswith("_REGION")}
    code, said = run(job("drift", state_url="s3://states?region=eu-west-2"), runner, shell=shell, **without_region)
    assert code == 2, said
    assert "lowered" in said or "raised" in said


def test_the_job_takes_the_role_by_its_token(runner: Runner) -> None:
    runner.program("pip", "true")
    runner.program("connect-domains", 'echo "$AWS_ROLE_ARN $(cat "$AWS_WEB_IDENTITY_TOKEN_FILE")"')
    _, said = run(job("drift", aws_role_arn="arn:x"), runner, before=True, CONNECT_DOMAINS_TOKEN="t0ken")
    assert said == "arn:x t0ken\n"


HARM = 'x\'; touch harmed; "$(touch harmed)" `touch harmed` && touch harmed | $HOME'


@pytest.mark.parametrize("name", ["package", "state_url", "state_dir", "aws_role_arn", "policy", "assume_role"])
def test_no_input_of_the_check_is_run(name: str, runner: Runner) -> None:
    for each in ("connect-domains", "pip"):
        runner.program(each, "true")
    run(job("drift", **{name: HARM}), runner, before=True, CONNECT_DOMAINS_TOKEN="t")
    assert not list(runner.workspace.rglob("harmed"))
    assert name == "aws_role_arn" or any(HARM in each for _, *arguments in runner.calls for each in arguments)


# -- review -----------------------------------------------------------------------------------------------------------

GITLAB = {
    "CI_API_V4_URL": "https://gitlab/api",
    "CI_PROJECT_ID": "5",
    "CI_MERGE_REQUEST_IID": "7",
    "GITLAB_TOKEN": "token",
    "CI_COMMIT_SHORT_SHA": "abc123",
}
NOTES = "https://gitlab/api/projects/5/merge_requests/7/notes"
has_jq = pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed, which the script needs")


@pytest.fixture
def gitlab(runner: Runner) -> Runner:
    """GitLab's API by a stand-in of curl: the files page1 and page2 are the notes, of which the user 2 is the token's own."""
    runner.program(
        "curl",
        f'cd "{runner.temporary}"; case "$*" in */user) echo \'{{"id": 2}}\' ;; *page=1) cat page1 ;; *page=*) cat page2 ;; esac',
    )
    (runner.temporary / "page1").write_text("[]")
    (runner.temporary / "page2").write_text("[]")
    return runner


def previewed(runner: Runner, preview: Any, *, shell: str = "sh", labels: str = "", **given: Any) -> tuple[int, str]:
    made = runner.temporary / "made.json"
    made.write_text(json.dumps(preview))
    runner.program("pulumi", f'cat "{made}"')
    described = job("review", **{"stacks": "dev me/shop/prod", **given})
    return run(described, runner, shell=shell, CI_MERGE_REQUEST_LABELS=labels, **GITLAB)


@has_jq
@pytest.mark.parametrize("shell", ["bash", "sh"])
@pytest.mark.parametrize(
    ("labels", "code"),
    [("", 2), ("bug,data-loss-approved::abc123", 0), ("data-loss-approved::older", 2), ("data-loss-approved", 2)],
    ids=["not approved", "approved", "an older commit was approved", "no commit"],
)
def test_data_loss_fails_until_it_is_approved(labels: str, code: int, shell: str, gitlab: Runner) -> None:
    found, said = previewed(gitlab, LOSES, labels=labels, shell=shell)
    assert found == code, said
    assert (gitlab.workspace / "comment.md").read_text().startswith(MARKER)
    assert json.loads((gitlab.workspace / "review.json").read_text())["version"] == 1
    options = ["--json", "--non-interactive"]
    assert gitlab.called("pulumi") == [
        ["preview", "--cwd=.", f"--stack={name}", *options] for name in ("dev", "me/shop/prod")
    ]
    (reviewed,) = gitlab.called("connect-domains")
    assert [Path(each).name for each in reviewed[1:3]] == ["dev.json", "me-shop-prod.json"]
    assert "--live" in reviewed


@has_jq
def test_no_stack_hides_another(gitlab: Runner) -> None:
    previewed(gitlab, document(), stacks="shop/dev shop-dev .dev")
    (reviewed,) = gitlab.called("connect-domains")
    assert [Path(each).name for each in reviewed[1:4]] == ["shop-dev.json", "shop-dev-.json", ".dev.json"]


@has_jq
@pytest.mark.parametrize(
    ("preview", "has_note", "request_"),
    [
        pytest.param(LOSES, False, f"--request POST --data-urlencode body@comment.md {NOTES}", id="the first"),
        pytest.param(LOSES, True, f"--request PUT --data-urlencode body@comment.md {NOTES}/31", id="edited in place"),
        pytest.param(document(), True, f"--request DELETE {NOTES}/31", id="nothing changes any more"),
        pytest.param(document(), False, None, id="nothing changes, as before"),
    ],
)
def test_there_is_one_note(preview: Any, has_note: bool, request_: str | None, gitlab: Runner) -> None:
    somebody = {"id": 30, "author": {"id": 1}, "body": f"{MARKER}\nforged\\n"}
    mine = {"id": 31, "author": {"id": 2}, "body": f"{MARKER}\nold"}
    (gitlab.temporary / "page1").write_text(json.dumps([somebody]))
    (gitlab.temporary / "page2").write_text(json.dumps([mine] if has_note else []))
    _, said = previewed(gitlab, preview)
    written = [" ".join(call) for call in gitlab.called("curl") if "--request" in call]
    assert len(written) == (1 if request_ else 0), said
    assert all(call.endswith(request_ or "") for call in written)


@has_jq
@pytest.mark.parametrize("name", ["stacks", "working_directory", "approval_label", "marker", "package", "requirements"])
def test_no_input_of_the_review_is_run(name: str, gitlab: Runner) -> None:
    gitlab.program("pip", "true")
    gitlab.program("pulumi", "exit 1")
    described = job("review", **{"stacks": "dev", name: HARM})
    run(described, gitlab, before=True, CONNECT_DOMAINS_TOKEN="t", **GITLAB)
    assert not list(gitlab.workspace.rglob("harmed"))
    assert gitlab.called("connect-domains")
