"""One run of the engine: everything that it is made of, and how it fails and ends."""

import threading
from collections.abc import Callable
from dataclasses import replace

from ..model import graph
from ..model.events import Event
from ..model.resource import Deployment
from ..model.urn import Targets
from ..provider.protocol import Providers, Registry
from ..provider.rpc import Hooks
from .applying import Applier
from .execution import Executor, Reporter
from .journal import Journal
from .ledger import Ledger
from .naming import Naming
from .options import Options, Stack
from .plan import Planner


class Run:
    """One run. Its program's calls come in by several threads."""

    def __init__(self, options: Options, stack: Stack, providers: Providers, on_event: Callable[[Event], None]) -> None:
        if options.exclude_protected:
            kept = graph.protected(stack.deployment.resources)
            options = replace(options, excludes=(*options.excludes, *sorted(kept)))
        self.options, self.stack, self.providers = options, stack, providers
        self.report = Reporter(on_event)
        self.pending = tuple(
            operation
            for operation in stack.deployment.pending_operations
            if not options.clear_pending_creates and operation.resource.urn not in options.import_pending_creates
        )
        before = Deployment(tuple(resource.copy() for resource in stack.deployment.resources), self.pending)
        self.journal = Journal(before, None if options.preview else stack.save)
        self.registry = Registry(providers, options.preview)
        self.hooks = Hooks()
        self.ledger = Ledger(stack.name, stack.project, list(before.resources), self.report)
        self.planner = Planner(options, self.ledger, self.registry, Naming(stack))
        applier = Applier(self.registry, options.preview, self.ledger.marks, self.hooks)
        self.executor = Executor(applier, self.journal, self.report, options)
        self.wake = threading.Event()
        """Set whenever the run may be over."""
        self.told = False
        """True when the run has failed for a reason that the user was told, which is not a step's."""
        providers.listen(self.report)

    def fail(self, message: str = "", urn: str = "") -> None:
        """The run is over; the message, if any, is told."""
        if message:
            self.report.error(message, urn)
        self.told = True
        self.executor.cancelled.set()
        self.wake.set()

    @property
    def failed(self) -> bool:
        return bool(self.executor.failed or self.ledger.failed or self.told)

    def know(self, targets: Targets) -> bool:
        """True when every URN among the targets is one of a resource; else the user is told."""
        missing = self.planner.targeting.missing(targets)
        for urn in missing:
            hint = " Did you forget to escape $ in your shell?" if "$" not in urn else ""
            self.report.error(f"Target '{urn}' could not be found in the stack.{hint}")
        return not missing
