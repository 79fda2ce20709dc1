"""A folder with a Pulumi project, a local AWS, the local engine, and a terminal of a fixed width: what commands really print there."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import sysconfig
import tempfile
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.local.aws.isolation import isolated
from pulumi_connect_domains.testing.command import InProcessCommand
from pulumi_connect_domains.testing.engine import write_launcher

from .terminal import PROMPT

PROJECT = "name: shop\nruntime: python\n"
STACK = "prod"
REGION = "eu-west-2"
ROWS = 50


@dataclass(frozen=True)
class Stage:
    """Where the commands run: the project's folder, and variables that lead to the local AWS and the local engine, and nowhere else."""

    folder: Path
    environment: dict[str, str]
    aws: LocalAws

    def program(self, text: str) -> None:
        """The project's program is this one now."""
        (self.folder / "__main__.py").write_text(text, encoding="utf-8")

    def unseen(self, *arguments: str) -> None:
        """`pulumi` has done this; no picture shows it. Raises pulumi.automation.CommandError."""
        InProcessCommand().run(list(arguments), str(self.folder), self.environment)

    def run(self, command: str, columns: int, exit_code: int = 0) -> list[str]:
        """The prompt with the command, then what a terminal of that width gets, colours included.

        Raises RuntimeError for another exit code.
        """
        terminal, end = pty.openpty()
        fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, columns, 0, 0))
        process = subprocess.Popen(
            ["bash", "-c", command], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=end, stderr=end
        )  # fmt: skip
        os.close(end)
        text = b"".join(iter(lambda: _read(terminal), b"")).decode().replace("\r\n", "\n")
        os.close(terminal)
        if process.wait() != exit_code:
            raise RuntimeError(f"{command} ended with {process.returncode}, not with {exit_code}:\n{text}")
        return [PROMPT + command, *text.rstrip("\n").split("\n")]


def _read(terminal: int) -> bytes:
    """The next of what was printed; nothing when the last process has closed the terminal."""
    try:
        return os.read(terminal, 65_536)
    except OSError:  # Linux says EIO where others have an end of file
        return b""


@contextmanager
def stage() -> Iterator[Stage]:
    """A stage with an empty stack `prod` of the project `shop`. All of it is gone at the end."""
    with tempfile.TemporaryDirectory(prefix="connect-domains-pictures-") as name, LocalAws.start() as aws:
        root = Path(name)
        folder = root / "shop"
        folder.mkdir()
        (root / "state").mkdir()
        (folder / "Pulumi.yaml").write_text(PROJECT, encoding="utf-8")
        kept = {
            key: value for key, value in isolated(os.environ, aws.endpoint).items() if not key.startswith("PULUMI_")
        }
        launcher = write_launcher(root / "bin")
        made = Stage(
            folder,
            {
                **kept,
                **aws.environment(),
                "PATH": os.pathsep.join([str(launcher), sysconfig.get_path("scripts"), kept.get("PATH", os.defpath)]),
                "PULUMI_BACKEND_URL": f"file://{root / 'state'}",
                "PULUMI_HOME": str(root / "home"),
                "PULUMI_CONFIG_PASSPHRASE": "pictures",
                "PULUMI_SKIP_UPDATE_CHECK": "true",
                "PULUMI_PYTHON_CMD": sys.executable,
                "TERM": "xterm-256color",
                "LANG": "C.UTF-8",
                "CI": "true",  # no line that moves
            },
            aws,
        )
        for variable in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
            made.environment.pop(variable, None)
        made.unseen("stack", "init", STACK)
        made.unseen("config", "set", "aws:region", REGION)
        yield made
