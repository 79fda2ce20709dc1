"""Stacks in memory, for tests: programs are functions, providers' processes stay warm, and an `up` takes some hundredths of a second.

with Hosts(sys.executable, folder, keep_warm=True) as hosts:
    stack = MemoryStack(hosts)
    assert not stack.up(program).failed
    assert stack.resource("domain").outputs["arn"]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..deploy.options import InlineProgram, Kind, Options, Stack, run
from ..model.events import Diagnostic, Event, Result, Step, StepFinished
from ..model.resource import Deployment, Resource
from ..provider.hosts import Hosts
from ..provider.mocks import Mock, MockInvoke


@dataclass(frozen=True)
class Outcome:
    """A run's result, and everything that was told during it."""

    result: Result
    events: tuple[Event, ...]

    @property
    def failed(self) -> bool:
        return self.result.failed

    @property
    def steps(self) -> list[Step]:
        """The steps that were done or, in a preview, planned."""
        return [event.step for event in self.events if isinstance(event, StepFinished)]

    @property
    def messages(self) -> list[str]:
        """What was said, severity first: `error: …`."""
        return [f"{event.severity}: {event.message}" for event in self.events if isinstance(event, Diagnostic)]


class MemoryStack:
    """A stack whose state is a value: `state`. Every keyword of a command is one of `Options`."""

    def __init__(
        self, hosts: Hosts, *, project: str = "project", name: str = "dev", config: Mapping[str, str] | None = None,
        secret_keys: Iterable[str] = (), mock: Mock | None = None, mock_invoke: MockInvoke | None = None,
    ) -> None:  # fmt: skip
        self.hosts, self.project, self.name = hosts, project, name
        self.config, self.secret_keys = dict(config or {}), frozenset(secret_keys)
        self.state = Deployment()
        self._mock, self._mock_invoke = mock, mock_invoke

    def up(self, program: Callable[[], object], **options: Any) -> Outcome:
        return self.run("up", program, **options)

    def preview(self, program: Callable[[], object], **options: Any) -> Outcome:
        return self.run("up", program, preview=True, **options)

    def refresh(self, **options: Any) -> Outcome:
        return self.run("refresh", lambda: None, **options)

    def destroy(self, **options: Any) -> Outcome:
        return self.run("destroy", lambda: None, **options)

    def run(self, kind: Kind, program: Callable[[], object], **options: Any) -> Outcome:
        events: list[Event] = []
        stack = Stack(self.project, self.name, self.state, self._save, config=self.config, secret_keys=self.secret_keys)
        result = run(
            Options(kind, **options), stack, InlineProgram(program, self.hosts.folder), events.append,
            hosts=self.hosts, mock=self._mock, mock_invoke=self._mock_invoke,
        )  # fmt: skip
        return Outcome(result, tuple(events))

    def resource(self, name: str) -> Resource:
        """The resource of that name. Raises KeyError when there is none, or more than one."""
        found = [resource for resource in self.state.resources if resource.name == name and not resource.delete]
        if len(found) != 1:
            raise KeyError(f"{len(found)} resources are called {name!r}")
        return found[0]

    def _save(self, state: Deployment) -> None:
        self.state = state
