"""Which values a review must not show, and their masking.

Pulumi masks a value only on the side of a step where it is secret, so a value that becomes secret stands in clear on the other side
(pulumi#9330). Here a path that is secret in any state of a resource (old or new, inputs or outputs) is masked in all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..model.path import Path
from ..model.schema import UNDECLARED, Schema, walk
from ..model.values import SECRET
from ..stacks.preview import Side

_PRINTED = re.compile(r"\{&\{\{.*?\}\}\}", re.DOTALL)
"""A secret in the engine's text of a failed check: `property x value {&{{s3cr3t}}} has a problem`. Seen on CLI 3.260.0."""

_SHORTEST = 3
"""Shorter texts are not masked in messages: they would be found in many words."""


@dataclass(frozen=True)
class Secrecy:
    """The secret paths of a resource, and the secret texts that its states show in clear somewhere."""

    paths: frozenset[Path] = frozenset()
    texts: tuple[str, ...] = ()

    @classmethod
    def of(cls, sides: Iterable[Side | None], schema: Schema | None = None) -> Secrecy:
        """What is secret on the sides of a step. A tag that is secret in `tags` or in `tags_all` is so in both."""
        documents = [document for side in sides if side for document in (side.inputs, side.outputs)]
        values = [(Path(steps), value) for each in documents for steps, _, value in walk(UNDECLARED, each)]
        paths = {Path(path.names) for path, value in values if value == SECRET}
        paths |= {twin for path in paths for twin in _twins(path, schema)}
        own = cls(frozenset(paths))
        return own.with_texts(
            value for path, value in values if isinstance(value, str) and value != SECRET and own.hides(path)
        )

    def with_texts(self, more: Iterable[str]) -> Secrecy:
        """The same, with more texts that must not show."""
        texts = {*self.texts, *(text for text in more if len(text) >= _SHORTEST)}
        return Secrecy(self.paths, tuple(sorted(texts, key=lambda text: -len(text))))

    def hides(self, path: Path) -> bool:
        """Whether the place, or one around it, is secret. A list is secret as a whole."""
        named = Path(path.names)
        return any(named.is_within(secret) for secret in self.paths)

    def masked(self, path: Path, value: object) -> object:
        """The value with its secret parts masked. ABSENT and unknown values are not masked."""
        if isinstance(value, Mapping) and not self.hides(path):
            return {key: self.masked(path / key, item) for key, item in value.items()}
        return SECRET if self.hides(path) and isinstance(value, (str, int, float, list, Mapping)) else value

    def cleaned(self, text: str) -> str:
        """The text without the secret texts, and without what the engine itself prints of a secret."""
        text = _PRINTED.sub(f"{{{SECRET}}}", text)
        for secret in self.texts:
            text = text.replace(secret, SECRET)
        return text


def _twins(path: Path, schema: Schema | None) -> Iterator[Path]:
    """The same place in both properties that hold tags: `tags.team` and `tags_all.team`."""
    pair = (schema.tags_input, schema.tags_output) if schema else ()
    if path.top in pair and "" not in pair:
        yield from (Path((other, *path[1:])) for other in pair)
