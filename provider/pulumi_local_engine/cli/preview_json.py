"""`--json` of a preview: the CLI's own document, printed whole when the preview has ended.

**Shape** `{config, steps: [{op, urn, provider, oldState, newState, diffReasons, replaceReasons, detailedDiff}], diagnostics:
[{urn, prefix, message, severity}], duration, changeSummary: {op: n}, maybeCorrupt}`, empty parts left out but `detailedDiff`.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any, TextIO

from ..model.events import Diagnostic, Event, OutputsRegistered, Result, Step, StepFinished, StepStarted
from ..model.resource import Resource, resource_json
from ..model.values import blind
from .marks import ROOT_TYPE, is_shown
from .progress import PREFIXES, TextOptions


class PreviewJson:
    """Gathers the steps; `finish` prints."""

    def __init__(self, out: TextIO, config: Mapping[str, str], options: TextOptions) -> None:
        self.out, self.config, self.options = out, config, options
        self.steps: list[dict[str, Any]] = []
        self.diagnostics: list[dict[str, Any]] = []
        self.refreshed: set[str] = set()

    def __call__(self, event: Event) -> None:
        if isinstance(event, Diagnostic):
            if not event.ephemeral and event.severity != "debug":
                self.diagnostics.append(_diagnostic(event))
        elif is_shown(
            event.step, show_sames=self.options.show_sames, show_replacement_steps=self.options.show_replacement_steps
        ):
            self._stepped(event)

    def _stepped(self, event: Event) -> None:
        if isinstance(event, StepStarted):
            (self.refreshed.add if event.step.op == "refresh" else self.refreshed.discard)(event.step.urn)
            self.steps.append(self._step(event.step, event.step.op))
        elif isinstance(event, StepFinished) and not isinstance(event, OutputsRegistered):
            step = event.step
            told = (step.result_op == "update" and step.detailed_diff is not None) or step.result_op == "delete"
            if step.urn in self.refreshed and told and step.op == "refresh":
                found = self._step(step, step.result_op)
                self.steps = [found if known["urn"] == step.urn else known for known in self.steps]

    def _step(self, step: Step, op: str) -> dict[str, Any]:
        detail = step.detailed_diff
        found = {
            "op": op,
            "urn": step.urn,
            "provider": step.provider,
            "oldState": self._state(step.old),
            "newState": self._state(step.new),
            "diffReasons": list(step.diff_reasons),
            "replaceReasons": list(step.replace_reasons),
        }
        kept = {key: value for key, value in found.items() if value}
        kinds = (
            None
            if detail is None
            else {path: {"kind": d.kind, "inputDiff": d.input_diff} for path, d in sorted(detail.items())}
        )
        return {**kept, "detailedDiff": kinds}

    def _state(self, resource: Resource | None) -> dict[str, Any] | None:
        if resource is None:
            return None
        if resource.type == ROOT_TYPE and self.options.suppress_outputs:
            resource = dataclasses.replace(resource, outputs={})
        return resource_json(resource, blind)

    def finish(self, result: Result) -> None:
        document = {
            "config": dict(self.config),
            "steps": self.steps,
            "diagnostics": self.diagnostics,
            "duration": round(result.seconds * 1e9),
            "changeSummary": dict(sorted(result.changes.items())),
            "maybeCorrupt": result.maybe_corrupt,
        }
        print(
            json.dumps({k: v for k, v in document.items() if v}, indent=4, ensure_ascii=False),
            file=self.out,
            flush=True,
        )


def _diagnostic(event: Diagnostic) -> dict[str, Any]:
    message = f"{PREFIXES.get(event.severity, '')}{event.message.rstrip()}\n"
    return {**({"urn": event.urn} if event.urn else {}), "message": message, "severity": event.severity}
