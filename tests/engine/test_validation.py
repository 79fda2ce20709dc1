"""Mistakes and advice as a preview shows them: all of a resource at once, each with its path, and no value that might be a secret."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi.automation import CommandError
from pulumi_connect_domains import customerprofiles
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.testing import MakeStack, PulumiStack

MISTAKES: dict[str, Any] = {
    "domain_name": "contact center",
    "default_expiration_days": 1099,
    "matching": {
        "enabled": "true",
        "jobSchedule": {},
        "job_schedule": {"day_of_the_week": "Friday", "time": "25:00"},
        "auto_merging": {"enabled": True, "min_allowed_confidence_score_for_merging": 1.5},
    },
    "rule_based_matching": {
        "matching_rules": [{"rule": ["LastName"]}, {"rule": []}],
        "max_allowed_rule_level_for_matching": "2",
        "status": "ACTIVE",
    },
    "tags": {"AWS:team": "care", "stage": "test"},
}
WITHOUT_RULES = {"enabled": True}


def declares(arguments: dict[str, Any]) -> Callable[[], None]:
    return lambda: customerprofiles.Domain("crm", **arguments) and None


def problems(stack: PulumiStack) -> list[str]:
    """The check failures of a preview, in the order in which they were said."""
    marker = "resource 'crm' has a problem: "
    said = (text for text in stack.messages("error") if marker in text)
    return [text.partition(marker)[2] for text in said]


def test_twelve_mistakes_are_twelve_lines_and_no_traceback(
    pulumi_stack: MakeStack, local_aws: LocalAws, golden: Callable[[str, str], None]
) -> None:
    stack = pulumi_stack(declares(MISTAKES))
    with pytest.raises(CommandError):
        stack.preview()
    found = problems(stack)
    assert len(found) == 12
    golden("validation/twelve-mistakes.txt", "\n".join(found) + "\n")
    about_the_domain = [event.diagnostic_event for event in stack.events if event.diagnostic_event]
    assert not any("Traceback" in said.message for said in about_the_domain if said.urn and "Domain" in said.urn)
    assert local_aws.calls() == []


def test_a_preview_names_all_mistakes_of_the_first_resource_that_has_any(
    pulumi_stack: MakeStack, local_aws: LocalAws
) -> None:
    def program() -> None:
        crm = customerprofiles.Domain("crm", default_expiration_days=0, domain_name="!")
        later = pulumi.ResourceOptions(depends_on=[crm])  # else it is a race which of the two is the first
        customerprofiles.Domain("other", default_expiration_days=0, domain_name="!", opts=later)

    stack = pulumi_stack(program)
    with pytest.raises(CommandError):
        stack.preview()
    assert [path.partition(":")[0] for path in problems(stack)] == ["default_expiration_days", "domain_name"]
    assert "resource 'other'" not in " ".join(stack.messages("error"))


def test_no_message_shows_a_secret(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    secret = "s3cr3t" * 50

    def program() -> None:
        customerprofiles.Domain(
            "crm",
            default_expiration_days=0,
            default_encryption_key=pulumi.Output.secret(secret),
            tags={"team": pulumi.Output.secret(secret)},
        )

    stack = pulumi_stack(program)
    with pytest.raises(CommandError) as failed:
        stack.preview()
    assert problems(stack) == [
        "default_encryption_key: 300 characters are too many; at most 255",
        "default_expiration_days: 0 is too small; at least 1 day",
        "tags.<the only key>: 300 characters are too many; at most 256",
    ]
    assert "s3cr3t" not in str(failed.value)


def test_mistakes_behind_what_only_up_knows_are_found_by_up(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    def program() -> None:
        first = customerprofiles.Domain("first", default_expiration_days=1)
        late = first.arn.apply(lambda _: 2000)
        customerprofiles.Domain("crm", default_expiration_days=late)

    stack = pulumi_stack(program)
    stack.preview()
    with pytest.raises(CommandError):
        stack.up()
    assert problems(stack) == ["default_expiration_days: 2000 is too big; at most 1098 days"]
    assert len(local_aws.domains("customer-profiles")) == 1


def advice(stack: PulumiStack) -> list[str]:
    """The rule ids of the warnings that the last command gave."""
    return [text.rpartition("[")[2].removesuffix("]") for text in stack.messages() if text.endswith("]")]


def test_advice_is_a_warning_under_the_resource_and_fails_nothing(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares({"default_expiration_days": 30, "rule_based_matching": WITHOUT_RULES}))
    stack.preview()
    assert advice(stack) == ["rules-missing"]
    (event,) = [
        event.diagnostic_event
        for event in stack.events
        if event.diagnostic_event and "[" in event.diagnostic_event.message
    ]
    assert event.urn
    assert event.urn.endswith("::crm")
    stack.up()
    assert advice(stack) == ["rules-missing"]


def test_advice_is_silenced_by_id_in_the_stacks_config_and_the_environment(
    pulumi_stack: MakeStack, local_aws: LocalAws
) -> None:
    arguments = {"default_expiration_days": 30, "rule_based_matching": WITHOUT_RULES}
    by_config = pulumi_stack(declares(arguments), name="a", config={"connect-domains:silence": "rules-missing"})
    by_config.preview()
    assert advice(by_config) == []
    environment = {"CONNECT_DOMAINS_SILENCE": "rules-missing"}
    by_environment = pulumi_stack(declares(arguments), name="b", env=environment)
    by_environment.preview()
    assert advice(by_environment) == []
