"""What all worlds of a test session share: a local AWS in this process, and a process from which provider hosts are forked."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pulumi_connect_domains import registry
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.local.aws.application import Dropped
from pulumi_connect_domains.local.aws.control import CONTROL_PATH
from pulumi_connect_domains.local.aws.isolation import isolated
from pulumi_connect_domains.local.aws.server import Server
from pulumi_connect_domains.testing import PRELOADED
from pulumi_connect_domains.testing.forking import ForkServer
from pulumi_local_engine.provider.hosts import Process

HASTENED = Path(__file__).parent / "preloaded"
FORKED_PLUGIN = Path(__file__).with_name("plugin.py")
OPERATIONS = ("host.bridge", "operations.settings", "native.servicer", "native.__main__")
PLUGIN = "pulumi-resource-connect-domains"
ENGINE = ("pulumi_local_engine.cli.root", "pulumi_local_engine.cli.running", "pulumi.runtime")
"""What a process of the engine's command line imports, and a program's."""


class Tap:
    """The local AWS behind a tap: before or after each call of AWS, something may happen, and the call may get no answer then."""

    def __init__(self, application: Any) -> None:
        self._application = application
        self.disarm()

    def arm(self, happens: Callable[[int, bool], bool]) -> None:
        """It happens at each call, which is numbered from now on, before (True) and after (False) AWS carries it out.

        Where it says False, the call goes no further.
        """
        self._happens, self._count = happens, 0

    def disarm(self) -> None:
        self.arm(lambda number, before: True)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith(CONTROL_PATH):
            return self._application(environ, start_response)  # type: ignore[no-any-return]
        self._count += 1
        number = self._count
        if not self._happens(number, True):
            raise Dropped
        answer: Iterable[bytes] = self._application(environ, start_response)
        if not self._happens(number, False):
            raise Dropped
        return answer


class Stage:
    """A local AWS (`aws`), the `tap` before it, and the way to spawn hosts. `environment` is the hosts'."""

    def __init__(self, server: Server, forks: ForkServer, folder: Path) -> None:
        self.folder = folder
        self.aws = LocalAws.connect(server.endpoint)
        self.tap = Tap(server._http.app)
        server._http.app = self.tap
        self.environment = {**isolated(os.environ, server.endpoint), **self.aws.environment()}
        self._forks = forks
        self._import_all()
        self._hosts: list[Process] = []
        self.plugin = folder / "plugin" / PLUGIN
        """What the engine takes for the native provider's executable. Nobody runs it: `spawn` forks a process instead."""
        self.plugin.parent.mkdir()
        self.plugin.touch(0o700)

    def _import_all(self) -> None:
        """Waits for the modules that all hosts have imported: the time limit of the first command is not for them."""
        nothing = self.folder / "nothing.py"
        nothing.touch()
        self._forks.spawn([sys.executable, "-u", str(nothing)], self.folder, {}).wait()

    def spawn(self, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Process:
        if command[0] == str(self.plugin):
            command = [sys.executable, "-u", str(FORKED_PLUGIN), *command[1:]]
        process = self._forks.spawn(command, folder, environment)
        self._hosts.append(process)
        return process

    def kill_hosts(self) -> bool:
        """Every host that was started is gone, in the middle of whatever it did: False, nobody waits for an answer any more."""
        for host in self._hosts:
            if host.poll() is None:
                os.kill(host.pid, 9)
        self._hosts.clear()
        return False


def host_forks(*further: Path) -> ForkServer:
    """The process from which hosts are forked. `hastened` and the modules in `further` folders are imported in it, before any other."""
    package = registry.__package__
    types = [f"{package}.{each}.api" for each in registry.FOLDERS]
    modules = (
        *PRELOADED,
        *(f"{package}.{each}" for each in (*registry.SERVICES, *OPERATIONS)),
        *types,
        *ENGINE,
        "botocore.session",
    )
    folders = (HASTENED, *further)
    own = [module.stem for each in folders for module in sorted(each.glob("*.py"))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [*map(str, folders), os.environ.get("PYTHONPATH")])))
        return ForkServer((*own, *modules))


@contextmanager
def staged(folder: Path, *further: Path) -> Iterator[Stage]:
    """A stage, which is taken down at the end. `further` folders hold modules that all hosts have imported."""
    forks = host_forks(*further)
    server = Server()
    try:
        yield Stage(server, forks, folder)
    finally:
        server.stop()
        forks.close()
