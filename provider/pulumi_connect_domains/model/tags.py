"""Tags: which a resource owns, and which it leaves to others.

A resource owns its domain's tags as a whole once the program declares any, or default tags apply; then `tags_all` is an input and
holds every tag that the domain shall have. Without it AWS's tags are nobody's business here.
"""

from __future__ import annotations

from ..operations.configuration import Configuration
from .values import Json, is_unknown
from .warning import Notice


def settle(inputs: Json, configuration: Configuration) -> None:
    """`tags_all` in the inputs is the default tags with the resource's own over them; without any it is left out."""
    own = inputs.get("tags", {})
    if is_unknown(own):
        inputs["tags_all"] = own
        return
    merged = {**configuration.default_tags, **(own if isinstance(own, dict) else {})}
    kept = {key: value for key, value in merged.items() if not configuration.is_ignored(key)}
    inputs.pop("tags_all", None)
    if kept:
        inputs["tags_all"] = kept


def notices(inputs: Json, configuration: Configuration) -> list[Notice]:
    """A warning where the program declares tags that the configuration ignores. Their keys are not shown: some are sensitive."""
    own = inputs.get("tags")
    ignored = sum(configuration.is_ignored(key) for key in own) if isinstance(own, dict) else 0
    if not ignored:
        return []
    text = f"{ignored} of them will never be set, since {configuration.named('ignore_tags')} ignores them"
    return [Notice("tag-ignored", "tags", text)]


def owned(document: Json, configuration: Configuration) -> Json:
    """Inputs or outputs without the tags that are ignored by now, so that none counts as a change or is removed."""
    kept: Json = {}
    for name in ("tags", "tags_all"):
        there = document.get(name)
        if isinstance(there, dict):
            kept[name] = {key: value for key, value in there.items() if not configuration.is_ignored(key)}
    return {**document, **kept}


def read(inputs: Json, declared: Json, live: Json, configuration: Configuration) -> None:
    """The tags in the inputs are the live ones: declared keys under `tags`, all that are not ignored under `tags_all`."""
    there = live.get("tags")
    theirs = there if isinstance(there, dict) else {}
    declared_tags = declared.get("tags")
    if isinstance(declared_tags, dict):
        ignored = {key: value for key, value in declared_tags.items() if configuration.is_ignored(key)}
        inputs["tags"] = {key: theirs[key] for key in declared_tags if key in theirs} | ignored
    if "tags_all" in declared:
        inputs["tags_all"] = {key: value for key, value in theirs.items() if not configuration.is_ignored(key)}


def steps(inputs: Json, outputs: Json) -> tuple[dict[str, str], list[str]]:
    """Tags to add or change, and keys to remove afterwards: an order that never leaves the domain bare.

    Shape: `({"team": "crm"}, ["owner"])`.
    """
    wanted, there = _tags(inputs), _tags(outputs)
    put = {key: value for key, value in wanted.items() if there.get(key) != value}
    return put, [key for key in there if key not in wanted]


def _tags(document: Json) -> dict[str, str]:
    there = document.get("tags_all")
    return there if isinstance(there, dict) else {}
