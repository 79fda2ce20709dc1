"""Resource names and identifiers: readable, legal, unique."""

from __future__ import annotations

import keyword

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pulumi_connect_domains.adopt import adoption
from pulumi_connect_domains.adopt.model import Former, Found
from pulumi_connect_domains.registry import resource_types
from pulumi_connect_domains.stacks.urn import Urn

PROFILES, VOICE = resource_types().values()
OLD = Urn.parse("urn:pulumi:dev::crm::aws:customerprofiles/domain:Domain::old")


def profiles(name: str, region: str = "us-east-1", former: Former | None = None) -> Found:
    return Found(PROFILES, "123456789012", region, name, {"domain_name": name}, former)


def voice(name: str, id: str, region: str = "us-east-1") -> Found:
    return Found(VOICE, "123456789012", region, id, {"name": name})


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("crm-prod", "crm_prod"),
        ("CRM", "crm"),
        ("crm--prod_", "crm_prod"),
        ("3rd", "domain_3rd"),
        ("-", "domain"),
        ("class", "class_domain"),
        ("match", "match_domain"),
        ("list", "list_domain"),
        ("pulumi", "pulumi_domain"),
        ("VoiceID", "voiceid_domain"),
        ("x" * 200, "x" * 60),
    ],
)
def test_an_identifier_reads_like_the_name(name: str, expected: str) -> None:
    assert adoption.identifier(name) == expected


@settings(max_examples=50)
@given(st.lists(st.text(st.characters(codec="ascii"), max_size=80), max_size=20))
def test_identifiers_are_legal_and_unique(names: list[str]) -> None:
    chosen = adoption.identifiers(names)
    assert len(set(chosen)) == len(names)
    assert all(each.isidentifier() and not keyword.iskeyword(each) for each in chosen)


@pytest.mark.parametrize(
    ("domains", "taken", "expected"),
    [
        ([profiles("crm"), voice("crm", "A")], {}, ["crm", "crm"]),
        ([profiles("crm", "eu-west-2"), profiles("crm")], {}, ["crm-eu-west-2", "crm-us-east-1"]),
        ([voice("v", "A"), voice("v", "B")], {}, ["v-us-east-1", "v-us-east-1-2"]),
        ([profiles("crm")], {PROFILES.type_token: {"crm"}}, ["crm-us-east-1"]),
        ([profiles("crm")], {PROFILES.type_token: {"crm", "crm-us-east-1"}}, ["crm-2"]),
        ([profiles("crm")], {VOICE.type_token: {"crm"}}, ["crm"]),
        ([profiles("crm", former=Former(OLD, {}))], {}, ["old"]),
        ([voice("v" * 256, "A")], {}, ["v" * 64]),
    ],
    ids=[
        "two types may share a name",
        "two regions: the region follows",
        "two of one name in one region: a number follows",
        "the stack has the name",
        "and the one with the region too",
        "another type's names do not count",
        "a resource that moves keeps its name",
        "a long name is cut",
    ],
)
def test_resource_names(domains: list[Found], taken: dict[str, set[str]], expected: list[str]) -> None:
    assert adoption.resource_names(domains, taken) == expected
