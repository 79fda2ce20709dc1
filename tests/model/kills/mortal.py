"""A world whose commands can run as people run them: the command line, the program and the host in processes that can be struck."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

from pulumi_local_engine import cli
from pulumi_local_engine.cli.surroundings import Surroundings
from pulumi_local_engine.model.reading import DamagedError
from pulumi_local_engine.store.backend import FileBackend, StackName

from ...unit.local_engine.worlds import Broken
from ..declared import Program, Run
from ..observed import Observation
from ..stage import Stage
from ..world import World
from .blows import Blow, Counted
from .processes import Scene

STACK = StackName("project", "dev")
LINES = 3
CANCELLED = 8
"""The exit code of a command that was asked to end."""
PROGRAM = """
import json

import pulumi
import pulumi_connect_domains

made = []
with open("program.json") as file:
    for each in json.load(file):
        package = getattr(pulumi_connect_domains, each["type"])
        made.append(package.Domain(each["name"], **each["settings"], opts=pulumi.ResourceOptions(depends_on=made[-1:])))
"""
"""Each domain is registered when the one before it is there: while that one is made, the engine has not heard of the others."""


class MortalWorld(World):
    """`counted` are the moments of the last command that ran in processes of its own: one with a Blow."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        super().__init__(stage)
        self._folder = folder
        self.backend = FileBackend(f"file://{folder / 'state'}")
        self.counted: list[Counted] = []
        (folder / "Pulumi.yaml").write_text("name: project\nruntime: python\n")
        (folder / "Pulumi.dev.yaml").write_text("encryptionsalt: v1:AAAAAAAAAAA=:unused\n")
        (folder / "__main__.py").write_text(PROGRAM)
        self._environment = {
            **stage.environment,
            "PULUMI_BACKEND_URL": self.backend.url,
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_CONFIG_PASSPHRASE": "kills",
            "PULUMI_PYTHON_CMD": sys.executable,
        }

    def run(self, command: Run) -> Observation:
        seen = super().run(command)
        for message in seen.messages:
            if len(message.strip().splitlines()) > LINES:
                raise Broken(f"{command} said more than {LINES} lines:\n{message}")
        return seen

    def _carried_out(self, command: Run) -> tuple[bool, list[str]]:
        if not isinstance(command.kill, Blow):
            return super()._carried_out(command)
        self._write(command.program)
        scene, log = Scene(self._stage, self._folder, self._environment, command.kill), self._folder / "events.json"
        log.unlink(missing_ok=True)
        words = [
            "--yes",
            "--skip-preview",
            "--non-interactive",
            "--stack",
            "dev",
            "--parallel",
            "1",
            "--event-log",
            str(log),
        ]
        scene.play([command.kind, *words])
        self.counted = scene.counted
        if command.kill.number and not scene.is_struck:
            raise Broken(f"the command has no such moment: {command.kill}")
        is_asked = command.kill.victim == "engine" and scene.is_struck and not command.kill.is_fatal
        if is_asked and scene.code != CANCELLED:
            raise Broken(f"the engine was asked to end, and ended with {scene.code}: {scene.said}")
        if "Traceback" in (said := "".join(scene.said)):
            raise Broken(f"{command} said\n{said}")
        self._read(command.kill, scene.code)
        return scene.code != 0, errors_in(log)

    def _write(self, program: Program) -> None:
        state = json.loads(self.text)["deployment"]
        if self.backend.exists(STACK):
            self.backend.save(STACK, state)
        else:
            self.backend.create(STACK, state)
        found = [{"type": each.type, "name": each.name, "settings": dict(each.settings)} for each in program.domains]
        (self._folder / "program.json").write_text(json.dumps(found))

    def _read(self, blow: Blow, code: int | None) -> None:
        """The state that the command left is this world's. Raises Broken for anything that it should not leave."""
        state, root = self.backend._path(STACK), self.backend.root
        try:
            found = self.backend.load(STACK)
            self.backend.history(STACK)
            json.loads(state.with_name(f"{state.name}.bak").read_text())
        except (DamagedError, ValueError, OSError) as error:
            raise Broken(f"a file of the backend is damaged: {error}") from error
        self.text = json.dumps({**found, "deployment": {"resources": [], **found["deployment"]}})
        locks, litter = [*root.glob("locks/**/*.json")], [*root.rglob("*.new")]
        if code is not None and (locks or litter):
            raise Broken(f"the command ended with {code}, and left {locks or litter}")
        if locks:
            self._cancel()
            if any(root.glob("locks/**/*.json")):
                raise Broken("the lock is there after `pulumi cancel`")

    def _cancel(self) -> None:
        heard = io.StringIO()
        surroundings = Surroundings(self._folder, self._environment, heard, heard)
        if cli.main(["cancel", "--yes", "--stack", "dev"], surroundings):
            raise Broken(f"`pulumi cancel` failed: {heard.getvalue()}")


def errors_in(log: Path) -> list[str]:
    """The messages of errors in an event log, whose last line may be cut."""
    found = []
    for line in log.read_text().splitlines() if log.exists() else ():
        try:
            said = json.loads(line).get("diagnosticEvent", {})
        except ValueError:
            continue
        if said.get("severity") == "error":
            found.append(said["message"])
    return found
