"""Requirements: from the command line and from policy files, and how live domains are held to them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pulumi_connect_domains.drift.policy import from_policy, from_text
from pulumi_connect_domains.drift.requirements import Broken, broken
from pulumi_connect_domains.model.errors import ConfigurationError
from pulumi_connect_domains.registry import resource_types

PROFILES, VOICE = resource_types().values()
LIVE: dict[str, Any] = {
    "domain_name": "crm",
    "default_expiration_days": 365,
    "matching": {"enabled": True, "job_schedule": {"day_of_the_week": "SUNDAY", "time": "09:05"}},
    "rule_based_matching": {
        "enabled": True,
        "matching_rules": [{"rule": ["EmailAddress"]}],
        "attribute_types_selector": {"attribute_matching_model": "ONE_TO_ONE", "address": ["A", "B"]},
    },
    "tags": {"team": "crm", "cost=centre": "42"},
    "stats": {"profile_count": 7},
}


def breaks(text: str, live: dict[str, Any] = LIVE, type: Any = PROFILES) -> bool:
    found = list(broken([from_text(text)], type, ["crm"], "us-east-1", live, frozenset()))
    return bool(found)


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("defaultExpirationDays<=365", "default_expiration_days <= 365"),
        ("matching.jobSchedule.time=9:05", "matching.job_schedule.time = 9:05"),
        ("ruleBasedMatching.matchingRules[0].rule", "rule_based_matching.matching_rules[0].rule is set"),
        ("tags.costCenter", "tags.costCenter is set"),
        ("tags.cost.center", 'tags["cost.center"] is set'),
        ("serverSideEncryptionConfiguration.kmsKeyId", "server_side_encryption_configuration.kms_key_id is set"),
    ],
)
def test_paths_are_read_in_either_spelling(text: str, ours: str, tmp_path: Path) -> None:
    assert str(from_text(text)) == ours
    (tmp_path / "policy.yaml").write_text(f"require:\n- '{text}'\n")
    assert [str(each) for each in from_policy(str(tmp_path / "policy.yaml"))] == [ours]


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("matching.enabled=true", True),
        ("matching.enabled=false", False),
        ("matching.enabled != false", True),
        ("data_store.enabled=false", True),  # AWS says nothing of it, so it is off
        ("data_store.enabled=true", False),
        ("default_expiration_days=365", True),
        ("default_expiration_days<=365", True),
        ("default_expiration_days>=366", False),
        (
            "rule_based_matching.max_allowed_rule_level_for_merging<=1",
            False,
        ),  # not set: nothing that could be small enough
        ("matching.job_schedule.time=9:05", True),  # the comparator's equality
        ("rule_based_matching.attribute_types_selector.address=[B, A]", True),
        ("rule_based_matching.matching_rules[0].rule[0]=EmailAddress", True),
        ("data_store.enabled", False),  # presence means presence: AWS says nothing of it
        ("data_store.enabled=", True),
        ("matching.enabled", True),
        ("tags.team", True),
        ("tags.owner", False),
        ("tags.owner=", True),
        ("dead_letter_queue_url", False),
        ('tags["cost=centre"]=42', True),
        ("stats.profile_count<=10", True),  # what AWS computes counts too
        ("domain_status=ACTIVE", True),  # a property of another resource says nothing here
    ],
)
def test_a_requirement_holds_or_breaks(text: str, holds: bool) -> None:
    assert breaks(text) is not holds


def test_what_breaks_is_told_with_its_value() -> None:
    (found,) = broken([from_text("matching.enabled=false")], PROFILES, ["crm"], "us-east-1", LIVE, frozenset())
    assert found == Broken("matching.enabled = false", "matching.enabled", True)


def test_a_secret_is_masked_here_too() -> None:
    secret = frozenset({("matching", "enabled")})
    (found,) = broken([from_text("matching.enabled=false")], PROFILES, ["crm"], "us-east-1", LIVE, secret)
    assert found.live == "[secret]"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("matching.enable=false", "no resource has the property matching.enable; did you mean matching.enabled"),
        ("matching.enabled=no", "matching.enabled is true or false, not 'no'"),
        ("default_expiration_days=many", "is a whole number, not 'many'"),
        ("matching.job_schedule.day_of_the_week=FUNDAY", "is one of SUNDAY, MONDAY"),
        ("matching.enabled<=3", "compares numbers"),
        ("domain_name<=3", "compares numbers"),
        ("=3", "PATH=VALUE was expected"),
        ("a..b=3", "is not a property path"),
        ("force_destroy=false", "AWS never says what force_destroy is: it is an input of the provider's own"),
        ("adopt_existing", "AWS never says what adopt_existing is"),
        ("region=us-east-1", "AWS never says what region is"),
        ("tags_all.team=crm", "is made by the provider from tags and the stack's default tags; say tags.team"),
        ("rule_based_matching.status=ACTIVE", "is computed, and stands elsewhere; say rule_based_matching_status"),
        ("data_store.readiness.progress_percentage>=1", "stands elsewhere; say data_store_readiness"),
        ("tags.*=x", "a requirement is about one property, so * cannot stand in tags.*"),
        ("matching.exporting_config={a: &a [*a]}", "is an object"),
        ("min_confidence<=nan", "no resource has the property"),
    ],
)
def test_a_mistake_is_said(text: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        from_text(text)
    assert said in str(error.value)


def policy(folder: Path, text: str) -> str:
    file = folder / "policy.yaml"
    file.write_text(text)
    return str(file)


POLICY = """
require:
  - matching.enabled=false
  - path: default_expiration_days
    at_most: 400
    because: data is kept no longer than a year
  - path: matching.job_schedule.time
    equals: 9:05
    type: customerprofiles
    region: [us-east-1, eu-west-2]
    name: crm*
  - {path: tags.owner, set: false}
  - {path: tags.team, set: true, name: sales}
"""


def test_a_policy_is_read(tmp_path: Path) -> None:
    read = from_policy(policy(tmp_path, POLICY))
    assert [str(each) for each in read] == [
        "matching.enabled = false",
        "default_expiration_days <= 400",
        "matching.job_schedule.time = 9:05",
        "tags.owner is not set",
        "tags.team is set",
    ]
    found = list(broken(read, PROFILES, ["crm"], "us-east-1", LIVE, frozenset()))
    assert [each.path for each in found] == ["matching.enabled"]
    late = {**LIVE, "default_expiration_days": 800, "matching": {"enabled": False}}
    (first, second) = broken(read, PROFILES, ["crm"], "us-east-1", late, frozenset())
    assert (first.path, first.because) == ("default_expiration_days", "data is kept no longer than a year")
    assert second.path == "matching.job_schedule.time"
    elsewhere = broken(read, PROFILES, ["crm"], "af-south-1", late, frozenset())
    assert [each.path for each in elsewhere] == ["default_expiration_days"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("require: []", "require", id="no requirement"),
        pytest.param("require: [{path: matching.enabled}]", "require[0]", id="no relation"),
        pytest.param("require: [{path: matching.enabled, equals: true, not: false}]", "require[0]", id="two relations"),
        pytest.param(
            "require: [{path: nope, set: true}]", "no resource has the property nope", id="an unknown property"
        ),
        pytest.param("require: [{path: tags, set: true, type: s3}]", "require[0]", id="an unknown resource"),
        pytest.param("forbid: []", "forbid", id="another key"),
        pytest.param("require: [", "is not YAML", id="no YAML"),
        pytest.param("require: &a [*a]", "an anchor refers to itself", id="an anchor within itself"),
        pytest.param("require: [a]\nrequire: [b]", "the key stands in its map twice", id="a key that comes twice"),
        pytest.param("require: [a]\n---\nrequire: [b]", "holds 2 documents; a policy is one", id="two documents"),
        pytest.param("", "None is not of type", id="nothing"),
    ],
)
def test_a_mistake_in_a_policy_names_file_and_place(tmp_path: Path, text: str, said: str) -> None:
    file = policy(tmp_path, text)
    with pytest.raises(ConfigurationError) as error:
        from_policy(file)
    assert file in str(error.value)
    assert said in str(error.value)


def test_a_policy_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        from_policy(str(tmp_path / "none.yaml"))


def test_a_requirement_concerns_only_resources_that_have_the_property() -> None:
    assert breaks("domain_status=ACTIVE", {"domain_status": "PENDING"}, VOICE)
    assert not breaks("matching.enabled=true", {"domain_status": "PENDING"}, VOICE)
