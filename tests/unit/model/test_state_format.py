"""A state of a newer version is refused by one sentence, and a property that is not known is named."""

from __future__ import annotations

import pytest
from pulumi_connect_domains.model.state_format import CURRENT, MARK, StateFormat, unknown_names

NEXT = StateFormat(2, "1.4.0")


def test_the_first_form_has_no_mark() -> None:
    assert CURRENT.number == 1
    assert CURRENT.marked({"name": "crm"}) == {"name": "crm"}
    assert CURRENT.refusal({"name": "crm"}, "domain") == ""


def test_a_later_form_says_which_version_reads_it() -> None:
    stored = NEXT.marked({"name": "crm"})
    assert stored == {"name": "crm", MARK: {"number": 2, "needs": "1.4.0"}}
    assert CURRENT.refusal(stored, "Voice ID domain") == (
        "the state of this Voice ID domain was written by a newer version: install pulumi-connect-domains 1.4.0 or newer; "
        "nothing was read or changed"
    )
    for reader in (NEXT, StateFormat(3, "2.0.0")):
        assert reader.refusal(stored, "Voice ID domain") == ""


@pytest.mark.parametrize(
    "mark", [{}, {"number": True}, {"number": 5.0, "needs": 7}, {"number": "1"}, "2", [], {"needs": "x"}], ids=str
)
def test_a_mark_that_cannot_be_read_is_one_of_a_newer_version(mark: object) -> None:
    assert "install a" in CURRENT.refusal(
        {MARK: mark}, "domain"
    ) or "install pulumi-connect-domains x" in CURRENT.refusal({MARK: mark}, "domain")


def test_numbers_may_come_as_the_engine_sends_them() -> None:
    assert NEXT.refusal({MARK: {"number": 2.0, "needs": "1.4.0"}}, "domain") == ""


def test_properties_that_are_not_known_are_named_and_their_values_are_not() -> None:
    assert unknown_names({"name": "x"}, {"name"}) == []
    (one,) = unknown_names({"name": "x", "newer": "s3cr3t"}, {"name"})
    assert str(one) == (
        "the state holds newer, which this version of pulumi-connect-domains does not know: a newer version has written it. "
        "AWS keeps it as it is; install that version again to manage it"
    )
    (two,) = unknown_names(("b", "a"), ())
    assert str(two).startswith("the state holds a, b, which")


def test_what_a_state_calls_a_version_begins_no_line_and_no_command() -> None:
    said = CURRENT.refusal({MARK: {"number": 2, "needs": "1.4.0\n::error::x\x1b[31m"}}, "domain")
    assert said.splitlines() == [said]
    assert said.isprintable()
    assert not said.startswith("::")
    assert "\\n" in said
