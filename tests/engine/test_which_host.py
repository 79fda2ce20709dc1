"""The table "Which host?" of docs/explanation/hosts.md: what each row says is so, on both hosts."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pulumi
import pulumi_connect_domains as dynamic
import pytest
import yaml
from pulumi.automation import CommandError
from pulumi_connect_domains import native
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.registry import resource_types
from pulumi_connect_domains.testing import MakeStack, PulumiStack

from ..contract.test_threats import ROOT, collected

PAGE = (ROOT / "docs" / "explanation" / "hosts.md").read_text(encoding="utf-8")
TABLE = {
    subject: (of_dynamic, of_native)
    for subject, of_dynamic, of_native in (
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in PAGE.splitlines() if line.startswith("| ")
    )
    if subject != "subject"
}
HELD: dict[str, tuple[str, ...]] = {
    "languages": (
        "tests/examples/test_quickstarts.py::test_a_whole_life",
        "tests/packaging/test_sdks.py::test_python",
        "tests/packaging/test_sdks.py::test_java",
        "tests/packaging/test_sdks.py::test_c_sharp_is_generated",
    ),
    "install": (
        "tests/packaging/test_native_plugin.py::test_the_cli_finds_the_plugin",
        "tests/packaging/test_distribution.py::test_the_installed_command_and_package_say_the_wheels_version",
    ),
    "type tokens": ("tests/engine/test_which_host.py::test_type_tokens",),
    "config keys": ("tests/engine/test_which_host.py::test_config_keys",),
    "names of properties": (
        "tests/engine/test_native.py::test_all_mistakes_are_told_at_once_in_the_words_of_the_program",
        "tests/examples/test_quickstarts.py::test_a_whole_life",
    ),
    "`pulumi import`, the option `import_`": (
        "tests/engine/test_which_host.py::test_the_option_import",
        "tests/engine/test_native.py::test_import_takes_a_domain_in_and_the_same_program_shows_no_change",
        "tests/examples/test_quickstarts.py::test_a_whole_life",
    ),
    "`pulumi:autonaming`": (
        "tests/engine/test_which_host.py::test_autonaming",
        "tests/engine/test_native.py::test_autonaming_of_the_stacks_config_gives_the_name",
    ),
    "Ctrl-C during a wait": (
        "tests/engine/test_which_host.py::test_ctrl_c_during_a_wait",
        "tests/engine/test_cancelling.py::test_a_domain_that_is_still_being_made_is_kept",
    ),
    "what changes, in previews": (
        "tests/engine/test_which_host.py::test_what_changes_in_previews",
        "tests/engine/test_native.py::test_a_preview_names_what_differs_by_path",
    ),
    "operations at a time": ("tests/engine/test_which_host.py::test_operations_at_a_time",),
    "secrets in state": ("tests/engine/test_which_host.py::test_secrets_in_state",),
    "processes of the provider": (
        "tests/engine/test_which_host.py::test_processes_of_the_provider",
        "tests/examples/test_quickstarts.py::test_processes_of_a_program_in_yaml",
    ),
}
"""The tests that hold each row."""

HOSTS = {"dynamic": dynamic, "native": native}
PROFILES, VOICE = (resource_types()[key].service for key in ("customerprofiles", "voiceid"))
KEY = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000001"
CONFIG = {"aws:region": "us-east-1", "connect-domains:region": "us-east-1"}

Program = Callable[[], None]
both = pytest.mark.parametrize("host", HOSTS)


@dataclass(frozen=True)
class Making:
    """Makes stacks with a program of one of the hosts."""

    make: MakeStack

    def __call__(self, program: Program, **config: str) -> PulumiStack:
        return self.make(program, native=True, config=config or CONFIG)


@pytest.fixture
def make(pulumi_stack: MakeStack) -> Making:
    return Making(pulumi_stack)


def crm(host: str, *, options: dict[str, Any] | None = None, **arguments: Any) -> Program:
    """A program with one Customer Profiles domain of that host, called crm."""
    of: Any = HOSTS[host]

    def program() -> None:
        given = {"domain_name": "crm", "default_expiration_days": 30, **arguments}
        of.customerprofiles.Domain("crm", **given, opts=pulumi.ResourceOptions(**(options or {})))

    return program


def cell(subject: str, host: str) -> str:
    return TABLE[subject][[*HOSTS].index(host)]


def test_every_row_is_held() -> None:
    assert TABLE.keys() == HELD.keys()
    missing = [each for tests in HELD.values() for each in tests if not is_test(each)]
    assert missing == []


def is_test(name: str) -> bool:
    file, _, function = name.partition("::")
    return function in collected(file)


@both
def test_type_tokens(host: str, make: Making, local_aws: LocalAws) -> None:
    stack = make(crm(host))
    stack.up()
    assert f"`{stack.state()['crm']['type']}`" == cell("type tokens", host)


@both
@pytest.mark.parametrize("is_set", [True, False], ids=["its own key", "only the other's key"])
def test_config_keys(host: str, is_set: bool, make: Making, local_aws: LocalAws) -> None:
    """Each host reads its own key; without that, the Region is that of AWS_REGION."""
    keys = {"dynamic": "aws:region", "native": "connect-domains:region"}
    assert cell("config keys", host).startswith(f"`{keys[host]}`")
    config = {key: "eu-west-2" if each == host else "eu-central-1" for each, key in keys.items()}
    if not is_set:
        del config[keys[host]]
    stack = make(crm(host), **config)
    stack.environment["AWS_REGION"] = "us-west-2"
    stack.up()
    assert stack.domain("crm")["outputs"]["region"] == ("eu-west-2" if is_set else "us-west-2")


@both
def test_the_option_import(host: str, make: Making, local_aws: LocalAws) -> None:
    local_aws.seed(PROFILES, "crm", DefaultExpirationDays=30)
    stack = make(crm(host, options={"import_": "crm"}))
    assert cell("`pulumi import`, the option `import_`", host).split(";")[0] == ("no" if host == "dynamic" else "yes")
    if host == "native":
        stack.up()
        assert stack.state()["crm"]["id"] == "crm"
    else:
        with pytest.raises(CommandError):
            stack.up()
        assert "crm" not in stack.state()


@both
def test_autonaming(host: str, make: Making, local_aws: LocalAws) -> None:
    stack = make(crm(host, domain_name=None))
    file = stack.folder / f"Pulumi.{stack.automation.name}.yaml"
    settings = yaml.safe_load(file.read_text("utf-8"))
    settings["config"]["pulumi:autonaming"] = {"pattern": "ours-${name}"}
    file.write_text(yaml.safe_dump(settings), "utf-8")
    stack.up()
    assert (list(local_aws.domains(PROFILES)) == ["ours-crm"]) is (cell("`pulumi:autonaming`", host) == "yes")


@both
def test_what_changes_in_previews(host: str, make: Making, local_aws: LocalAws) -> None:
    def ruled(rule: str) -> Program:
        rules = [{"rule": ["EmailAddress"]}, {"rule": [rule]}]
        return crm(host, rule_based_matching={"enabled": True, "matching_rules": rules})

    stack = make(ruled("Phone"))
    stack.up()
    [step] = [each for each in stack.run(ruled("Name")).preview_json()["steps"] if each["urn"].endswith("::crm")]
    place = {"dynamic": "rule_based_matching", "native": "ruleBasedMatching.matchingRules[1].rule[0]"}[host]
    assert [*(step["detailedDiff"] or {})] or step["diffReasons"] == [place]


@both
@pytest.mark.parametrize("parallel", [2, 7])
def test_operations_at_a_time(host: str, parallel: int, make: Making, local_aws: LocalAws) -> None:
    of: Any = HOSTS[host]

    def program() -> None:
        for number in range(7):
            of.customerprofiles.Domain(f"d{number}", domain_name=f"d{number}", default_expiration_days=1)

    local_aws.latency(2.0, "CreateDomain")
    make(program).up(parallel=parallel)
    calls = local_aws.calls(PROFILES, "CreateDomain")
    assert len(calls) == 7
    at_once = max(sum(each.started <= one.started < each.started + each.seconds for each in calls) for one in calls)
    assert cell("operations at a time", host) == ("four" if host == "dynamic" else "as many as `--parallel` says")
    assert at_once == min(parallel, 4 if host == "dynamic" else parallel)


@both
def test_secrets_in_state(host: str, make: Making, local_aws: LocalAws) -> None:
    of: Any = HOSTS[host]

    def program() -> None:
        provider = of.Provider("p", region="us-east-1", default_tags={"cost": pulumi.Output.secret("canary")})
        tags = {"team": "crm", "owner": pulumi.Output.secret("canary")}
        crm(host, tags=tags, options={"provider": provider})()

    stack = make(program)
    stack.up()
    text = stack.command("stack", "export")
    assert "canary" not in text
    [entry] = [each for each in yaml.safe_load(text)["deployment"]["resources"] if each["urn"].endswith("::crm")]
    for at_its_place in (entry["inputs"]["tags"], entry["outputs"]["tags"]):
        assert at_its_place["team"] == "crm"
        assert "ciphertext" in at_its_place["owner"]
    merged = entry["outputs"]["tags_all" if host == "dynamic" else "tagsAll"]
    assert ("ciphertext" in merged) is (host == "dynamic")
    assert (merged.get("team") == "crm") is (host == "native")


STARTS = {"dynamic": ("-m pulumi.dynamic", "runner.py host"), "native": ("-m pulumi_connect_domains.native",)}
"""How a provider's process is started: the dynamic one by the Pulumi CLI, and by the local engine."""


def watched(environment: dict[str, str], folder: Path) -> Callable[[str], list[str]]:
    """Notes each start of Python with the environment. Returns a function: the starts of a host's provider since it was last asked."""
    folder.mkdir()
    log = folder / "started"
    note = f"import sys\nwith open({str(log)!r}, 'a') as file:\n    print(*sys.orig_argv, file=file)\n"
    (folder / "sitecustomize.py").write_text(note)
    before = environment.get("PYTHONPATH") or os.environ.get("PYTHONPATH")
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(folder), before]))

    def started(host: str) -> list[str]:
        lines = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return [each for each in lines if any(start in each for start in STARTS[host])]

    return started


# -- in processes of their own ----------------------------------------------------------------------------------------

SHOP = """
import pulumi
from {package} import voiceid

voiceid.Domain(
    "calls",
    name="calls",
    server_side_encryption_configuration={{"kms_key_id": "{key}"}},
    opts=pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create="8s")),
)
"""


def project(folder: Path, host: str) -> Path:
    """A project's folder with a Voice ID domain of that host, which waits for at most 8 s until the domain is there."""
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: test\nruntime: python\n")
    of: ModuleType = HOSTS[host]
    (folder / "__main__.py").write_text(SHOP.format(package=of.__name__, key=KEY))
    return folder


@both
def test_ctrl_c_during_a_wait(host: str, pulumi_stack: MakeStack, local_aws: LocalAws, tmp_path: Path) -> None:
    """The dynamic host waits to the end of its time limit. In both cases the state has the domain."""
    stack = pulumi_stack(project(tmp_path / "shop", host), native=True, own_process=True, config=CONFIG)
    local_aws.voiceid(pending_describes=None)
    command = [str(stack.engine.path), "up", "--yes", "--skip-preview", "--non-interactive", "--stack", "test"]
    running = subprocess.Popen(
        command, cwd=stack.folder, env={**os.environ, **stack.environment}, stdout=subprocess.PIPE, text=True
    )
    until = time.monotonic() + 60
    while not local_aws.calls(VOICE, "DescribeDomain") and time.monotonic() < until:
        assert running.poll() is None, running.communicate()
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    said, _ = running.communicate(timeout=60)
    assert running.returncode != 0, said
    assert ("PENDING when the run was cancelled" if host == "native" else "PENDING after 8 s") in said
    found = stack.domain("calls")
    assert found["id"] == next(iter(local_aws.domains(VOICE)))
    assert found["outputs"]["domain_status"] == "PENDING"
    local_aws.voiceid(pending_describes=0)
    local_aws.change(VOICE, found["id"], DomainStatus="ACTIVE")
    stack.refresh()
    stack.preview(expect_no_changes=True)


@both
def test_processes_of_the_provider(host: str, pulumi_stack: MakeStack, local_aws: LocalAws, tmp_path: Path) -> None:
    stack = pulumi_stack(project(tmp_path / "shop", host), native=True, own_process=True, config=CONFIG)
    started = watched(stack.environment, tmp_path / "watched")
    stack.preview()
    assert len(started(host)) == 1
    stack.up()  # without a preview
    assert len(started(host)) == 1
    stack.command("refresh", "--yes", "--non-interactive")  # with a preview
    assert len(started(host)) == 2
