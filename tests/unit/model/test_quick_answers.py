"""Quick answers are those of the long way: that nothing is wrong, that nothing differs, that nothing says "none"."""

from __future__ import annotations

import copy
from random import Random
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from pulumi_connect_domains.model import comparison, documents
from pulumi_connect_domains.model.schema import Schema, places_of
from pulumi_connect_domains.model.validation import advice, failures, keywords
from pulumi_connect_domains.model.values import ABSENT, Unknown

from .. import mutations
from .validation_documents import FULL_PROFILES, FULL_VOICE, PROFILES, VOICE, changed, paths

FULL = [pytest.param(PROFILES, FULL_PROFILES, id="customerprofiles"), pytest.param(VOICE, FULL_VOICE, id="voiceid")]
EDGES = ("", "a", "x" * 64, "x" * 65, "x" * 255, "x" * 256, "x" * 2048, "aws:a", "FRIDAY", "9:05", "é", "a\n", "a b")
NUMBERS = (0, 1, 2, 15, 16, 1098, 1099, 0.0, 0.5, 1.0, 1.5, True, False)
VALUES = [
    *EDGES,
    *NUMBERS,
    *mutations.ODD_VALUES,
    ["a"] * 16,
    {f"k{n}": "v" for n in range(51)},
    Unknown(),
    [Unknown()],
]


def errors_by_jsonschema(schema: Schema, document: object) -> list[Any]:
    """The errors of the whole document, with no quick answer before them."""
    found = keywords._validator(schema).iter_errors(document)
    return [error for error in found if not (isinstance(error.instance, Unknown) and error.validator == "enum")]


@pytest.mark.parametrize(("schema", "full"), FULL)
def test_each_place_with_each_value_is_right_exactly_where_jsonschema_says_so(schema: Schema, full: Any) -> None:
    """The quick answer is never "right" where an error is found. It is "wrong" without an error for an unknown word of an enum alone."""
    quick = keywords._fit(schema)
    assert quick(full)
    judged = set()
    for path in paths(full):
        for value in VALUES:
            document = changed(full, path, value)
            errors, is_right = errors_by_jsonschema(schema, document), quick(document)
            judged.add(is_right)
            assert is_right == (not errors) or (not is_right and isinstance(value, Unknown)), (path, value)
    assert judged == {True, False}


@pytest.mark.parametrize(("schema", "full"), FULL)
def test_a_changed_document_is_right_exactly_where_jsonschema_says_so(schema: Schema, full: Any) -> None:
    quick, judged = keywords._fit(schema), set()
    for seed in range(1_500):
        document = mutations.documents(full, Random(seed))
        errors, is_right = errors_by_jsonschema(schema, document), quick(document)
        judged.add(is_right)
        assert is_right == (not errors), (seed, document)
    assert judged == {True, False}


def test_every_keyword_of_the_schemas_is_asked() -> None:
    """A keyword that jsonschema has, or that is ours, and that stands in a node, is asked in a check of that node."""
    for schema, name, bad in ((PROFILES, "default_expiration_days", 0), (VOICE, "name", "x" * 257)):
        [error] = errors_by_jsonschema(schema, {**(FULL_PROFILES if schema is PROFILES else FULL_VOICE), name: bad})
        assert error.validator in keywords._Validator.VALIDATORS
        assert not keywords._fit(schema)({**(FULL_PROFILES if schema is PROFILES else FULL_VOICE), name: bad})


def test_a_right_document_makes_no_errors_and_no_validators(monkeypatch: pytest.MonkeyPatch) -> None:
    assert failures(PROFILES, FULL_PROFILES) == []  # all is built
    made: list[Any] = []
    monkeypatch.setattr(keywords, "_Validator", lambda *arguments: made.append(arguments))
    monkeypatch.setattr(keywords, "_validator", lambda schema: pytest.fail("the long way is taken"))
    assert failures(PROFILES, FULL_PROFILES) == []
    assert made == []


# -- values that mean "none" --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("schema", "full"), FULL)
def test_what_is_left_out_is_the_same_as_in_a_copy(schema: Schema, full: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [changed(full, path, value) for path in paths(full) for value in (*VALUES, ABSENT, (), ("a",), {1: "a"})]
    quickly = [documents.given(schema, case) for case in cases]
    monkeypatch.setattr(documents, "_says_something_everywhere", lambda value: False)
    for case, found in zip(cases, quickly, strict=True):
        assert _is_same(found, documents.given(schema, case)), case


def test_a_document_in_which_all_says_something_is_not_copied() -> None:
    found: Any = documents.given(PROFILES, FULL_PROFILES)
    assert found["matching"] is FULL_PROFILES["matching"]


def _is_same(one: Any, other: Any) -> bool:
    """Whether both are alike, with NaN equal to itself."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(_is_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_is_same, one, other))
    return one is other or (type(one) is type(other) and one == other) or repr(one) == repr(other) == "nan"


# -- differences --------------------------------------------------------------------------------------------------------

scalars = (
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from((0.0, 1.0, 0.5, float("nan"))) | st.text("ab")
)
values = st.recursive(
    scalars | st.builds(Unknown) | st.just(ABSENT),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)
PLACES = [of for schema in (PROFILES, VOICE) for _, of in places_of(schema)]


@drawn(values, values, st.sampled_from(PLACES))
def test_what_is_identical_has_no_difference(one: Any, other: Any, of: Any) -> None:
    for first, second in ((one, other), (one, one), (one, copy.deepcopy(one))):
        if comparison._is_identical(first, second):
            assert list(comparison.differences(of, first, second)) == []


def test_a_boolean_is_not_identical_to_a_number_nor_an_unknown_value_to_itself() -> None:
    unknown = Unknown()
    for one, other in ((True, 1), (1, 1.0), (False, 0), (unknown, unknown), ([unknown], [unknown])):
        assert not comparison._is_identical(one, other)
        assert not comparison._is_identical({"a": one}, {"a": other})


def test_equal_documents_are_not_walked_with_their_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "differences", lambda *arguments: pytest.fail("the long way is taken"))
    assert comparison.changes(PROFILES, FULL_PROFILES, copy.deepcopy(FULL_PROFILES)) == ()


# -- advice -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("schema", "full"), FULL)
def test_advice_about_right_inputs_is_the_same_without_a_look_for_misspelt_names(schema: Schema, full: Any) -> None:
    told = 0
    for seed in range(400):
        document = mutations.documents(full, Random(seed))
        if not failures(schema, document):
            found = advice(schema, document, creating=True)
            told += bool(found)
            assert advice(schema, document, creating=True, is_spelt=True) == found
    assert told


@pytest.mark.parametrize("path", ["arn", "stats", "rule_based_matching.status"])
def test_what_aws_computes_is_never_right_whatever_its_value(path: str) -> None:
    for value in ("ACTIVE", {"object_count": 1}, None, Unknown()):
        document = changed(FULL_PROFILES, path, value)
        assert errors_by_jsonschema(PROFILES, document)
        assert not keywords._fit(PROFILES)(document)
