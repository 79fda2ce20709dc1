"""The form of what state holds of a resource: a newer version of this package may write one that an older version would misread.

The form of today has no mark. A version that changes the meaning of a property, or moves it, raises the number here and says from which
version on it can be read. From then on each resource that is written has the mark, and an older version refuses it instead of guessing.
A new property needs no new form: an older version leaves it out, and a warning says so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from .values import Json
from .visible import line
from .warning import STATE_NEWER, Notice

MARK = "__state_format"
"""The key of the mark, in inputs and outputs. Engines do not display keys that begin so."""

PACKAGE = "pulumi-connect-domains"


@dataclass(frozen=True)
class StateFormat:
    """A form, by its number, and the oldest version of the package that reads it; "" for the first form."""

    number: int
    needs: str = ""

    def marked(self, document: Json) -> Json:
        """The inputs or outputs as they are to be stored."""
        return document if self.number == 1 else {**document, MARK: {"number": self.number, "needs": self.needs}}

    def refusal(self, document: Mapping[str, object], noun: str) -> str:
        """One sentence, where the document has a form that this one does not know; "" where it can be read."""
        mark = document.get(MARK)
        if mark is None:
            return ""
        number, needs = (mark.get("number"), mark.get("needs")) if isinstance(mark, Mapping) else (None, None)
        if isinstance(number, (int, float)) and not isinstance(number, bool) and number <= self.number:
            return ""
        version = (
            f"{PACKAGE} {line(needs)} or newer" if isinstance(needs, str) and needs else f"a newer version of {PACKAGE}"
        )
        return (
            f"the state of this {noun} was written by a newer version: install {version}; nothing was read or changed"
        )


CURRENT = StateFormat(1)


def unknown_names(state: Collection[str], known: Collection[str]) -> list[Notice]:
    """A warning where the state of a resource has properties that this version does not know; it names them, and no value."""
    names = sorted(name for name in state if name not in known)
    if not names:
        return []
    them = "it" if len(names) == 1 else "them"
    text = (
        f"the state holds {', '.join(names)}, which this version of {PACKAGE} does not know: a newer version has written {them}. "
        f"AWS keeps {them} as they are; install that version again to manage {them}"
    )
    return [Notice(STATE_NEWER, "", text.replace("as they are", "as it is") if len(names) == 1 else text)]
