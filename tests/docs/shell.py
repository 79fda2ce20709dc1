"""A shell that runs a page's commands one after the other, as a reader's terminal would. In it, `pulumi` is the local engine."""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from typing import IO

from pulumi_connect_domains.local.aws import background

OURS = ("AWS_", "PULUMI_", "CONNECT_DOMAINS_", "GITHUB_", "CI")
SCENES = Path(__file__).parent / "scenes"
DONE = "\x1edone "


class Shell:
    """A bash in a folder below `place`, with this environment's programs, and without variables of AWS, Pulumi, this package and CI."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self.folder = place / "terminal"
        own = place / "bin"
        for made in (self.folder, own):
            made.mkdir()
        (own / "pulumi").write_text('#!/bin/sh\nexec connect-domains local pulumi "$@"\n', encoding="utf-8")
        (own / "pulumi").chmod(0o755)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        programs = [str(own), sysconfig.get_path("scripts"), str(Path(sys.executable).parent), kept.get("PATH", "")]
        environment = {
            **kept,
            "PATH": os.pathsep.join(programs),
            "HOME": str(place),
            "COLUMNS": "120",
            "NO_COLOR": "1",
            "PIP_NO_INDEX": "1",  # what pages install is installed; pip says so without asking anybody
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "EXAMPLES": str(Path(__file__).parents[2] / "examples"),
            "SCENES": str(SCENES),
        }
        self._code = 0
        self._bash = subprocess.Popen(
            ["bash", "--norc", "--noprofile"],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def run(self, command: str, seconds: float = 120) -> tuple[int, str]:
        """The exit code and all that was printed. Raises: TimeoutError."""
        assert self._bash.stdin
        script = f'{{ (exit {self._code})\n{command}\n}} </dev/null\nprintf \'{DONE}%s %s\\n\' "$?" "$PWD"\n'
        self._bash.stdin.write(script.encode())
        self._bash.stdin.flush()
        printed, _, rest = self._until_done(seconds).partition(DONE)
        code, _, folder = rest.strip().partition(" ")
        self.folder, self._code = Path(folder), int(code)
        return self._code, printed

    def _until_done(self, seconds: float) -> str:
        out: IO[bytes] | None = self._bash.stdout
        assert out
        end, got = time.monotonic() + seconds, b""
        with selectors.DefaultSelector() as selector:
            selector.register(out, selectors.EVENT_READ)
            while not (DONE.encode() in got and got.endswith(b"\n")):
                if not selector.select(max(end - time.monotonic(), 0)):
                    raise TimeoutError(got.decode(errors="replace"))
                chunk = os.read(out.fileno(), 65536)
                assert chunk, f"the shell has ended: {got.decode(errors='replace')}"
                got += chunk
        return got.decode()

    def close(self) -> None:
        """Ends the shell, and each local AWS that its commands have started."""
        self._bash.communicate(timeout=10)
        for record in self._place.rglob(background.path_of(Path()).name):
            background.stop(record.parent)
