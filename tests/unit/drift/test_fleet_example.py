"""examples/drift-fleet: the files are what their systems accept, their commands are commands, and a fleet is checked by them."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import click
import pulumi_connect_domains
import pytest
import yaml
from botocore.validate import ParamValidator
from pulumi_connect_domains.drift.command import drift
from pulumi_connect_domains.iam_policy import state_statements
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.stacks.locations import BucketLocation, location

from .reports import export, resource

EXAMPLE = Path(__file__).parents[3] / "examples" / "drift-fleet"
JOBS = 16
WORKFLOWS = {"vendor.github-workflows": "github/drift-fleet.yml", "vendor.gitlab-ci": "gitlab/.gitlab-ci.yml"}
MANIFESTS = ["kubernetes/shards.yaml", "kubernetes/merge.yaml"]
DEFINITIONS = ["aws-batch/shards.json", "aws-batch/report.json"]
SCRIPTS = ["aws-batch/submit.sh"]
STYLE = """{extends: default, rules: {line-length: {max: 140}, document-start: disable, truthy: {check-keys: false},
    comments: {min-spaces-from-content: 1}}}"""


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


def read(file: str) -> Any:
    """The document in the file: YAML, of which JSON is a part."""
    return yaml.safe_load((EXAMPLE / file).read_text())


def texts(value: Any) -> Iterator[str]:
    """Every text in a document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts(each)


def commands(file: str) -> list[list[str]]:
    """The arguments of every `connect-domains drift` in the file."""
    found = [text.replace("\\\n", " ") for text in texts(read(file))]
    lines = [line for text in found for line in re.findall(r"connect-domains drift ([^\n]*)", text)]
    return [shlex.split(line.split("||")[0]) for line in lines]


def shard_of(arguments: list[str]) -> str:
    return arguments[arguments.index("--shard") + 1]


# -- each system's own rules ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("schema", "file"), WORKFLOWS.items())
def test_a_workflow_is_as_its_systems_schema_says(schema: str, file: str) -> None:
    done = run(sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(EXAMPLE / file))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("file", [*WORKFLOWS.values(), *MANIFESTS])
def test_yaml_is_tidy(file: str) -> None:
    done = run(sys.executable, "-m", "yamllint", "--strict", "-d", STYLE, str(EXAMPLE / file))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("file", SCRIPTS)
def test_scripts_are_bash(file: str) -> None:
    done = run("bash", "-n", str(EXAMPLE / file))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("file", DEFINITIONS)
def test_a_job_definition_is_as_aws_batch_takes_it(file: str) -> None:
    """As the AWS CLI would send it. Fargate takes memory in steps that depend on the processors."""
    batch = botocore.session.Session().get_service_model("batch").operation_model("RegisterJobDefinition")
    definition = read(file)
    assert ParamValidator().validate(definition, batch.input_shape).generate_report() == ""
    needs = {each["type"]: each["value"] for each in definition["containerProperties"]["resourceRequirements"]}
    assert needs == {"VCPU": "0.5", "MEMORY": "1024"}


@pytest.mark.parametrize("file", MANIFESTS)
def test_a_manifest_is_a_job_whose_pods_see_the_reports(file: str) -> None:
    job = read(file)
    assert (job["apiVersion"], job["kind"]) == ("batch/v1", "Job")
    pod = job["spec"]["template"]["spec"]
    [container], [volume] = pod["containers"], pod["volumes"]
    [mount] = container["volumeMounts"]
    assert mount["name"] == volume["name"]
    assert {"name": "REPORTS", "value": mount["mountPath"]} in container["env"]
    assert pod["restartPolicy"] == "Never", "a pod that failed is replaced, so that its exit code is seen"


# -- the commands -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", [*WORKFLOWS.values(), *MANIFESTS, *DEFINITIONS])
def test_every_command_is_one(file: str) -> None:
    found = commands(file)
    assert found
    for arguments in found:
        command: click.Command = drift
        if arguments[0] == "merge":
            merge = drift.get_command(click.Context(drift), "merge")
            assert merge is not None
            command, arguments = merge, arguments[1:]
        # `set --` and `since=()` add this option, or nothing
        whole = [each for each in arguments if each not in ("$@", "${since[@]}")] + ["--since", "earlier.json"]
        assert command.make_context("drift", whole).params


def test_each_system_starts_as_many_jobs_as_there_are_shards() -> None:
    github = read("github/drift-fleet.yml")["jobs"]["check"]
    assert github["strategy"]["matrix"]["shard"] == list(range(1, JOBS + 1))
    assert shard_of(commands("github/drift-fleet.yml")[0]) == f"$SHARD/{JOBS}"
    assert read("gitlab/.gitlab-ci.yml")["shards"]["parallel"] == JOBS
    assert shard_of(commands("gitlab/.gitlab-ci.yml")[0]) == "auto", "GitLab says how many there are"
    indexed = read("kubernetes/shards.yaml")["spec"]
    assert (indexed["completionMode"], indexed["completions"]) == ("Indexed", JOBS)
    assert shard_of(commands("kubernetes/shards.yaml")[0]) == f"auto/{JOBS}"
    assert f"--array-properties size={JOBS} " in (EXAMPLE / "aws-batch/submit.sh").read_text()
    assert shard_of(commands("aws-batch/shards.json")[0]) == f"auto/{JOBS}"


@pytest.mark.parametrize(
    ("submitted", "file"), [("drift-shards", "aws-batch/shards.json"), ("drift-report", "aws-batch/report.json")]
)
def test_what_is_submitted_is_what_is_registered(submitted: str, file: str) -> None:
    assert read(file)["jobDefinitionName"] == submitted
    assert f"--job-definition {submitted} " in (EXAMPLE / "aws-batch/submit.sh").read_text()


def test_the_role_of_the_jobs_reads_the_bucket_and_takes_the_role_of_each_account() -> None:
    container = read("aws-batch/shards.json")["containerProperties"]
    environment = {each["name"]: each["value"] for each in container["environment"]}
    place = location(environment["STATE_URL"])
    assert isinstance(place, BucketLocation)
    *states, role, reports = read("aws-batch/job-role.json")["Statement"]
    assert states == state_statements([place])
    assert (role["Action"], role["Resource"]) == (["sts:AssumeRole"], environment["ROLE"].replace("{account}", "*"))
    [volume] = container["volumes"]
    assert reports["Resource"].endswith(f"/{volume['efsVolumeConfiguration']['fileSystemId']}")


def test_the_role_of_each_account_is_another_one_and_trusts_that_of_the_jobs() -> None:
    """A role that takes itself would have to trust itself."""
    first = read("aws-batch/shards.json")["containerProperties"]["jobRoleArn"]
    [trust] = read("domain-role-trust.json")["Statement"]
    assert (trust["Principal"], trust["Action"]) == ({"AWS": first}, "sts:AssumeRole")
    for file in WORKFLOWS.values():
        found = set(re.findall(r"arn:aws:iam::\S+", (EXAMPLE / file).read_text()))
        assert found == {first, "arn:aws:iam::{account}:role/connect-domains-drift"}


# -- a fleet of two accounts and Regions ------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize(
    ("shards", "merge", "index"),
    [
        pytest.param("kubernetes/shards.yaml", "kubernetes/merge.yaml", "JOB_COMPLETION_INDEX", id="kubernetes"),
        pytest.param("aws-batch/shards.json", "aws-batch/report.json", "AWS_BATCH_JOB_ARRAY_INDEX", id="AWS Batch"),
    ],
)
def test_the_jobs_check_every_domain_once(
    tmp_path: Path, local_aws: LocalAws, shards: str, merge: str, index: str
) -> None:
    """The scripts of the containers, with two shards, on the local AWS. One domain has drifted; then it is mended."""
    regions = ("eu-west-2", "eu-central-1", "us-east-1", "us-west-2", "ap-southeast-2")
    stacks = tmp_path / "backend" / ".pulumi" / "stacks" / "shop"
    stacks.mkdir(parents=True)
    for region in regions:
        inputs = {"domain_name": region, "region": region, "default_expiration_days": 30}
        (stacks / f"{region}.json").write_text(export(resource(region, stack=region, inputs=inputs)))
        local_aws.seed("customer-profiles", region, region=region, DefaultExpirationDays=30)
    local_aws.change("customer-profiles", "us-east-1", DefaultExpirationDays=31)
    programs, reports = tmp_path / "programs", tmp_path / "reports"
    programs.mkdir()
    reports.mkdir()
    program = programs / "connect-domains"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m pulumi_connect_domains "$@"\n')
    program.chmod(0o755)
    environment = {
        "PATH": f"{programs}:/usr/bin:/bin",
        "PYTHONPATH": str(Path(pulumi_connect_domains.__file__).parents[1]),
        "STATE_URL": f"file://{tmp_path / 'backend'}",
        "ROLE": "",
        "REPORTS": str(reports),
        **local_aws.environment(),
    }

    def job(file: str, **more: str) -> int:
        [script] = [text for text in texts(read(file)) if "connect-domains drift" in text]
        command = ["sh", "-c", script.replace(f"auto/{JOBS}", "auto/2"), "sh"]
        return subprocess.run(command, env={**environment, **more}, check=False).returncode

    def fleet() -> tuple[int, Any]:
        assert [job(shards, **{index: str(number)}) for number in range(2)] == [0, 0]
        return job(merge), json.loads((reports / "drift.json").read_text())

    code, found = fleet()
    assert code == 2
    assert sorted(each["region"] for each in found["domains"]) == sorted(regions)
    assert [each["name"] for each in found["domains"] if each["status"] == "drifted"] == ["us-east-1"]
    assert not list(reports.glob("progress-*")), "a shard that ended leaves no progress behind"
    local_aws.change("customer-profiles", "us-east-1", DefaultExpirationDays=30)
    code, found = fleet()
    assert code == 0
    assert "mended" in json.dumps(found)
    (reports / "shard-1.json").unlink()
    assert job(merge) == 1, "a shard that is missing is refused"
