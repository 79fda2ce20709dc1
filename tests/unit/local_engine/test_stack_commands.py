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
    assert text == "v3.260.0+local"
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
        pytest.param(("about", "--json"), "no command 'about'", id="about"),
        pytest.param(("update", "--yes"), "no command 'update'", id="another name for up"),
        pytest.param(("plugin", "install", "resource", "aws", "v7.0.0"), "no command 'plugin'", id="plugins"),
        pytest.param(("plugin", "ls"), "no command 'plugin'", id="a list of plugins"),
        pytest.param(("stack", "tag", "ls"), "no command 'tag' for 'pulumi stack'", id="tags"),
        pytest.param(("stack", "rename", "x"), "no command 'rename' for 'pulumi stack'", id="renaming"),
        pytest.param(("stack", "ls", "--project", "x"), "--project", id="another project"),
        pytest.param(("stack", "init", "x", "--no-select"), "--no-select", id="a stack that is not selected"),
        pytest.param(("stack", "init", "x", "--secrets-provider", "awskms://k"), "awskms://k", id="secrets providers"),
        pytest.param(("stack", "select", "--create", "x"), "--create", id="select and create"),
        pytest.param(("stack", "rm", "dev"), "give --yes", id="removal without consent"),
        pytest.param(("stack", "rm", "dev", "--yes", "--remove-backups"), "--remove-backups", id="removal of backups"),
        pytest.param(("stack", "export", "--version", "3"), "--version", id="earlier states"),
        pytest.param(("stack", "export", "--file", "f"), "--file", id="an export into a file"),
        pytest.param(("stack", "import", "--file", "f", "--force"), "--force", id="the state of another stack"),
        pytest.param(("stack", "history"), "as JSON only: give --json", id="history as text"),
        pytest.param(("state", "delete", "--all", "--yes"), "--all", id="a whole state"),
        pytest.param(("state", "rm", "urn"), "no command 'rm' for 'pulumi state'", id="other names of state delete"),
        pytest.param(("config", "set", "k", "v", "--secret", "--plaintext"), "exclude each other", id="contradictions"),
        pytest.param(("config", "set", "k.l", "v", "--path"), "--path of `pulumi config set`", id="a path to set"),
        pytest.param(("config", "get", "k.l", "--path"), "--path of `pulumi config get`", id="a path to get"),
        pytest.param(("config", "rm", "k.l", "--path"), "--path of `pulumi config rm`", id="a path to remove"),
        pytest.param(("config", "rm-all", "k"), "no command 'rm-all' for 'pulumi config'", id="many values to remove"),
        pytest.param(("config", "set-all", "--json", "{}"), "no command 'set-all'", id="many values to set"),
        pytest.param(("config", "set", "k", "5", "--type", "int"), "--type", id="a type"),
        pytest.param(("config", "refresh", "--force"), "no command 'refresh' for 'pulumi config'", id="config refresh"),
        pytest.param(("config", "env", "ls"), "no command 'env' for 'pulumi config'", id="environments"),
        pytest.param(("up", "--yes", "--config", "k.l=v", "--config-path"), "--config-path", id="paths in up"),
        pytest.param(("up", "--yes", "--show-reads"), "--show-reads", id="an option without effect"),
        pytest.param(("import", "t:i:T", "n", "id", "--yes"), "Missing option '-f' / '--file'", id="an import by id"),
        pytest.param(("import", "--file", "f", "--yes", "--out", "o"), "--out", id="the program of an import"),
        pytest.param(("import", "--file", "f", "--yes", "--parent", "p"), "--parent", id="the parent of an import"),
        pytest.param(("whoami",), "no command 'whoami' for 'pulumi'", id="the user"),
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


def test_configuration_is_set_read_and_removed_with_secrets(run: Run, tmp_path: Path) -> None:
    run("stack", "init", "dev")
    run("config", "set", "plain", "v")
    run("config", "set", "--secret", "hidden", "s3cr3t")
    run("config", "set", "aws:region", "--plaintext", "--stack", "dev", "--non-interactive", "--", "-eu")
    assert json.loads(run("config", "--json").stdout) == {
        "aws:region": {"value": "-eu", "secret": False},
        "demo:hidden": {"secret": True},
        "demo:plain": {"value": "v", "secret": False},
    }
    assert run("config").stdout == "KEY         VALUE\naws:region  -eu\nhidden      [secret]\nplain       v\n"
    assert run("config", "get", "hidden").stdout == "s3cr3t\n"
    assert json.loads(run("config", "get", "hidden", "--json").stdout) == {"value": "s3cr3t", "secret": True}
    assert "s3cr3t" not in (tmp_path / "project/Pulumi.dev.yaml").read_text()
    run("config", "rm", "aws:region")
    run("config", "rm", "plain", "demo:hidden")
    assert run("config", "--json").stdout == "{}\n"
    assert run("config", "get", "plain").stderr == "error: configuration key 'plain' not found for stack 'dev'\n"


def test_values_keep_the_key_as_the_file_spells_it(run: Run, tmp_path: Path) -> None:
    run("stack", "init", "dev")
    path = tmp_path / "project/Pulumi.dev.yaml"
    path.write_text("config:\n  plain: old\n")
    run("config", "set", "demo:plain", "new")
    assert path.read_text() == "config:\n  plain: new\n"


def test_another_file_of_settings_is_read_and_written(run: Run, tmp_path: Path) -> None:
    run("stack", "init", "dev")
    before = (tmp_path / "project/Pulumi.dev.yaml").read_text()
    assert run("config", "set", "k", "v", "--config-file", "other.yaml").code == 0
    assert (tmp_path / "project/other.yaml").read_text() == "config:\n  demo:k: v\n"
    assert run("config", "--config-file", "other.yaml", "get", "k").stdout == "v\n"
    assert (tmp_path / "project/Pulumi.dev.yaml").read_text() == before


def test_the_project_has_a_say_in_the_configuration(run: Run, tmp_path: Path) -> None:
    (tmp_path / "project/Pulumi.yaml").write_text("name: demo\nruntime: python\nconfig:\n  aws:region: eu-west-1\n")
    run("stack", "init", "dev")
    assert run("config", "get", "aws:region").stdout == "eu-west-1\n"


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


def test_state_comes_in_with_the_salt_that_it_was_written_with(run: Run, tmp_path: Path) -> None:
    run("stack", "init", "dev")
    (tmp_path / "in.json").write_text(deployment())
    run("stack", "import", "--file", str(tmp_path / "in.json"))
    exported = run("stack", "export").stdout
    (tmp_path / "out.json").write_text(exported)
    run("stack", "rm", "--yes", "--force", "dev")
    run("stack", "init", "dev")
    assert (
        json.loads(run("stack", "export").stdout)["deployment"]["secrets_providers"]
        not in json.loads(exported).values()
    )
    assert run("stack", "import", "--file", str(tmp_path / "out.json")).code == 0
    assert json.loads(run("stack", "output", "--json", "--show-secrets").stdout)["hidden"] == "s3cr3t"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("nothing", "the state cannot be read: ", id="no JSON"),
        pytest.param("[]", "the state cannot be read: ", id="a list"),
        pytest.param('{"version": 4, "deployment": {}}', "state of version 4 is not supported", id="another version"),
        pytest.param(deployment({"urn": "urn:pulumi:prod::demo::t:i:T::x", "custom": False, "type": "t:i:T"}),
                     "belongs to another stack", id="another stack"),
        pytest.param(deployment({"urn": "urn:pulumi:dev::demo::t:i:T::x", "custom": False, "type": "t:i:T", "viewOf": "v"}),
                     "viewOf", id="a part that is not supported"),
    ],
)  # fmt: skip
def test_a_state_that_cannot_come_in_is_refused_and_the_old_one_stays(
    run: Run, tmp_path: Path, text: str, said: str
) -> None:
    run("stack", "init", "dev")
    before = run("stack", "export").stdout
    (tmp_path / "in.json").write_text(text)
    refused = run("stack", "import", "--file", str(tmp_path / "in.json"))
    assert (refused.code, refused.stdout, refused.stderr.count("\n")) == (1, "", 1)
    assert said in refused.stderr
    assert run("stack", "export").stdout == before


def test_a_removed_stack_leaves_the_selection_of_another(run: Run) -> None:
    run("stack", "init", "prod")
    run("stack", "init", "dev")
    assert run("stack", "rm", "--yes", "prod").code == 0
    assert run("stack").stdout == "dev\n"


def test_without_a_passphrase_secrets_are_refused_and_the_rest_works(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("stack", "init", "dev")
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE")
    assert "passphrase must be set" in run("config", "set", "--secret", "k", "v").stderr
    assert run("config", "set", "k", "v").code == 0
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "wrong")
    assert "incorrect passphrase" in run("config", "set", "--secret", "k", "v").stderr
