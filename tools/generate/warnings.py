"""docs/reference/warnings.md: every warning by its rule, from the resources' schemas and from the provider's own list."""

from __future__ import annotations

from collections.abc import Iterator

from pulumi_connect_domains.model import warning
from pulumi_connect_domains.registry import resource_types
from pulumi_connect_domains.reporting.markdown import prose, table

from .reference import filled

NOTICE = "<!-- Written by `make generate` from `rules` in schema.json and from model/warning.py: change those, not this page. -->"
FILE = "docs/reference/warnings.md"


def files() -> dict[str, str]:
    """The page with its text."""
    ours = [[f"`{rule}`", prose(_sentence(said))] for rule, said in warning.RULES.items()]
    parts = [
        NOTICE,
        "# Warnings",
        filled(
            "A warning fails nothing. It says what AWS accepts and what you probably do not mean, or what a change brings with it. "
            "It ends with its rule in brackets, such as `[rules-missing]`. By its rule you silence it: "
            "[Validation](../how-to/validation.md#warnings) shows how."
        ),
        "## About inputs",
        filled("They are given by previews, by `pulumi up` and by `connect-domains validate`."),
        *(part for noun, rows in _by_resource() for part in (f"### {noun}", table(["rule", "when it is given"], rows))),
        "## About the configuration, and about what AWS does",
        filled(
            "They are given by the provider. A review counts a deletion as data loss even where "
            f"`{warning.REPLACEMENT_DELETES}` is silenced."
        ),
        table(["rule", "when it is given"], ours),
    ]
    return {FILE: "\n\n".join(parts) + "\n"}


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _by_resource() -> Iterator[tuple[str, list[list[str]]]]:
    for type in resource_types().values():
        said = {rule.id: rule.says for rule in type.schema.rules}
        yield f"{type.noun}s", [[f"`{rule}`", prose(text)] for rule, text in said.items()]
