"""One command at work on one stack: what the engine is given, what people see of it, and what is kept."""

from __future__ import annotations

import os
import signal
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from ..model.events import Diagnostic, Event, Result
from ..model.mask import HIDDEN, Mask
from ..model.passphrase import Passphrase
from ..model.resource import Deployment, deployment_from_json, deployment_json
from ..store.backend import StackName
from ..store.config import ciphertexts, opened, text_of
from ..store.python import interpreter
from ..store.settings import SettingsError
from ..store.state_file import provider_json
from ..store.workspace import Workspace
from ..version import VERSION
from .diff_text import DiffText
from .event_log import EventLog
from .preview_json import PreviewJson
from .progress import Progress, TextOptions
from .request import Request
from .shape import EXIT_CANCELLED, EXIT_FAILED, EXIT_UNEXPECTED_CHANGES, CommandError, confirmed
from .surroundings import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..deploy.options import Options, Stack
    from ..program.programs import Program

TITLES = {
    "up": ("Previewing update", "Updating", "update"),
    "refresh": ("Previewing refresh", "Refreshing", "refresh"),
    "destroy": ("Previewing destroy", "Destroying", "destroy"),
    "import": ("Previewing import", "Importing", "import"),
}
"""What a run is called: its preview, itself, and in the history."""


class Run:
    """One command at work on one stack."""

    def __init__(self, workspace: Workspace, name: StackName, request: Request) -> None:
        self.workspace, self.name, self.request = workspace, name, request
        self.secrets: Passphrase = workspace.secrets(name)
        needs_config = request.kind == "up" or request.run_program
        self.config = workspace.config(name, validate=needs_config)
        self.deployment = self._load()
        self.mask = Mask(self.secrets.decrypt(text) for value in self.config.values() for text in ciphertexts(value))
        self.event_log = EventLog(request.event_log) if request.event_log else None
        self.warned: set[Diagnostic] = set()
        """What the preview has warned of: the run after it need not."""

    def all(self, context: click.Context) -> int:
        """The exit code of preview, question and run."""
        request = self.request
        if request.preview_only or not request.skip_preview:
            result = self.once(preview=True)
            if result.failed or request.preview_only:
                return self._code(result, "proposed")
            confirmed(
                context, request.yes, f"Do you want to perform this {TITLES[request.kind][2]}?", "--yes was not given"
            )
        started = time.time()
        result = self.once(preview=False)
        self._record(result, started)
        if request.kind == "destroy" and not result.failed and not self.deployment.resources:
            self._emptied()
        return self._code(result, "made")

    def once(self, *, preview: bool) -> Result:
        """The result of one run of the engine, shown, and sent to the event log."""
        view = self._view(preview)
        consumers = [view, self.event_log] if self.event_log else [view]

        def on_event(event: Event) -> None:
            if isinstance(event, Diagnostic) and event.severity == "debug" and not self.request.debug:
                return
            shown = self.mask.event(event)
            for consumer in consumers:
                consumer(shown)

        if self.event_log:
            self.event_log.start(self._blind_config())
        before = _interrupt_on_sigterm()
        try:
            result = self._run(self.request.options(preview=preview), on_event)
        finally:
            before()
        view.finish(result)
        if self.event_log:
            self.event_log.finish(result, preview=preview)
        return result

    def close(self) -> None:
        if self.event_log:
            self.event_log.close()

    def _run(self, options: Options, on_event: Callable[[Event], None]) -> Result:
        from ..program.engine import run
        from ..provider.hosts import Hosts
        from ..provider.sources import HostedProviders

        project, environment = self.workspace.project, self.workspace.for_programs()
        python = interpreter(project, environment)
        stack, program = self._stack(), self._program(python, environment)
        with Hosts(
            python, project.folder, environment, project=self.name.project, spawn=self.workspace.surroundings.spawn
        ) as hosts:
            if options.kind == "up" or options.run_program or self.deployment.resources:
                hosts.start_ahead()
            surroundings = self.workspace.surroundings
            providers = HostedProviders(hosts, surroundings.mocks)
            return run(options, stack, program, on_event, providers)

    # -- what the engine is given ------------------------------------------------------------------------------------

    def _load(self) -> Deployment:
        source = self.workspace.state_secrets(self.name) or self.secrets
        if source.salt == self.secrets.salt:
            source = self.secrets  # one provider, one derived key
        try:
            return deployment_from_json(self.workspace.backend.load(self.name), source.decrypt)
        except ValueError as error:
            raise CommandError(str(error)) from None

    def _save(self, deployment: Deployment) -> None:
        self.deployment = deployment
        found = deployment_json(deployment, self.secrets.encrypt, provider_json(self.secrets))
        self.workspace.backend.save(self.name, found["deployment"])

    def _stack(self) -> Stack:
        from ..deploy.options import Stack

        texts, secret_keys = self.workspace.clear_config(self.config, self.secrets)
        return Stack(
            self.name.project, self.name.name, self.deployment, self._save, config=texts, secret_keys=secret_keys
        )

    def _program(self, python: str, environment: Mapping[str, str]) -> Program:
        from ..program.programs import PythonProgram, ServedProgram

        project = self.workspace.project
        if self.request.client:
            return ServedProgram(self.request.client, project.folder)
        if project.runtime != "python":
            raise SettingsError(
                f"{project.path}: runtime '{project.runtime}': the local engine runs Python programs only"
            )
        return PythonProgram(project.folder, python, project.main, environment)

    # -- what people and programs see --------------------------------------------------------------------------------

    def _view(self, preview: bool) -> Progress | DiffText | PreviewJson:
        request = self.request
        options = TextOptions(
            request.show_sames, request.show_replacement_steps, request.suppress_outputs, request.suppress_progress,
            request.debug,
        )  # fmt: skip
        out = self.workspace.surroundings.out
        if request.as_json:
            return PreviewJson(out, self._blind_config(), options)
        title = f"{TITLES[request.kind][0 if preview else 1]} ({self.name.name})"
        project, stack = self.name.project, self.name.name
        urn = f"urn:pulumi:{stack}::{project}::pulumi:pulumi:Stack::{project}-{stack}"
        return (DiffText if request.diff else Progress)(
            out, title, urn, options, planning=preview, warned=self.warned
        )  # fmt: skip

    def _blind_config(self) -> dict[str, str]:
        texts = {key: text_of(opened(value, lambda _: HIDDEN)) for key, value in sorted(self.config.items())}
        return {key: self.mask.text(text) for key, text in texts.items()}

    def _code(self, result: Result, done: str) -> int:
        if result.cancelled:
            say(f"error: {TITLES[self.request.kind][2]} cancelled", err=True)
            return EXIT_CANCELLED
        if result.failed:
            return EXIT_FAILED
        if self.request.expect_no_changes and result.has_changes:
            what = (
                "preview" if self.request.preview_only and self.request.kind == "up" else TITLES[self.request.kind][2]
            )
            say(f"error: no changes were expected for {what} but changes were {done}", err=True)
            return EXIT_UNEXPECTED_CHANGES
        return 0

    def _record(self, result: Result, started: float) -> None:
        environment = {"exec.kind": self.request.exec_kind, "pulumi.version": VERSION}
        if self.request.exec_agent:
            environment["exec.agent"] = self.request.exec_agent
        self.workspace.backend.add_history(
            self.name,
            {
                "kind": TITLES[self.request.kind][2], "startTime": int(started), "message": self.request.message,
                "environment": environment, "config": self.config, "version": 0,
                "result": "failed" if result.failed else "succeeded", "endTime": int(time.time()),
                "resourceChanges": dict(result.changes),
            },
        )  # fmt: skip

    def _emptied(self) -> None:
        if self.request.remove:
            self.workspace.backend.remove(self.name)
            self.workspace.stack_file(self.name).path.unlink(missing_ok=True)
            say(f"Stack '{self.name.name}' has been removed!")
        else:
            say(
                f"Stack '{self.name.name}' has no resources any more; its configuration and history are still there.\n"
                f"`pulumi stack rm {self.name.name}` removes it."
            )


def _interrupt_on_sigterm() -> Any:
    """SIGTERM ends a run as Ctrl-C does; the function that comes back undoes this."""
    if threading.current_thread() is not threading.main_thread() or os.name == "nt":
        return lambda: None
    return partial(signal.signal, signal.SIGTERM, signal.signal(signal.SIGTERM, signal.default_int_handler))
