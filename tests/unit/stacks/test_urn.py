"""URNs: every part is found, and the text comes back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_connect_domains.model.errors import Unreadable
from pulumi_connect_domains.stacks.urn import PYTHON_PROVIDER_TYPE, Urn

words = st.text(st.characters(codec="utf-8", exclude_characters=":$"), max_size=12)
types = st.lists(words, min_size=1, max_size=3).map(":".join).filter(lambda text: "::" not in f":{text}:")
names = st.one_of(st.text(max_size=20), st.lists(words, min_size=2, max_size=4).map("::".join))
urns = st.builds(
    Urn, stack=words, project=words, type=types, name=names, parents=st.lists(types, max_size=3).map(tuple)
)


@given(urns)
def test_what_is_written_is_read_back(urn: Urn) -> None:
    assert Urn.parse(str(urn)) == urn


@given(st.lists(st.text(st.sampled_from(":$ab"), max_size=6), min_size=4, max_size=6).map("::".join))
def test_what_is_read_is_written_as_it_was(text: str) -> None:
    assert str(Urn.parse(f"urn:pulumi:{text}")) == f"urn:pulumi:{text}"


def test_a_resource_in_a_component() -> None:
    urn = Urn.parse("urn:pulumi:dev::shop::pkg:m:Outer$pkg:m:Inner$aws:sqs/queue:Queue::a::b")
    assert urn == Urn("dev", "shop", "aws:sqs/queue:Queue", "a::b", parents=("pkg:m:Outer", "pkg:m:Inner"))
    assert urn.qualified_type == "pkg:m:Outer$pkg:m:Inner$aws:sqs/queue:Queue"
    assert urn.project_and_stack == "shop/dev"
    assert not urn.is_provider


def test_a_provider_is_told_by_its_type() -> None:
    assert Urn.parse(f"urn:pulumi:dev::shop::{PYTHON_PROVIDER_TYPE}::default").is_provider


@pytest.mark.parametrize("text", ["", "crm", "urn:pulumi:dev::shop::a:b:C", "urn:other:dev::shop::a:b:C::crm"])
def test_what_is_no_urn_is_refused(text: str) -> None:
    with pytest.raises(Unreadable, match=r"is not a URN$"):
        Urn.parse(text)
