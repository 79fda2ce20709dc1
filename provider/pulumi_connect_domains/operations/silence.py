"""The rules whose warnings nobody wants to read, as stack config and environment list them."""

from __future__ import annotations

from collections.abc import Mapping

from ..model.warning import SILENCE_UNREADABLE, Notice
from . import SILENCE, forms

VARIABLE = "CONNECT_DOMAINS_SILENCE"


def silenced(given: object, environment: Mapping[str, str]) -> tuple[frozenset[str], tuple[Notice, ...]]:
    """The rules of the config's value and of the variable, and a notice for each of the two that cannot be read.

    Such a list silences nothing. It must not stop anything either: it decides on warnings alone, and a refresh or destroy goes by the
    config in state, which nobody can repair. The notice names the key and never the value, which may be secret.
    """
    config, from_config = _read(SILENCE, given)
    variable, from_variable = _read(VARIABLE, environment.get(VARIABLE))
    return config | variable, (*from_config, *from_variable)


def _read(key: str, value: object) -> tuple[frozenset[str], tuple[Notice, ...]]:
    try:
        return forms.rules(value), ()
    except ValueError:
        form = "should be names of rules, with commas or blanks between them, or a list of texts"
        return frozenset(), (Notice(SILENCE_UNREADABLE, key, f"{form}; it silences nothing"),)
