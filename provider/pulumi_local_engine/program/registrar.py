"""A program's registrations, carried out: planned one at a time, done side by side, answered when they are done."""

import threading
from dataclasses import dataclass
from typing import Literal

from ..deploy import existing
from ..deploy.actions import Action
from ..deploy.ledger import PlanError
from ..deploy.run import Run
from ..model.goal import Goal
from ..model.resource import Resource
from ..model.urn import STACK_TYPE, qualified_type
from ..model.values import Properties
from ..provider.protocol import ProviderError


@dataclass(frozen=True)
class Registered:
    """What came of a registration. `unknown`: nothing was made, and nothing is known of it."""

    resource: Resource
    result: Literal["success", "failed", "skipped"] = "success"
    unknown: bool = False


class Registrar:
    """What the calls of a program come to. Each waits until its resource is there, or until the run is over."""

    def __init__(self, run: Run) -> None:
        self._run, self._planner, self._executor = run, run.planner, run.executor
        self._planning = threading.RLock()
        self.done, self.over = threading.Event(), threading.Event()
        """Set when the program has said all, and when the run answers nothing more."""
        self.stack_outputs: tuple[str, Properties] | None = None
        """The stack's URN and outputs, kept until everything else is done."""
        self._without: set[str] = set()
        """URNs of what failed, or was left out because it needs what failed."""

    def register(self, goal: Goal) -> Registered | None:
        """The resource is as the goal says, or the run is over (None)."""
        urn = ""
        try:
            with self._planning:
                self._go_on()
                old, new = self._planner.ledger.claim(goal)
            urn = new.urn
            if old and not goal.reads and self._refreshes(old):
                old = self._refresh(old, new)
            with self._planning:
                actions = self._planner.apart_from_update(goal, old, new)
            if actions is None and self._planner.imports(goal, old):
                old, new = self._import(goal, old, new)
            with self._planning:
                self._go_on()
                if actions is None:
                    actions = self._planner.update(goal, old, new)
            return self._carry_out(actions, old, new)
        except PlanError as error:
            if not self._executor.cancelled.is_set():
                self._run.fail(str(error), urn)
        except ProviderError as error:
            self._run.fail(str(error), urn)
        return self._when_over()

    def give_outputs(self, urn: str, outputs: Properties) -> None:
        """The component has these outputs; those of the stack wait until everything else is done. Raises KeyError for an unknown URN."""
        if qualified_type(urn) == STACK_TYPE:
            self.stack_outputs = (urn, outputs)
        else:
            self._executor.give_outputs(urn, outputs)

    def program_is_done(self) -> None:
        """The program has registered everything; comes back when the run is over."""
        self.done.set()
        self._when_over()

    def _carry_out(self, actions: list[Action], old: Resource | None, new: Resource) -> Registered | None:
        if not actions:
            assert old, "only what is there already needs nothing"
            return Registered(old)
        state = actions[-1].new or new
        needs = {urn for action in actions for urn in action.subject.needs}
        if needs & self._without:
            self._without.add(state.urn)
            if old:
                self._planner.ledger.skipped.append(old)
            return Registered(state, "skipped")
        outcome = self._executor.chain(actions)
        if outcome == "done":
            with self._planning:
                self._planner.ledger.registered[state.urn] = state
            return Registered(state, unknown=actions[-1].skipped_create)
        if outcome == "failed" and not self._executor.cancelled.is_set():
            self._without.add(state.urn)
            return Registered(state, "failed")
        return self._when_over()

    def _refresh(self, old: Resource, new: Resource) -> Resource | None:
        """The old resource as it really is; None when it is gone. Raises PlanError after a failure.

        Reads run side by side. What they find is taken in one at a time, so that none undoes another's.
        """
        with self._planning:
            action = existing.reading_of(self._planner, old, new)
        if self._executor.chain([action]) != "done":
            raise PlanError
        with self._planning:
            return existing.taken_in(self._planner, action, new.urn)

    def _import(self, goal: Goal, old: Resource | None, new: Resource) -> tuple[Resource, Resource]:
        """What was imported, and what the program wants it to be. Raises PlanError after a failure."""
        with self._planning:
            actions = self._planner.import_(old, new)
        if self._executor.chain(actions) != "done":
            raise PlanError
        wanted = goal.resource(new.urn, new.aliases[0] if new.aliases else "")
        wanted.created, wanted.modified = new.created, new.modified
        return new, wanted

    def _refreshes(self, old: Resource) -> bool:
        options = self._planner.options
        return options.run_program and options.refreshes and self._planner.targeting.selects(old)

    def _go_on(self) -> None:
        """Raises PlanError when the run is over."""
        if self._executor.cancelled.is_set():
            raise PlanError

    def _when_over(self) -> Registered | None:
        """None, when the run is over: no call of the program is answered before."""
        self._run.wake.set()
        self.over.wait()
        return None
