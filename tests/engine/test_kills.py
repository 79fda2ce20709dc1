"""A kill at any moment leaves a state that the next command reads, and from which the stack gets where it should be."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from pulumi_connect_domains.testing.engine import write_launcher

TRACES = Path(__file__).parents[1] / "traces"
MOMENTS = (0.6, 1.0, 1.4, 1.8, 2.4)
"""Seconds after the start: while things start, while half is made, and near the end."""


class Bench:
    """A stack of the traces' program and things, and the launcher to run commands on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pulumi = write_launcher(folder / "bin") / "pulumi"
        program = folder / "program"
        program.mkdir()
        for path in (TRACES / "program").iterdir():
            if path.is_file():
                (program / path.name).write_bytes(path.read_bytes())
        things = [{"kind": "thing", "name": f"t{n}", "args": {"name": f"t{n}", "size": 1}} for n in range(6)]
        (folder / "program.json").write_text(json.dumps(things))
        self.environment = {
            **os.environ,
            "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_CONFIG_PASSPHRASE": "kills",
            "PULUMI_PYTHON_CMD": sys.executable,
            "PYTHONPATH": str(TRACES / "things"),
            "THINGS_CLOUD": str(folder / "cloud.json"),
            "THINGS_BEHAVE": json.dumps({"*": {"create": "sleep:0.1"}}),
            "PROGRAM": str(folder / "program.json"),
        }

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(self.pulumi), *arguments, "--non-interactive"], cwd=self.folder / "program", env=self.environment,
            text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    def run(self, *arguments: str) -> str:
        process = self.start(*arguments)
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0, out
        return out

    def wait_for_hosts(self) -> None:
        """The hosts that a kill left behind have finished what they had begun, and ended."""
        mark = f"THINGS_CLOUD={self.folder / 'cloud.json'}".encode()
        deadline = time.monotonic() + 30
        while any(mark in environment_of(process) for process in Path("/proc").glob("[0-9]*")):
            assert time.monotonic() < deadline, "a host lives on"
            time.sleep(0.05)


def environment_of(process: Path) -> list[bytes]:
    try:
        return (process / "environ").read_bytes().split(b"\0")
    except OSError:
        return []


def exported(text: str) -> dict[str, Any]:
    """The deployment in what `stack export` printed, behind a line on standard error."""
    return dict(json.loads(text[text.index("{") :])["deployment"])


@pytest.mark.long
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_kill_leaves_a_state_that_the_next_command_reads(moment: float, tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.run("stack", "init", "dev")
    process = bench.start("up", "--yes", "--skip-preview", "--parallel", "2")
    time.sleep(moment)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    bench.wait_for_hosts()
    bench.run("cancel", "--yes")
    deployment = exported(bench.run("stack", "export"))
    known = {r["id"] for r in deployment.get("resources", ()) if r["type"].endswith(":Thing")}
    pending = {o["resource"]["inputs"]["name"] for o in deployment.get("pending_operations") or ()}
    cloud = bench.folder / "cloud.json"
    made = set(json.loads(cloud.read_text() or "{}")) if cloud.exists() else set()
    assert known <= made, "what is in state was made"
    assert made - known <= pending, "what was made is in state, or pending"
    cloud.write_text(
        json.dumps({k: v for k, v in json.loads(cloud.read_text() or "{}").items() if k in known}) if made else ""
    )
    bench.run("refresh", "--yes", "--skip-preview", "--clear-pending-creates")
    bench.run("up", "--yes", "--skip-preview")
    assert sorted(json.loads(cloud.read_text())) == [f"t{n}" for n in range(6)]
    bench.run("destroy", "--yes", "--skip-preview")


@pytest.mark.long
def test_an_interrupt_lets_what_is_under_way_end(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.environment["THINGS_BEHAVE"] = json.dumps({"*": {"create": "sleep:2"}})
    bench.run("stack", "init", "dev")
    process = bench.start("up", "--yes", "--skip-preview", "--parallel", "2")
    cloud = bench.folder / "cloud.json"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (cloud.exists() and cloud.read_text()):
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert process.returncode not in (0, -signal.SIGINT), out
    assert "update canceled" in out
    deployment = exported(bench.run("stack", "export"))
    known = {r["id"] for r in deployment["resources"] if r["type"].endswith(":Thing")}
    assert known == set(json.loads(cloud.read_text()))
    assert 0 < len(known) < 6
    assert not deployment.get("pending_operations")
    bench.environment["THINGS_BEHAVE"] = "{}"
    bench.run("up", "--yes", "--skip-preview")
    assert len(json.loads(cloud.read_text())) == 6
