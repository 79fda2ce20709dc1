"""The reference pages explain every property, their links lead somewhere, and their examples are good ones."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import pytest
from generate import reference, words
from markdown_it import MarkdownIt
from pulumi_connect_domains.model.path import ANY
from pulumi_connect_domains.model.resource_type import ResourceType
from pulumi_connect_domains.model.schema import places_of
from pulumi_connect_domains.model.validation import advice, failures
from pulumi_connect_domains.registry import resource_types

TYPES = resource_types()
BARE = {name: ResourceType(f"bare.cases.{name}") for name in ("domain", "template")}
PAGES = {key: reference.page(type) for key, type in TYPES.items()}
ALWAYS = {"end-of-support"}
"""The rules that speak of every resource of a type."""

each_type = pytest.mark.parametrize("type", TYPES.values(), ids=TYPES)
each_page = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)


def headings(page: str) -> list[str]:
    """The texts of the headings, without the marks of code."""
    tokens = MarkdownIt("commonmark").parse(page)
    return [after.content.replace("`", "") for token, after in pairwise(tokens) if token.type == "heading_open"]


def slug(heading: str) -> str:
    """The anchor that GitHub and MyST give a heading: in lower case, without punctuation, blanks as hyphens."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@each_type
def test_every_argument_at_any_depth_and_every_output_has_a_section(type: ResourceType) -> None:
    schema = type.schema
    moved = {tuple(of.source) for of in schema.outputs.values() if of.source}
    expected = {
        str(place)
        for place, _ in places_of(schema)
        if place[-1] is not ANY and not any(tuple(place[: len(each)]) == each for each in moved)
    }
    assert set(headings(PAGES[type.key])) >= expected


@each_page
def test_every_link_within_the_page_leads_to_one_heading(page: str) -> None:
    anchors = Counter(map(slug, headings(page)))
    links = re.findall(r"\]\(#([^)]+)\)", page)
    assert len(links) > 10
    assert {link: anchors[link] for link in links if anchors[link] != 1} == {}


@each_page
def test_no_section_is_empty_and_no_fact_is_left_blank(page: str) -> None:
    assert not re.search(r"(?m)^#+ .*\n\n+#", page)
    assert not re.search(r"(?m)^- \*\*[^*]+:\*\*\s*$(?!\n  - )", page)


@each_page
def test_lines_are_even(page: str) -> None:
    """But for tables, code and links, which cannot be wrapped."""
    prose = re.sub(r"(?ms)^```.*?^```", "", page)
    long = [
        line
        for line in prose.splitlines()
        if len(line) > reference.WIDTH and not line.startswith(("|", "- **AWS's page", "<!--"))
    ]
    assert [line for line in long if " " in line.strip().removeprefix("- ")] == []


@each_page
def test_it_says_that_it_is_generated(page: str) -> None:
    assert "make generate" in page.splitlines()[0]


@each_type
def test_the_example_sets_every_argument_and_is_one_that_nothing_is_said_against(type: ResourceType) -> None:
    schema = type.schema
    inputs = reference.example(schema)
    left = words.arguments(schema).keys() - inputs.keys()
    assert all(schema.inputs[name].provider_only and schema.inputs[name].kind == "boolean" for name in left)
    assert failures(schema, inputs) == []
    assert {each.rule for each in advice(schema, inputs)} <= ALWAYS


@pytest.mark.parametrize("type", BARE.values(), ids=BARE)
def test_a_resource_without_words_for_people_gets_a_page_too(type: ResourceType) -> None:
    page = reference.page(type)
    assert set(headings(page)) >= {str(place) for place, _ in places_of(type.schema) if place[-1] is not ANY}


def test_no_break_makes_a_list_of_a_sentence() -> None:
    text = "- " + "word " * 22 + "letters, digits, _ and - and + and 1. and # and * end"
    assert [line[:4] for line in reference.filled(text).splitlines()[1:]] != []
    assert not [
        line for line in reference.filled(text).splitlines()[1:] if re.match(r"\s*([-+*#]|\d+[.)])(\s|$)", line)
    ]
