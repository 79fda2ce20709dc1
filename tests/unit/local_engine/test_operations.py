"""`pulumi up`, `preview`, `refresh` and `destroy` as command lines, on programs without providers: exit codes, files, texts."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation import ConcurrentUpdateError
from pulumi.automation.errors import create_command_error
from pulumi_local_engine.store.backend import FileBackend, StackName
from pulumi_local_engine.store.settings import Project
from pulumi_local_engine.store.yaml_text import SettingsError

from .conftest import Run

EXPORTS = 'import pulumi\npulumi.export("size", pulumi.Config().require_int("size"))\n'
NOTICE = "The local engine v3.260.0+local does this, in place of the Pulumi CLI.\n"


def test_a_program_is_previewed_deployed_and_destroyed(run: Run, project: Path) -> None:
    (project / "__main__.py").write_text(EXPORTS)
    run("stack", "init", "dev")
    document = json.loads(run("preview", "--json", "-c", "size=5").stdout)
    assert (document["changeSummary"], document["config"]) == ({"create": 1}, {"demo:size": "5"})
    done = run("up", "--yes", "--skip-preview", "--message", "first")
    assert (done.code, done.stderr) == (0, NOTICE)
    assert "Updating (dev):\n" in done.stdout
    assert "Outputs:\n    size: 5\n" in done.stdout
    assert json.loads(run("stack", "output", "--json").stdout) == {"size": 5}
    (update,) = json.loads(run("stack", "history", "--json").stdout)
    assert (update["kind"], update["message"], update["result"]) == ("update", "first", "succeeded")
    assert update["config"] == {"demo:size": {"value": "5", "secret": False}}
    gone = run("destroy", "--yes", "--remove")
    assert "Previewing destroy (dev):\n" in gone.stdout
    assert "Destroying (dev):\n" in gone.stdout
    assert run("stack", "ls", "--json").stdout == "[]\n"


def test_changes_that_nobody_expected_exit_with_7(run: Run, project: Path) -> None:
    (project / "__main__.py").write_text("")
    run("stack", "init", "dev")
    surprised = run("preview", "--expect-no-changes")
    assert surprised.code == 7
    assert "error: no changes were expected for preview but changes were proposed\n" in surprised.stderr
    run("up", "--yes", "--skip-preview")
    assert run("preview", "--expect-no-changes").code == 0


def test_a_program_that_raises_fails_the_run_and_its_error_is_shown(run: Run, project: Path) -> None:
    (project / "__main__.py").write_text('raise RuntimeError("the program is wrong")\n')
    run("stack", "init", "dev")
    failed = run("up", "--yes", "--skip-preview")
    assert failed.code == 1
    assert "RuntimeError: the program is wrong\n" in failed.stdout
    assert json.loads(run("stack", "history", "--json").stdout)[0]["result"] == "failed"
    document = run("preview", "--json")
    assert document.code == 1
    assert "the program is wrong" in json.dumps(json.loads(document.stdout)["diagnostics"])


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGTERM")
def test_an_interrupted_run_is_recorded_releases_its_lock_and_exits_with_8(run: Run, project: Path) -> None:
    (project / "__main__.py").write_text("import time\nprint('begun', flush=True)\ntime.sleep(60)\n")
    run("stack", "init", "dev")
    command = [sys.executable, "-m", "pulumi_local_engine.cli", "up", "--yes", "--skip-preview"]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        while "begun" not in process.stdout.readline():
            pass
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=30)
    assert (process.returncode, said.splitlines()[-1]) == (8, "error: update cancelled")
    assert json.loads(run("stack", "history", "--json").stdout)[0]["result"] == "failed"
    assert not list(project.parent.glob("state/.pulumi/locks/**/*.json"))


def test_two_updates_of_a_stack_at_once_are_refused_and_a_lock_can_be_removed(run: Run, project: Path) -> None:
    (project / "__main__.py").write_text("")
    run("stack", "init", "dev")
    backend = FileBackend(f"file://{project.parent / 'state'}")
    with backend.lock(StackName("demo", "dev")):
        refused = run("up", "--yes", "--skip-preview")
        assert (refused.code, type(create_command_error(refused))) == (1, ConcurrentUpdateError)
        assert run("preview").code == 0, "a preview changes nothing"
        assert run("cancel", "--yes").code == 0
        assert run("up", "--yes", "--skip-preview").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("up",), "--yes", id="no consent"),
        pytest.param(("up", "--yes", "--json"), "--json is for previews", id="JSON of an update"),
        pytest.param(("up", "--yes", "-c", "size"), "KEY=VALUE", id="configuration without a value"),
        pytest.param(("refresh", "--yes", "--import-pending-creates", "u"), "a URN and an ID", id="half a pair"),
        pytest.param(("up", "--yes"), "missing configuration of 'needed'", id="configuration that is missing"),
        pytest.param(("import", "--yes"), "Missing option '-f' / '--file'", id="an import of nothing"),
    ],
)
def test_what_is_refused_before_anything_runs(run: Run, project: Path, arguments: tuple[str, ...], said: str) -> None:
    (project / "Pulumi.yaml").write_text("name: demo\nruntime: python\nconfig:\n  needed:\n    type: string\n")
    run("stack", "init", "dev")
    refused = run(*arguments)
    assert (refused.code, refused.stdout) == (1, "")
    assert said in refused.stderr
    assert json.loads(run("stack", "history", "--json").stdout) == []


def test_other_runtimes_are_refused_by_name(run: Run, project: Path) -> None:
    (project / "Pulumi.yaml").write_text("name: demo\nruntime: nodejs\n")
    run("stack", "init", "dev")
    assert "runtime 'nodejs'" in run("preview").stderr


@pytest.mark.parametrize(
    ("options", "environment", "said"),
    [
        pytest.param({"toolchain": "poetry"}, {}, "no runtime 'python' with toolchain 'poetry'", id="a toolchain"),
        pytest.param({"toolchain": "uv"}, {}, "uv", id="another toolchain"),
        pytest.param({"virtualenv": "venv"}, {}, "no Python in the virtual environment", id="a missing environment"),
        pytest.param({}, {"PULUMI_PYTHON_CMD": "no-such-python"}, "no-such-python", id="a missing command"),
    ],
)
def test_pythons_that_are_not_there(tmp_path: Path, options: Any, environment: dict[str, str], said: str) -> None:
    project = Project(tmp_path / "Pulumi.yaml", "demo", runtime_options=options)
    with pytest.raises(SettingsError, match=said):
        project.python(environment)


def test_the_projects_virtual_environment_wins_over_the_variable(tmp_path: Path) -> None:
    python = tmp_path / "venv/bin/python"
    python.parent.mkdir(parents=True)
    python.touch()
    project = Project(tmp_path / "Pulumi.yaml", "demo", runtime_options={"virtualenv": "venv"})
    assert project.python({"PULUMI_PYTHON_CMD": "python3"}) == str(python)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        pytest.param({"resources": [{"type": "t", "name": "n"}]}, "import.json is damaged: resources[0] has no id", id="no id"),
        pytest.param({"resources": [{"type": "t", "name": "n", "id": "i", "parent": "p"}]}, "does not know parent", id="unknown"),
        pytest.param({}, "could not read import file", id="no resources"),
    ],
)  # fmt: skip
def test_import_files_that_are_wrong(run: Run, project: Path, document: Any, said: str) -> None:
    run("stack", "init", "dev")
    (project / "import.json").write_text(json.dumps(document))
    refused = run("import", "--file", "import.json", "--yes", "--skip-preview")
    assert (refused.code, refused.stdout) == (1, "")
    assert said in refused.stderr


def test_a_secret_in_a_preview_is_told_to_have_changed_and_not_shown(run: Run, project: Path) -> None:
    program = """\
import pulumi
pulumi.export("hidden", pulumi.Output.secret({}))
"""
    (project / "__main__.py").write_text(program.format('"first secret"'))
    run("stack", "init", "dev")
    run("up", "--yes", "--skip-preview")
    assert "    hidden: [secret]\n" in run("preview").stdout
    (project / "__main__.py").write_text(program.format('"second secret"'))
    assert "  ~ hidden: [secret] => [secret]\n" in run("preview").stdout


def test_debug_messages_are_shown_when_they_are_asked_for(run: Run, project: Path) -> None:
    (project / "__main__.py").write_text('import pulumi\npulumi.log.debug("a detail")\n')
    run("stack", "init", "dev")
    log = project / "events"
    assert "a detail" not in run("preview", "--event-log", str(log)).stdout + log.read_text()
    assert "\n    debug: a detail\n" in run("preview", "--debug", "--event-log", str(log)).stdout
    assert '"severity":"debug"' in log.read_text()
    assert "a detail" not in run("preview", "--debug", "--json").stdout, "as with the CLI"
