"""A stack, through the Pulumi CLI: its state, its config, imports and previews."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..model.errors import CommandFailed, Unreadable
from ..model.values import Json
from ..registry import by_token
from ..stacks import hosts, preview
from ..stacks.cli import Answer, Pulumi
from ..stacks.config import config_of
from ..stacks.preview import Step
from ..stacks.urn import Urn

CHANGES_NOTHING = ("same", "read")
"""Steps that leave AWS and the stack's own resources as they are; `read` is that of a `.get()`, which every preview has again."""


@dataclass(frozen=True)
class Stack:
    """The stack of that name, of the project in whose folder the CLI runs."""

    name: str
    pulumi: Pulumi

    @classmethod
    def find(cls, name: str, folder: str = ".") -> Stack:
        """The stack of the project in `folder`. Raises: ConfigurationError where there is no CLI."""
        without = (
            "--stack asks it for the stack's state and config\n"
            "without it: `pulumi stack export > state.json` where it is, then --state state.json"
        )
        return cls(name, Pulumi.find(folder, without))

    def export(self) -> bytes:
        """Its state. Secrets stay encrypted. Raises: CommandFailed."""
        return self._run("stack", "export")

    def config(self) -> Json:
        """Its config with secrets in clear, key by key, as the provider gets it. Raises: CommandFailed."""
        return config_of(self.pulumi, self.name)

    def import_file(self, file: Path, *, protect: bool) -> None:
        """The resources of the import file are in the stack's state. Raises: CommandFailed; the state is then as it was."""
        options = ["--generate-code=false", f"--protect={str(protect).lower()}", "--skip-preview", "--yes"]
        self._run("import", "--file", str(file.resolve()), *options, changes=True)

    def let_go(self, urn: Urn) -> None:
        """The entry is out of the state; the resource in AWS is unchanged. Raises: CommandFailed."""
        self._run("state", "delete", str(urn), "--yes", changes=True)

    def preview(self) -> tuple[Step, ...]:
        """The steps of `up` that change something, in our words. Raises: CommandFailed, whose message is what the preview said."""
        answer = self._answer("preview", "--json")
        try:
            found = hosts.preview_in_our_words(preview.parse(answer.output, f"stack {self.name}"), by_token())
        except Unreadable as error:
            raise CommandFailed(answer.all_errors if answer.code else f"the preview cannot be read: {error}") from None
        if answer.code:
            said = [f"{each.severity}: {each.message}".strip() for each in found.errors]
            raise CommandFailed("\n".join(said) or answer.all_errors)
        return tuple(step for step in found.steps if step.operation not in CHANGES_NOTHING)

    def _run(self, *arguments: str, changes: bool = False) -> bytes:
        answer = self._answer(*arguments, changes=changes)
        if answer.code:
            raise CommandFailed(f"`pulumi {' '.join(arguments[:2])}` of stack {self.name}: {answer.all_errors}")
        return answer.output

    def _answer(self, *arguments: str, changes: bool = False) -> Answer:
        return self.pulumi.run(*arguments, "--stack", self.name, "--color=never", changes=changes)
