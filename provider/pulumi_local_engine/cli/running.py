"""One command at work on one stack: consent and lock, what the engine is given, who sees its events, and what is kept."""

import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext
from dataclasses import replace
from typing import Any

import click

from ..deploy.options import Kind, Stack
from ..model.events import Diagnostic, Event, Result
from ..model.resource import Deployment, deployment_from_json, deployment_json
from ..model.secrets import HIDDEN, Mask, Passphrase
from ..model.urn import DYNAMIC
from ..program.engine import run as run_engine
from ..program.programs import Program, PythonProgram, ServedProgram
from ..provider.hosts import Hosts
from ..provider.sources import HostedProviders
from ..store.backend import StackName
from ..store.settings import ciphertexts, opened, text_of
from ..store.workspace import Workspace
from ..version import VERSION
from .grammar import EXIT_CANCELLED, EXIT_FAILED, EXIT_UNEXPECTED_CHANGES, Request
from .json_views import EventLog, PreviewJson
from .surroundings import CommandError, here, is_interactive, say, workspace
from .text import Text

NOTICE = f"The local engine {VERSION} does this, in place of the Pulumi CLI."


def perform(kind: Kind, values: Mapping[str, Any]) -> int:
    """The exit code of the command line, after the preview, the run, or both."""
    request = Request.of(kind, values)
    if request.as_json and not request.preview_only:
        raise CommandError("--json is for previews: `preview --json`, `refresh --preview-only --json`")
    if not (request.preview_only or request.yes or is_interactive()):
        raise CommandError("--yes must be given when nobody is there to be asked (non-interactive mode)")
    space = workspace()
    name = space.stack
    if request.config:
        space.set_config(name, request.config)
    say(NOTICE, err=True)
    with _sigterm_as_interrupt(), nullcontext() if request.preview_only else space.backend.lock(name):
        job = Job(space, name, request)  # which reads the state
        try:
            return job.run()
        finally:
            if job.event_log:
                job.event_log.close()


class Job:
    """One command at work on one stack."""

    def __init__(self, space: Workspace, name: StackName, request: Request) -> None:
        self.space, self.name, self.request = space, name, request
        self.secrets: Passphrase = space.secrets(name)
        self.config = space.config(name, validate=request.options.kind == "up" or request.options.run_program)
        found = space.backend.load(name)
        source = Passphrase.of_state(found["deployment"], space.environment) or self.secrets
        self.deployment: Deployment = deployment_from_json(found, source.decrypt)
        self.mask = Mask(self.secrets.decrypt(text) for value in self.config.values() for text in ciphertexts(value))
        texts = {key: text_of(opened(value, lambda _: HIDDEN)) for key, value in sorted(self.config.items())}
        config, out = {key: self.mask.text(text) for key, text in texts.items()}, here().out
        self.event_log = EventLog(request.event_log, config) if request.event_log else None
        shown = PreviewJson(out, request, config) if request.as_json else Text(out, request, name)
        self.views = [shown, self.event_log] if self.event_log else [shown]
        """They see a run: its begin, its events and its result, which hold no secret any more."""

    def run(self) -> int:
        """The exit code of preview, question and run."""
        request = self.request
        if request.preview_only or not request.skip_preview:
            result = self._run_once(preview=True)
            if result.failed or request.preview_only:
                return self._code(result, "proposed")
            if not request.yes and not click.confirm(f"Do you want to perform this {request.noun}?", err=True):
                raise CommandError("confirmation declined")
        started = time.time()
        result = self._run_once(preview=False)
        self._record(result, started)
        if request.remove and not result.failed and not self.deployment.resources:
            self.space.remove(self.name)
            say(f"Stack '{self.name.name}' has been removed!")
        return self._code(result, "made")

    def _run_once(self, *, preview: bool) -> Result:
        """The result of one run of the engine, which all views have shown."""
        for view in self.views:
            view.begin(preview)
        result = self.mask.result(self._run_engine(preview))
        for view in self.views:
            view.finish(result)
        return result

    def _tell(self, event: Event) -> None:
        if isinstance(event, Diagnostic) and event.severity == "debug" and not self.request.debug:
            return
        event = self.mask.event(event)
        for view in self.views:
            view(event)

    def _run_engine(self, preview: bool) -> Result:
        options, surroundings = replace(self.request.options, preview=preview), here()
        texts = {key: text_of(opened(value, self.secrets.decrypt)) for key, value in self.config.items()}
        secret_keys = frozenset(key for key, value in self.config.items() if ciphertexts(value))
        project, name = self.space.project, self.name
        stack = Stack(name.project, name.name, self.deployment, self._save, config=texts, secret_keys=secret_keys)
        change, environment = surroundings.for_programs, dict(self.space.environment)
        if change:
            environment = dict(change(environment, self.space.backend.root))
        python = project.python(environment)
        program: Program = PythonProgram(project.folder, python, project.main, environment)
        if self.request.client:
            program = ServedProgram(self.request.client, project.folder)
        hosts = Hosts(
            python, project.folder, environment, project=name.project, spawn=surroundings.spawn, plugins=project.plugins
        )
        with closing(hosts):
            if options.kind == "up" or options.run_program or self.deployment.resources:
                known = {resource.package for resource in self.deployment.resources if resource.is_provider}
                hosts.start_ahead(known or [(package, "") for package in project.plugins or (DYNAMIC,)])
            return run_engine(options, stack, program, self._tell, (surroundings.providers or HostedProviders)(hosts))

    def _save(self, deployment: Deployment) -> None:
        self.deployment = deployment
        found = deployment_json(deployment, self.secrets.encrypt, self.secrets.state_json)
        self.space.backend.save(self.name, found["deployment"])

    def _code(self, result: Result, done: str) -> int:
        request = self.request
        if result.cancelled:
            say(f"error: {request.noun} cancelled", err=True)
            return EXIT_CANCELLED
        if result.failed:
            return EXIT_FAILED
        if request.expect_no_changes and result.has_changes:
            what = "preview" if request.preview_only and request.options.kind == "up" else request.noun
            say(f"error: no changes were expected for {what} but changes were {done}", err=True)
            return EXIT_UNEXPECTED_CHANGES
        return 0

    def _record(self, result: Result, started: float) -> None:
        """The run is in the stack's history."""
        update = {
            "kind": self.request.noun, "startTime": int(started), "message": self.request.message,
            "environment": {"exec.kind": self.request.exec_kind, "pulumi.version": VERSION},
            "config": self.config, "version": 0, "result": "failed" if result.failed else "succeeded",
            "endTime": int(time.time()), "resourceChanges": dict(result.changes),
        }  # fmt: skip
        self.space.backend.add_history(self.name, update)


@contextmanager
def _sigterm_as_interrupt() -> Iterator[None]:
    """Within the block SIGTERM ends a command as Ctrl-C does: no lock is left, whatever it is at."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
