"""`--progress` and `--resume`: a check that was killed goes on, and nothing that is not its own is believed or overwritten."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from pulumi_connect_domains import aws, cli
from pulumi_connect_domains.drift.progress_file import MOST_AGE, ProgressFile
from pulumi_connect_domains.drift.stored import key_of
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.model.errors import ConfigurationError

from .reports import CLEAN, domain, encrypted, export, in_clear, resource

NOW = datetime(2026, 11, 27, 12, tzinfo=timezone.utc)
DOMAINS = 30


@pytest.fixture(autouse=True)
def _cloud(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in local_aws.environment().items():
        monkeypatch.setenv(name, value)
    aws.forget_clients()
    yield
    aws.forget_clients()


@pytest.fixture
def state(tmp_path: Path, local_aws: LocalAws) -> Path:
    """A state file of many domains, which are there as declared."""
    names = [f"crm-{number:02}" for number in range(DOMAINS)]
    for name in names:
        local_aws.seed("customer-profiles", name, DefaultExpirationDays=30)
    file = tmp_path / "state.json"
    file.write_text(export(*map(resource, names)))
    return file


def reads(cloud: LocalAws) -> Counter[str]:
    return Counter(call.parameters["DomainName"] for call in cloud.calls(operation="GetDomain"))


def drift(folder: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    code = cli.run(["drift", *arguments, "--out", f"json={folder / 'report.json'}", "--rate", "0"])
    return code, json.loads((folder / "report.json").read_text())


def interrupted(state: Path, file: Path, cloud: LocalAws, *more: str) -> int:
    """How many domains a check had read when it was killed."""
    command = [sys.executable, "-m", "pulumi_connect_domains", "drift", "--state", str(state), "--progress", str(file)]
    process = subprocess.Popen([*command, "--rate", "8", "--workers", "2", *more])
    try:
        deadline = time.monotonic() + 60
        while sum(reads(cloud).values()) < 14:
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.05)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    return sum(reads(cloud).values())


def test_a_check_that_was_killed_goes_on(state: Path, tmp_path: Path, local_aws: LocalAws) -> None:
    file = tmp_path / "progress"
    before = interrupted(state, file, local_aws)
    code, report = drift(tmp_path, "--state", str(state), "--progress", str(file), "--resume")
    assert code == 0
    assert report["counts"]["domains"] == report["counts"]["in_sync"] == DOMAINS
    resumed = report["resumed"]["domains"]
    assert 1 <= resumed <= before
    assert sum(reads(local_aws).values()) == before + DOMAINS - resumed
    assert not file.exists()


def kept(folder: Path, state: Path, *arguments: str) -> Path:
    """The file of a check that has read everything and could not write its report, so that the file stays."""
    (folder / "folder").mkdir(exist_ok=True)
    file = folder / "progress"
    options = ["--progress", str(file), "--rate", "0", "--out", f"json={folder / 'folder'}", *arguments]
    assert cli.run(["drift", "--state", str(state), *options]) == 1
    assert file.exists()
    return file


def resumed(folder: Path, state: Path, *arguments: str) -> int:
    """How many domains a resumed check did not read again."""
    _, report = drift(folder, "--state", str(state), "--progress", str(folder / "progress"), "--resume", *arguments)
    return (report["resumed"] or {"domains": 0})["domains"]


def test_people_are_told_that_it_was_resumed(state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept(tmp_path, state)
    assert cli.run(["drift", "--state", str(state), "--progress", str(tmp_path / "progress"), "--resume"]) == 0
    assert f"{DOMAINS} domains read by the interrupted check of 20" in capsys.readouterr().out


def test_without_resume_everything_is_read(state: Path, tmp_path: Path, local_aws: LocalAws) -> None:
    file = kept(tmp_path, state)
    _, report = drift(tmp_path, "--state", str(state), "--progress", str(file))
    assert (report["resumed"], set(reads(local_aws).values())) == (None, {2})


def test_what_changed_in_the_state_is_read_again(state: Path, tmp_path: Path, local_aws: LocalAws) -> None:
    kept(tmp_path, state)
    document = json.loads(state.read_text())
    document["deployment"]["resources"][3]["inputs"]["default_expiration_days"] = 31
    state.write_text(json.dumps(document))
    code, report = drift(tmp_path, "--state", str(state), "--progress", str(tmp_path / "progress"), "--resume")
    assert (code, report["counts"]["drifted"], report["resumed"]["domains"]) == (2, 1, DOMAINS - 1)


@pytest.mark.parametrize("option", [("--strict",), ("--require", "default_expiration_days<=40")])
def test_other_options_judge_anew(state: Path, tmp_path: Path, option: tuple[str, ...]) -> None:
    kept(tmp_path, state)
    assert resumed(tmp_path, state, *option) == 0


def test_what_could_not_be_read_is_read_again(state: Path, tmp_path: Path, local_aws: LocalAws) -> None:
    local_aws.fault("GetDomain", code="AccessDeniedException", times=3)
    kept(tmp_path, state)
    assert resumed(tmp_path, state) == DOMAINS - 3


def test_a_check_of_long_ago_is_not_resumed(state: Path, tmp_path: Path) -> None:
    file = kept(tmp_path, state)
    with sqlite3.connect(file) as db:
        began = datetime.now(timezone.utc) - MOST_AGE
        db.execute("UPDATE checks SET started_at = ?", (began.isoformat(timespec="seconds"),))
    db.close()
    assert resumed(tmp_path, state) == 0


def test_a_second_declaration_is_found_for_a_domain_that_was_read_before(state: Path, tmp_path: Path) -> None:
    kept(tmp_path, state)
    more = resource("crm-00", id="crm-00", urn=resource("crm-00")["urn"] + "-again")
    (tmp_path / "more.json").write_text(export(more))
    file, other = str(tmp_path / "progress"), str(tmp_path / "more.json")
    code, report = drift(tmp_path, "--state", str(state), "--state", other, "--progress", file, "--resume")
    assert (code, report["counts"]["declared_twice"], report["resumed"]["domains"]) == (2, 2, DOMAINS)


def test_no_secret_is_in_the_file(tmp_path: Path, local_aws: LocalAws) -> None:
    """In clear or not, and whether it differs or not."""
    local_aws.seed("customer-profiles", "clear", DefaultExpirationDays=30, DeadLetterQueueUrl="https://hidden-live")
    local_aws.seed("customer-profiles", "closed", DefaultExpirationDays=30, DeadLetterQueueUrl="https://hidden-live")
    for name, value in (("clear", in_clear("https://hidden-declared")), ("closed", encrypted())):
        inputs = {
            "domain_name": name,
            "region": "us-east-1",
            "default_expiration_days": 30,
            "dead_letter_queue_url": value,
        }
        state = tmp_path / f"{name}.json"
        state.write_text(export(resource(name, inputs=inputs)))
        content = kept(tmp_path, state).read_bytes()
        assert b"hidden" not in content
        assert (b"domains/%s" % name.encode() in content) == (name == "closed")


# -- files that are none, or in use -----------------------------------------------------------------------------------


def test_another_file_is_left_as_it_is(state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = tmp_path / "other.db"
    with sqlite3.connect(database) as db:
        db.execute("CREATE TABLE reports (precious)")
    db.close()
    for file in (state, database):
        before = file.read_bytes()
        for options in ([], ["--resume"]):
            assert cli.run(["drift", "--state", str(state), "--progress", str(file), *options]) == 1
            assert "is not the progress of a check, so it is left as it is" in capsys.readouterr().err
            assert file.read_bytes() == before


@pytest.mark.parametrize("resumes", [False, True])
@pytest.mark.parametrize(
    ("begin", "end"),
    [
        pytest.param(16, 20, id="the header"),
        pytest.param(100, 4096, id="the list of tables"),
        pytest.param(3 * 4096, 4 * 4096, id="a page of reports"),
        pytest.param(9000, None, id="cut off"),
    ],
)
def test_a_damaged_file_is_made_anew(begin: int, end: int | None, resumes: bool, tmp_path: Path) -> None:
    file = tmp_path / "progress"
    first = ProgressFile(str(file), resumes=False, now=NOW)
    for number in range(500):
        first.add(key_of(str(number)), domain("in_sync"))
    first.close()
    content = bytearray(file.read_bytes())
    content[begin:end] = b"\xff" * (end - begin) if end else b""
    file.write_bytes(content)
    again = ProgressFile(str(file), resumes=resumes, now=NOW + timedelta(hours=1))
    assert not any(again.known(key_of(str(number))) for number in range(500))
    again.add(key_of("new"), domain("in_sync"))
    again.close()
    third = ProgressFile(str(file), resumes=True, now=NOW + timedelta(hours=2))
    assert (third.known(key_of("new")), third.started_at) == (domain("in_sync"), "2026-11-27T13:00:00+00:00")
    third.remove()


def test_a_damaged_report_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "progress"
    first = ProgressFile(str(file), resumes=False, now=NOW)
    for name in ("good", "bad"):
        first.add(key_of(name), domain("missing", name, reason=f"why {name}"))
    first.close()
    file.write_bytes(file.read_bytes().replace(b"why bad", b"why \xff\xffd"))
    again = ProgressFile(str(file), resumes=True, now=NOW)
    assert again.known(key_of("good")) == domain("missing", "good", reason="why good")
    assert again.known(key_of("bad")) is None
    again.remove()


def test_a_damaged_file_that_cannot_be_made_anew_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "progress"
    ProgressFile(str(file), resumes=False, now=NOW).close()
    content = bytearray(file.read_bytes())
    content[100:4096] = b"\xff" * 3996
    file.write_bytes(content)

    def refuse(name: str) -> None:
        raise PermissionError(13, "Permission denied", name)

    monkeypatch.setattr("os.unlink", refuse)
    with pytest.raises(ConfigurationError, match=r"^--progress .*: cannot be used: Permission denied$"):
        ProgressFile(str(file), resumes=True, now=NOW)
    assert file.read_bytes() == content


def test_two_checks_cannot_use_one_file(tmp_path: Path) -> None:
    file = str(tmp_path / "progress")
    first = ProgressFile(file, resumes=False, now=NOW)
    with pytest.raises(ConfigurationError, match="another check is using it"):
        ProgressFile(file, resumes=True, now=NOW)
    first.close()
    ProgressFile(file, resumes=True, now=NOW).close()


def test_what_was_added_is_there_for_a_while(tmp_path: Path) -> None:
    file = str(tmp_path / "progress")
    first = ProgressFile(file, resumes=False, now=NOW)
    first.add(key_of("a", "b"), CLEAN.domains[0])
    first.close()
    again = ProgressFile(file, resumes=True, now=NOW + MOST_AGE - timedelta(seconds=1))
    assert (again.known(key_of("a", "b")), again.known(key_of("ab")), again.started_at) == (
        CLEAN.domains[0],
        None,
        NOW.isoformat(),
    )
    again.remove()
    assert not Path(file).exists()


@pytest.mark.parametrize("where", ["no/such/folder/progress", "."])
def test_a_place_where_no_file_can_be(
    where: str, state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["drift", "--state", str(state), "--progress", str(tmp_path / where)]) == 1
    assert "--progress" in capsys.readouterr().err


def test_a_pipe_is_no_place_for_it(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(ConfigurationError, match=r"^--progress .*pipe: is not a file$"):
        ProgressFile(str(pipe), resumes=False, now=NOW)


def test_a_link_stays_and_what_it_leads_to_is_removed(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "file")
    ProgressFile(str(link), resumes=False, now=NOW).remove()
    assert [each.name for each in tmp_path.iterdir()] == ["link"]


def test_resume_needs_a_file(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["drift", "--state", str(state), "--resume"]) == 1
    assert "--resume goes on with what --progress FILE holds: say which file" in capsys.readouterr().err


def test_a_mistake_in_the_other_options_forgets_nothing(state: Path, tmp_path: Path) -> None:
    file = kept(tmp_path, state)
    for wrong in (["--state", "s3://"], ["--state-dir", str(tmp_path / "nowhere")], ["--shard", "3/2"]):
        assert cli.run(["drift", *wrong, "--progress", str(file)]) == 1
    assert resumed(tmp_path, state) == DOMAINS
