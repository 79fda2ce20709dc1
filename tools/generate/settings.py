"""docs/reference/provider.md: every setting, as a key of the stack's config and as an argument of `Provider`."""

from __future__ import annotations

from collections.abc import Iterator

from pulumi_connect_domains.aws.access import Naming
from pulumi_connect_domains.model.warning import SILENCE, SILENCE_VARIABLE
from pulumi_connect_domains.model.wording import camel_case
from pulumi_connect_domains.operations.vocabulary import IRRELEVANT, SETTINGS, WITHOUT_EFFECT
from pulumi_connect_domains.reporting.markdown import prose, table

from .provider import ARGUMENTS
from .reference import filled

NOTICE = "<!-- Written by `make generate` from operations/vocabulary.py: change that file, not this page. -->"
FILE = "docs/reference/provider.md"
LOCAL_AWS = "CONNECT_DOMAINS_LOCAL_AWS"


def files() -> dict[str, str]:
    """The page with its text."""
    parts = [
        NOTICE,
        "# Settings",
        filled(
            "A stack's config has pulumi-aws's keys, `aws:…`. An explicit `Provider` has the same settings as arguments, in snake_case. "
            "The [native host](../explanation/hosts.md#config-keys) reads the same keys with `connect-domains:` in the place of `aws:`. "
            "How they work together is told in [Regions and accounts](../how-to/accounts-and-regions.md)."
        ),
        table(["config key", "argument of `Provider`"], _rows()),
        *_sections(),
        "## Settings of this package",
        table(
            ["setting", "meaning"],
            [
                [
                    f"`{SILENCE}`",
                    "The rules whose [warnings](warnings.md) are not wanted, such as `region-unknown, end-of-support`.",
                ],
                [f"the variable `{SILENCE_VARIABLE}`", "More of them."],
                [
                    f"the variable `{LOCAL_AWS}`",
                    "The address of a [local AWS](local-aws.md). Every call goes there, whatever all other settings say. Only the "
                    "Region, the keys and the roles to assume still count.",
                ],
            ],
        ),
        "## Settings of pulumi-aws that have no effect here",
        filled("Each causes the warning `config-without-effect`."),
        table(
            ["config key", "meaning"],
            [[_key(name), prose(_sentence(Naming().told(said)))] for name, said in WITHOUT_EFFECT.items()],
        ),
        filled(
            f"These are about other services, and are passed over in silence: {', '.join(_key(name) for name in sorted(IRRELEVANT))}."
        ),
    ]
    return {FILE: "\n\n".join(parts) + "\n"}


def _key(name: str) -> str:
    return f"`aws:{camel_case(name)}`"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _rows() -> Iterator[list[str]]:
    for name in SETTINGS:
        yield [f"[{_key(name)}](#aws{camel_case(name).lower()})", f"`{name}`" if name in ARGUMENTS else ""]


def _sections() -> Iterator[str]:
    for name, setting in SETTINGS.items():
        yield f"## {_key(name)}"
        yield filled(prose(setting.description))
        if setting.members:
            in_provider = name in ARGUMENTS
            yield table(
                ["in config", *(["in `Provider`"] if in_provider else []), "meaning"],
                (
                    [f"`{camel_case(member)}`", *([f"`{member}`"] if in_provider else []), prose(text)]
                    for member, text in setting.members.items()
                ),
            )
