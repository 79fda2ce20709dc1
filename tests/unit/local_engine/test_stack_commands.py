"""`pulumi stack`, `config` and the like, as command lines: what they print, leave behind, and exit with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation import StackAlreadyExistsError, StackNotFoundError
from pulumi.automation.errors import create_command_error
from semver import VersionInfo

from .conftest import Run


def test_the_version_tells_the_local_engine_from_the_cli_and_the_automation_api_parses_it(run: Run) -> None:
    text = run("version").stdout.strip()
    assert text == run("--version").stdout.strip() == "v3.260.0+local"
    assert VersionInfo.parse(text[1:]) >= VersionInfo(3, 181)


def test_a_stack_is_made_selected_listed_and_removed(run: Run, tmp_path: Path) -> None:
    assert run("stack", "init", "dev").stderr == "Created stack 'dev'\n"
    run("stack", "init", "prod")
    assert [(s["name"], s["current"]) for s in json.loads(run("stack", "ls", "--json").stdout)] == [
        ("dev", False), ("prod", True),
    ]  # fmt: skip
    run("stack", "select", "--stack", "dev")
    assert run("stack", "--show-name").stdout == "dev\n"
    assert run("stack", "--show-name", "--stack", "organization/demo/prod").stdout == "prod\n"
    assert (tmp_path / "project/Pulumi.dev.yaml").exists()
    assert run("stack", "rm", "--yes", "dev").stdout == "Stack 'dev' has been removed!\n"
    assert not (tmp_path / "project/Pulumi.dev.yaml").exists()
    assert run("stack", "--show-name").stderr.startswith("error: no stack selected")


def test_the_errors_are_those_that_the_automation_api_knows(run: Run) -> None:
    missing = run("stack", "select", "--stack", "dev")
    assert (missing.code, type(create_command_error(missing))) == (6, StackNotFoundError)
    run("stack", "init", "dev")
    again = run("stack", "init", "dev")
    assert (again.code, type(create_command_error(again))) == (1, StackAlreadyExistsError)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("nope",), "no command 'nope' for 'pulumi'", id="a command"),
        pytest.param(("stack", "nope"), "no command 'nope' for 'pulumi stack'", id="a command below another"),
        pytest.param(("up", "--nope"), "does not know the option --nope of `pulumi up`", id="an option"),
        pytest.param(("up", "--policy-pack", "p"), "--policy-pack", id="policies"),
        pytest.param(("new", "aws-python"), "no command 'new'", id="templates"),
        pytest.param(("login", "file://~"), "no command 'login'", id="login"),
        pytest.param(("logout", "--all"), "no command 'logout'", id="logout"),
        pytest.param(("plugin", "install", "resource", "aws", "v7.0.0"), "no plugins", id="plugins"),
        pytest.param(("stack", "init", "x", "--secrets-provider", "awskms://k"), "awskms://k", id="secrets providers"),
        pytest.param(("stack", "export", "--version", "3"), "earlier versions", id="earlier states"),
        pytest.param(("config", "set", "k", "v", "--secret", "--plaintext"), "exclude each other", id="contradictions"),
    ],
)
def test_what_it_cannot_do_is_refused_by_name(run: Run, arguments: tuple[str, ...], said: str) -> None:
    run("stack", "init", "dev")
    refused = run(*arguments)
    assert refused.code == 1
    assert refused.stdout == ""
    assert refused.stderr.startswith("error: ")
    assert refused.stderr.count("\n") == 1
    assert said in refused.stderr


def test_configuration_is_set_read_and_removed_with_secrets_and_paths(run: Run, tmp_path: Path) -> None:
    run("stack", "init", "dev")
    run("config", "set", "plain", "v")
    run("config", "set", "--secret", "hidden", "s3cr3t")
    run("config", "set", "aws:region", "--plaintext", "--stack", "dev", "--non-interactive", "--", "-eu")
    run("config", "set", "--path", "list[0]", "a")
    run("config", "set", "--path", "--secret", "map.inner", "d33p")
    shown = json.loads(run("config", "--json").stdout)
    assert shown == {
        "aws:region": {"value": "-eu", "secret": False},
        "demo:hidden": {"secret": True},
        "demo:list": {"value": '["a"]', "objectValue": ["a"], "secret": False},
        "demo:map": {"secret": True},
        "demo:plain": {"value": "v", "secret": False},
    }
    assert json.loads(run("config", "--json", "--show-secrets").stdout)["demo:map"]["objectValue"] == {"inner": "d33p"}
    assert run("config", "get", "hidden").stdout == "s3cr3t\n"
    assert json.loads(run("config", "get", "map.inner", "--path", "--json").stdout) == {"value": "d33p", "secret": True}
    assert "s3cr3t" not in (tmp_path / "project/Pulumi.dev.yaml").read_text()
    run("config", "rm", "map.inner", "--path")
    run("config", "rm-all", "plain", "demo:hidden", "list")
    assert json.loads(run("config", "--json").stdout) == {
        "aws:region": {"value": "-eu", "secret": False},
        "demo:map": {"value": "{}", "objectValue": {}, "secret": False},
    }
    assert run("config", "get", "plain").stderr == "error: configuration key 'plain' not found for stack 'dev'\n"


def test_many_values_are_set_at_once_also_from_what_config_prints(run: Run) -> None:
    run("stack", "init", "dev")
    run("config", "set-all", "--plaintext", "a=1=2", "--secret", "b=s", "--path", "--plaintext", "m.n=true")
    printed = run("config", "--json", "--show-secrets").stdout
    assert {key: entry["value"] for key, entry in json.loads(printed).items()} == {
        "demo:a": "1=2", "demo:b": "s", "demo:m": '{"n":true}',
    }  # fmt: skip
    run("stack", "init", "copy")
    run("config", "set-all", "--json", printed)
    assert run("config", "--json", "--show-secrets").stdout == printed


def test_the_project_has_a_say_in_the_configuration(run: Run, tmp_path: Path) -> None:
    (tmp_path / "project/Pulumi.yaml").write_text("name: demo\nruntime: python\nconfig:\n  aws:region: eu-west-1\n")
    run("stack", "init", "dev")
    assert run("config", "get", "aws:region").stdout == "eu-west-1\n"


def test_tags_are_kept(run: Run) -> None:
    run("stack", "init", "dev")
    run("stack", "tag", "set", "owner", "team")
    assert run("stack", "tag", "get", "owner").stdout == "team\n"
    assert json.loads(run("stack", "tag", "ls", "--json").stdout) == {"owner": "team"}
    run("stack", "tag", "rm", "owner")
    assert run("stack", "tag", "get", "owner").code == 1


def deployment(*resources: dict[str, Any]) -> str:
    stack = {
        "urn": "urn:pulumi:dev::demo::pulumi:pulumi:Stack::demo-dev",
        "custom": False,
        "type": "pulumi:pulumi:Stack",
    }
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": '"s3cr3t"'}
    root = {**stack, "outputs": {"hidden": secret, "list": [1, {"k": "v"}], "text": "t"}}
    return json.dumps({"version": 3, "deployment": {"resources": [root, *resources]}})


def test_state_is_imported_exported_and_its_outputs_shown(run: Run, tmp_path: Path) -> None:
    run("stack", "init", "dev")
    file = tmp_path / "state.json"
    file.write_text(deployment())
    assert run("stack", "import", "--file", str(file)).code == 0
    exported = json.loads(run("stack", "export").stdout)
    assert "s3cr3t" not in json.dumps(exported), "what came in clear is encrypted now"
    opened = json.loads(run("stack", "export", "--show-secrets").stdout)["deployment"]["resources"]
    assert opened == json.loads(deployment())["deployment"]["resources"]
    masked = {"hidden": "[secret]", "list": [1, {"k": "v"}], "text": "t"}
    assert json.loads(run("stack", "output", "--json").stdout) == masked
    assert json.loads(run("stack", "output", "--json", "--show-secrets").stdout) == {**masked, "hidden": "s3cr3t"}
    assert run("stack", "output", "text").stdout == "t\n"
    assert run("stack", "output", "none").stderr == "error: current stack does not have output property 'none'\n"
    assert run("stack", "rm", "--yes", "dev").code == 0, "the stack itself does not count"
    run("stack", "init", "dev")
    group = {"urn": "urn:pulumi:dev::demo::t:i:Group::g", "custom": False, "type": "t:i:Group"}
    file.write_text(deployment(group))
    run("stack", "import", "--file", str(file))
    assert "still has resources" in run("stack", "rm", "--yes", "dev").stderr
    assert run("stack", "rm", "--yes", "--force", "dev").code == 0


def test_state_moves_between_stacks_with_other_salts(run: Run, tmp_path: Path) -> None:
    run("stack", "init", "dev")
    (tmp_path / "in.json").write_text(deployment())
    run("stack", "import", "--file", str(tmp_path / "in.json"))
    run("stack", "export", "--file", str(tmp_path / "out.json"))
    run("stack", "init", "other")
    assert "another stack" in run("stack", "import", "--file", str(tmp_path / "out.json")).stderr
    assert run("stack", "import", "--force", "--file", str(tmp_path / "out.json")).code == 0
    assert json.loads(run("stack", "output", "--json", "--show-secrets").stdout)["hidden"] == "s3cr3t"


def test_a_renamed_stack_keeps_its_settings_and_stays_selected(run: Run) -> None:
    run("stack", "init", "dev")
    run("config", "set", "--secret", "k", "v")
    assert run("stack", "rename", "prod").code == 0
    assert run("stack", "--show-name").stdout == "prod\n"
    assert run("config", "get", "k").stdout == "v\n"


def test_without_a_passphrase_secrets_are_refused_and_the_rest_works(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("stack", "init", "dev")
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE")
    assert "passphrase must be set" in run("config", "set", "--secret", "k", "v").stderr
    assert run("config", "set", "k", "v").code == 0
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "wrong")
    assert "incorrect passphrase" in run("config", "set", "--secret", "k", "v").stderr


def test_gos_way_to_write_flags_is_understood(run: Run) -> None:
    run("stack", "init", "dev")
    assert json.loads(run("stack", "ls", "--json=true").stdout)[0]["name"] == "dev"
    assert run("stack", "ls", "--json=false").stdout.startswith("NAME")
