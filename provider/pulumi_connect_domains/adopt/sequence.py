"""The whole way on a stack: the program is looked at, the domains are imported, and a preview must find nothing to do.

Whatever speaks against it is said before the import, and then the stack is as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..model.errors import ConnectDomainsError
from ..model.values import Json
from .model import Adopted
from .stack import CommandFailed, Stack, changed_paths

OWN_ROWS = ("pulumi:pulumi:Stack", "pulumi:providers:")
"""Types whose creation comes with the first resource of a stack."""


class Stopped(ConnectDomainsError):
    """The sequence ended early; the message says why, and how the stack stands."""


@dataclass(frozen=True)
class Takeover:
    """What is to be brought into the stack: the domains, by an import file."""

    stack: Stack
    adopted: Sequence[Adopted]
    import_file: Path
    program: Path
    protect: bool = True

    def run(self, say: Callable[[str], None]) -> None:
        """The domains are in the stack, and its next preview is empty. `say` is told each step. Raises: Stopped."""
        say(f"looking at the program of stack {self.stack.name}")
        self._look_at_program()
        say(f"importing {_count(len(self.adopted))}")
        try:
            self.stack.import_file(self.import_file, protect=self.protect)
        except CommandFailed as error:
            raise Stopped(f"{error}\nnothing was imported, and the stack is as it was") from None
        self._let_go(say)
        say("previewing")
        self._check_preview()

    def _look_at_program(self) -> None:
        formers = [each.found.former for each in self.adopted if each.found.former]
        if guarded := [each.urn for each in formers if each.is_protected]:
            commands = "\n".join(f"  pulumi state unprotect '{urn}'" for urn in guarded)
            raise Stopped(
                f"the old entries are protected, and so is the state from letting go of them. Nothing was imported; first\n{commands}"
            )
        preview = self.stack.preview()
        if preview.error:
            raise Stopped(f"the preview of stack {self.stack.name} fails, so nothing was imported:\n{preview.error}")
        created = {_type_and_name(step) for step in preview.steps if step["op"] == "create"}
        wanted = {(each.type.type_token, each.resource_name): each for each in self.adopted}
        if missing := [each.resource_name for key, each in wanted.items() if key not in created]:
            raise Stopped(
                f"the program of stack {self.stack.name} does not declare {', '.join(map(repr, missing))} as {self.program} does; "
                "put the declarations from there in place, then run this again. Nothing was imported"
            )
        leaving = {each.urn for each in formers}
        others = [
            step
            for step in preview.steps
            if _type_and_name(step) not in wanted
            and not (step["op"] == "create" and _type_and_name(step)[0].startswith(OWN_ROWS))
            and not (step["op"] == "delete" and step["urn"] in leaving)
        ]
        if others:
            raise Stopped(
                f"the program of stack {self.stack.name} has other changes to make, so the preview after the import could not be "
                f"empty; make them first (`pulumi up`). Nothing was imported:\n{_rows(others)}"
            )

    def _let_go(self, say: Callable[[str], None]) -> None:
        for each in self.adopted:
            former = each.found.former
            if former is None:
                continue
            say(f"letting go of {former.urn}")
            try:
                self.stack.let_go(former.urn)
            except CommandFailed as error:
                raise Stopped(
                    f"{error}\nthe domains are imported, but {former.urn} still stands in the state: do not run `pulumi up` before "
                    "it is out of it, for the engine would delete the domain with its data"
                ) from None

    def _check_preview(self) -> None:
        preview = self.stack.preview()
        if not (preview.error or preview.steps):
            return
        what = preview.error or f"the next `pulumi up` would change\n{_rows(preview.steps)}"
        raise Stopped(
            f"the domains are imported, but the preview is not clean: {what}\n"
            "nothing was changed in AWS. Either bring the program in line with what is there, or let go of the new entries: "
            "`pulumi state delete --force URN` takes one out of the state and leaves the domain as it is"
        )


def _rows(steps: Sequence[Json]) -> str:
    return "\n".join(_row(step) for step in steps)


def _row(step: Json) -> str:
    type_, name = _type_and_name(step)
    paths = changed_paths(step)
    return f"  {step['op']} {name} ({type_})" + (f": {', '.join(paths)}" if paths else "")


def _type_and_name(step: Json) -> tuple[str, str]:
    parts = str(step["urn"]).split("::", 3)
    return parts[2], parts[3]


def _count(number: int) -> str:
    return "1 domain" if number == 1 else f"{number} domains"
