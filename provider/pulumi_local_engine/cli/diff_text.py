"""`--diff`: every step with its properties, as text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..model.events import Step, StepEvent, StepFinished, StepStarted
from . import values_text
from .marks import WORDS, is_shown
from .progress import Report


class DiffText(Report):
    """A block a step: mark, type and operation; id and URN; then the properties that are new, gone or different."""

    def stepped(self, event: StepEvent) -> None:
        step = event.step
        shown = is_shown(
            step, show_sames=self.options.show_sames, show_replacement_steps=self.options.show_replacement_steps
        )
        # A refresh is known when it is done, everything else when it begins.
        if shown and isinstance(event, StepFinished if step.op == "refresh" else StepStarted):
            self.row(step.urn).step = step
            for line in _block(step):
                self.write(line)


def _block(step: Step) -> Iterable[str]:
    resource = step.new or step.old
    depth = 0 if resource is None or not resource.parent else resource.parent.split("::")[2].count("$") + 1
    margin = " " * (4 * depth)
    mark = WORDS[step.result_op].mark
    yield f"{margin}{mark:<2}{step.type}: ({step.result_op})"
    if step.old and step.old.id:
        yield f"{margin}    [id={step.old.id}]"
    yield f"{margin}    [urn={step.urn}]"
    for line in _properties(step):
        yield f"{margin}  {line}"


def _properties(step: Step) -> Iterable[str]:
    old, new = step.old, step.new
    if step.op == "refresh" and old and (new is None or old.inputs == new.inputs):
        # Only what was read tells.
        changed = list(values_text.differences(old.outputs, new.outputs) if new else _all(old.outputs, "-"))
        yield from ["  --outputs:--", *changed] if changed else []
    elif old and new:
        yield from values_text.differences(old.inputs, new.inputs)
    else:
        yield from _all(new.inputs, " ") if new else _all(old.inputs if old else {}, "-")


def _all(properties: dict[str, Any], mark: str) -> Iterable[str]:
    shown = {key: value for key, value in properties.items() if not key.startswith("__")}
    width = max((len(key) for key in shown), default=0)
    for key, value in sorted(shown.items()):
        yield from values_text.lines(key, value, mark, width)
