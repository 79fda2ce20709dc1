"""Files that somebody else wrote, changed at random: never a traceback, always a documented exit code and one line that names the file.

A failure names its seed; `mutated(kind, seed)` makes the same file again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from pulumi_connect_domains import aws, cli
from pulumi_connect_domains.local.aws import LocalAws

from . import mutations
from .adopt.test_moves import OF_AWS, OF_NATIVE
from .drift.reports import encrypted, export, in_clear, resource
from .drift.test_requirements import POLICY
from .review import previews

TESTS = Path(__file__).parents[1]
SLOWEST_SECONDS = 60  # a file that hangs a reader hangs it for good; a busy machine is only slow
FULL: dict[str, dict[str, Any]] = {
    package: json.loads((TESTS / "contract" / "samples" / f"{package}.json").read_text())["full"]
    for package in ("customerprofiles", "voiceid")
}


# -- what is changed --------------------------------------------------------------------------------------------------


def a_state() -> Any:
    """An export with all that one can hold: both resources, secrets, providers, what waits for its deletion, others' resources."""
    provider = "urn:pulumi:dev::shop::pulumi:providers:pulumi-python::default"
    config = {
        "aws:region": "us-east-1",
        "aws:ignoreTags": '{"keys":["owner"]}',
        "aws:defaultTags": '{"tags":{"a":"b"}}',
    }
    crm = {
        **FULL["customerprofiles"],
        "domain_name": "crm",
        "region": "us-east-1",
        "dead_letter_queue_url": encrypted(),
    }
    voice = {**FULL["voiceid"], "region": "us-east-1", "description": in_clear("told")}
    return json.loads(
        export(
            {"urn": provider, "type": "pulumi:providers:pulumi-python", "custom": True, "id": "1", "inputs": config},
            resource(
                "crm", inputs=crm, provider=f"{provider}::1", ignoreChanges=["matching.enabled"], initErrors=["no"]
            ),
            {**resource("voice", "voiceid", inputs=voice), "id": "a" * 22},
            resource("leaving", delete=True),
            resource("theirs", external=True),
            *other_resources(),
        )
    )


def other_resources() -> Iterator[dict[str, Any]]:
    for type_, inputs in (
        ("aws:customerprofiles/domain:Domain", OF_AWS),
        ("aws-native:customerprofiles:Domain", OF_NATIVE),
    ):
        outputs = {**inputs, "arn": "arn:aws:profile:us-east-1:123456789012:domains/crm-prod"}
        urn = f"urn:pulumi:dev::shop::{type_}::moved"
        yield {"urn": urn, "type": type_, "custom": True, "id": "crm-prod", "inputs": inputs, "outputs": outputs}


@cache
def recorded_previews() -> list[Any]:
    """Previews of the real CLI, and one that replaces, deletes and warns."""
    found = []
    for file in sorted((TESTS / "traces").glob("**/*.json")):
        steps = json.loads(file.read_text()).get("steps", ())
        found += [each["json"] for each in steps if "json" in each and each["command"][0] in ("preview", "destroy")]
    old, new = (
        previews.state(FULL["customerprofiles"], previews.HELD),
        previews.state({**previews.INPUTS, "domain_name": "x"}),
    )
    made = previews.document(
        previews.step(
            "replace",
            old,
            new,
            detailedDiff={"domain_name": {"kind": "update-replace"}},
            replaceReasons=["domain_name"],
        ),
        previews.step("update", old, previews.state(), name="sales", diffReasons=["tags"]),
        previews.step("delete", old, name="gone", type=previews.VOICES),
        previews.step("create", None, new, name="q", type=previews.QUEUE),
        diagnostics=[{"urn": previews.urn(previews.PROFILES, "crm"), "message": "warning: x", "severity": "warning"}],
    )
    return [*found, *[made] * len(found)]


def a_document(random: Random) -> Any:
    package = random.choice(sorted(FULL))
    return random.choice((FULL[package], {"type": package, "inputs": FULL[package]}))


def as_yaml(document: Any) -> bytes:
    return yaml.safe_dump(document, allow_unicode=False).encode("utf-8", "backslashreplace")


def mutated(kind: str, seed: int) -> bytes:
    """The content of a file of that kind, changed."""
    random = Random(f"{kind} {seed}")
    base: Any
    match kind:
        case "preview":
            base = random.choice(recorded_previews())
        case "policy":
            base = yaml.safe_load(POLICY)
        case "document":
            base = a_document(random)
        case _:
            base = a_state()
    write = random.choice((mutations.as_json, as_yaml)) if kind in ("policy", "document") else mutations.as_json
    return mutations.contents(write(mutations.documents(base, random)), random)


# -- what is run on it ------------------------------------------------------------------------------------------------

FORMATS = ("text", "json", "markdown", "junit", "github", "slack", "html")

Command = Callable[[Path, Random], list[str]]


def drift(file: Path, random: Random) -> list[str]:
    return [
        "drift",
        "--state",
        str(file),
        "--rate",
        "0",
        "--format",
        random.choice(FORMATS),
        *random.choice(([], ["--strict"])),
    ]


def drift_by(file: Path, random: Random) -> list[str]:
    good = file.with_name("good.json")
    good.write_text(export(resource("crm")))
    return ["drift", "--state", str(good), "--rate", "0", "--policy", str(file)]


def import_(file: Path, random: Random) -> list[str]:
    out = ["--out", str(file.with_name("out")), "--overwrite"]
    return [
        "import",
        *random.choice((["--from-stack", "--region", "us-east-1"], ["--all"])),
        "--state",
        str(file),
        *out,
    ]


def review(file: Path, random: Random) -> list[str]:
    return [
        "review",
        str(file),
        "--format",
        random.choice(("markdown", "json", "text")),
        "--always",
        "--fail-on",
        "data-loss",
    ]


def validate(file: Path, random: Random) -> list[str]:
    return ["validate", str(file), "--format", random.choice(("text", "json"))]


COMMANDS: dict[str, tuple[str, Command, set[int]]] = {
    "drift": ("state", drift, {0, 1, 2}),
    "drift --policy": ("policy", drift_by, {0, 1, 2}),
    "import": ("state", import_, {0, 1}),
    "review": ("preview", review, {0, 1, 2}),
    "validate": ("document", validate, {0, 1}),
}
A_FEW = {"drift": 150, "drift --policy": 150, "import": 100, "review": 300, "validate": 300}
MANY = {"drift": 10_000, "drift --policy": 3_000, "import": 4_000, "review": 8_000, "validate": 8_000}


@pytest.fixture(autouse=True)
def _cloud(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in local_aws.environment().items():
        monkeypatch.setenv(name, value)
    aws.forget_clients()
    for name in ("crm", "crm-prod"):
        local_aws.seed("customer-profiles", name, DefaultExpirationDays=30)
    yield
    aws.forget_clients()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_changed_file_never_ends_in_a_traceback(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for seed in range(A_FEW[name]):
        _try(name, seed, tmp_path, capsys)


@pytest.mark.long
@pytest.mark.parametrize("name", COMMANDS)
def test_thousands_of_changed_files_never_end_in_a_traceback(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for seed in range(A_FEW[name], MANY[name]):
        _try(name, seed, tmp_path, capsys)


def _try(name: str, seed: int, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kind, command, codes = COMMANDS[name]
    file = folder / f"{kind}-{seed}.json"
    file.write_bytes(mutated(kind, seed))
    arguments = command(file, Random(seed))
    begin = time.monotonic()
    try:
        code = cli.run(arguments)
    except Exception as error:
        raise AssertionError(f"{name}, seed {seed}: {type(error).__name__}: {error}") from error
    told = capsys.readouterr()
    assert code in codes, f"{name}, seed {seed}"
    assert "Traceback" not in told.err, f"{name}, seed {seed}\n{told.err}"
    assert time.monotonic() - begin < SLOWEST_SECONDS, f"{name}, seed {seed}"
    if code == 1 and "--strict" not in arguments:  # which fails for secrets that are encrypted, as they should be
        assert tells_why(told.out + told.err, file), f"{name}, seed {seed}\n{told.out}{told.err}"
    file.unlink()


def tells_why(told: str, file: Path) -> bool:
    """Whether a line names the file, or the part of it that could not be judged: a domain, an entry, a preview that itself failed."""
    parts = ("unreadable", "urn:pulumi:", "nothing to check", "could_not_tell", "cannot be declared", "preview failed")
    return file.name in told or any(part in told.casefold() for part in parts) or '"errors": [\n' in told
