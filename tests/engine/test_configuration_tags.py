"""Default and ignored tags over their life, in whole programs."""

from __future__ import annotations

import json
from collections.abc import Callable

from pulumi_connect_domains import customerprofiles
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.testing import MakeStack

from .test_configuration import SERVICE, fails


def two_domains(tags: dict[str, str] | None = None) -> Callable[[], None]:
    """A program with a domain that has its own `team` tag, and one that has the given tags."""

    def program() -> None:
        customerprofiles.Domain("own", default_expiration_days=30, domain_name="own", tags={"team": "own"})
        customerprofiles.Domain("crm", default_expiration_days=30, domain_name="crm", tags=tags)

    return program


def live_tags(aws: LocalAws, name: str = "crm") -> dict[str, str]:
    found: dict[str, str] = aws.domains(SERVICE)[name].get("Tags", {})
    return found


def test_default_tags_over_their_life(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(two_domains())
    stack.set_config("aws:defaultTags", json.dumps({"tags": {"team": "default"}}))
    stack.up()
    assert (live_tags(local_aws, "own"), live_tags(local_aws)) == ({"team": "own"}, {"team": "default"})
    assert stack.state()["crm"]["outputs"]["tags_all"] == {"team": "default"}
    stack.preview(expect_no_changes=True)
    stack.refresh(preview_only=True, expect_no_changes=True)

    # A change touches those domains alone whose tags change with it.
    stack.set_config("aws:defaultTags", json.dumps({"tags": {"team": "new"}}))
    steps = {step["urn"].rpartition("::")[2]: step["op"] for step in stack.preview_json()["steps"]}
    assert "own" not in steps
    assert steps["crm"] == "update"
    local_aws.forget_calls()
    assert stack.up().summary.resource_changes == {"same": 2, "update": 1}
    assert [call.operation for call in local_aws.calls(SERVICE)] == ["TagResource"]
    assert (live_tags(local_aws, "own"), live_tags(local_aws)) == ({"team": "own"}, {"team": "new"})

    # Without default tags the domain keeps its own, and loses the others.
    stack.automation.remove_config("aws:defaultTags")
    stack.up()
    assert (live_tags(local_aws, "own"), live_tags(local_aws)) == ({"team": "own"}, {})
    stack.preview(expect_no_changes=True)


def test_ignored_tags_over_their_life(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(two_domains({"cost": "1", "owner": "us"}))
    stack.up()
    assert live_tags(local_aws) == {"cost": "1", "owner": "us"}

    # From now on somebody else's: what is there stays, whatever it is.
    stack.set_config("aws:ignoreTags", json.dumps({"keys": ["owner"], "keyPrefixes": ["k8s/"]}))
    stack.run(two_domains({"cost": "1"}))
    local_aws.forget_calls()
    assert "update" not in stack.preview().change_summary
    stack.up()
    client, arn = local_aws.client(SERVICE), stack.state()["crm"]["outputs"]["arn"]
    client.tag_resource(resourceArn=arn, tags={"owner": "them", "k8s/x": "1"})
    local_aws.change(SERVICE, "crm", Tags={**live_tags(local_aws), "aws:cloudformation": "x"})
    stack.refresh(preview_only=True, expect_no_changes=True)
    stack.run(two_domains({"cost": "2"}))
    stack.up()
    assert live_tags(local_aws) == {"cost": "2", "owner": "them", "k8s/x": "1", "aws:cloudformation": "x"}

    # What is nobody's is drift, and goes with the next up.
    client.tag_resource(resourceArn=arn, tags={"stray": "1"})
    assert "expect" in fails(stack.refresh, preview_only=True, expect_no_changes=True)
    stack.up(refresh=True)
    assert live_tags(local_aws) == {"cost": "2", "owner": "them", "k8s/x": "1", "aws:cloudformation": "x"}

    # Declaring an ignored tag is a contradiction, and says so.
    stack.run(two_domains({"cost": "2", "owner": "us"}))
    stack.up()
    assert stack.messages() == ["tags: 1 of them will never be set, since aws:ignoreTags ignores them [tag-ignored]"]
    assert live_tags(local_aws)["owner"] == "them"
    stack.preview(expect_no_changes=True)
