"""Shards: each domain is in exactly one, whatever else there is; and which one a job is, by the option and the environment."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pulumi_connect_domains.drift.shards import MOST_SHARDS, SOURCES, Shard, from_option
from pulumi_connect_domains.model.errors import ConfigurationError

REGIONS = ("us-east-1", "us-west-2", "eu-central-1", "eu-west-2", "ap-southeast-1", "ap-northeast-1", "ca-central-1")


@given(some.text(max_size=14), some.text(max_size=14), some.integers(1, 200))
def test_every_account_and_region_is_in_exactly_one_shard(account: str, region: str, number: int) -> None:
    """Also where one of them is not known, or is nonsense in a damaged state."""
    assert [Shard(index, number).has(account, region) for index in range(1, number + 1)].count(True) == 1


@pytest.mark.parametrize(
    ("account", "region", "number", "index"),
    [
        ("123456789012", "us-east-1", 16, 14),
        ("123456789012", "us-east-1", 3, 2),
        ("123456789012", "eu-central-1", 16, 10),
        ("999999999999", "us-east-1", 16, 11),
        ("", "us-east-1", 16, 4),
        ("123456789012", "", 16, 15),
        ("", "", 16, 4),
        ("", "", 1, 1),
    ],
)
def test_the_shard_of_a_place_never_changes(account: str, region: str, number: int, index: int) -> None:
    """In another release, on another machine, in another process. Shards of two releases of one minor version are merged."""
    assert Shard(index, number).has(account, region)


def test_shards_are_of_about_the_same_size() -> None:
    places = [(f"{account:012}", region) for account in range(1_000) for region in REGIONS]
    sizes = Counter(index for place in places for index in range(1, 17) if Shard(index, 16).has(*place))
    assert sum(sizes.values()) == len(places)
    assert min(sizes.values()) > 0.8 * len(places) / 16
    assert max(sizes.values()) < 1.2 * len(places) / 16


GITLAB = {"CI_NODE_INDEX": "3", "CI_NODE_TOTAL": "16"}
BATCH = {"AWS_BATCH_JOB_ARRAY_INDEX": "2", "AWS_BATCH_JOB_ARRAY_SIZE": "16"}
KUBERNETES = {"JOB_COMPLETION_INDEX": "2"}


@pytest.mark.parametrize(
    ("text", "environment"),
    [
        pytest.param("3/16", {}, id="as it is given"),
        pytest.param("3/16", {"CI_NODE_INDEX": "5", "CI_NODE_TOTAL": "8"}, id="whatever the environment says"),
        pytest.param("auto", GITLAB, id="GitLab, which counts from 1"),
        pytest.param("auto/16", GITLAB, id="GitLab, with the number"),
        pytest.param("auto/16", {"CI_NODE_INDEX": "3"}, id="GitLab's index alone"),
        pytest.param("auto", BATCH, id="AWS Batch, which counts from 0"),
        pytest.param("auto/16", {"AWS_BATCH_JOB_ARRAY_INDEX": "2"}, id="AWS Batch without the size"),
        pytest.param("auto/16", KUBERNETES, id="Kubernetes, which counts from 0"),
        pytest.param("auto", {**GITLAB, **KUBERNETES}, id="two that agree"),
        pytest.param("auto", {**GITLAB, "JOB_COMPLETION_INDEX": ""}, id="an empty variable is none"),
    ],
)
def test_which_shard_it_is(text: str, environment: dict[str, str]) -> None:
    assert from_option(text, environment) == Shard(3, 16)


@pytest.mark.parametrize(
    ("text", "environment", "said"),
    [
        pytest.param("3", {}, "--shard 3: 3/16 (the third of sixteen), auto/16 or auto was expected", id="no number"),
        pytest.param("a/b", {}, "auto was expected", id="words"),
        pytest.param("-1/4", {}, "auto was expected", id="a negative index"),
        pytest.param("²/4", {}, "auto was expected", id="a digit that is no number"),
        pytest.param("0/4", {}, "--shard 0/4: the index of one of 4 shards is from 1 to 4", id="counted from 0"),
        pytest.param("5/4", {}, "--shard 5/4: the index of one of 4 shards is from 1 to 4", id="too high an index"),
        pytest.param("1/0", {}, "--shard 1/0: the number of shards is from 1 to 10,000", id="no shards"),
        pytest.param("1/10001", {}, "the number of shards is from 1 to 10,000", id="too many shards"),
        pytest.param("auto/x", GITLAB, "--shard auto/x: auto/16 was expected", id="auto of no number"),
        pytest.param(
            "auto",
            {},
            "none of the variables is set that tell a job's index: CI_NODE_INDEX (GitLab's",
            id="no variable",
        ),
        pytest.param(
            "auto", KUBERNETES, "JOB_COMPLETION_INDEX is set, and no variable tells the number", id="no number"
        ),
        pytest.param(
            "auto/8",
            GITLAB,
            "--shard auto/8: CI_NODE_TOTAL is 16, which is another number of shards",
            id="another number",
        ),
        pytest.param(
            "auto",
            {**GITLAB, **BATCH, "AWS_BATCH_JOB_ARRAY_SIZE": "8"},
            "AWS_BATCH_JOB_ARRAY_SIZE is 8, which is another number",
            id="two numbers",
        ),
        pytest.param(
            "auto",
            {**GITLAB, "JOB_COMPLETION_INDEX": "5"},
            "the variables name different shards: CI_NODE_INDEX is '3', JOB_COMPLETION_INDEX is '5'",
            id="two indexes",
        ),
        pytest.param(
            "auto/4",
            {"JOB_COMPLETION_INDEX": "4"},
            "JOB_COMPLETION_INDEX is 4: the index of one of 4 shards is from 0 to 3",
            id="out of range",
        ),
        pytest.param(
            "auto/4",
            {"CI_NODE_INDEX": "0"},
            "CI_NODE_INDEX is 0: the index of one of 4 shards is from 1 to 4",
            id="GitLab has no 0",
        ),
        pytest.param(
            "auto/4", {"CI_NODE_INDEX": "x"}, "CI_NODE_INDEX is 'x': a whole number was expected, from 1", id="no index"
        ),
        pytest.param(
            "auto",
            {"CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "many"},
            "CI_NODE_TOTAL is 'many': the number of shards is from 1 to 10,000",
            id="no total",
        ),
    ],
)
def test_what_is_wrong_is_named_with_variable_value_and_limit(
    text: str, environment: dict[str, str], said: str
) -> None:
    with pytest.raises(ConfigurationError) as mistake:
        from_option(text, environment)
    assert said in str(mistake.value)
    assert len(str(mistake.value).splitlines()) == 1


@given(
    some.text(max_size=12),
    some.dictionaries(
        some.sampled_from([*(each for row in SOURCES for each in (row.variable, row.number_variable) if each)]),
        some.text(max_size=6),
    ),
)
def test_any_other_text_is_a_mistake_and_nothing_else(text: str, environment: dict[str, str]) -> None:
    for option in (text, f"auto/{text}", "auto"):
        try:
            shard = from_option(option, environment)
        except ConfigurationError:
            continue
        assert 1 <= shard.index <= shard.of <= MOST_SHARDS
