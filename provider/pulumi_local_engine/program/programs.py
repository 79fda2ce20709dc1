"""Running a program: in a process of its own, or behind a LanguageRuntime server."""

import contextlib
import json
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import grpc
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

from ..model.events import Diagnostic
from ..provider.hosts import GRPC_OPTIONS, RUNNER, follow, spawn_process
from ..provider.runner import FAILURE_TOLD
from .monitor import Session

INTERRUPT_SECONDS: Final = 2.0


class RunningProgram:
    """A program under way. `wait` gives its failure: None, or a text, which is empty when the user was told already."""

    def __init__(
        self, work: Callable[[], str | None], interrupt: Callable[[], None], ended: Callable[[], None]
    ) -> None:
        self.interrupt = interrupt
        """Asks the program to end; if it does not, it is ended."""
        self.failure: str | None = None
        self._ended = threading.Event()

        def run() -> None:
            self.failure = work()
            self._ended.set()
            ended()

        threading.Thread(target=run, daemon=True, name="program").start()

    def wait(self, timeout: float | None = None) -> bool:
        """True when the program has ended."""
        return self._ended.wait(timeout)


class Program(Protocol):
    """What registers a stack's resources."""

    def start(self, session: Session, ended: Callable[[], None]) -> RunningProgram:
        """The program runs; `ended` is called when it has."""


@dataclass(frozen=True)
class PythonProgram:
    """A folder with `__main__.py` (or the project's `main`), run by a Python of its own."""

    folder: Path
    """Where Pulumi.yaml is; the working directory of the program and of the providers' hosts, unless `main` names another."""
    python: str
    """The interpreter: path or command."""
    main: str = ""
    """Pulumi.yaml's `main`: a folder or file below `folder`."""
    environment: Mapping[str, str] | None = None
    """None: this process's own."""

    def start(self, session: Session, ended: Callable[[], None]) -> RunningProgram:
        place, stack, options = self.folder / self.main, session.stack, session.options
        settings = {
            "monitor": session.address, "engine": session.address, "project": stack.project, "stack": stack.name,
            "organization": stack.organization, "parallel": options.parallel, "dry_run": options.preview,
            "root_directory": str(self.folder),
        }  # fmt: skip
        environment = {
            **(os.environ if self.environment is None else self.environment),
            "PULUMI_CONFIG": json.dumps(dict(stack.config)),
            "PULUMI_CONFIG_SECRET_KEYS": json.dumps(sorted(stack.secret_keys)),
        }
        command = [self.python, "-u", str(RUNNER), "program", json.dumps(settings), str(place)]
        process = spawn_process(command, place if place.is_dir() else place.parent, environment)
        stopping = threading.Event()

        def complained(line: str) -> None:
            if not stopping.is_set():  # what an interrupted program prints is about the interruption, which was ours
                session.say(Diagnostic("info#err", line))

        readers = [
            follow(process.stdout, lambda line: session.say(Diagnostic("info", line))),
            follow(process.stderr, complained),
        ]

        def work() -> str | None:
            code = process.wait()
            if process.stdin:
                process.stdin.close()
            for reader in readers:
                reader.join(INTERRUPT_SECONDS)
            if code in (0, FAILURE_TOLD) or stopping.is_set():
                return None if code == 0 else ""
            return f"an unhandled error occurred: program exited with non-zero exit code: {code}"

        def interrupt() -> None:
            stopping.set()
            for sign in (signal.SIGINT, signal.SIGKILL):
                process.send_signal(sign)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(INTERRUPT_SECONDS)
                    return

        return RunningProgram(work, interrupt, ended)


@dataclass(frozen=True)
class ServedProgram:
    """A program behind a LanguageRuntime server (`--client=host:port`: the Automation API's inline programs)."""

    server: str
    folder: Path

    def start(self, session: Session, ended: Callable[[], None]) -> RunningProgram:
        channel = grpc.insecure_channel(self.server, options=GRPC_OPTIONS)
        stack, place = session.stack, str(self.folder)
        request = language_pb2.RunRequest(
            project=stack.project, stack=stack.name, organization=stack.organization, config=stack.config,
            configSecretKeys=sorted(stack.secret_keys), dryRun=session.options.preview, parallel=session.options.parallel,
            monitor_address=session.address, args=[session.address], pwd=place, program=".",
            info=language_pb2.ProgramInfo(root_directory=place, program_directory=place, entry_point="."),
        )  # fmt: skip
        call = language_pb2_grpc.LanguageRuntimeStub(channel).Run.future(request)

        def work() -> str | None:
            try:
                answer = call.result()
            except grpc.FutureCancelledError:
                return ""
            except grpc.RpcError as error:
                return f"an unhandled error occurred: {error.details()}"
            finally:
                channel.close()
            if answer.bail:
                return ""
            return f"an unhandled error occurred: {answer.error}" if answer.error else None

        def interrupt() -> None:
            # The server goes on with the program, but every call of it fails from now on.
            threading.Timer(INTERRUPT_SECONDS, call.cancel).start()

        return RunningProgram(work, interrupt, ended)
