"""Every file that the local engine reads, changed at random: an exit code of the CLI, one `error:`, and the stacks beside it as before.

A failure names its seed; `changed(name, seed)` makes the same file again.
"""

from __future__ import annotations

import io
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
from pulumi_local_engine.cli import main, running
from pulumi_local_engine.cli.surroundings import Surroundings
from pulumi_local_engine.model import secrets
from pulumi_local_engine.model.events import Result
from pulumi_local_engine.model.secrets import Passphrase

from .. import mutations
from .bounded import MIB, Bounded
from .extremes import LAUGHS
from .kinds import IMPORT, a_state, as_yaml

SLOWEST_SECONDS = 20  # of processor time
CODES = {0, 1, 6, 7}
DAMAGED = re.compile("is damaged|readers of YAML|was expected, not|too many values|must be texts")
"""What is said of a file that is not what it should be."""


@dataclass(frozen=True)
class EngineFile:
    """A file that the engine reads: its place below the project or the backend's folder, and the commands that read it."""

    place: str
    commands: tuple[str, ...]
    few: int = 20
    many: int = 3_000


EXPORTS = ("stack export --stack dev", "stack export --show-secrets --stack dev", "stack ls --json")
READS = ("stack output --json --show-secrets --stack dev", "destroy --preview-only --stack dev", "stack rm dev --yes")
CONFIGS = (
    "config --json --show-secrets --stack dev",
    "config get aws:region --stack dev",
    "config set a b --stack dev",
)
FILES = {
    "state": EngineFile(
        "backend/.pulumi/stacks/demo/dev.json", (*EXPORTS, *READS, "state delete urn:pulumi:dev::shop::a::b --yes --stack dev"), 40
    ),
    "history": EngineFile("backend/.pulumi/history/demo/dev/dev-1.history.json", ("stack history --json --show-secrets --stack dev",)),
    "layout": EngineFile("backend/.pulumi/meta.yaml", ("stack ls --json",), 10, 500),
    "lock": EngineFile("backend/.pulumi/locks/organization/demo/dev/x.json", ("stack rm dev --yes",), 10, 500),
    "project": EngineFile("project/Pulumi.yaml", ("stack ls --json", *CONFIGS, "destroy --preview-only --stack dev"), 40),
    "settings": EngineFile("project/Pulumi.dev.yaml", (*CONFIGS, "destroy --preview-only --stack dev"), 40),
    "choice": EngineFile("home/local-engine/workspaces/w.json", ("stack", "stack export"), 10, 500),
    "export to import": EngineFile("project/export.json", ("stack import --file export.json --stack dev",), 40),
    "import file": EngineFile("project/import.json", ("import --file import.json --yes --preview-only --stack dev",)),
    "passphrase": EngineFile("project/passphrase", ("config --json --show-secrets --stack dev",), 10, 500),
}  # fmt: skip


def _state(salt: str) -> Any:
    kept = {"type": "passphrase", "state": {"salt": salt}}
    deployment = a_state()["deployment"]
    stack = {
        "type": "pulumi:pulumi:Stack",
        "urn": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev",
        "custom": False,
    }
    stack["outputs"] = {"a": 1, "b": {"c": ["d"]}}  # type: ignore[assignment]  # a document
    resources = [stack, *(each for each in deployment["resources"] if "ciphertext" not in json.dumps(each))]
    return {
        "version": 3,
        "checkpoint": {"stack": "organization/demo/dev", "latest": {"secrets_providers": kept, "resources": resources}},
    }


class Disk:
    """The folders of a project with one stack, as they are before anything is changed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.environment = {
            "PULUMI_BACKEND_URL": f"file://{root / 'backend'}", "PULUMI_HOME": str(root / "home"), "PATH": "/usr/bin",
            "PULUMI_CONFIG_PASSPHRASE": "pw",
        }  # fmt: skip
        self.salt = Passphrase.create("pw").salt
        state = _state(self.salt)
        update = {
            "kind": "update", "startTime": 1, "endTime": 2, "message": "", "environment": {}, "version": 0, "result": "succeeded",
            "config": {"aws:region": "eu-west-1"}, "resourceChanges": {"create": 1},
        }  # fmt: skip
        self.documents: dict[str, Any] = {
            "state": state,
            "history": update,
            "layout": "version: 1\n",
            "lock": {"pid": 1, "username": "a", "hostname": "b", "timestamp": "2026-01-01T00:00:00Z"},
            "project": {
                "name": "demo", "runtime": {"name": "python", "options": {"toolchain": "pip"}}, "main": ".", "backend": {"url": ""},
                "config": {"aws:region": "eu-west-1", "size": {"type": "integer", "default": 1}}, "stackConfigDir": "",
            },
            "settings": {"encryptionsalt": self.salt, "config": {"aws:region": "eu-west-1", "demo:tags": {"a": ["b", 1, True]}}},
            "choice": {"stacks": {self.environment["PULUMI_BACKEND_URL"]: "organization/demo/dev"}},
            "export to import": {"version": 3, "deployment": state["checkpoint"]["latest"]},
            "import file": IMPORT,
            "passphrase": "pw\n",
        }  # fmt: skip

    def content(self, name: str) -> bytes:
        document = self.documents[name]
        if isinstance(document, str):
            return document.encode()
        return as_yaml(document) if name in ("project", "settings") else mutations.as_json(document)

    def changed(self, name: str, seed: int) -> bytes:
        """The file's content, changed."""
        random, document = Random(f"{name} {seed}"), self.documents[name]
        if isinstance(document, str):
            return random.choice(mutations.DAMAGES)(document.encode(), random)
        write = as_yaml if name in ("project", "settings") else mutations.as_json
        return mutations.contents(write(mutations.documents(document, random)), random)

    def place(self, name: str) -> Path:
        if name == "choice":  # whose name the engine makes of the project's
            from pulumi_local_engine.store.workspace import Workspace

            return Workspace(self.root / "project", self.environment)._selections_path()
        return self.root / FILES[name].place

    def called(self, name: str) -> str:
        """How a message names the file: as the command line did, or by its whole path."""
        place = self.place(name)
        return place.name if place.parent == self.root / "project" else str(place)

    def as_it_was(self) -> None:
        """Every file is there, whatever the last command did. There is another stack too, `good`."""
        for name in ("project", *FILES):
            place = self.place(name)
            place.parent.mkdir(parents=True, exist_ok=True)
            if name != "lock":
                place.write_bytes(self.content(name))
        self.place("lock").unlink(missing_ok=True)
        for other in self.place("lock").parent.glob("*"):
            other.unlink()
        self.place("state").with_name("good.json").write_bytes(
            self.content("state").replace(b"urn:pulumi:dev", b"urn:pulumi:good")
        )

    def run(self, command: str, **variables: str) -> tuple[int, str, str]:
        """Exit code, standard output and standard error."""
        out, err = io.StringIO(), io.StringIO()
        environment = {**self.environment, **variables}
        code = main(["--non-interactive", *command.split()], Surroundings(self.root / "project", environment, out, err))
        return code, out.getvalue(), err.getvalue()


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    monkeypatch.setattr(secrets, "ROUNDS", 10)
    monkeypatch.setattr(running, "run_engine", lambda *_: Result(False))  # only what is read counts
    return Disk(tmp_path)


@pytest.mark.parametrize("name", FILES)
def test_a_changed_file_of_the_engine_is_one_error_at_most(name: str, disk: Disk) -> None:
    refused = [_try(disk, name, seed) for seed in range(FILES[name].few)]
    assert any(refused) or name in ("layout", "lock", "passphrase"), "no seed has damaged the file: nothing was proven"


@pytest.mark.long
@pytest.mark.parametrize("name", FILES)
def test_thousands_of_changed_files_of_the_engine_are_one_error_at_most(name: str, disk: Disk) -> None:
    print(f"{name}: seeds {FILES[name].few} to {FILES[name].many - 1}")
    for seed in range(FILES[name].few, FILES[name].many):
        _try(disk, name, seed)


def _try(disk: Disk, name: str, seed: int) -> bool:
    """Whether the file was refused as damaged."""
    disk.as_it_was()
    place, content = disk.place(name), disk.changed(name, seed)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    command = Random(seed).choice(FILES[name].commands)
    what, begin = f"{name}, seed {seed}, {command}", time.process_time()
    variables = {"PULUMI_CONFIG_PASSPHRASE_FILE": str(place)} if name == "passphrase" else {}
    if variables:
        disk.environment.pop("PULUMI_CONFIG_PASSPHRASE", None)
    try:
        code, _out, err = disk.run(command, **variables)
    except Exception as error:
        raise AssertionError(f"{what}: {type(error).__name__}: {error}") from error
    assert code in CODES, f"{what}: exit code {code}\n{err}"
    assert time.process_time() - begin < SLOWEST_SECONDS, what
    errors = [line for line in err.splitlines() if line.startswith("error:")]
    if code:
        assert len(errors) == 1, f"{what}\n{err}"
        assert len(errors[0]) < 8_000, f"{what}\n{errors[0][:300]}…"
    is_damaged = DAMAGED.search(err) is not None
    if is_damaged:
        assert err.splitlines()[-1] == errors[0], f"{what}: more than one line\n{err}"
        assert disk.called(name) in errors[0], f"{what}: the file is not named\n{err}"
    if name == "state" and code == 1:
        assert place.read_bytes() == content, f"{what}: a state that cannot be read was written over"
    if name in ("state", "lock", "settings"):
        assert disk.run("stack export --stack good")[0] == 0, f"{what}: the other stack"
    return is_damaged


# -- extremes ---------------------------------------------------------------------------------------------------------

DEEP = b"[" * 10_000 + b"]" * 10_000
EXTREME = {
    "an empty file": b"",
    "NUL bytes": b"\0" * 1_000,
    "lists 10,000 deep": DEEP,
    "a map 10,000 deep": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "a number of 10,000 digits": b'{"version": ' + b"9" * 10_000 + b', "name": ' + b"9" * 10_000 + b"}",
    "YAML 10,000 deep": b"a: " + DEEP,
    "a config that repeats itself 10 to the 11": (
        b"name: demo\nruntime: python\nx:\n" + b"".join(b"  " + each for each in LAUGHS.splitlines(True)) + b"config:\n  a: *a11\n"
    ),
    "a config that contains itself": b"name: demo\nruntime: python\nconfig: &a\n  b: *a\n",
    "a key of 1 MB": b'{"' + b"k" * 2**20 + b'": 1}',
}  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [
        "settings",
        *(
            pytest.param(each, marks=pytest.mark.long)
            for each in ("state", "project", "export to import", "import file")
        ),
    ],
)
def test_extreme_files_of_the_engine_are_one_error(name: str, disk: Disk, bounded: Bounded) -> None:
    command = FILES[name].commands[-1] if name in ("export to import", "import file") else "config --json --stack dev"
    if name == "state":
        command = "stack export --stack dev"
    for extreme, content in EXTREME.items():
        disk.as_it_was()
        disk.place(name).write_bytes(content)
        done = bounded.run(
            ["local", "pulumi", *command.split()], seconds=20, bytes_=800 * MIB,
            cwd=str(disk.root / "project"), variables=disk.environment,
        )  # fmt: skip
        errors = [line for line in done.err.splitlines() if line.startswith("error:")]
        assert done.code in {0, 1}, (
            f"{name}, {extreme}: exit code {done.code} after {done.seconds:.1f} s\n{done.err[-2000:]}"
        )
        assert done.code == len(errors), f"{name}, {extreme}\n{done.err[-2000:]}"
        assert all(len(line) < 8_000 for line in errors), f"{name}, {extreme}"
        assert done.peak_bytes < 400 * MIB, f"{name}, {extreme}: {done.peak_bytes // MIB} MiB"
