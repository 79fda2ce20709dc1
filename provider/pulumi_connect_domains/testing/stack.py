"""A stack of a test's own program."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .engine import PulumiEngine

if TYPE_CHECKING:
    from pulumi import automation


class PulumiStack:
    """A stack of the test's own program, over Pulumi's Automation API; `automation` is that API's own object.

    A command that fails raises `pulumi.automation.CommandError`, whose text holds all that the command printed.
    """

    def __init__(self, stack: automation.Stack, engine: PulumiEngine) -> None:
        self.automation, self.engine = stack, engine
        self.environment: dict[str, str] = dict(stack.workspace.env_vars)
        """Environment variables that program and provider get, beside this process's own. Changes count from the next command on."""
        stack.workspace.env_vars = self.environment
        self.events: list[automation.EngineEvent] = []
        """The engine's events of the last command, in order."""

    @property
    def folder(self) -> Path:
        """The project's folder: the working directory of program and provider."""
        return Path(self.automation.workspace.work_dir)

    def run(self, program: Callable[[], Any]) -> PulumiStack:
        """The same stack with another inline program."""
        self.automation.workspace.program = program
        return self

    def up(self, **options: Any) -> automation.UpResult:
        """Deploys the program. Options are those of `automation.Stack.up`."""
        return self.automation.up(on_event=self._listen(), **options)

    def preview(self, **options: Any) -> automation.PreviewResult:
        """What `up` would do: `.change_summary` counts the resources by operation."""
        return self.automation.preview(on_event=self._listen(), **options)

    def refresh(self, **options: Any) -> automation.RefreshResult:
        """Brings state up to date with AWS. `preview_only=True, expect_no_changes=True` fails on drift."""
        return self.automation.refresh(on_event=self._listen(), **options)

    def destroy(self, **options: Any) -> automation.DestroyResult:
        """Deletes all resources."""
        return self.automation.destroy(on_event=self._listen(), **options)

    def preview_json(self, *, fails: bool = False, **options: Any) -> dict[str, Any]:
        """The document that `pulumi preview --json` prints. `fails`: the test expects the preview to fail, and gets its document."""
        from pulumi.automation import CommandError

        lines: list[str] = []
        try:
            self.preview(json=True, on_output=lines.append, **options)
        except CommandError:
            if not fails:
                raise
        else:
            assert not fails, "the preview was expected to fail, and did not"
        document: dict[str, Any] = json.loads("\n".join(lines))
        return document

    def command(self, *arguments: str) -> str:
        """What any other `pulumi` command prints: `stack.command("stack", "ls")`. Inline programs cannot run in it."""
        workspace = self.automation.workspace
        words = [*arguments, "--stack", self.automation.name]
        result = workspace.pulumi_command.run(words, workspace.work_dir, self.environment)
        return result.stdout

    def set_config(self, key: str, value: str, *, secret: bool = False) -> None:
        """Sets a value of the stack's configuration: `stack.set_config("aws:region", "eu-west-1")`."""
        from pulumi.automation import ConfigValue

        self.automation.set_config(key, ConfigValue(value, secret))

    def outputs(self) -> dict[str, Any]:
        """The values that the program exported, secret ones in clear."""
        return {key: output.value for key, output in self.automation.outputs().items()}

    def state(self) -> dict[str, dict[str, Any]]:
        """The resources in the stack's state, `id`, `inputs`, `outputs` and all; secrets in clear.

        A resource is found by name and by URN. If several have the same name, that name raises KeyError, and only their URNs work.
        """
        deployment = self.automation.export_stack().deployment or {}
        return _Resources(deployment.get("resources") or ())

    def domain(self, key: str) -> dict[str, Any]:
        """A domain's entry in the state, whichever host manages it: as in `state()`, with inputs and outputs in snake_case."""
        from ..registry import by_token
        from ..stacks.hosts import entry_in_our_words

        found = self.state()[key]
        return entry_in_our_words(found, by_token()[found["type"]])

    def messages(self, severity: str = "warning") -> list[str]:
        """The messages of the last command with this severity: info, warning or error."""
        heard = (event.diagnostic_event for event in self.events)
        return [said.message.rstrip("\n") for said in heard if said and said.severity == severity]

    def _listen(self) -> Callable[[automation.EngineEvent], None]:
        self.events = []
        return self.events.append


MakeStack = Callable[..., PulumiStack]


class _Resources(dict[str, dict[str, Any]]):
    """Resources by name, or by URN where several have the same name. Each is found by its URN too.

    If a provider and a resource have the same name, the name means the resource.
    """

    def __init__(self, resources: Iterable[dict[str, Any]]) -> None:
        from ..stacks.urn import Urn  # here, since the plugin imports nothing before a fixture is used

        self._by_urn: dict[str, dict[str, Any]] = {}
        for found in sorted(
            resources, key=lambda each: not each.get("delete")
        ):  # the last one of a URN counts: not the one that waits for its deletion
            self._by_urn[found["urn"]] = found
        parsed = [Urn.parse(urn) for urn in self._by_urn]
        providers = {str(urn) for urn in parsed if urn.is_provider}
        self._urns: dict[str, list[str]] = {}
        for urn in parsed:
            self._urns.setdefault(urn.name, []).append(str(urn))
        meant = {name: [urn for urn in urns if urn not in providers] or urns for name, urns in self._urns.items()}
        entries = {name: urns[0] for name, urns in meant.items() if len(urns) == 1}
        named = set(entries.values())
        shared = {urn: urn for urns in self._urns.values() for urn in urns if urn not in named}
        self._urns = meant
        super().__init__({key: self._by_urn[urn] for key, urn in {**entries, **shared}.items()})

    def __missing__(self, key: str) -> dict[str, Any]:
        if key in self._by_urn:
            return self._by_urn[key]
        if urns := self._urns.get(key):
            raise KeyError(f"{len(urns)} resources are named {key!r}; ask by URN: {', '.join(urns)}")
        raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        return key in self._by_urn or key in self._urns

    def get(self, key: str, default: Any = None) -> Any:
        if key not in self:
            return default
        return self[key]
