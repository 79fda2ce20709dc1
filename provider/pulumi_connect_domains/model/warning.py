"""A warning as data: rule, path and text; and which rules are silenced. A warning becomes text only where it is printed.

The engine passes warnings on as text. So the text ends with the rule in brackets, and `rule_of` reads the rule back from a preview.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache

from .records import record

REPLACEMENT_DELETES = "replacement-deletes"
SETTING_STAYS = "setting-stays"
CHANGE_FAILED = "change-failed"
DELETION_SKIPPED = "deletion-skipped"
DOMAIN_ADOPTED = "domain-adopted"
DOMAIN_LEFT = "domain-left"
NOT_READY = "not-ready"
OUTCOME_UNKNOWN = "outcome-unknown"
TAG_IGNORED = "tag-ignored"
CONFIG_UNKNOWN = "config-unknown"
CONFIG_WITHOUT_EFFECT = "config-without-effect"
SILENCE_UNREADABLE = "silence-unreadable"
PLAIN_SECRET = "plain-secret"
STATE_NEWER = "state-newer"

RULES: Mapping[str, str] = {
    REPLACEMENT_DELETES: "a replacement deletes the domain, with what it holds",
    SETTING_STAYS: "a setting was taken out of the program, and AWS keeps it",
    CHANGE_FAILED: "AWS could not carry out the latest change, and the next `pulumi up` tries it again",
    DELETION_SKIPPED: "a domain is kept, since another entry of the stack holds it",
    DOMAIN_ADOPTED: "an existing domain was adopted, and what was changed on it",
    DOMAIN_LEFT: "earlier runs made domains with the same settings, and at most one of them is in state",
    NOT_READY: "a domain was created, and AWS was not ready with it when the wait ended",
    OUTCOME_UNKNOWN: "AWS was still working on a change when the wait ended",
    TAG_IGNORED: "the program declares tags that the configuration ignores",
    CONFIG_UNKNOWN: "a key of the namespace `aws` is no setting that is known here",
    CONFIG_WITHOUT_EFFECT: "a setting of pulumi-aws has no effect here",
    SILENCE_UNREADABLE: "the list of silenced rules cannot be read",
    PLAIN_SECRET: "a credential stands in the stack's config in clear",
    STATE_NEWER: "the state holds properties that this version does not know, as after a downgrade",
}
"""When the provider gives a warning of each rule. The rules about inputs are in each resource's schema."""

FORMERLY = {REPLACEMENT_DELETES: "replacing deletes the domain"}
"""How the warnings of a rule began before they ended with its id (version 0.1.0 and older)."""


@cache
def _form() -> re.Pattern[str]:
    """How a warning looks when it is written. Programs never read one, so it is not compiled at import."""
    return re.compile(r"(?P<text>.*) \[(?P<rule>[a-z0-9]+(?:-[a-z0-9]+)*)\]", re.DOTALL)


@record(frozen=True, eq=True)
class Notice:
    """One warning.

    Shape: `Notice("rules-missing", "rule_based_matching.matching_rules", "is missing; …")`. `rule` never changes: people silence a rule
    by it. `path` is "" where the warning is about no single property.
    """

    rule: str
    path: str
    text: str

    def __str__(self) -> str:
        """The warning without its rule: `rule_based_matching.matching_rules: is missing; …`."""
        return f"{self.path}: {self.text}" if self.path else self.text


def written(notice: Notice) -> str:
    """The warning as the engine shows it: `rule_based_matching.matching_rules: is missing; … [rules-missing]`."""
    return f"{notice} [{notice.rule}]"


def rule_of(message: str) -> str:
    """The rule of a warning that `written` made, or an older version; "" for any other message."""
    found = _form().fullmatch(message)
    if found:
        return found["rule"]
    return next((rule for rule, beginning in FORMERLY.items() if message.startswith(beginning)), "")


# -- silenced rules ---------------------------------------------------------------------------------------------------

SILENCE = "connect-domains:silence"
"""The stack config's key that lists the rules whose warnings nobody wants to read."""

SILENCE_VARIABLE = "CONNECT_DOMAINS_SILENCE"
"""The environment variable that lists more of them."""


def unsilenced(notices: Iterable[Notice], silenced: Collection[str]) -> list[Notice]:
    """The warnings whose rules nobody has silenced."""
    return [notice for notice in notices if notice.rule not in silenced]


def silenced_rules(given: object, environment: Mapping[str, str]) -> tuple[frozenset[str], tuple[Notice, ...]]:
    """The silenced rules, of the config's value and of the environment; and a warning for each of the two that cannot be read.

    A list that cannot be read silences nothing, and raises nothing either: it decides on warnings alone, and a refresh or destroy uses the
    config in state, which nobody can repair. The warning names the key and never the value, which may be secret.
    """
    config, from_config = _read(SILENCE, given)
    variable, from_variable = _read(SILENCE_VARIABLE, environment.get(SILENCE_VARIABLE))
    return config | variable, (*from_config, *from_variable)


def _read(key: str, value: object) -> tuple[frozenset[str], tuple[Notice, ...]]:
    try:
        return _rules(value), ()
    except (ValueError, RecursionError):
        form = "should be names of rules, with commas or blanks between them, or a list of texts"
        return frozenset(), (Notice(SILENCE_UNREADABLE, key, f"{form}; it silences nothing"),)


def _rules(given: object) -> frozenset[str]:
    """Names of rules, from a list, from a list as JSON text, or from text with commas or blanks between them; None is no name.

    Raises: ValueError, or RecursionError for JSON that is nested too deeply.
    """
    if isinstance(given, str) and not given.lstrip().startswith(("[", "{")):
        return frozenset(re.split(r"[,\s]+", given.strip())) - {""}
    names = json.loads(given) if isinstance(given, str) else given if given is not None else ()
    if not isinstance(names, (list, tuple)) or not all(isinstance(name, str) for name in names):
        raise ValueError("is no list of texts")
    return frozenset(names)
