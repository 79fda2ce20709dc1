"""The engine as a library: `run(options, stack, program, …)` does what one Pulumi command does, and prints nothing.

A run refreshes, if that is asked for; then its program registers resources, which are made; then what is left over is deleted.
"""

import time
from collections.abc import Callable

from ..deploy import existing, removal
from ..deploy.journal import NotSavedError
from ..deploy.ledger import PlanError
from ..deploy.options import Options, Stack
from ..deploy.run import Run
from ..model.events import Diagnostic, Event, Result
from ..model.urn import STACK_TYPE
from ..provider.protocol import ProviderError, Providers
from .monitor import GRACE_SECONDS, Session
from .programs import Program
from .registrar import Registrar


def run(
    options: Options, stack: Stack, program: Program, on_event: Callable[[Event], None], providers: Providers
) -> Result:
    """What the command did: the run's result, after every step was saved and every event delivered.

    `on_event` is called from several threads, one call at a time. A KeyboardInterrupt in the calling thread lets the operations under
    way end, and comes back as a failed result. Failing programs and providers do not raise: they are Diagnostics, and the result is
    `failed`.
    """
    started = time.monotonic()
    one = Run(options, stack, providers, on_event)
    session = Session(one)
    succeeded = cancelled = False
    try:
        succeeded = _do(one, session, program)
    except KeyboardInterrupt:
        one.executor.interrupt()
        one.executor.wait()
        cancelled = not one.failed
        one.report.error(f"{options.name} {'canceled' if cancelled else 'failed'}")
    except NotSavedError as error:
        one.report.error(str(error))
    finally:
        session.registrar.over.set()
        one.registry.close()
        try:
            one.journal.close()
        except NotSavedError as error:
            one.report.error(str(error))
            succeeded = False
    stacks = [resource for resource in one.journal.resources if resource.type == STACK_TYPE]
    return Result(
        not succeeded, dict(one.report.counts), stacks[0].outputs if stacks else {}, time.monotonic() - started,
        one.executor.maybe_corrupt, cancelled,
    )  # fmt: skip


def _do(run: Run, session: Session, program: Program) -> bool:
    """True when everything went well."""
    options = run.options
    if options.kind == "import":
        return existing.import_all(run)
    if options.refreshes and not options.run_program:
        if not existing.refresh(run):
            return False
        if options.kind == "refresh":
            return True
    elif run.pending and not options.preview:
        _warn_of_pending(run)
    if not run.know(run.planner.targeting.replace):
        return False
    if options.kind == "up" or options.run_program:
        return _with_program(run, session, program)
    return _finish(run, session.registrar)


def _with_program(run: Run, session: Session, program: Program) -> bool:
    """True when the program has run, and what it did not register is gone."""
    registrar, cancelled = session.registrar, run.executor.cancelled
    running = program.start(session, run.wake.set)
    try:
        while not (registrar.done.is_set() or cancelled.is_set() or running.wait(0)):
            run.wake.wait()
            run.wake.clear()
        if running.wait(0) and running.failure is not None:
            run.fail(running.failure)
        run.executor.wait()
        return _end(run, registrar) if cancelled.is_set() else _finish(run, registrar)
    except KeyboardInterrupt:
        cancelled.set()
        raise
    finally:
        registrar.over.set()
        if not running.wait(GRACE_SECONDS if registrar.done.is_set() else 0):
            running.interrupt()
            running.wait()
        session.close()


def _finish(run: Run, registrar: Registrar) -> bool:
    """True when everything went well, and what the program did not register was deleted (in a refresh: read)."""
    known = run.know(run.planner.targeting.targets)
    try:
        (existing.refresh_rest if run.options.kind == "refresh" else removal.delete_rest)(run)
    except (PlanError, ProviderError) as error:
        # A target that is not there, or a delete that no target names: the run is failed, and says so once more.
        if str(error):
            run.report.error(str(error))
        run.ledger.failed = True
    run.told = run.told or not known
    return _end(run, registrar)


def _end(run: Run, registrar: Registrar) -> bool:
    """True when everything went well; the stack has its outputs, and the user knows how it went."""
    if registrar.stack_outputs and registrar.stack_outputs[0] in run.executor.done:
        urn, outputs = registrar.stack_outputs
        old = run.ledger.olds.get(urn)
        run.executor.give_outputs(urn, {**old.outputs, **outputs} if run.failed and old else outputs)
    if run.failed and not run.told:
        run.report.error(f"{run.options.name} failed")
    return not run.failed


def _warn_of_pending(run: Run) -> None:
    lines = "".join(f"  * {found.resource.urn}, interrupted while {found.type}\n" for found in run.pending)
    text = (
        f"Attempting to deploy or update resources with {len(run.pending)} pending operations from previous deployment.\n"
        f"{lines}Nobody knows whether these operations took effect: look for what they were to make. `pulumi refresh` "
        "clears all but pending creates, and `pulumi refresh --clear-pending-creates` those too."
    )
    run.report(Diagnostic("warning", text))
