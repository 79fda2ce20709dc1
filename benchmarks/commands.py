"""The `pulumi` command of an engine, in a project of its own, and what the processes below it cost."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pulumi_connect_domains.testing import PulumiEngine

from .measuring import seconds

PROJECT = "name: bench\nruntime: python\n"
LOOK_SECONDS = 0.02
TICKS = os.sysconf("SC_CLK_TCK")
PARTS = {
    "host": ("pulumi.dynamic", "pulumi-resource-pulumi-python", "runner.py host"),
    "program": ("pulumi-language-python-exec", "runner.py program"),
}
"""What stands in the command lines of the CLI's processes and the local engine's; all others are the engine's."""
_names = itertools.count()


@dataclass(frozen=True)
class Command:
    """A `pulumi` with a project and a folder of stacks."""

    path: Path
    project: Path
    variables: Mapping[str, str]

    @classmethod
    def of(cls, engine: PulumiEngine, folder: Path, variables: Mapping[str, str], program: str) -> Command:
        """The engine's command, with a project of that program in the folder, which is made."""
        (project := folder / "project").mkdir(parents=True)
        (state := folder / "state").mkdir()
        (project / "Pulumi.yaml").write_text(PROJECT, encoding="utf-8")
        (project / "__main__.py").write_text(program, encoding="utf-8")
        root = str(Path(__file__).parents[1])  # from where the benchmarks' own providers can be imported
        own = {
            "PATH": f"{engine.path.parent}{os.pathsep}{variables['PATH']}",
            "PYTHONPATH": os.pathsep.join(filter(None, [root, variables.get("PYTHONPATH")])),
            "PULUMI_BACKEND_URL": f"file://{state}",
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_CONFIG_PASSPHRASE": "bench",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_PYTHON_CMD": sys.executable,
        }
        kept = {name: value for name, value in variables.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return cls(engine.path, project, {**kept, **own})

    def new_stack(self) -> str:
        """The name of a stack that was just made."""
        stack = f"bench{next(_names)}"
        self._wait(self._start("stack", "init", stack))
        return stack

    def up(self) -> float:
        """The seconds of an `up` in a new stack."""
        stack = self.new_stack()
        return seconds(lambda: self.run("up", stack))

    def run(self, verb: str, stack: str) -> None:
        """The command has been carried out on the stack."""
        self._wait(self._start(*_words(verb, stack)))

    def watched(self, verb: str, stack: str) -> Costs:
        """The same, with what its processes cost. Looking at them takes time, so such a run is not one to be timed."""
        process = self._start(*_words(verb, stack))
        watch = Watch(process.pid)
        watch.start()
        self._wait(process)
        watch.end()
        return watch.costs

    def _start(self, *words: str) -> subprocess.Popen[str]:
        command = [str(self.path), *words, "--non-interactive"]
        return subprocess.Popen(
            command, cwd=self.project, env=self.variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def _wait(self, process: subprocess.Popen[str]) -> None:
        said, _ = process.communicate()
        assert process.returncode == 0, said


def _words(verb: str, stack: str) -> list[str]:
    return [verb, "--stack", stack, *(() if verb == "preview" else ("--yes", "--skip-preview"))]


# -- what the processes cost --------------------------------------------------------------------------------------------


@dataclass
class Costs:
    """Seconds of processor time, and the most memory in MiB, by part: `host`, `program` or `engine`."""

    cpu_seconds: dict[str, float] = field(default_factory=dict)
    peak_mib: dict[str, float] = field(default_factory=dict)


class Watch(threading.Thread):
    """Looks at a process and all below it, many times a second, until `end`."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._ended = threading.Event()
        self._cpu: dict[int, float] = {}
        self._peak: dict[int, float] = {}
        self._part: dict[int, str] = {}

    def run(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            for pid in self._below(self._pid):
                self._look(pid)

    def end(self) -> None:
        self._ended.set()
        self.join()

    @property
    def costs(self) -> Costs:
        """The sum of the processor time, and the largest process, of each part."""
        found = Costs()
        for pid, part in self._part.items():
            found.cpu_seconds[part] = found.cpu_seconds.get(part, 0.0) + self._cpu[pid]
            found.peak_mib[part] = max(found.peak_mib.get(part, 0.0), self._peak[pid])
        return found

    def _below(self, pid: int) -> list[int]:
        """The process and its descendants. Each thread of a process has its own children."""
        found = [pid]
        for task in _listed(f"/proc/{pid}/task"):
            for child in _read(f"/proc/{pid}/task/{task}/children").split():
                found += self._below(int(child))
        return found

    def _look(self, pid: int) -> None:
        """Notes the figures. Those of a process that has just ended are gone: then the last ones stand."""
        words = _read(f"/proc/{pid}/cmdline").replace("\0", " ")
        # Source: proc(5); the second field is the name in brackets, which may have spaces in it.
        times = _read(f"/proc/{pid}/stat").rpartition(") ")[2].split()
        status = dict(line.partition(":")[::2] for line in _read(f"/proc/{pid}/status").splitlines())
        if words and times and "VmHWM" in status:
            self._part[pid] = _part(words)
            self._cpu[pid] = (int(times[11]) + int(times[12])) / TICKS
            self._peak[pid] = int(status["VmHWM"].split()[0]) / 1024


def _part(words: str) -> str:
    """What a process with this command line is for."""
    for part, marks in PARTS.items():
        if any(mark in words for mark in marks):
            return part
    return "engine"


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _listed(path: str) -> list[str]:
    try:
        return os.listdir(path)
    except OSError:
        return []
