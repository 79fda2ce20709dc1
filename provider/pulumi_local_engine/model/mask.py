"""What people, logs and other programs get to see of a run: no secret of the configuration, wherever it turns up.

A program may print a secret, a provider may quote it in an error, and an output may repeat it unmarked. Values that are *marked* secret
are never shown anyhow; this hides the rest. Source: `AddGlobalSecretFilter` and `filterPropertyValue` of CLI 3.260.0. Like the CLI, it
leaves URNs, ids and the keys of maps alone; unlike the CLI, it hides secrets also in the steps of `preview --json`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from .events import Diagnostic, Event, Step
from .resource import Resource

HIDDEN: Final = "[secret]"
SHORTEST: Final = 3
"""Texts of fewer characters are not hidden: everything would be full of the word."""
_PLAIN_WORDS: Final = ("true", "false")


class Mask:
    """Puts `[secret]` where one of the texts stands, also as JSON writes it and, of one with several lines, any of its lines."""

    def __init__(self, secrets: Iterable[str]) -> None:
        texts = {text for secret in secrets for text in _spellings(secret)}
        # The longest first: a secret that begins another must not leave the rest of it in sight.
        wanted = sorted(texts, key=lambda text: (-len(text), text))
        self._pattern = re.compile("|".join(map(re.escape, wanted))) if wanted else None

    def event(self, event: Event) -> Event:
        """The event, as it may leave the engine."""
        if isinstance(event, Diagnostic):
            return replace(event, message=self.text(event.message))
        return replace(event, step=self._step(event.step)) if self._pattern else event

    def text(self, text: str) -> str:
        return self._pattern.sub(HIDDEN, text) if self._pattern else text

    def value(self, value: Any) -> Any:
        """The property value with every text in it masked; what is marked secret stays as it is."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(item) for item in value]
        if isinstance(value, dict):
            return {key: self.value(item) for key, item in value.items()}
        return value

    def _step(self, step: Step) -> Step:
        return replace(step, old=self._resource(step.old), new=self._resource(step.new))

    def _resource(self, resource: Resource | None) -> Resource | None:
        return resource and resource.copy(
            inputs=self.value(resource.inputs),
            outputs=self.value(resource.outputs),
            init_errors=tuple(map(self.text, resource.init_errors)),
        )


def _spellings(secret: str) -> Iterator[str]:
    """How the secret may stand in a text."""
    for text in (secret, *secret.splitlines()):
        for spelt in (text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]):
            if len(spelt) >= SHORTEST and spelt.lower() not in _PLAIN_WORDS:
                yield spelt
