"""Carrying out actions: in chains, side by side, with events, saves and failures."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent import futures
from dataclasses import replace
from typing import Literal, TypeAlias

from ..model.events import Diagnostic, Event, OutputsRegistered, Step, StepFailed, StepFinished, StepStarted
from ..model.values import Properties, equal
from ..provider.protocol import ProviderError
from .actions import PENDING, Action
from .applying import Applier, PartialFailure, ProtectedError, mark_secrets
from .journal import Effect, Journal, NotSavedError
from .options import Options

Outcome: TypeAlias = Literal["done", "failed", "cancelled"]


class Reporter:
    """Hands events to the caller, one at a time, and counts what was done."""

    def __init__(self, on_event: Callable[[Event], None]) -> None:
        self._on_event = on_event
        self._lock = threading.Lock()
        self.counts: Counter[str] = Counter()

    def __call__(self, event: Event) -> None:
        with self._lock:
            self._on_event(event)

    def error(self, message: str, urn: str = "") -> None:
        self(Diagnostic("error", message, urn))


class Executor:
    """Runs actions; after a failure, unless it is to go on all the same, everything not yet begun is left."""

    def __init__(self, applier: Applier, journal: Journal, report: Reporter, options: Options) -> None:
        self._applier, self._journal, self._report = applier, journal, report
        self._preview, self._continue = options.preview, options.continue_on_error
        self._refreshing = options.kind == "refresh"
        self._parallel = max(options.parallel, 1)
        self._slots = threading.BoundedSemaphore(self._parallel)
        self._active = 0
        self._idle = threading.Condition()
        self.cancelled = threading.Event()
        self.failed: list[Action] = []
        self.maybe_corrupt = False
        self.ignore_errors = False
        """While state is refreshed: the others are read all the same."""
        self.done: dict[str, Action] = {}
        """By URN, the last action on a resource that is there now: what its outputs belong to."""

    def chain(self, actions: Sequence[Action]) -> Outcome:
        """The actions are done, one after the other, or one of them failed."""
        with self._idle:
            self._active += 1
        try:
            with self._slots:
                for action in actions:
                    if self.cancelled.is_set():
                        return "cancelled"
                    try:
                        if not self._do(action):
                            return "failed"
                    except NotSavedError as error:
                        self._tell_not_saved(action, error)
                        return "failed"
            return "done"
        finally:
            with self._idle:
                self._active -= 1
                self._idle.notify_all()

    def together(self, actions: Iterable[Action]) -> None:
        """All the actions are done, side by side."""
        actions = list(actions)
        if actions:
            with futures.ThreadPoolExecutor(min(self._parallel, len(actions))) as pool:
                try:
                    list(pool.map(lambda action: self.chain([action]), actions))
                except KeyboardInterrupt:
                    self.interrupt()  # at once, for the pool ends only when its queue is empty
                    raise

    def interrupt(self) -> None:
        """Nothing more is begun, and providers were asked to end what they are at."""
        self.cancelled.set()
        self._applier.cancel()

    def wait(self) -> None:
        """Nothing is under way any more."""
        with self._idle:
            self._idle.wait_for(lambda: self._active == 0)

    def give_outputs(self, urn: str, outputs: Properties) -> None:
        """The component has these outputs. Raises KeyError when it was not registered."""
        action = self.done.pop(urn)
        new = action.new
        if action.skipped_create or not new:
            return
        new.outputs = outputs
        self._report(OutputsRegistered(self._seen(action), self._preview))
        if not (action.old and equal(action.old.outputs, outputs)):
            try:
                self._journal.changed()
            except NotSavedError as error:
                self._tell_not_saved(action, error)

    def _do(self, action: Action) -> bool:
        """True when the action is done and on record. Raises NotSavedError."""
        if not action.internal:
            self._report(StepStarted(self._seen(action), self._preview))
        kind = PENDING.get(action.op)
        number = self._journal.begin(kind, action.subject) if kind else None
        error: ProviderError | None = None
        try:
            for warning in self._applier.apply(action):
                self._report(Diagnostic("warning", warning, action.urn))
        except ProviderError as caught:
            error = caught
        if action.new and action.op != "replace" and (not error or isinstance(error, PartialFailure)):
            mark_secrets(action.new)
        seen = self._seen(action)
        if error:
            self._tell_failure(action, error)
        self._record(action, number, error)
        if not error:
            if action.logical and action.new:
                self.done[action.urn] = action
            self._tell_success(action, seen)
        return not error

    def _seen(self, action: Action) -> Step:
        """The step as it looks now; what a refresh found is its result only where refreshing is all that is done."""
        step = action.seen()
        return step if self._refreshing else replace(step, result_op=step.op)

    def _tell_success(self, action: Action, seen: Step) -> None:
        if action.internal:
            return
        old, new = action.old, action.new
        unchanged_read = action.op == "read" and not (old and new and not equal(old.outputs, new.outputs))
        if (action.logical or (self._refreshing and action.op == "refresh")) and not unchanged_read:
            self._report.counts[action.result_op if self._refreshing else action.op] += 1
        if self._preview or action.subject.custom or action.op in ("refresh", "delete"):
            self._report(StepFinished(seen, self._preview))

    def _tell_failure(self, action: Action, error: ProviderError) -> None:
        self.maybe_corrupt |= error.maybe_done and not self._preview
        self._fail(action, f"Preview failed: {error}" if self._preview else str(error))
        if not self.ignore_errors and not self._continue and not isinstance(error, ProtectedError):
            self.cancelled.set()

    def _tell_not_saved(self, action: Action, error: NotSavedError) -> None:
        """What was done since the state was last saved may be on no record: nothing more is begun."""
        self.maybe_corrupt = True
        self._fail(action, f"{error}; what was done to {action.urn} (id '{action.subject.id}') may not be in it")
        self.cancelled.set()

    def _fail(self, action: Action, message: str) -> None:
        self._report.error(message, "" if action.internal else action.urn)
        if not self._preview:
            self._report(StepFailed(self._seen(action), self._preview))
        self.failed.append(action)

    def _record(self, action: Action, number: int | None, error: ProviderError | None) -> None:
        """State is what it is after the action."""
        old, new, journal = action.old, action.new, self._journal
        if error and not isinstance(error, PartialFailure):
            journal.end(number, Effect())
        elif action.op == "refresh" and not action.persisted:
            if old and old is not new:
                journal.refreshed(old, new)
        else:
            journal.has_refreshed_one |= action.persisted
            if error and action.op == "update":
                action.after.inputs = action.before.inputs  # so that the next run sees the difference again
            changed = action.op != "same" or not (old and new) or vars(old) != vars(new)
            journal.end(number, action.effect, write=changed)
