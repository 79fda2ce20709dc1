"""Names for resources that have none of their own, as the stack's `pulumi:autonaming` wants them."""

import json
import random
import re
import uuid
from collections.abc import Mapping
from string import ascii_lowercase, digits, hexdigits
from typing import Any, Final

from ..model.reading import expect, reading
from ..model.urn import name_of, package_of, type_of
from ..provider.protocol import Name
from .options import Stack

KEY: Final = "pulumi:autonaming"
PROPOSED, ENFORCED, NONE = 0, 1, 2
"""The protocol's numbers."""
_HOW: Final = {"mode?": str, "pattern?": str, "enforce?": bool}
_SETTINGS: Final = {**_HOW, "providers?": {...: {**_HOW, "resources?": {...: _HOW}}}}
_LETTERS: Final = {
    "hex": hexdigits[:16],
    "alphanum": ascii_lowercase + digits,
    "string": ascii_lowercase,
    "num": digits,
}
_RANDOM: Final = re.compile(r"\$\{(hex|alphanum|string|num)\((\d+)\)\}|\$\{uuid\}")


class Naming:
    """How resources are named: each by its type, its package, or all alike."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        with reading(KEY, "a way to name resources"):
            self._settings: Mapping[str, Any] = expect(json.loads(stack.config.get(KEY) or "{}"), _SETTINGS)

    def name_of(self, urn: str) -> Name | None:
        """The resource's name; None when its provider names it as it likes."""
        how = self._how(urn)
        if pattern := how.get("pattern"):
            return Name(self._filled(pattern, urn), ENFORCED if how.get("enforce") else PROPOSED)
        return {"verbatim": Name(name_of(urn), ENFORCED), "disabled": Name("", NONE)}.get(how.get("mode", ""))

    def repeats(self, urn: str) -> bool:
        """True when another resource in this one's place would get the same name."""
        pattern = self._how(urn).get("pattern")
        return not _RANDOM.search(pattern) if pattern else self.name_of(urn) is not None

    def _how(self, urn: str) -> Mapping[str, Any]:
        of_package = self._settings.get("providers", {}).get(package_of(type_of(urn)), {})
        of_type = of_package.get("resources", {}).get(type_of(urn))
        return of_type or (of_package if of_package.keys() & {"mode", "pattern"} else self._settings)

    def _filled(self, pattern: str, urn: str) -> str:
        stack = self._stack
        known = {
            "organization": stack.organization,
            "project": stack.project,
            "stack": stack.name,
            "name": name_of(urn),
        }
        known.update(
            {
                f"config.{key.partition(':')[2]}": v
                for key, v in stack.config.items()
                if key.startswith(f"{stack.project}:")
            }
        )
        for word, value in known.items():
            pattern = pattern.replace(f"${{{word}}}", value)

        def chosen(found: re.Match[str]) -> str:
            letters = _LETTERS.get(found[1])
            return "".join(random.choices(letters, k=int(found[2]))) if letters else str(uuid.uuid4())

        return _RANDOM.sub(chosen, pattern)
