"""The folder of stacks: its layout, its locks, and what it refuses."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation.errors import already_exists_regex, diy_backend_conflict_text, not_found_regex
from pulumi_local_engine.model.reading import DamagedError
from pulumi_local_engine.store.backend import BackendError, FileBackend, StackName, StackNotFoundError
from pulumi_local_engine.store.locks import LockedError

DEV = StackName("demo", "dev")
ROOT = "urn:pulumi:dev::demo::pulumi:pulumi:Stack::demo-dev"
RESOURCES = [
    {"urn": ROOT, "type": "pulumi:pulumi:Stack", "custom": False},
    {
        "urn": "urn:pulumi:dev::demo::t:i:T::a",
        "type": "t:i:T",
        "custom": True,
        "parent": ROOT,
        "inputs": {"urn": ROOT},
        "dependencies": [ROOT],
    },
]


@pytest.fixture
def backend(tmp_path: Path) -> FileBackend:
    return FileBackend(f"file://{tmp_path}")


def files(backend: FileBackend) -> list[str]:
    return sorted(path.relative_to(backend.root).as_posix() for path in backend.root.rglob("*") if path.is_file())


def test_the_layout_is_that_of_the_cli(backend: FileBackend) -> None:
    backend.create(DEV, {"metadata": {}})
    backend.save(DEV, {"metadata": {}, "resources": RESOURCES})
    backend.add_history(DEV, {"kind": "update"})
    found = files(backend)
    history, rest = [f for f in found if f.startswith("history/")], [f for f in found if not f.startswith("history/")]
    assert rest == ["meta.yaml", "stacks/demo/dev.json", "stacks/demo/dev.json.bak"]
    assert [name.split("-")[0] + "." + name.split(".", 1)[1] for name in history] == [
        "history/demo/dev/dev.checkpoint.json",
        "history/demo/dev/dev.history.json",
    ]
    assert (backend.root / "meta.yaml").read_text() == "version: 1\n"
    checkpoint = json.loads((backend.root / "stacks/demo/dev.json").read_text())
    assert (checkpoint["version"], checkpoint["checkpoint"]["stack"]) == (3, "organization/demo/dev")
    manifest = checkpoint["checkpoint"]["latest"]["manifest"]
    assert manifest["magic"] == hashlib.sha256(manifest["version"].encode()).hexdigest(), "the CLI checks it"


def test_what_was_saved_is_loaded_and_the_state_before_is_kept(backend: FileBackend) -> None:
    backend.create(DEV, {"metadata": {}})
    backend.save(DEV, {"metadata": {}, "resources": RESOURCES})
    loaded = backend.load(DEV)
    assert (loaded["version"], loaded["deployment"]["resources"]) == (3, RESOURCES)
    before = json.loads((backend.root / "stacks/demo/dev.json.bak").read_text())
    assert "resources" not in before["checkpoint"]["latest"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(
            '{"version": 3, "chec', "Unterminated string starting at: line 1 column 16 (char 15)", id="cut off"
        ),
        pytest.param("", "Expecting value: line 1 column 1 (char 0)", id="empty"),
        pytest.param("[]", "it must be a mapping", id="a list"),
        pytest.param('{"version": 3}', "it has no checkpoint", id="without a checkpoint"),
        pytest.param(
            '{"version": 3, "checkpoint": {"latest": [1]}}', "checkpoint.latest must be a mapping", id="a list in it"
        ),
        pytest.param(
            '{"version": 3, "checkpoint": {"latest": {"resources": [{"urn": "u", "custom": true, "type": "t", "dependencies": [null]}]}}}',
            "checkpoint.latest.resources[0].dependencies[0] must be a text",
            id="a dependency that is none",
        ),
        pytest.param(
            '{"version": 3, "checkpoint": {"latest": {"pending_operations": [{"resource": {"urn": "u", "custom": true, "type": "t"}}]}}}',
            "checkpoint.latest.pending_operations[0] has no type",
            id="an operation without a type",
        ),
        pytest.param("[" * 9000, "it has not the form of a state", id="9,000 lists in each other"),
    ],
)
def test_a_damaged_state_is_named_and_does_no_further_harm(backend: FileBackend, content: str, said: str) -> None:
    backend.create(DEV, {"metadata": {}})
    damaged = backend.root / "stacks/demo/dev.json"
    damaged.write_text(content)
    with pytest.raises(DamagedError) as error:
        backend.load(DEV)
    assert str(error.value) == f"failed to load checkpoint: {damaged} is damaged: {said}", "the CLI begins alike"
    assert damaged.read_text() == content


def test_the_notes_of_the_cli_about_a_file_go_when_the_file_changes(backend: FileBackend) -> None:
    backend.create(DEV, {"metadata": {}})
    notes = backend.root / "stacks/demo/dev.json.attrs"
    notes.write_text("{}")
    backend.save(DEV, {"metadata": {}})
    assert not notes.exists()


def test_a_name_can_be_taken_or_missing_and_the_automation_api_understands_both(backend: FileBackend) -> None:
    backend.create(DEV, {})
    with pytest.raises(BackendError) as taken:
        backend.create(DEV, {})
    assert already_exists_regex.search(str(taken.value))
    with pytest.raises(StackNotFoundError) as missing:
        backend.load(StackName("demo", "prod"))
    assert not_found_regex.search(str(missing.value))
    assert missing.value.exit_code == 6


def test_a_lock_keeps_others_out_until_it_is_released_or_removed(backend: FileBackend) -> None:
    backend.create(DEV, {})
    with backend.lock(DEV):
        with pytest.raises(LockedError) as locked, backend.lock(DEV):
            pass
        assert diy_backend_conflict_text in str(locked.value)
        with backend.lock(StackName("demo", "other")):
            pass
        backend.unlock(DEV)
        with backend.lock(DEV):
            pass
    with backend.lock(DEV):
        pass
    assert not [name for name in files(backend) if name.startswith("locks/")]


def test_history_comes_latest_first(backend: FileBackend) -> None:
    backend.create(DEV, {})
    for number in range(3):
        backend.add_history(DEV, {"number": number, "startTime": 1, "endTime": 2})
    assert [update["number"] for update in backend.history(DEV)] == [2, 1, 0]


def test_removing_leaves_one_copy_of_the_state_and_nothing_of_the_clis_about_it(backend: FileBackend) -> None:
    backend.create(DEV, {"metadata": {}})
    backend.add_history(DEV, {})
    for name in ("dev.pulumi-tags", "dev.pulumi-tags.attrs", "dev.json.attrs"):
        (backend.root / "stacks/demo" / name).write_text("{}")
    backend.remove(DEV)
    assert files(backend) == ["meta.yaml", "stacks/demo/dev.json.bak"]
    assert (backend.exists(DEV), backend.history(DEV)) == (False, [])


@pytest.mark.parametrize(
    ("text", "project", "full"),
    [
        pytest.param("dev", "demo", "organization/demo/dev", id="a name alone is of the current project"),
        pytest.param("organization/dev", "demo", "organization/demo/dev", id="with the organization"),
        pytest.param("organization/other/dev", "demo", "organization/other/dev", id="the full name"),
        pytest.param("organization/other/dev", None, "organization/other/dev", id="the full name, no project here"),
    ],
)
def test_names_are_understood_in_all_three_forms(text: str, project: str | None, full: str) -> None:
    assert StackName.parse(text, project).full == full


@pytest.mark.parametrize(
    ("text", "project", "said"),
    [
        pytest.param("dev", None, "Pulumi.yaml", id="no project"),
        pytest.param("acme/demo/dev", None, "organization", id="another organization"),
        pytest.param("a b", "demo", "'a b' is not a valid name", id="a blank"),
        pytest.param("..\\x", "demo", "not a valid name", id="a path"),
        pytest.param("organization/demo/", "demo", "'' is not a valid name", id="nothing"),
    ],
)
def test_names_that_are_none(text: str, project: str | None, said: str) -> None:
    with pytest.raises(BackendError, match=said.replace("\\", "\\\\")):
        StackName.parse(text, project)


@pytest.mark.parametrize("url", ["s3://bucket", "https://api.example.com", "file:///x?gzip=true", ""])
def test_other_backends_are_refused_by_name(url: str) -> None:
    with pytest.raises(BackendError, match="folders only"):
        FileBackend(url)


def test_compressed_old_and_newer_state_is_refused(backend: FileBackend) -> None:
    path = backend.root / "stacks/demo/dev.json"
    path.parent.mkdir(parents=True)

    def refused(content: Any) -> str:
        path.write_text(json.dumps(content))
        with pytest.raises(BackendError) as error:
            backend.load(DEV)
        path.unlink()
        return str(error.value)

    assert "version 4" in refused({"version": 4, "features": ["views"], "checkpoint": {}})
    (path.parent / "dev.json.gz").write_bytes(b"")
    with pytest.raises(BackendError, match="compressed"):
        backend.load(DEV)
    (backend.root / "meta.yaml").write_text("version: 0\n")
    with pytest.raises(BackendError, match="version 1"):
        FileBackend(backend.url)
