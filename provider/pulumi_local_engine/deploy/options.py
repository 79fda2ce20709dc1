"""The engine as a library: `run(options, stack, program, …)` does what one Pulumi command does, and nothing is printed.

A command line, a test or a benchmark brings the stack (its state and how to save it), the program, and a function that takes the events.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from ..model.events import Event, Result
from ..model.resource import Deployment
from ..model.values import Properties
from ..provider.mocks import Mock, MockInvoke

if TYPE_CHECKING:
    from ..provider.hosts import Hosts

Kind: TypeAlias = Literal["up", "refresh", "destroy", "import"]


@dataclass(frozen=True)
class ImportedResource:
    """One entry of an import file. Without inputs and outputs the resource is read (which Python's dynamic host cannot do)."""

    type: str
    name: str
    id: str
    inputs: Properties | None = None
    outputs: Properties | None = None
    parent: str = ""
    """A URN; empty: the stack."""
    provider: str = ""
    """The URN of an explicit provider in state; empty: the default provider."""
    component: bool = False


@dataclass(frozen=True)
class Options:
    """What to do. A preview is any kind with `preview=True`: nothing is changed and nothing saved."""

    kind: Kind
    preview: bool = False
    refresh: bool = False
    """Refresh first (`up --refresh`, `preview --refresh`, `destroy --refresh`)."""
    run_program: bool = False
    """Of refresh and destroy: run the program for its config and providers."""
    continue_on_error: bool = False
    targets: tuple[str, ...] = ()
    """URNs with `*` (no colon) and `**` wildcards; so are all the following ones."""
    target_dependents: bool = False
    excludes: tuple[str, ...] = ()
    exclude_dependents: bool = False
    exclude_protected: bool = False
    replace: tuple[str, ...] = ()
    """`--replace URN`: replaced though nothing differs. (`--target-replace` is this and `targets`.)"""
    parallel: int = 16
    """How many operations run at once; 1 is one by one."""
    clear_pending_creates: bool = False
    import_pending_creates: Mapping[str, str] = field(default_factory=dict)
    """URN -> id: pending creates that are cleared, one by one. They are not imported: neither does the CLI (3.260.0) do so."""
    imports: tuple[ImportedResource, ...] = ()
    protect_imports: bool = True


@dataclass(frozen=True)
class Stack:
    """A stack: its names, its configuration, its state, and how state is saved.

    `save` is called, never twice at once, after every step; it must write atomically, and raise OSError when it could not. In memory it
    may just keep the value.
    """

    project: str
    name: str
    deployment: Deployment
    save: Callable[[Deployment], None]
    organization: str = "organization"
    config: Mapping[str, str] = field(default_factory=dict)
    """Decrypted, every key with its namespace: `{"aws:region": "eu-west-1"}`. Objects are JSON text."""
    secret_keys: frozenset[str] = frozenset()
    """Those keys of `config` whose values are secret."""


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


@dataclass(frozen=True)
class ServedProgram:
    """A program behind a LanguageRuntime server (`--client=host:port`: the Automation API's inline programs)."""

    address: str
    folder: Path
    python: str
    """The interpreter of the providers' hosts."""
    environment: Mapping[str, str] | None = None


@dataclass(frozen=True)
class InlineProgram:
    """A function of this process, run in it: the quickest way, for tests."""

    function: Callable[[], object]
    folder: Path = field(default_factory=Path.cwd)
    python: str = sys.executable
    environment: Mapping[str, str] | None = None


Program: TypeAlias = PythonProgram | ServedProgram | InlineProgram


def run(
    options: Options, stack: Stack, program: Program, on_event: Callable[[Event], None] = lambda event: None, *,
    hosts: Hosts | None = None, mock: Mock | None = None, mock_invoke: MockInvoke | None = None,
) -> Result:  # fmt: skip
    """What the command did: the run's result, after every step was saved and every event delivered.

    `on_event` is called from several threads, one call at a time. `hosts` kept warm serve many runs; without them the providers'
    processes are the run's own. `mock` and `mock_invoke` answer for other packages than Python's dynamic providers.

    A KeyboardInterrupt in the calling thread lets the operations under way end, and comes back as a failed result. Failing programs
    and providers do not raise: they are Diagnostics, and the result is `failed`.
    """
    from ..program.run import Run
    from ..provider.hosts import Hosts as OwnHosts

    if hosts:
        return Run(options, stack, program, on_event, hosts, mock, mock_invoke).run()
    with OwnHosts(program.python, program.folder, program.environment, project=stack.project) as own:
        if options.kind == "up" or options.run_program or stack.deployment.resources:
            own.start_ahead()
        return Run(options, stack, program, on_event, own, mock, mock_invoke).run()
