"""Imports the domains into a stack: the program is checked, the domains are imported, and then a preview must find nothing to do.

Whatever prevents the import is found before it, and then the stack is unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..model.errors import CommandFailed, Stopped
from ..model.visible import in_shell
from ..model.wording import plural
from ..stacks.preview import Step
from ..stacks.urn import PROVIDER_TYPES, STACK_TYPE
from .model import Adopted
from .stack import Stack

OWN_ROWS = (STACK_TYPE, PROVIDER_TYPES)
"""Types that are created along with the first resource of a stack."""


@dataclass(frozen=True)
class Takeover:
    """The domains to import into the stack, and the files that were written for them."""

    stack: Stack
    adopted: Sequence[Adopted]
    import_file: Path
    program: Path
    protect: bool = True

    def run(self, say: Callable[[str], None]) -> None:
        """The domains are in the stack, and its preview is empty. `say` is called with the name of each step. Raises: Stopped."""
        say(f"looking at the program of stack {self.stack.name}")
        self._look_at_program()
        number = len(self.adopted)
        say(f"importing {number} {plural(number, 'domain')}")
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
            commands = "\n".join(f"  pulumi state unprotect {in_shell(str(urn))}" for urn in guarded)
            raise Stopped(
                f"the old entries are protected, and so is the state from letting go of them. Nothing was imported; first\n{commands}"
            )
        try:
            steps = self.stack.preview()
        except CommandFailed as error:
            raise Stopped(f"the preview of stack {self.stack.name} fails, so nothing was imported:\n{error}") from None
        created = {_type_and_name(step) for step in steps if step.operation == "create"}
        wanted = {(each.token, each.resource_name): each for each in self.adopted}
        if missing := [each.resource_name for key, each in wanted.items() if key not in created]:
            raise Stopped(
                f"the program of stack {self.stack.name} does not declare {', '.join(map(repr, missing))} as {self.program} does; "
                "put the declarations from there in place, then run this again. Nothing was imported"
            )
        leaving = {each.urn for each in formers}
        others = [
            step
            for step in steps
            if _type_and_name(step) not in wanted
            and not (step.operation == "create" and step.urn.qualified_type.startswith(OWN_ROWS))
            and not (step.operation == "delete" and step.urn in leaving)
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
        try:
            steps = self.stack.preview()
        except CommandFailed as error:
            what = str(error)
        else:
            if not steps:
                return
            what = f"the next `pulumi up` would change\n{_rows(steps)}"
        raise Stopped(
            f"the domains are imported, but the preview is not clean: {what}\n"
            "nothing was changed in AWS. Either bring the program in line with what is there, or let go of the new entries: "
            "`pulumi state delete --force URN` takes one out of the state and leaves the domain as it is"
        )


def _rows(steps: Sequence[Step]) -> str:
    return "\n".join(_row(step) for step in steps)


def _row(step: Step) -> str:
    paths = ", ".join(sorted(step.detail or ()))
    return f"  {step.operation} {step.urn.name} ({step.urn.qualified_type})" + (f": {paths}" if paths else "")


def _type_and_name(step: Step) -> tuple[str, str]:
    return step.urn.qualified_type, step.urn.name
