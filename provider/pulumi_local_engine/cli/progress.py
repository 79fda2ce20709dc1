"""The text of a run as it happens: a line when something begins, ends or speaks; then Diagnostics, Outputs, and the count."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TextIO

from ..model.events import (
    Diagnostic,
    Event,
    OutputsRegistered,
    Result,
    Step,
    StepEvent,
    StepFailed,
    StepFinished,
    StepStarted,
)
from . import values_text
from .marks import ROOT_TYPE, WORDS, counts, short_diff

PREFIXES = {"error": "error: ", "warning": "warning: ", "debug": "debug: "}


@dataclass
class Row:
    """What is known of one resource: the last step, and what was said about it."""

    urn: str
    step: Step | None = None
    mark: str = ""
    label: str = ""
    begun: float = 0.0
    messages: list[Diagnostic] = field(default_factory=list)

    @property
    def title(self) -> str:
        return f"{self.urn.split('::')[2].rpartition('$')[2]} {self.urn.rpartition('::')[2]}"

    def count(self, *severities: str) -> int:
        return sum(1 for message in self.messages if message.severity in severities)


@dataclass(frozen=True)
class TextOptions:
    """How much text is wanted."""

    show_sames: bool = False
    show_replacement_steps: bool = False
    suppress_outputs: bool = False
    suppress_progress: bool = False
    debug: bool = False


class Report:
    """The parts that every text form ends with; a subclass shows the steps."""

    clock = staticmethod(time.monotonic)

    def __init__(
        self,
        out: TextIO,
        title: str,
        stack_urn: str,
        options: TextOptions,
        *,
        planning: bool,
        warned: set[Diagnostic] | None = None,
    ) -> None:
        """`warned` holds the warnings that the same command has shown before, in its preview; it takes up this run's."""
        self.out, self.options, self.stack_urn, self.planning = out, options, stack_urn, planning
        self.warned = set[Diagnostic]() if warned is None else warned
        self.rows: dict[str, Row] = {}
        self.stack_outputs: tuple[bool, Mapping[str, Any], Mapping[str, Any]] | None = None
        self.write(f"{title}:")

    def write(self, line: str = "") -> None:
        print(line, file=self.out, flush=True)

    def row(self, urn: str) -> Row:
        return self.rows.setdefault(urn or self.stack_urn, Row(urn or self.stack_urn))

    def __call__(self, event: Event) -> None:
        if isinstance(event, Diagnostic):
            self._heard(event)
            return
        if isinstance(event, OutputsRegistered) and event.step.type == ROOT_TYPE:
            old, new = event.step.old, event.step.new
            self.stack_outputs = (event.step.op == "same", old.outputs if old else {}, new.outputs if new else {})
        self.stepped(event)

    def stepped(self, event: StepEvent) -> None:
        raise NotImplementedError

    def spoke(self, row: Row, diagnostic: Diagnostic) -> None:
        """Something was said about a resource; shown at once or not at all, for Diagnostics repeats it."""

    def _heard(self, diagnostic: Diagnostic) -> None:
        if diagnostic.severity == "debug" and not self.options.debug:
            return
        row = self.row(diagnostic.urn)
        if not diagnostic.ephemeral:
            if diagnostic.severity == "warning":
                # Once in a command, and under Diagnostics only: said again and again it hides the others.
                if diagnostic not in self.warned:
                    self.warned.add(diagnostic)
                    row.messages.append(diagnostic)
                return
            row.messages.append(diagnostic)
        self.spoke(row, diagnostic)

    # -- the end -----------------------------------------------------------------------------------------------------

    def finish(self, result: Result) -> None:
        """Diagnostics, outputs and the count, after the last event."""
        self._diagnostics()
        if self.stack_outputs and not self.options.suppress_outputs:
            self._outputs(*self.stack_outputs)
        errored = sum(1 for row in self.rows.values() if row.count("error"))
        self.write("Resources:")
        for line in counts(result.changes, errored, planning=self.planning):
            self.write(f"    {line}")
        self.write()
        if not self.planning:
            self.write(f"Duration: {round(result.seconds)}s\n")

    def _diagnostics(self) -> None:
        spoken = [row for row in self.rows.values() if row.messages]
        if spoken:
            self.write("Diagnostics:")
        for row in spoken:
            kind, _, name = row.title.partition(" ")
            self.write(f"  {kind} ({name}):")
            for message in row.messages:
                text = PREFIXES.get(message.severity, "") + message.message.rstrip("\n")
                for line in text.split("\n"):
                    self.write(f"    {line}")
            self.write()

    def _outputs(self, existed: bool, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        shown: list[str] = []
        width = max((len(key) for key in {*old, *new}), default=0)
        for key in sorted({*new, *(old if existed else ())}):
            if not existed or (key in old and key in new and old[key] == new[key]):
                shown += values_text.lines(key, new[key], " ", width, 2)
            else:
                sides = [{k: v for k, v in side.items() if k == key} for side in (old, new)]
                shown += values_text.differences(sides[0], sides[1], 2, width)
        if shown:
            self.write("\n".join(["Outputs:", *shown, ""]))


class Progress(Report):
    """One line an event, in the order of events."""

    def __init__(
        self,
        out: TextIO,
        title: str,
        stack_urn: str,
        options: TextOptions,
        *,
        planning: bool,
        warned: set[Diagnostic] | None = None,
    ) -> None:
        super().__init__(out, title, stack_urn, options, planning=planning, warned=warned)
        self.write()

    def stepped(self, event: StepEvent) -> None:
        step, row = event.step, self.row(event.step.urn)
        if isinstance(event, StepStarted):
            row.step, row.mark, row.begun = step, WORDS[step.op].mark, self.clock()
            if step.op != "same" or self.options.show_sames or short_diff(step):
                words = WORDS[step.op]
                row.label = words.planned if event.planning else words.doing
                self._line(row, "" if event.planning else "(0s)", short_diff(step))
        elif isinstance(event, StepFailed):
            row.label = f"**{WORDS[step.op].doing or 'step'} failed**"
            self._line(row, short_diff(step))
        elif isinstance(event, StepFinished):
            row.step = step
            if step.urn != self.stack_urn or step.op in ("delete", "delete-replaced"):
                self._finished(row, step, event.planning)

    def _finished(self, row: Row, step: Step, planning: bool) -> None:
        words = WORDS[step.result_op]
        if (planning and step.op != "refresh") or step.op == "same":
            return
        row.mark, row.label = words.mark, words.planned if planning else words.done
        took = "" if planning or not words.done else f"({round(self.clock() - row.begun, 2):g}s)"
        self._line(row, took, short_diff(step))

    def spoke(self, row: Row, diagnostic: Diagnostic) -> None:
        if diagnostic.ephemeral and self.options.suppress_progress:
            return
        first = diagnostic.message.strip("\n").split("\n")[0]
        self._line(row, "", PREFIXES.get(diagnostic.severity, "") + first)

    def finish(self, result: Result) -> None:
        row = self.row(self.stack_urn)
        if row.step and row.step.op == "refresh":
            row.mark, row.label = "", ""
        elif row.step and row.step.op != "delete":
            words = WORDS[row.step.op]
            failed = result.failed and words.doing
            row.label = words.planned if self.planning else "**failed**" if failed else words.done
        said = [
            (row.count("error"), "error"),
            (row.count("warning"), "warning"),
            (row.count("info", "info#err"), "message"),
        ]
        if row.step is None or row.step.op != "delete":
            self._line(row, "", "; ".join(f"{n} {word}{'s' * (n > 1)}" for n, word in said if n))
        super().finish(result)

    def _line(self, row: Row, *info: str) -> None:
        self.write(f" {row.mark:<2} " + " ".join([row.title, row.label, *(part for part in info if part)]).rstrip())
