"""The name of a resource whose program gives none."""

from __future__ import annotations

import re
from typing import Any

from ..model import declaring
from ..model.schema import Schema
from ..stacks.urn import Urn

DISABLED = "is missing, and the stack's config turns auto-naming off (pulumi:autonaming)"


def proposed(schema: Schema, urn: str, options: Any) -> str:
    """The name to give, by the stack's config `pulumi:autonaming` (`options` of the engine's Check), or else by the resource's own name.

    "" where the config turns auto-naming off. A name that the config enforces is given even if it is not valid: then validation says so.
    Source: CheckRequest.AutonamingOptions of Pulumi's protocol: 0 proposes a name, 1 enforces it, 2 turns auto-naming off.
    """
    mode, name = (options.mode, options.proposed_name) if options is not None else (0, "")
    if mode == 2:
        return ""
    if name and (mode == 1 or _is_valid(schema, name)):
        return str(name)
    parts = Urn.parse(urn)
    return declaring.proposed_name(schema, parts.name, parts.project, parts.stack)


def _is_valid(schema: Schema, name: str) -> bool:
    of = schema.inputs[schema.name_input]
    limits = of.limits
    return (limits.min_length or 0) <= len(name) <= (limits.max_length or len(name)) and re.fullmatch(
        of.pattern or ".*", name
    ) is not None
