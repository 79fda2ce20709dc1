"""What schema.json says for people is complete and true to form: sentences, examples, pages. Generated docs and docstrings rest on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from generate import words
from pulumi_connect_domains import registry
from pulumi_connect_domains.model.loading import schema_from
from pulumi_connect_domains.model.path import PathPattern
from pulumi_connect_domains.model.resource_type import ResourceType
from pulumi_connect_domains.model.schema import Property, places_of
from pulumi_connect_domains.model.validation import failures

TYPES = registry.resource_types()
SENTENCES = re.compile(r"[A-Z`].*\.")
PAGES = re.compile(r"/[a-z-]+/latest/APIReference/API_(connect-[a-z-]+_)?[A-Z]\w+\.html")

each_type = pytest.mark.parametrize("type", TYPES.values(), ids=TYPES)
EVERY = [
    pytest.param(type, place, id=f"{key}.{place}") for key, type in TYPES.items() for place, _ in places_of(type.schema)
]
INPUTS = [
    pytest.param(type, place, id=f"{key}.{place}")
    for key, type in TYPES.items()
    for place, _ in places_of(type.schema, settable=True)
    if not type.schema.members[str(place[0])].merged_from
]
each_place = pytest.mark.parametrize(("type", "place"), EVERY)
each_input = pytest.mark.parametrize(("type", "place"), INPUTS)


def is_sentences(text: str) -> bool:
    """Whether the text is whole sentences: a capital letter, at least three words, a full stop."""
    return bool(SENTENCES.fullmatch(text)) and len(text.split()) >= 3


def sentences_of(of: Property) -> Iterator[str]:
    """All that a property says in whole sentences."""
    yield of.description
    yield from filter(None, (of.default_says, of.taken_out))
    yield from of.enum_says.values()


@each_place
def test_a_property_is_described_in_whole_sentences(type: ResourceType, place: PathPattern) -> None:
    assert [text for text in sentences_of(words.at(type.schema, place)) if not is_sentences(text)] == []


@each_place
def test_each_word_of_an_enum_has_its_meaning(type: ResourceType, place: PathPattern) -> None:
    of = words.at(type.schema, place)
    assert tuple(of.enum_says) == of.enum


@each_input
def test_an_input_has_an_example_unless_its_type_shows_what_it_may_be(type: ResourceType, place: PathPattern) -> None:
    of = words.at(type.schema, place)
    shown = of.kind in ("boolean", "object") or bool(of.enum)
    assert shown or words.has_example(of)


@each_place
def test_an_example_is_valid(type: ResourceType, place: PathPattern) -> None:
    of = words.at(type.schema, place)
    if words.has_example(of):
        node = document_at(type, place)
        alone = schema_from({"type": "object", "required": ["it"], "properties": {"it": {**node, "readOnly": False}}})
        assert failures(alone, {"it": of.example}) == []


def document_at(type: ResourceType, place: PathPattern) -> dict[str, object]:
    node: dict[str, object] = dict(type.schema.document)
    for step in place:
        inner = node["properties"][step] if isinstance(step, str) else node["items"]  # type: ignore[index]
        node = dict(inner)
    return node


def test_an_example_that_is_not_valid_is_found() -> None:
    node = {"type": "integer", "maximum": 7}
    alone = schema_from({"type": "object", "required": ["it"], "properties": {"it": node}})
    assert len(failures(alone, {"it": 8})) == 1


@each_place
def test_what_aws_knows_has_a_page_of_its_api_reference_and_nothing_else_has(
    type: ResourceType, place: PathPattern
) -> None:
    top, page = type.schema.members[str(place[0])], words.page(type.schema, place)
    if top.provider_only or top.is_made_here:
        assert page == ""
    else:
        url = urlsplit(page)
        assert (url.scheme, url.netloc) == ("https", "docs.aws.amazon.com")
        assert PAGES.fullmatch(url.path)


@each_input
def test_taking_it_out_is_explained_wherever_it_can_be_taken_out(type: ResourceType, place: PathPattern) -> None:
    text = words.removal(type.schema, place)
    can_be_taken_out = isinstance(place[-1], str) and not words.is_required(type.schema, place)
    assert is_sentences(text) if can_be_taken_out else text == ""


@each_place
def test_what_must_be_given_has_neither_a_default_nor_a_way_out(type: ResourceType, place: PathPattern) -> None:
    of = words.at(type.schema, place)
    if words.is_required(type.schema, place):
        assert (of.default_says, of.taken_out) == ("", "")


@each_type
def test_what_people_should_know_beforehand_is_whole_sentences(type: ResourceType) -> None:
    assert type.schema.about
    assert all(map(is_sentences, type.schema.about))


@each_type
def test_only_outputs_are_said_to_be_there_always(type: ResourceType) -> None:
    """Inputs are there when they are required; the Region is both, since check makes it an input."""
    always = [(place, of) for place, of in places_of(type.schema) if of.always]
    assert all(type.schema.members[str(place[0])].read_only or place == ("region",) for place, _ in always)
