"""Where exports come from: files, folders, and the Pulumi CLI, of which a stand-in script is enough here."""

from __future__ import annotations

import errno
import gzip
import io
import json
import os
import sys
import threading
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pulumi_connect_domains.model.errors import ConfigurationError
from pulumi_connect_domains.stacks import files
from pulumi_connect_domains.stacks.sources import from_file, from_folder, from_folder_of_backend, from_pulumi

from ..drift.reports import export, resource

TEXT = export(resource("crm"))


def test_a_file_is_read_gzipped_or_not(tmp_path: Path) -> None:
    (tmp_path / "dev.json").write_text(TEXT)
    (tmp_path / "dev.json.gz").write_bytes(gzip.compress(TEXT.encode()))
    for name in ("dev.json", "dev.json.gz"):
        (read,) = from_file(str(tmp_path / name))
        assert (read.text, read.error) == (TEXT.encode(), "")


@pytest.mark.parametrize("name", ["none.json", "broken.json.gz", "."])
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, name: str) -> None:
    (tmp_path / "broken.json.gz").write_text("not gzip")
    assert "cannot be read" in next(from_file(str(tmp_path / name))).error


def test_a_folder_gives_its_exports_and_a_backends_stacks_without_their_history(tmp_path: Path) -> None:
    kept = [".pulumi/stacks/shop/dev.json", ".pulumi/stacks/shop/prod.json.gz", "exports/eu.json"]
    passed_over = [
        ".pulumi/history/shop/dev/dev-1.history.json", ".pulumi/backups/shop/dev/dev.1.json", ".pulumi/locks/x/1.json",
        ".pulumi/stacks/shop/dev.json.bak", ".pulumi/meta.yaml", ".pulumi/local-aws/local-aws.json", "README.md",
    ]  # fmt: skip
    for name in (*kept, *passed_over):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(gzip.compress(TEXT.encode()) if name.endswith(".gz") else TEXT.encode())
    found = list(from_folder(str(tmp_path)))
    assert [each.origin for each in found] == sorted(str(tmp_path / name) for name in kept)
    assert all(each.text == TEXT.encode() for each in found)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(gzip.compress(TEXT.encode())[:-20], id="cut off"),
        pytest.param(gzip.compress(TEXT.encode())[:30] + b"\x00\xff" * 40, id="with other bytes in it"),
        pytest.param(b"\x1f\x8b", id="only its first bytes"),
        pytest.param(b"", id="empty"),
    ],
)
def test_a_gzip_file_that_is_none_says_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "dev.json.gz").write_bytes(content)
    (read,) = from_file(str(tmp_path / "dev.json.gz"))
    assert read.text == b"" or read.error.startswith("cannot be read: ")


def test_a_pipe_in_a_folder_is_an_error_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.json")
    (tmp_path / "b.json").write_text(TEXT)
    first, second = from_folder(str(tmp_path))
    assert first.error == "cannot be read: is not a file"
    assert second.text == TEXT.encode()


def test_a_named_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.json")
    assert next(from_file(str(tmp_path / "a.json"))).error == "is a pipe that nobody writes to"


def test_a_pipe_that_a_command_writes_to_is_read_to_its_end(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    whole = TEXT * 2_000  # more than a pipe holds

    def write() -> None:
        time.sleep(0.2)
        with open(writing, "wb") as stream:
            stream.write(whole.encode())

    writer = threading.Thread(target=write)
    writer.start()
    assert next(from_file(f"/dev/fd/{reading}")).text == whole.encode()
    writer.join()
    os.close(reading)


def test_a_folder_that_cannot_be_looked_into_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "open.json").write_text(TEXT)
    (tmp_path / "closed").mkdir()
    scan = os.scandir

    def scandir(folder: Any) -> Any:  # permissions do not stop every user that runs tests
        if str(folder).endswith("closed"):
            raise PermissionError(errno.EACCES, "Permission denied", str(folder))
        return scan(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    closed, opened = from_folder(str(tmp_path))
    assert (closed.origin, closed.error) == (str(tmp_path / "closed"), "cannot be looked into: Permission denied")
    assert opened.text == TEXT.encode()


def test_a_name_that_is_no_text_is_written_out(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\xff.json"
    with open(name, "w") as file:
        file.write(TEXT)
    (found,) = from_folder(str(tmp_path))
    assert found.origin == f"{tmp_path}/\\xff.json"


def test_what_is_unpacked_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 1024**2)
    (tmp_path / "bomb.json.gz").write_bytes(gzip.compress(b" " * 10 * 1024**2))
    assert next(from_file(str(tmp_path / "bomb.json.gz"))).error == "is bigger than 1 MiB"


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no such folder"):
        from_folder(str(tmp_path / "none"))


def test_a_folder_is_read_while_it_is_taken_in_the_order_of_its_paths(tmp_path: Path) -> None:
    names = ["a-b.json", "a/z.json", "a/b/c.json", "a.json", "b.json"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(TEXT)
    found = from_folder(str(tmp_path))
    assert next(found).origin == str(tmp_path / "a-b.json")
    (tmp_path / "b.json").write_text("changed meanwhile")
    rest = list(found)
    assert [each.origin for each in rest] == sorted(str(tmp_path / name) for name in names)[1:]
    assert rest[-1].text == b"changed meanwhile"


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "dev.json").write_text(TEXT)
    (tmp_path / "again").symlink_to(tmp_path)
    assert [each.origin for each in from_folder(str(tmp_path))] == [str(tmp_path / "dev.json")]


def test_of_two_forms_of_one_state_the_newer_is_read(tmp_path: Path) -> None:
    (tmp_path / "dev.json").write_text("older")
    (tmp_path / "dev.json.gz").write_bytes(gzip.compress(TEXT.encode()))
    os.utime(tmp_path / "dev.json", (1, 1))
    assert [each.text for each in from_folder(str(tmp_path))] == [TEXT.encode()]
    os.utime(tmp_path / "dev.json.gz", (0, 0))
    assert [each.text for each in from_folder(str(tmp_path))] == [b"older"]


def test_a_backend_in_a_folder_gives_its_stacks_only(tmp_path: Path) -> None:
    kept = [f".pulumi/stacks/{name}" for name in ("dev.json", "history/dev.json", "shop/dev.json", "shop/prod.json.gz")]
    others = [".pulumi/stacks/shop/deep/dev.json", ".pulumi/stacks/shop/a b.json", ".pulumi/history/x.json", "dev.json"]
    for name in (*kept, *others):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(gzip.compress(TEXT.encode()))
    found = list(from_folder_of_backend(str(tmp_path)))
    assert [each.origin for each in found] == [str(tmp_path / name) for name in kept]
    assert {each.text for each in found} == {TEXT.encode()}
    with pytest.raises(ConfigurationError, match="there is no backend of Pulumi in this folder"):
        from_folder_of_backend(str(tmp_path / ".pulumi"))


ZSTD = b"\x28\xb5\x2f\xfd and more"


def test_a_state_that_is_compressed_with_zstd_says_so_where_python_cannot_unpack_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "compression", None)
    (tmp_path / "dev.json.zst").write_bytes(ZSTD)
    (found,) = from_folder(str(tmp_path))
    assert found.error.startswith("is compressed with zstd, which takes Python 3.14 or newer")


@pytest.mark.parametrize(
    ("content", "text", "error"),
    [
        (TEXT.encode(), TEXT.encode(), ""),
        (b" " * 2**21, "", "is bigger than 1 MiB"),
        (None, "", "cannot be read: the zstd file is damaged, or cut off"),
    ],
)
def test_a_state_that_is_compressed_with_zstd_is_unpacked_where_python_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, text: str | bytes, error: str
) -> None:
    """With a stand-in for the module of Python 3.14, as its documentation describes it."""

    class ZstdError(Exception):
        pass

    class ZstdFile(io.BytesIO):
        def __init__(self, packed: io.BytesIO) -> None:
            assert packed.read() == ZSTD
            super().__init__(content or b"")

        def read(self, size: int | None = -1) -> bytes:
            if content is None:
                raise ZstdError("Unable to decompress")
            return super().read(size)

    module = ModuleType("compression.zstd")
    vars(module).update(ZstdFile=ZstdFile, ZstdError=ZstdError)
    package = ModuleType("compression")
    vars(package).update(zstd=module)
    monkeypatch.setitem(sys.modules, "compression", package)
    monkeypatch.setattr(files, "MOST_BYTES", 2**20)
    (tmp_path / "dev.json").write_bytes(ZSTD)
    (found,) = from_file(str(tmp_path / "dev.json"))
    assert (found.text, found.error) == (text, error)


CLI = """#!/bin/sh
echo "$PWD $*" >> "{log}"
case "$*" in
  "stack ls --all --json --organization acme --fully-qualify-stack-names --non-interactive")
    echo '[{{"name": "acme/shop/dev", "current": false}}, {{"name": "acme/calls/dev", "current": true}}]' ;;
  "stack ls --all --json --organization bucket --fully-qualify-stack-names --non-interactive")
    echo '[{{"name": "organization/shop/dev"}}]' ;;
  "stack ls --all --json --organization empty --fully-qualify-stack-names --non-interactive") echo '[]' ;;
  "stack ls --all --json --organization "*) echo "error: [403] not a member" >&2; exit 255 ;;
  "stack ls --all --json --non-interactive") echo '[{{"name": "org/shop/dev"}}, {{"name": "org/shop/prod"}}]' ;;
  *"--stack nope"*) echo "warning: a newer version" >&2; echo "error: no stack named 'nope' found" >&2; exit 6 ;;
  *"--show-secrets"*) echo '{{"in": "clear"}}' ;;
  "stack export --stack "*) cat "{state}" ;;
  *) exit 1 ;;
esac
"""


@pytest.fixture
def pulumi_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `pulumi` on PATH that answers as the CLI does; what it was asked stands in this file."""
    state, log, program = tmp_path / "state.json", tmp_path / "log", tmp_path / "bin" / "pulumi"
    state.write_text(TEXT)
    program.parent.mkdir()
    program.write_text(CLI.format(log=log, state=state))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    return log


def test_stacks_are_asked_of_the_cli_each_once(pulumi_log: Path, tmp_path: Path) -> None:
    found = list(from_pulumi(["dev", "prod", "dev"], folder=str(tmp_path), with_secrets=False))
    assert [(each.origin, each.text) for each in found] == [("stack dev", TEXT), ("stack prod", TEXT)]
    asked = sorted(pulumi_log.read_text().splitlines())
    assert asked == [f"{tmp_path} stack export --stack {name} --non-interactive" for name in ("dev", "prod")]


def test_every_stack_of_the_backend(pulumi_log: Path, tmp_path: Path) -> None:
    found = from_pulumi([], every=True, folder=str(tmp_path), with_secrets=False)
    assert [each.origin for each in found] == ["stack org/shop/dev", "stack org/shop/prod"]


@pytest.mark.parametrize("name", ["acme", "Acme"])
def test_every_stack_of_an_organization_by_its_full_name(pulumi_log: Path, tmp_path: Path, name: str) -> None:
    if name == "Acme":  # which Pulumi Cloud takes for the same, and shows as it was made
        program = tmp_path / "bin" / "pulumi"
        program.write_text(program.read_text().replace("--organization acme", "--organization Acme"))
    found = from_pulumi([], organizations=[name], folder=str(tmp_path), with_secrets=False)
    assert [(each.origin, each.text) for each in found] == [
        ("stack acme/shop/dev", TEXT),
        ("stack acme/calls/dev", TEXT),
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("bucket", "--org bucket: the Pulumi CLI lists stacks of others, so its backend is none of Pulumi Cloud"),
        ("empty", "--org empty: the Pulumi CLI lists no stacks there"),
        ("others", "--org others: the Pulumi CLI cannot list the stacks: [403] not a member"),
    ],
)
def test_an_organization_that_cannot_be_listed_is_said_before_anything_is_exported(
    pulumi_log: Path, tmp_path: Path, name: str, said: str
) -> None:
    with pytest.raises(ConfigurationError) as raised:
        from_pulumi(["dev"], organizations=[name], folder=str(tmp_path), with_secrets=False)
    assert str(raised.value).startswith(said)
    assert "export" not in pulumi_log.read_text()


def test_few_stacks_are_exported_ahead_and_progress_is_told(pulumi_log: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    names = [f"s{number}" for number in range(20)]
    found = from_pulumi(names, folder=str(tmp_path), with_secrets=False, on_export=lambda *of: told.append(of))
    assert told == [(0, 20)]
    assert next(found).origin == "stack s0"
    assert len(pulumi_log.read_text().splitlines()) <= 8
    assert [each.origin for each in found] == [f"stack {name}" for name in names[1:]]
    assert told == [(done, 20) for done in range(21)]


def test_secrets_are_asked_for_in_clear_only_on_demand(pulumi_log: Path, tmp_path: Path) -> None:
    (found,) = from_pulumi(["dev"], folder=str(tmp_path), with_secrets=True)
    assert json.loads(found.text) == {"in": "clear"}


def test_a_stack_that_cannot_be_exported_gives_the_clis_own_error(pulumi_log: Path, tmp_path: Path) -> None:
    (found,) = from_pulumi(["nope"], folder=str(tmp_path), with_secrets=False)
    assert found.error == "the Pulumi CLI cannot export it: no stack named 'nope' found"


def test_a_folder_that_is_not_there_is_said_of_the_cli_too(pulumi_log: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="the Pulumi CLI cannot be run in"):
        from_pulumi(["dev"], folder=str(tmp_path / "none"), with_secrets=False)


def test_without_a_cli_one_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigurationError) as error:
        from_pulumi(["dev"], folder=".", with_secrets=False)
    assert "the Pulumi CLI is not on PATH" in str(error.value)
    assert "--state" in str(error.value)
