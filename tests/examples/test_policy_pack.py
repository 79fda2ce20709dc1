"""examples/policy-pack: its rules in this process, with a stand-in for Pulumi's policy SDK; and the pack as it is, on the Pulumi CLI.

The SDK itself (pulumi-policy 1.21) asks for protobuf 5. It is not installed here, since every other test would then run on that version
and not on the one that users get. The CLI makes an environment of its own for it.
"""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import yaml
from pulumi_connect_domains import customerprofiles, registry, voiceid
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.testing import MakeStack, PulumiEngine

from .conftest import EXAMPLES

PACK = EXAMPLES / "policy-pack"
CUSTOMER_PROFILES, VOICE_ID = (type.type_token for type in registry.resource_types().values())
KEY = "arn:aws:kms:eu-west-2:123456789012:key/1a2b3c4d-5e6f-7081-92a3-b4c5d6e7f809"
GOOD: dict[str, Any] = {
    "default_expiration_days": 366.0,
    "default_encryption_key": KEY,
    "tags": {"team": "crm"},
    "tags_all": {"team": "crm"},
}
"""Inputs of a Customer Profiles domain that break no rule."""


class UnknownValueError(Exception):
    """As in pulumi_policy.proxy."""


class Unknown:
    """A value that a preview does not know."""


class Properties(Mapping[str, Any]):
    """As policies get them: each access to a value that is not known raises."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def __getitem__(self, key: str) -> Any:
        if isinstance(self._values[key], Unknown):
            raise UnknownValueError
        return Properties(self._values[key]) if isinstance(self._values[key], dict) else self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class EnforcementLevel(Enum):
    ADVISORY = "advisory"
    MANDATORY = "mandatory"


@dataclass(frozen=True)
class PolicyConfigSchema:
    properties: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Policy:
    name: str
    description: str
    validate: Callable[[Any, Callable[[str, str | None], None]], None]
    enforcement_level: EnforcementLevel | None = None
    config_schema: PolicyConfigSchema | None = None


@dataclass(frozen=True)
class Pack:
    name: str
    policies: list[Policy]
    enforcement_level: EnforcementLevel


@dataclass
class Judge:
    """Runs the policies of the pack on a resource, as Pulumi does."""

    pack: Pack
    config: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __call__(
        self, inputs: dict[str, Any], *, token: str = CUSTOMER_PROFILES, stack: str = "prod", protect: bool = False
    ) -> dict[str, list[str]]:
        """What each policy reports; a policy without anything to report is left out."""
        said: dict[str, list[str]] = {}
        for policy in self.pack.policies:
            args = SimpleNamespace(
                resource_type=token,
                props=Properties(inputs),
                urn=f"urn:pulumi:{stack}::crm::{token}::crm",
                opts=SimpleNamespace(protect=protect),
                get_config=lambda name=policy.name: self.config.get(name, {}),
            )
            try:
                policy.validate(args, lambda text, urn, name=policy.name: said.setdefault(name, []).append(text))
            except UnknownValueError:
                said[policy.name] = ["unknown"]
        return said


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Judge]:
    """The pack as __main__.py makes it."""
    made: list[Pack] = []
    sdk, proxy = ModuleType("pulumi_policy"), ModuleType("pulumi_policy.proxy")
    vars(sdk).update(
        EnforcementLevel=EnforcementLevel,
        PolicyConfigSchema=PolicyConfigSchema,
        PolicyPack=lambda name, policies, enforcement_level: made.append(Pack(name, policies, enforcement_level)),
        ResourceValidationPolicy=Policy,
        ReportViolation=object,
        ResourceValidationArgs=object,
    )
    vars(proxy).update(UnknownValueError=UnknownValueError)
    monkeypatch.setitem(sys.modules, "pulumi_policy", sdk)
    monkeypatch.setitem(sys.modules, "pulumi_policy.proxy", proxy)
    monkeypatch.syspath_prepend(str(PACK))
    runpy.run_path(str(PACK / "__main__.py"))
    [pack] = made
    yield Judge(pack)
    sys.modules.pop("rules", None)


def test_a_good_domain_breaks_no_rule(judge: Judge) -> None:
    assert judge(GOOD) == {}
    assert judge({"tags_all": {"team": "crm"}}, token=VOICE_ID, protect=True) == {}
    assert judge({"acl": "public-read"}, token="aws:s3/bucket:Bucket") == {}


EXPORTED = {"enabled": True, "exporting_config": {"s3_exporting": {"s3_bucket_name": "found"}}}
UNEXPORTED = "{0}.exporting_config: must be set while {0} is enabled"


@pytest.mark.parametrize(
    ("change", "policy", "said"),
    [
        pytest.param({"force_destroy": True}, "guard-on", "force_destroy: must not be true", id="the guard is off"),
        pytest.param({"default_encryption_key": None}, "own-key", "default_encryption_key: must be set", id="no key"),
        pytest.param(
            {"default_encryption_key": ""}, "own-key", "default_encryption_key: must be set", id="an empty key"
        ),
        pytest.param({"matching": {"enabled": True}}, "matches-exported", UNEXPORTED.format("matching"), id="matching"),
        pytest.param(
            {"rule_based_matching": {"enabled": True}},
            "matches-exported",
            UNEXPORTED.format("rule_based_matching"),
            id="rules",
        ),
        pytest.param({"default_expiration_days": 731.0}, "expiration-bounded", "must be at most 730", id="too long"),
        pytest.param({"tags_all": {"team": ""}}, "tagged", "must hold the key 'team'", id="an empty tag"),
        pytest.param({"tags_all": None}, "tagged", "must hold the key 'team'", id="no tags"),
        pytest.param({"force_destroy": Unknown()}, "guard-on", "unknown", id="a guard that is not known yet"),
        pytest.param({"matching": Unknown()}, "matches-exported", "unknown", id="matching that is not known yet"),
    ],
)
def test_a_rule_is_broken(judge: Judge, change: dict[str, Any], policy: str, said: str) -> None:
    inputs = {key: value for key, value in {**GOOD, **change}.items() if value is not None}
    [(name, [text])] = judge(inputs).items()
    assert name == policy
    assert said in text


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"force_destroy": False}, id="the guard is on"),
        pytest.param({"default_encryption_key": Unknown()}, id="a key that is not known yet"),
        pytest.param({"tags_all": {"team": Unknown()}}, id="a tag that is not known yet"),
        pytest.param({"matching": EXPORTED, "rule_based_matching": EXPORTED}, id="matches are exported"),
        pytest.param({"matching": {"enabled": True, "exporting_config": Unknown()}}, id="an export not known yet"),
        pytest.param({"matching": {"enabled": False}}, id="matching is off"),
        pytest.param({"default_expiration_days": 730.0}, id="the longest expiration"),
    ],
)
def test_a_rule_is_kept(judge: Judge, change: dict[str, Any]) -> None:
    assert judge({**GOOD, **change}) == {}


@pytest.mark.parametrize(
    ("stack", "is_one"),
    [("prod", True), ("production", True), ("prod-eu", True), ("eu-prod", True), ("dev", False), ("product", False)],
)
def test_production_is_told_by_the_stacks_name(judge: Judge, stack: str, is_one: bool) -> None:
    assert ("guard-on" in judge({**GOOD, "force_destroy": True}, stack=stack)) is is_one
    assert ("protected" in judge({"tags_all": {"team": "x"}}, token=VOICE_ID, stack=stack)) is is_one


def test_the_configuration_of_the_pack_counts(judge: Judge) -> None:
    judge.config = {
        "guard-on": {"stacks": ["live"]},
        "expiration-bounded": {"longestExpirationDays": 30.0},
        "tagged": {"tags": ["owner"]},
    }
    inputs = {**GOOD, "force_destroy": True}
    assert judge(inputs, stack="prod").keys() == {"expiration-bounded", "tagged"}
    assert judge(inputs, stack="live") == {
        "guard-on": ["force_destroy: must not be true in production; it lets a deletion of all customer data through"],
        "expiration-bounded": ["default_expiration_days: must be at most 30"],
        "tagged": ["tags: must hold the key 'owner', here or in aws:defaultTags"],
    }


def test_what_can_be_configured_has_the_default_that_holds_without_configuration(judge: Judge) -> None:
    defaults = {
        policy.name: {key: each["default"] for key, each in policy.config_schema.properties.items()}
        for policy in judge.pack.policies
        if policy.config_schema
    }
    broken = {**GOOD, "force_destroy": True, "default_expiration_days": 731.0, "tags_all": {}}
    bare = judge(broken)
    judge.config = defaults
    assert judge(broken) == bare
    assert bare.keys() == defaults.keys() - {"protected"}


def test_no_message_shows_a_value(judge: Judge) -> None:
    """Policies get secrets in clear."""
    secret = "s3cr3t-value"
    shown = judge(
        {
            "default_expiration_days": 9999.0,
            "default_encryption_key": "",
            "dead_letter_queue_url": secret,
            "domain_name": secret,
            "force_destroy": True,
            "matching": {"enabled": True, "job_schedule": secret},
            "tags_all": {secret: secret},
        }
    )
    assert len(shown) == 5
    assert secret not in str(shown)
    assert "9999" not in str(shown)


def test_policies_get_what_the_provider_has_checked(judge: Judge, local_aws: LocalAws, pulumi_stack: MakeStack) -> None:
    """Pulumi's policies look at the inputs that stand in the state: default tags are in them, and a name that was made."""

    def program() -> None:
        customerprofiles.Domain("crm", default_expiration_days=366, default_encryption_key=KEY)
        voiceid.Domain("calls", server_side_encryption_configuration={"kms_key_id": KEY})

    stack = pulumi_stack(program, config={"aws:region": "eu-west-2", "aws:defaultTags": '{"tags": {"team": "crm"}}'})
    stack.up()
    inputs = {each["type"]: each.get("inputs", {}) for each in stack.state().values()}
    assert judge(inputs[CUSTOMER_PROFILES]) == {}
    assert judge(inputs[VOICE_ID], token=VOICE_ID) == {
        "protected": ["the resource option protect must be set in production; nothing else keeps the voiceprints"]
    }


def test_the_page_names_every_policy_and_says_how_strict_it_is(judge: Judge) -> None:
    page = (EXAMPLES.parent / "docs" / "how-to" / "policy-pack.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"(?m)^\| `([\w-]+)` \|.*\| (\w+) \|$", page))
    levels = {each.name: each.enforcement_level or judge.pack.enforcement_level for each in judge.pack.policies}
    assert rows == {name: level.value for name, level in levels.items()}


def test_the_pack_has_its_files() -> None:
    settings = yaml.safe_load((PACK / "PulumiPolicy.yaml").read_text(encoding="utf-8"))
    assert settings["runtime"] == {"name": "python", "options": {"toolchain": "pip", "virtualenv": "venv"}}
    assert settings["version"] == "1.0.0"
    assert (PACK / "requirements.txt").read_text(encoding="utf-8") == "pulumi-policy>=1.21,<2\n"


PROGRAM = """\
import pulumi
from pulumi_connect_domains import customerprofiles

crm = customerprofiles.Domain("crm", default_expiration_days=366, tags={"team": "crm"}, force_destroy=True)
customerprofiles.Domain(
    "later",
    default_expiration_days=366,
    default_encryption_key=crm.arn,
    tags={"team": pulumi.Output.secret("s3cr3t-value")},
    force_destroy=crm.arn.apply(lambda arn: True),
)
"""


@pytest.mark.long
@pytest.mark.parametrize("pulumi_engine", ["cli"], indirect=True)
def test_the_pack_on_the_pulumi_cli(pulumi_engine: PulumiEngine, local_aws: LocalAws, tmp_path: Path) -> None:
    """`pulumi install` asks a package index for the policy SDK; where there is none, the test is skipped."""
    pack, project = tmp_path / "pack", tmp_path / "project"
    shutil.copytree(PACK, pack, ignore=shutil.ignore_patterns("__pycache__", "venv"))
    (tmp_path / "state").mkdir()
    project.mkdir()
    (project / "Pulumi.yaml").write_text("name: crm\nruntime: python\n")
    (project / "__main__.py").write_text(PROGRAM)
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(pulumi_engine.path.parent), sysconfig.get_path("scripts"), os.environ["PATH"]]),
        "PULUMI_BACKEND_URL": f"file://{tmp_path / 'state'}",
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_CONFIG_PASSPHRASE": "test",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_PYTHON_CMD": sys.executable,
        "AWS_REGION": "eu-west-2",
    }

    def pulumi(*arguments: str, folder: Path = project) -> subprocess.CompletedProcess[str]:
        command = [str(pulumi_engine.path), *arguments, "--non-interactive"]
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)

    if (installed := pulumi("install", folder=pack)).returncode:
        pytest.skip(f"the policy SDK cannot be installed here: {installed.stderr.strip().splitlines()[-1]}")
    pulumi("stack", "init", "prod")
    done = pulumi("preview", "--policy-pack", str(pack))
    assert done.returncode == 1, done.stdout + done.stderr
    found = set(re.findall(r"(?m)^ +- \[(\w+)\]  ([\w-]+)  \(\S+: (\w+)\)$", done.stdout))
    assert found == {
        ("mandatory", "guard-on", "crm"),
        ("mandatory", "own-key", "crm"),
        ("advisory", "guard-on", "later"),
    }
    assert "s3cr3t-value" not in done.stdout + done.stderr

    (project / "policies.json").write_text(json.dumps({"guard-on": {"stacks": ["live"]}, "own-key": "disabled"}))
    configured = pulumi("preview", "--policy-pack", str(pack), "--policy-pack-config", "policies.json")
    assert configured.returncode == 0, configured.stdout + configured.stderr
