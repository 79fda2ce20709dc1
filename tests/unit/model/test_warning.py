"""A warning as data: what is written for the engine is read back from a preview."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_connect_domains.model import warning
from pulumi_connect_domains.model.warning import RULES, Notice, rule_of, unsilenced, written
from pulumi_connect_domains.registry import resource_types

RULE_IDS = st.from_regex(r"[a-z]+(-[a-z0-9]+)*", fullmatch=True)


@given(RULE_IDS, st.sampled_from(["", "matching.enabled"]), st.text())
def test_what_is_written_is_read_back(rule: str, path: str, text: str) -> None:
    assert rule_of(written(Notice(rule, path, text))) == rule


@pytest.mark.parametrize(
    ("message", "rule"),
    [
        pytest.param(
            "replacing deletes the domain with 2 profiles: …", "replacement-deletes", id="of an older version"
        ),
        pytest.param("something else", "", id="somebody else's warning"),
        pytest.param("a list [1]", "1", id="brackets at the end are taken for a rule, which nobody asks for"),
        pytest.param("a list [A b]", "", id="brackets that hold no rule"),
    ],
)
def test_other_messages(message: str, rule: str) -> None:
    assert rule_of(message) == rule


def test_silenced_rules_are_left_out() -> None:
    notices = [Notice("one", "", "a"), Notice("two", "", "b")]
    assert unsilenced(notices, {"one"}) == notices[1:]


def test_every_rule_has_one_name_and_says_when_it_speaks() -> None:
    own = {value for name, value in vars(warning).items() if name.isupper() and isinstance(value, str)}
    own -= {warning.SILENCE, warning.SILENCE_VARIABLE}
    assert own == set(RULES)
    of_schemas = {rule.id for type in resource_types().values() for rule in type.schema.rules}
    assert not own & of_schemas
