"""A run as people read it: a line for each step and message; then Diagnostics, Outputs and the count.

**Shape** of a step: `MARK TYPE NAME OPERATION [diff: +added-deleted~changed]`; with `--diff` its properties below it, one a line.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, TextIO

from ..model import urn
from ..model.diff import parse
from ..model.events import Diagnostic, Event, OutputsRegistered, Result, Step, StepFailed, StepFinished, StepStarted
from ..model.values import Properties, Secret, Unknown
from ..store.backend import StackName
from .grammar import Request

MARKS: Final = {
    "create": "+", "update": "~", "replace": "+-", "create-replacement": "++", "delete": "-", "delete-replaced": "--",
    "read": ">", "read-replacement": ">~", "refresh": "~", "discard": "<", "discard-replaced": "<<",
    "remove-pending-replace": "~", "import": "=", "import-replacement": "=>", "same": "",
}  # fmt: skip
"""An operation's mark, in the order of the final count."""


class Text:
    """Shows the runs of one command. A warning is shown once: the run does not repeat what its preview has warned of."""

    def __init__(self, out: TextIO, request: Request, stack: StackName) -> None:
        self._out, self._request, self._stack = out, request, stack.name
        self._stack_urn = urn.make(stack.name, stack.project, "", urn.STACK_TYPE, f"{stack.project}-{stack.name}")
        self._warned: set[Diagnostic] = set()

    def begin(self, preview: bool) -> None:
        self._planning = preview
        self._said: dict[str, list[Diagnostic]] = {}
        self._outputs: Step | None = None
        noun = self._request.noun
        doing = f"Previewing {noun}" if preview else f"{noun.removesuffix('e').capitalize()}ing"
        self._write(f"{doing} ({self._stack}):", "")

    def __call__(self, event: Event) -> None:
        if isinstance(event, Diagnostic):
            self._heard(event)
        elif isinstance(event, StepFailed):
            self._line(MARKS[event.step.op], event.step.urn, f"**{event.step.op} failed**")
        elif isinstance(event, OutputsRegistered):
            self._outputs = event.step if event.step.type == urn.STACK_TYPE else self._outputs
        # What a refresh finds is known when it is done, everything else when it begins.
        elif isinstance(event, StepFinished if event.step.op == "refresh" else StepStarted):
            self._step(event.step)

    def finish(self, result: Result) -> None:
        if self._said:
            self._write("Diagnostics:")
        for about, said in self._said.items():
            self._write(f"  {urn.type_of(about)} ({urn.name_of(about)}):")
            for each in said:
                self._write(*(prefix(each) + each.message.rstrip("\n")).split("\n"), margin="    ")
            self._write("")
        if self._outputs and not self._request.suppress_outputs:
            self._write_outputs(self._outputs)
        errored = sum(any(each.severity == "error" for each in said) for said in self._said.values())
        self._write("Resources:")
        self._write(*counts(result.changes, errored, planning=self._planning), margin="    ")
        self._write(*([""] if self._planning else ["", f"Duration: {round(result.seconds)}s", ""]))

    def _step(self, step: Step) -> None:
        is_wanted = step.result_op != "same" or self._request.show_sames
        if is_wanted and is_listed(step, self._request):
            self._line(MARKS[step.result_op], step.urn, f"{step.result_op} {short_diff(step)}")
            if self._request.diff:
                self._write(*lines(changes(step), *_sides(step)), margin="        ")

    def _heard(self, diagnostic: Diagnostic) -> None:
        about = diagnostic.urn or self._stack_urn
        is_warning = diagnostic.severity == "warning" and not diagnostic.ephemeral
        if (diagnostic.ephemeral and self._request.suppress_progress) or diagnostic in self._warned:
            return
        if not diagnostic.ephemeral:
            self._said.setdefault(about, []).append(diagnostic)
        if is_warning:
            self._warned.add(diagnostic)  # under Diagnostics only: said again and again it hides the others
        else:
            first = diagnostic.message.strip("\n").partition("\n")[0]
            self._line("", about, prefix(diagnostic) + first)

    def _write_outputs(self, step: Step) -> None:
        """The stack's outputs; those that differ are marked, unless the stack is new."""
        old, new = step.old.outputs if step.old else {}, step.new.outputs if step.new else {}
        marks = difference(old, new) if step.op == "same" else {}
        listed = {key: marks.get(key, "") for key in sorted(new.keys() | marks.keys())}
        if listed:
            self._write("Outputs:", *(f"  {line}" for line in lines(listed, old, new)), "")

    def _line(self, mark: str, about: str, text: str) -> None:
        self._write(f" {mark:<2} {urn.type_of(about)} {urn.name_of(about)} {text}".rstrip())

    def _write(self, *texts: str, margin: str = "") -> None:
        for text in texts:
            print(f"{margin}{text}", file=self._out, flush=True)


def is_listed(step: Step, request: Request) -> bool:
    """True when the CLI lists the step in JSON and in text; the stack itself is always listed."""
    if step.type == urn.STACK_TYPE or request.show_sames:
        return True
    if step.op == "same":
        return bool(step.old and step.new and step.old.protect != step.new.protect)
    is_half = step.op == "replace" or step.op.endswith(("-replacement", "-replaced"))
    return step.logical or request.show_replacement_steps or not is_half


def changes(step: Step) -> dict[str, str]:
    """The top-level properties that the step adds, deletes and changes, with their marks: `{"size": "~", "tags": "+"}`."""
    found = difference(*_sides(step))
    if step.diff.detailed is None:
        return found
    named = sorted({str(parse(path)[0]) for path in step.diff.detailed})
    return {key: found.get(key, "~") for key in named if not key.startswith("__")}


def short_diff(step: Step) -> str:
    """`[diff: +added-deleted~changed]`, or nothing."""
    found = changes(step) if step.old and step.new and step.op != "same" else {}
    groups = {sign: [key for key, mark in found.items() if mark == sign] for sign in "+-~"}
    return f"[diff: {''.join(sign + ','.join(keys) for sign, keys in groups.items() if keys)}]" if found else ""


def difference(old: Properties, new: Properties) -> dict[str, str]:
    """The mark of each key whose value is new, gone or different. Keys with two underscores in front are Pulumi's own."""
    keys = sorted(key for key in old.keys() | new.keys() if not key.startswith("__"))
    marks = {key: "+" if key not in old else "-" if key not in new else "~" for key in keys}
    return {key: mark for key, mark in marks.items() if mark != "~" or old[key] != new[key]}


def lines(marks: Mapping[str, str], old: Properties, new: Properties) -> Iterator[str]:
    """`+ key: value`, `- key: value` or `~ key: old => new` for each key; without a mark `  key: value`."""
    for key, mark in marks.items():
        before, after = _plain(old.get(key)), _plain(new.get(key))
        yield f"{mark or ' '} {key}: {f'{before} => {after}' if mark == '~' else before if mark == '-' else after}"


def _sides(step: Step) -> tuple[Properties, Properties]:
    """The inputs before and after the step; of a refresh that left them as they were, the outputs."""
    old, new = step.old, step.new
    if step.op == "refresh" and old and new and old.inputs == new.inputs:
        return old.outputs, new.outputs
    return old.inputs if old else {}, new.inputs if new else {}


def _plain(value: Any) -> str:
    """The value on one line, as JSON."""
    return repr(value) if isinstance(value, Secret | Unknown) else json.dumps(value, default=repr, ensure_ascii=False)


def prefix(diagnostic: Diagnostic) -> str:
    """What the CLI puts before a message: its severity, `error: `; nothing before information."""
    return "" if diagnostic.severity.startswith("info") else f"{diagnostic.severity}: "


def counts(found: Mapping[str, int], errored: int, *, planning: bool) -> Iterator[str]:
    """The lines of the final count: what was or is to be done, what stayed, and what failed."""
    changed = {op: found[op] for op in MARKS if found.get(op) and op not in ("same", "refresh", "read")}
    for op, count in changed.items():
        verb = op.partition("-")[0]
        done = f"{verb}d" if verb.endswith("e") else f"{verb}ed"
        yield f"{MARKS[op]:<2}{count} {f'to {verb}' if planning else 'read' if verb == 'read' else done}"
    total = f"{sum(changed.values())} changes" if len(changed) > 1 else ""
    same = f"{found['same']} unchanged" if found.get("same") else ""
    if total or same:
        yield ". ".join(filter(None, (total, same)))
    if errored:
        yield f"{errored} errored"
