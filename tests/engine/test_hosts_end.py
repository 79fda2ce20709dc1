"""No process of the local engine lives on when the engine has ended, whatever ended it; what a provider had begun is finished first."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from .test_kills import Bench

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")
SOON = 60.0


@pytest.mark.parametrize(
    ("signals", "code"),
    [
        pytest.param([signal.SIGKILL], -signal.SIGKILL, id="killed"),
        pytest.param([signal.SIGINT], 8, id="Ctrl-C"),
        pytest.param([signal.SIGINT, signal.SIGINT], None, id="Ctrl-C twice"),
        pytest.param([signal.SIGTERM], 8, id="asked to end"),
    ],
)
def test_what_was_begun_is_finished_and_nothing_lives_on(
    signals: list[signal.Signals], code: int | None, tmp_path: Path
) -> None:
    bench = Bench(tmp_path)
    bench.environment["THINGS_BEHAVE"] = json.dumps({"t0": {"create": "sleep:6"}})
    bench.run("stack", "init", "dev")
    process = bench.start("up", "--yes", "--skip-preview")
    wait_for(lambda: len(things(bench)) == 5)  # the sixth sleeps
    family = descendants(process.pid)
    assert family
    for sign in signals:
        process.send_signal(sign)
        time.sleep(0.3)
    process.communicate(timeout=60)
    assert code in (None, process.returncode)
    wait_until_ended(family)
    if len(signals) == 1:
        assert "t0" in things(bench), "a create that was under way is finished"


def test_nothing_lives_on_when_a_test_run_is_killed(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    (tmp_path / "test_forever.py").write_text(
        f"""
import time
from pathlib import Path
from pulumi_connect_domains import voiceid

def test_forever(pulumi_stack, local_aws):
    def program():
        voiceid.Domain("v", name="v", server_side_encryption_configuration={{"kms_key_id": "k"}})
        time.sleep(1)
        Path({str(ready)!r}).touch()
        time.sleep(600)
    pulumi_stack(program).up()
"""
    )
    with subprocess.Popen(
        pytest_of(tmp_path), cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        wait_for(ready.exists, 60)
        family = {pid: said for pid, said in descendants(process.pid).items() if "local.aws" not in said}
        assert len(family) >= 2, "the process that forks, and a provider's"
        process.kill()
    wait_until_ended(family)


def test_an_environment_of_any_size_reaches_the_provider(tmp_path: Path) -> None:
    """The test kit forks its hosts: what it hands them is no process's own environment, which the system would bound."""
    (tmp_path / "test_big.py").write_text(
        """
from pulumi_connect_domains import customerprofiles

def test_big(pulumi_stack, local_aws):
    stack = pulumi_stack(lambda: customerprofiles.Domain("crm", default_expiration_days=366))
    stack.environment.update({f"BIG_{number}": "x" * 100_000 for number in range(30)})
    stack.up()
"""
    )
    done = subprocess.run(pytest_of(tmp_path), cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout


# -- parts of them -----------------------------------------------------------------------------------------------------


def pytest_of(folder: Path) -> list[str]:
    """The command of a test run on the local engine, whatever the run around it is on."""
    return [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--pulumi-engine=local", str(folder)]


def wait_until_ended(family: dict[int, str]) -> None:
    deadline = time.monotonic() + SOON
    while alive(family) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert alive(family) == {}


def wait_for(met: Callable[[], bool], seconds: float = SOON) -> None:
    deadline = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)


def things(bench: Bench) -> dict[str, object]:
    cloud = bench.folder / "cloud.json"
    try:
        return dict(json.loads(cloud.read_text()))
    except (OSError, ValueError):  # not there yet, or being written
        return {}


def descendants(pid: int) -> dict[int, str]:
    """The processes that the process has started, and those that they have, with their command lines."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    found: dict[int, str] = {}
    todo = [pid]
    while todo:
        parent = todo.pop()
        for child in (child for child, of in parents.items() if of == parent and child not in found):
            todo.append(child)
            found[child] = _command(child)
    return found


def alive(family: dict[int, str]) -> dict[int, str]:
    """Those of the processes that are still there (and are not others of the same number)."""
    return {pid: said for pid, said in family.items() if said and _command(pid) == said}


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""
