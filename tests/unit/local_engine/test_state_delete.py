"""`pulumi state delete`: what goes, what is refused, and that everything else in state stays as it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .conftest import Run

PREFIX = "urn:pulumi:dev::demo::"
ROOT = f"{PREFIX}pulumi:pulumi:Stack::demo-dev"
PROVIDER = f"{PREFIX}pulumi:providers:pulumi-python::explicit"


def urn(name: str) -> str:
    return f"{PREFIX}t:i:Thing::{name}"


def thing(name: str, **more: Any) -> dict[str, Any]:
    return {"urn": urn(name), "custom": True, "type": "t:i:Thing", "id": f"id-{name}", "parent": ROOT, **more}


SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": '"s3cr3t"'}
RESOURCES: list[dict[str, Any]] = [
    {"urn": ROOT, "custom": False, "type": "pulumi:pulumi:Stack"},
    {"urn": PROVIDER, "custom": True, "type": "pulumi:providers:pulumi-python", "id": "p1"},
    thing("base", sourcePosition="project:///__main__.py#1", inputs={"secret": SECRET, "size": 1}),
    thing("user", dependencies=[urn("base")]),
    thing("child", parent=urn("user")),
    thing("by-property", propertyDependencies={"a": [urn("by-nobody")]}, inputs={"a": 1}),
    thing("served", provider=f"{PROVIDER}::p1"),
    thing("guarded", protect=True),
    thing("twice"),
    thing("twice", id="id-older", delete=True),
]


@pytest.fixture
def stack(run: Run, tmp_path: Path) -> Run:
    run("stack", "init", "dev")
    file = tmp_path / "state.json"
    file.write_text(json.dumps({"version": 3, "deployment": {"resources": RESOURCES}}))
    assert run("stack", "import", "--file", str(file)).code == 0
    return run


def entries(run: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("stack", "export").stdout)["deployment"].get("resources") or []
    return found


def names(run: Run) -> list[str]:
    return [entry["urn"].rpartition("::")[2] for entry in entries(run)]


ALL = [entry["urn"].rpartition("::")[2] for entry in RESOURCES]


@pytest.mark.parametrize(
    ("arguments", "gone", "said"),
    [
        pytest.param((urn("child"),), ["child"], "Resource deleted\n", id="one that nobody needs"),
        pytest.param((urn("child"), urn("served")), ["child", "served"], "2 resources deleted\n", id="two"),
        pytest.param((urn("base"), urn("child"), urn("user")), ["base", "user", "child"], "3 resources deleted\n",
                     id="in whatever order they are given"),
        pytest.param((urn("base"), "--target-dependents"), ["base", "user", "child"], "Resource deleted\n",
                     id="with what depends on it, and its children"),
        pytest.param((PROVIDER, "--target-dependents"), ["explicit", "served"], "Resource deleted\n",
                     id="a provider with what it serves"),
        pytest.param((urn("guarded"), "--force"), ["guarded"], "Resource deleted\n", id="a protected one by force"),
    ],
)  # fmt: skip
def test_what_goes(stack: Run, arguments: tuple[str, ...], gone: list[str], said: str) -> None:
    before = entries(stack)
    done = stack("state", "delete", "--yes", "--stack", "dev", *arguments)
    assert (done.code, done.stdout) == (0, said), done.stderr
    assert ("warning: deleting protected resource" in done.stderr) == ("--force" in arguments)
    assert entries(stack) == [entry for entry in before if entry["urn"].rpartition("::")[2] not in gone]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param((urn("base"),), f"{urn('base')} can't be safely deleted because the following resources depend on it:\n"
                     f" * 'user' ({urn('user')})\n * 'child' ({urn('child')})\n", id="something depends on it"),
        pytest.param((PROVIDER,), "'served'", id="it serves something"),
        pytest.param((urn("user"),), "'child'", id="it has a child"),
        pytest.param((urn("guarded"),), "it is protected. Re-run this command with --force", id="it is protected"),
        pytest.param((urn("child"), urn("guarded")), "it is protected", id="one of two is protected"),
        pytest.param((ROOT, "--target-dependents"), "it is protected", id="a dependent is protected"),
        pytest.param((urn("bsae"),), f"Did you mean:\n  {urn('base')}", id="there is no such resource"),
        pytest.param((urn("twice"),), "the state holds 2 resources '" + urn("twice") + "': id-twice, id-older", id="there are two"),
        pytest.param(("base",), "No such resource 'base'", id="no URN"),
        pytest.param((), "Missing argument 'URN...'", id="nothing is named"),
    ],
)  # fmt: skip
def test_what_is_refused_and_then_nothing_goes(stack: Run, arguments: tuple[str, ...], said: str) -> None:
    refused = stack("state", "delete", "--yes", *arguments)
    assert (refused.code, refused.stdout) == (1, "")
    assert said in refused.stderr
    assert names(stack) == ALL


def test_nothing_is_forgotten_without_consent(stack: Run) -> None:
    refused = stack("state", "delete", urn("child"))
    assert (refused.code, refused.stderr) == (1, "error: the local engine does not ask: give --yes\n")
    assert "child" in names(stack)


def test_the_secrets_of_what_stays_can_still_be_read(stack: Run) -> None:
    stack("state", "delete", "--yes", urn("child"))
    shown = json.loads(stack("stack", "export", "--show-secrets").stdout)["deployment"]["resources"]
    assert shown[2]["inputs"]["secret"] == SECRET


def test_a_stack_that_somebody_changes_is_left(stack: Run, project: Path) -> None:
    locks = project.parent / "state/.pulumi/locks/organization/demo/dev"
    (locks / "other.json").write_text('{"pid": 1, "username": "u", "hostname": "h", "timestamp": "t"}')
    assert "currently locked" in stack("state", "delete", "--yes", urn("child")).stderr


def test_maps_that_look_like_secrets_are_exported_as_they_are(run: Run, tmp_path: Path) -> None:
    """Only the signature tells a secret: `ciphertext` and `plaintext` are keys as any other."""
    values = {
        "pair": {"ciphertext": "abc", "algorithm": "none"},
        "text": {"plaintext": "p", "other": 1},
        "secret": SECRET,
    }
    run("stack", "init", "dev")
    file = tmp_path / "state.json"
    resources = [RESOURCES[0], thing("base", inputs=values)]
    file.write_text(json.dumps({"version": 3, "deployment": {"resources": resources}}))
    assert run("stack", "import", "--file", str(file)).code == 0
    opened = run("stack", "export", "--show-secrets")
    assert (opened.code, opened.stderr) == (0, "")
    assert json.loads(opened.stdout)["deployment"]["resources"][1]["inputs"] == values
    closed = json.loads(run("stack", "export").stdout)["deployment"]["resources"][1]["inputs"]
    assert (closed["pair"], closed["text"], "plaintext" in closed["secret"]) == (values["pair"], values["text"], False)
