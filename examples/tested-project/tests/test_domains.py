"""The declaration by itself: small programs, one for each question. They run in the test's own process, so they are quick."""

import pytest
from domains import RETENTION_DAYS, profiles
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.testing import MakeStack


@pytest.mark.parametrize("stage", sorted(RETENTION_DAYS))
def test_each_stage_keeps_data_as_long_as_it_may(local_aws: LocalAws, pulumi_stack: MakeStack, stage: str) -> None:
    pulumi_stack(lambda: profiles(stage, "crm")).up()
    [domain] = local_aws.domains("customer-profiles").values()
    assert domain["DefaultExpirationDays"] == RETENTION_DAYS[stage]
    assert domain["Tags"] == {"owner": "crm", "stage": stage}


def test_nothing_is_merged_by_itself(local_aws: LocalAws, pulumi_stack: MakeStack) -> None:
    pulumi_stack(lambda: profiles("production", "crm")).up()
    [domain] = local_aws.domains("customer-profiles").values()
    assert "MaxAllowedRuleLevelForMerging" not in domain["RuleBasedMatching"]
    assert "Matching" not in domain
