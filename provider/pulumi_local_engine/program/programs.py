"""Running a program, wherever it lives: in a process of its own, behind a LanguageRuntime server, or as a function of this process."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import json
import logging
import os
import signal
import subprocess
import threading
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import grpc
import pulumi
import pulumi.runtime
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

from ..deploy.options import InlineProgram, Program, PythonProgram, ServedProgram
from ..model.events import Diagnostic
from ..provider.hosts import GRPC_OPTIONS, RUNNER, Log, follow, spawn_process

FAILURE_TOLD: Final = 32
"""The runner's exit code when it has told the engine what went wrong."""
INTERRUPT_SECONDS: Final = 2.0


@dataclass(frozen=True)
class Settings:
    """What a program is told about its run."""

    project: str
    stack: str
    organization: str
    config: Mapping[str, str]
    secret_keys: frozenset[str]
    preview: bool
    parallel: int
    address: str
    """Of the monitor and of the engine."""


class RunningProgram:
    """A program under way. `wait` gives its failure: None, or a text, which is empty when the user was told already."""

    def __init__(
        self, work: Callable[[], str | None], interrupt: Callable[[], None], ended: Callable[[], None]
    ) -> None:
        self._interrupt = interrupt
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

    def interrupt(self) -> None:
        """The program is asked to end; if it does not, it is ended."""
        self._interrupt()


def start(program: Program, settings: Settings, log: Log, ended: Callable[[], None]) -> RunningProgram:
    """The program runs; `ended` is called when it has."""
    if isinstance(program, PythonProgram):
        return _start_process(program, settings, log, ended)
    if isinstance(program, ServedProgram):
        return _start_served(program, settings, ended)
    return _start_inline(program, settings, ended)


def _start_process(program: PythonProgram, settings: Settings, log: Log, ended: Callable[[], None]) -> RunningProgram:
    place = program.folder / program.main
    options = {
        "monitor": settings.address, "engine": settings.address, "project": settings.project, "stack": settings.stack,
        "organization": settings.organization, "parallel": str(settings.parallel),
        "dry_run": str(settings.preview).lower(), "root_directory": str(program.folder),
    }  # fmt: skip
    environment = {
        **(os.environ if program.environment is None else program.environment),
        "PULUMI_CONFIG": json.dumps(dict(settings.config)),
        "PULUMI_CONFIG_SECRET_KEYS": json.dumps(sorted(settings.secret_keys)),
    }
    words = [part for key, value in options.items() for part in (f"--{key}", value)]
    process = spawn_process(
        [program.python, "-u", str(RUNNER), "program", *words, str(place)],
        place if place.is_dir() else place.parent,
        environment,
    )
    stopping = threading.Event()
    readers = [
        follow(process.stdout, lambda line: log(Diagnostic("info", line))),
        # What an interrupted program prints is about the interruption, which was ours.
        follow(process.stderr, lambda line: None if stopping.is_set() else log(Diagnostic("info#err", line))),
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


def _start_served(program: ServedProgram, settings: Settings, ended: Callable[[], None]) -> RunningProgram:
    channel = grpc.insecure_channel(program.address, options=GRPC_OPTIONS)
    request = language_pb2.RunRequest(
        project=settings.project, stack=settings.stack, organization=settings.organization, config=settings.config,
        configSecretKeys=sorted(settings.secret_keys), dryRun=settings.preview, parallel=settings.parallel,
        monitor_address=settings.address, args=[settings.address], pwd=str(program.folder), program=".",
        info=language_pb2.ProgramInfo(root_directory=str(program.folder), program_directory=str(program.folder), entry_point="."),
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


def _start_inline(program: InlineProgram, settings: Settings, ended: Callable[[], None]) -> RunningProgram:
    def run() -> str | None:
        pulumi.runtime.reset_options(
            project=settings.project, stack=settings.stack, organization=settings.organization, preview=settings.preview,
            monitor_address=settings.address, engine_address=settings.address, parallel=settings.parallel,
            root_directory=str(program.folder),
        )  # fmt: skip
        pulumi.runtime.set_all_config(dict(settings.config), sorted(settings.secret_keys))
        loop = asyncio.new_event_loop()
        executor = ThreadPoolExecutor(max(settings.parallel, 1) * 4)
        loop.set_default_executor(executor)
        logging.getLogger("asyncio").setLevel(logging.CRITICAL)
        try:
            loop.run_until_complete(pulumi.runtime.run_in_stack(program.function))  # type: ignore[arg-type]  # wider than it says
        except pulumi.RunError as error:
            pulumi.log.error(str(error))
            return ""
        except BaseException:  # noqa: BLE001  whatever a program raises is its failure, not ours
            pulumi.log.error(f"Program failed with an unhandled exception:\n{traceback.format_exc()}")
            return ""
        finally:
            _finish(loop)
        return None

    context = contextvars.copy_context()
    return RunningProgram(lambda: context.run(run), lambda: None, ended)


def _finish(loop: Any) -> None:
    """The loop is closed, and what was still waiting in it is cancelled."""
    for task in asyncio.all_tasks(loop):
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            loop.run_until_complete(task)
    loop.close()
