"""One run: refresh, program, deletes, in that order, and what ties them together."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent import futures
from dataclasses import replace
from typing import Any, Final

import grpc
from pulumi.runtime.proto import engine_pb2_grpc, resource_pb2_grpc

from ..deploy import deletion, importing, refreshing
from ..deploy.applying import Applier
from ..deploy.execution import Executor, Reporter
from ..deploy.journal import Journal, NotSavedError
from ..deploy.ledger import Ledger, PlanError
from ..deploy.options import Options, Program, Stack
from ..deploy.plan import Mode, Planner
from ..model.events import Diagnostic, Event, Result
from ..model.resource import Deployment
from ..model.urn import STACK_TYPE, Targets, qualified_type
from ..model.values import Properties
from ..provider.hooks import Hooks
from ..provider.hosts import GRPC_OPTIONS, EngineService, Hosts
from ..provider.mocks import Mock, MockInvoke
from ..provider.protocol import ProviderError
from ..provider.registry import Registry
from . import programs
from .monitor import Monitor, package_config
from .registrar import Registrar

CALLS_AT_ONCE: Final = 256
"""How many calls of a program may be under way: each waits for its resource in a thread of its own."""
GRACE_SECONDS: Final = 5.0
"""How long a program may take to end once it has nothing more to do."""


class Run:
    """One run, with everything that it is made of."""

    def __init__(
        self, options: Options, stack: Stack, program: Program, on_event: Callable[[Event], None], hosts: Hosts,
        mock: Mock | None = None, mock_invoke: MockInvoke | None = None,
    ) -> None:  # fmt: skip
        if options.exclude_protected:
            kept = deletion.protected(stack.deployment.resources)
            options = replace(options, excludes=(*options.excludes, *sorted(kept)))
        self.options, self.stack, self.program = options, stack, program
        self.kind = "preview" if options.preview else "update"
        self.report = hosts.log = Reporter(on_event)
        self.config = package_config(stack.config, stack.secret_keys)
        self.deployment_info: dict[str, Any] = {
            "project": stack.project, "stack": stack.name, "organization": stack.organization, "config": stack.config,
            "configSecretKeys": sorted(stack.secret_keys), "dryRun": options.preview, "parallel": options.parallel,
        }  # fmt: skip
        self._pending = tuple(
            operation
            for operation in stack.deployment.pending_operations
            if not options.clear_pending_creates and operation.resource.urn not in options.import_pending_creates
        )
        before = Deployment(tuple(resource.copy() for resource in stack.deployment.resources), self._pending)
        self.journal = Journal(before, None if options.preview else stack.save)
        self.registry = Registry(hosts, mock, options.preview)
        modes: dict[str, Mode] = {"refresh": "refresh", "destroy": "destroy"}
        self.ledger = Ledger(stack.name, stack.project, list(before.resources), self.report)
        self.planner = Planner(options, modes.get(options.kind, "update"), self.ledger, self.registry)
        self.hooks = Hooks()
        applier = Applier(self.registry, options.preview, self.ledger.marks["delete"], self.hooks)
        self.executor = Executor(
            applier, self.journal, self.report, preview=options.preview, refreshing=options.kind == "refresh",
            parallel=options.parallel, continue_on_error=options.continue_on_error,
        )  # fmt: skip
        self._mock_invoke = mock_invoke
        self.registrar = Registrar(self.planner, self.executor, self.report)

    # -- from beginning to end ---------------------------------------------------------------------------------------

    def run(self) -> Result:
        """The run is over."""
        started = time.monotonic()
        cancelled = False
        try:
            failed = not self._all()
        except KeyboardInterrupt:
            self.executor.cancelled.set()
            self.executor.wait()
            self.report.error(f"{self.kind} canceled")
            failed = cancelled = True
        except NotSavedError as error:
            self.report.error(str(error))
            failed = True
        finally:
            self.registrar.over.set()
            self.registry.close()
            self.hooks.close()
            saved = self._save_rest()
        seconds = time.monotonic() - started
        return Result(
            failed or not saved,
            dict(self.report.counts),
            self._outputs(),
            seconds,
            self.executor.maybe_corrupt,
            cancelled,
        )

    def _save_rest(self) -> bool:
        """True when the state as it is now is saved."""
        try:
            self.journal.close()
        except NotSavedError as error:
            self.report.error(str(error))
            return False
        return True

    def _all(self) -> bool:
        """True when everything went well."""
        options = self.options
        if options.kind == "import":
            return importing.run(self)
        if (options.refresh or options.kind == "refresh") and not options.run_program:
            if not refreshing.run(self):
                return False
            if options.kind == "refresh":
                return True
        elif self._pending and not options.preview:
            self._warn_of_pending()
        if not self.known(self.planner.targeting.replace):
            return False
        return self._with_program() if options.kind == "up" or options.run_program else self._finish()

    def _with_program(self) -> bool:
        """The program has run, and what it did not speak of is gone."""
        server = grpc.server(futures.ThreadPoolExecutor(CALLS_AT_ONCE), options=GRPC_OPTIONS)
        resource_pb2_grpc.add_ResourceMonitorServicer_to_server(
            Monitor(self.registrar, self.deployment_info, self.config, self._mock_invoke, self.hooks), server
        )
        engine_pb2_grpc.add_EngineServicer_to_server(EngineService(self._heard), server)
        address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
        server.start()
        stack = self.stack
        settings = programs.Settings(
            stack.project, stack.name, stack.organization, stack.config, stack.secret_keys, self.options.preview,
            self.options.parallel, address,
        )  # fmt: skip
        program = programs.start(self.program, settings, self._heard, self.registrar.wake.set)
        try:
            while not (self.registrar.done.is_set() or self.executor.cancelled.is_set() or program.wait(0)):
                self.registrar.wake.wait()
                self.registrar.wake.clear()
            if program.wait(0) and program.failure is not None:
                self.registrar.fail(program.failure)
            self.executor.wait()
            return self._end() if self.executor.cancelled.is_set() else self._finish()
        except KeyboardInterrupt:
            self.executor.cancelled.set()
            raise
        finally:
            self.registrar.over.set()
            if not program.wait(GRACE_SECONDS if self.registrar.done.is_set() else 0):
                program.interrupt()
                program.wait()
            server.stop(GRACE_SECONDS)

    def _heard(self, diagnostic: Diagnostic) -> None:
        """What the program says is told, but for what it says about our ending it."""
        if not (self.registrar.over.is_set() and self.executor.cancelled.is_set()):
            self.report(diagnostic)

    def _finish(self) -> bool:
        """Whatever the program did not speak of is deleted (or, in a refresh, read)."""
        known = self.known(self.planner.targeting.targets)
        try:
            if self.planner.mode == "refresh":
                refreshing.rest(self)
            else:
                self._delete()
        except (PlanError, ProviderError) as error:
            # A target that is not there, or a delete that no target names: the run is failed, and says so once more.
            if str(error):
                self.report.error(str(error))
            self.ledger.failed = True
        self.registrar.told = self.registrar.told or not known
        return self._end()

    def _delete(self) -> None:
        keeps, groups = deletion.plan(self.planner)
        self.executor.chain(keeps)
        for group in groups:
            if self.executor.cancelled.is_set():
                return
            needed = deletion.needed_by(self.planner, self.executor.failed)
            self.executor.together(action for action in group if action.subject not in needed)

    def _end(self) -> bool:
        """The stack has its outputs, and the user knows how it went."""
        failed = self._failed
        if self.registrar.stack_outputs and self.registrar.stack_outputs[0] in self.executor.done:
            urn, outputs = self.registrar.stack_outputs
            old = self.ledger.olds.get(urn)
            self.executor.give_outputs(urn, {**old.outputs, **outputs} if failed and old else outputs)
        if self._failed and not self.registrar.told:
            self.report.error(f"{self.kind} failed")
        return not self._failed

    @property
    def _failed(self) -> bool:
        return bool(self.executor.failed or self.ledger.failed or self.registrar.told)

    def known(self, targets: Targets) -> bool:
        """True when every URN among the targets is one of a resource; else the user is told."""
        missing = self.planner.targeting.missing(targets)
        for urn in missing:
            hint = " Did you forget to escape $ in your shell?" if "$" not in urn else ""
            self.report.error(f"Target '{urn}' could not be found in the stack.{hint}")
        return not missing

    # -- small things ------------------------------------------------------------------------------------------------

    def _outputs(self) -> Properties:
        stacks = [resource for resource in self.journal.resources if qualified_type(resource.urn) == STACK_TYPE]
        return stacks[0].outputs if stacks else {}

    def _warn_of_pending(self) -> None:
        lines = "".join(f"  * {found.resource.urn}, interrupted while {found.type}\n" for found in self._pending)
        self.report(
            Diagnostic(
                "warning",
                f"Attempting to deploy or update resources with {len(self._pending)} pending operations from previous deployment.\n"
                f"{lines}Nobody knows whether these operations took effect: look for what they were to make. `pulumi refresh` "
                "clears all but pending creates, and `pulumi refresh --clear-pending-creates` those too.",
            )
        )
