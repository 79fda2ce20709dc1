"""The one filter of secrets: what views, logs and other programs get of a run went through it, and holds no secret any more.

Two kinds go. Values that are *marked* secret, by the program or a provider: the mark stays, the value behind it does not. And the texts
of secret configuration values, wherever they turn up: a program may print one, a provider may quote it in an error, and an output may
repeat it unmarked. Source: `AddGlobalSecretFilter` and `filterPropertyValue` of CLI 3.260.0. Like the CLI, it leaves URNs, ids and the
keys of maps alone; unlike the CLI, it hides secrets also in the steps of `preview --json`.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from .events import Diagnostic, Event, Result
from .resource import Resource
from .values import UNKNOWN_TEXT, Secret, clear, transform

HIDDEN: Final = "[secret]"
SHORTEST: Final = 3
"""Texts of fewer characters are not hidden: everything would be full of the word."""
_PLAIN_WORDS: Final = ("true", "false")


def shown(value: Any, secret: Any = HIDDEN) -> Any:
    """The value as plain JSON: `[secret]`, or what is given instead, for what is marked secret; the protocol's text for an unknown."""
    return transform(value, lambda _: secret, UNKNOWN_TEXT)


class Mask:
    """Puts `[secret]` where one of the texts stands, also as JSON writes it and, of one with several lines, any of its lines."""

    def __init__(self, secrets: Iterable[str]) -> None:
        texts = {text for secret in secrets for text in _spellings(secret)}
        # The longest first: a secret that begins another must not leave the rest of it in sight.
        wanted = sorted(texts, key=lambda text: (-len(text), text))
        self._pattern = re.compile("|".join(map(re.escape, wanted))) if wanted else None
        self._key = os.urandom(16)

    def event(self, event: Event) -> Event:
        """The event, as it may leave the engine."""
        if isinstance(event, Diagnostic):
            return replace(event, message=self.text(event.message))
        step = event.step
        return replace(event, step=replace(step, old=self._resource(step.old), new=self._resource(step.new)))

    def result(self, result: Result) -> Result:
        """The result, as it may leave the engine."""
        return replace(result, outputs=self._value(dict(result.outputs)))

    def text(self, text: str) -> str:
        return self._pattern.sub(HIDDEN, text) if self._pattern else text

    def _resource(self, resource: Resource | None) -> Resource | None:
        return resource and resource.copy(
            inputs=self._value(resource.inputs),
            outputs=self._value(resource.outputs),
            init_errors=tuple(map(self.text, resource.init_errors)),
        )

    def _value(self, value: Any) -> Any:
        if isinstance(value, Secret):
            # The same number for the same value, so that a view can tell that a secret has changed. It says nothing else.
            text = json.dumps(clear(value.value), sort_keys=True)
            return Secret(hashlib.blake2b(text.encode(), key=self._key).hexdigest())
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self._value(item) for item in value]
        if isinstance(value, dict):
            return {key: self._value(item) for key, item in value.items()}
        return value


def _spellings(secret: str) -> Iterator[str]:
    """How the secret may stand in a text."""
    for text in (secret, *secret.splitlines()):
        for spelt in (text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]):
            if len(spelt) >= SHORTEST and spelt.lower() not in _PLAIN_WORDS:
                yield spelt
