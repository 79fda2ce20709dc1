"""Files that somebody else wrote, changed at random, through every reader of the commands.

Always: a documented exit code, no traceback, a line that names the file where it cannot be read, and the good file beside it is reported
all the same. A failure names its seed; `mutated(kind, seed)` makes the same file again.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from random import Random

import pytest
from pulumi_connect_domains import aws, cli
from pulumi_connect_domains.doctor import here
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.model.errors import Unreadable
from pulumi_connect_domains.stacks import files

from .kinds import mutated
from .readers import READERS, Reader, cli_answers

SLOWEST_SECONDS = 20  # of processor time: a file that hangs a reader hangs it for good


@pytest.fixture(autouse=True)
def _cloud(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in local_aws.environment().items():
        monkeypatch.setenv(name, value)
    aws.forget_clients()
    for name in ("crm", "crm-prod"):
        local_aws.seed("customer-profiles", name, DefaultExpirationDays=30)
    # Of doctor only the reader counts here; its other checks start processes.
    monkeypatch.setattr("pulumi_connect_domains.doctor.examination.Examination.run", _only_config)
    yield
    aws.forget_clients()


def _only_config(examination: object, **_: object) -> object:
    from pulumi_connect_domains.doctor.model import Report

    _, check = here.configured(here.Wanted("dev"), 5)
    return Report("now", 0.0, "", (check,))


@pytest.mark.parametrize("name", READERS)
def test_a_changed_file_never_ends_in_a_traceback(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for seed in range(READERS[name].few):
        _try(name, seed, tmp_path, capsys)


@pytest.mark.long
@pytest.mark.parametrize("name", READERS)
def test_thousands_of_changed_files_never_end_in_a_traceback(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reader = READERS[name]
    print(f"{name}: seeds {reader.few} to {reader.many - 1}")
    for seed in range(reader.few, reader.many):
        _try(name, seed, tmp_path, capsys)


def _try(name: str, seed: int, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reader, what = READERS[name], f"{name}, seed {seed}"
    content = mutated(reader.kind, seed)
    file = folder / "in" / f"{reader.kind}-{seed}.json"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    begin = time.process_time()
    try:
        with cli_answers(content, reader.kind) if reader.by_cli else nullcontext():
            code = cli.run(arguments := reader.command(file, Random(seed)))
    except Exception as error:
        raise AssertionError(f"{what}: {type(error).__name__}: {error}") from error
    told = capsys.readouterr()
    all_of_it = told.out + told.err
    assert code in reader.codes, f"{what}: exit code {code}\n{all_of_it}"
    assert "Traceback" not in told.err, f"{what}\n{told.err}"
    assert time.process_time() - begin < SLOWEST_SECONDS, what
    if reader.beside and f"error: --policy {file}" not in told.err:
        assert reader.beside in all_of_it, f"{what}: the good file is not reported\n{all_of_it}"
    strict = "--strict" in arguments  # which fails for secrets that are encrypted, as they should be
    if not _can_be_read(reader, file):
        assert code == 1, f"{what}: exit code {code} for what cannot be read"
        assert _line_with(re.escape(file.name), all_of_it), f"{what}: no line names the file\n{all_of_it}"
    elif code == 1 and reader.codes != {1} and not strict:
        names = "|".join(filter(None, (re.escape(file.name), reader.names)))
        assert _line_with(names, all_of_it), f"{what}: no line says where\n{all_of_it}"
    file.unlink()


def _can_be_read(reader: Reader, file: Path) -> bool:
    try:
        if reader.is_readable:
            reader.is_readable(files.content(str(file)))
    except Unreadable:
        return False
    return True


def _line_with(pattern: str, text: str) -> bool:
    return any(re.search(pattern, line) for line in text.splitlines())
