"""Reviews of previews that an engine has just made: the comments are the golden ones, whichever engine and whichever host it is.

With `--rewrite-golden` the previews of the dynamic host are kept too, as the inputs of tests/unit/review (one folder an engine).
"""

from __future__ import annotations

import base64
import copy
import json
import pickle
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pulumi_connect_domains import customerprofiles
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.review.command import review
from pulumi_connect_domains.testing import MakeStack, PulumiStack

from ..natives import ON_THE_DYNAMIC_HOST, check_same, dynamic_tokens, program_host, snake_names, stacks_of
from . import review_scenarios
from .review_scenarios import EMPTY, FULL, HELD, MINIMAL, SCENARIOS, Scenario, declares, many

__all__ = ["program_host"]  # a fixture

PREVIEWS = Path(__file__).parent.parent / "golden" / "review" / "previews"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
DROPPED = ("stackTrace", "sourcePosition", "created", "modified")


@pytest.fixture
def pulumi_stack(program_host: str, pulumi_stack: MakeStack, monkeypatch: pytest.MonkeyPatch) -> MakeStack:
    """Makes stacks whose programs declare their domains for one of the two hosts."""
    return stacks_of(program_host, pulumi_stack, monkeypatch, review_scenarios, sys.modules[__name__])


def preview(stack: PulumiStack, aws: LocalAws, scenario: Scenario) -> dict[str, Any]:
    """The JSON of the scenario's preview."""
    if scenario.before:
        stack.run(scenario.before).up()
    if scenario.counts:
        for domain in aws.domains("customer-profiles"):
            aws.change("customer-profiles", domain, Stats=scenario.counts)
        stack.refresh()
    if scenario.drift:
        aws.change("customer-profiles", "crm", **scenario.drift)
    if scenario.command == "destroy":
        found: dict[str, Any] = json.loads(stack.command("destroy", "--preview-only", "--json"))
        return found
    stack.run(scenario.after)
    return stack.preview_json(fails=scenario.fails, refresh=bool(scenario.drift) or None)


def lasting(value: Any) -> Any:
    """The preview without what differs from run to run and from machine to machine."""
    if isinstance(value, dict):
        return {key: lasting(item) for key, item in value.items() if key not in DROPPED}
    if isinstance(value, list):
        return [lasting(item) for item in value]
    if not isinstance(value, str) or value == UNKNOWN:
        return value
    value = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", same_uuid, value)
    value = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00", "2026-05-01T10:00:00+00:00", value)
    return re.sub(r'File "[^"]*/', 'File ".../', value) if len(value) < 2_000 else value


def same_uuid(found: re.Match[str]) -> str:
    is_ours = len(set(found[0])) <= 3 or found[0] == UNKNOWN  # a key's id of the scenarios
    return found[0] if is_ours else "00000000-0000-4000-8000-000000000000"


def comment(document: dict[str, Any], *options: str) -> tuple[str, int]:
    """What the command prints for the preview, and its exit code."""
    result = CliRunner(env={"GITHUB_STEP_SUMMARY": ""}).invoke(
        review, [*options], json.dumps(document), standalone_mode=False
    )
    assert result.exception is None, result.output
    return result.stdout, result.return_value


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_comment_on_a_preview(
    scenario: Scenario,
    program_host: str,
    local_aws: LocalAws,
    pulumi_stack: MakeStack,
    golden: Callable[[str, str], None],
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    stack = pulumi_stack(declares(), project="shop", name="dev")
    document = preview(stack, local_aws, scenario)
    if request.config.getoption("--rewrite-golden") and program_host == "dynamic":
        kept = PREVIEWS / stack.engine.name / f"{scenario.name}.json"
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(lasting({**document, "duration": 1}), indent=1, sort_keys=True) + "\n")
    name = f"review/{scenario.name}.md"
    monkeypatch.chdir(stack.folder)  # a project in Python, whose programs write all names in snake_case
    golden(name, dynamic_tokens(comment(document, "--always")[0]))
    monkeypatch.chdir(tmp_path)  # nothing here says in which language the program is
    check_same(program_host, golden, name, comment(lasting(document), "--always")[0])


@pytest.mark.parametrize(
    ("counts", "text", "code"),
    [
        pytest.param(HELD, "12,345 profiles and 67,890 objects (1.2 GB), as AWS says now", 2, id="data that the state does not know"),
        pytest.param(EMPTY, "it holds no data, as AWS says now", 0, id="AWS says that it is empty"),
        pytest.param(None, "not in AWS any more", 0, id="it is gone"),
    ],
)  # fmt: skip
def test_live_asks_aws_what_the_domain_holds(
    counts: dict[str, int] | None,
    text: str,
    code: int,
    local_aws: LocalAws,
    pulumi_stack: MakeStack,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in local_aws.environment().items():
        monkeypatch.setenv(name, value)
    stack = pulumi_stack(declares(MINIMAL))
    stack.up()
    document = stack.run(declares()).preview_json()
    assert "how much it holds is not known" in comment(document)[0]
    if counts is None:
        local_aws.client("customer-profiles").delete_domain(DomainName="crm")
    else:
        local_aws.change("customer-profiles", "crm", Stats=counts)
    local_aws.forget_calls()
    written, exit_code = comment(document, "--live", "--fail-on", "data-loss")
    assert text in written
    assert exit_code == code
    assert {call.operation for call in local_aws.calls("customer-profiles")} == {"GetDomain"}


@pytest.mark.parametrize("command", ["preview", "destroy"])
@pytest.mark.parametrize(
    ("counts", "fresh_text", "fresh_code"),
    [
        pytest.param(HELD, "12,345 profiles and 67,890 objects (1.2 GB), as this preview's refresh read it", 2, id="filled up since"),
        pytest.param(EMPTY, "it held no data when this preview refreshed it", 0, id="still empty"),
    ],
)  # fmt: skip
def test_zeros_of_the_last_refresh_clear_nothing_and_a_fresh_read_does(
    command: str,
    counts: dict[str, int],
    fresh_text: str,
    fresh_code: int,
    local_aws: LocalAws,
    pulumi_stack: MakeStack,
) -> None:
    def document(is_fresh: bool) -> dict[str, Any]:
        if command == "preview":
            return stack.preview_json(refresh=is_fresh or None)
        found: dict[str, Any] = json.loads(
            stack.command("destroy", "--preview-only", "--json", *(["--refresh"] if is_fresh else []))
        )
        return found

    stack = pulumi_stack(declares(MINIMAL))
    stack.up()
    local_aws.change("customer-profiles", "crm", Stats=EMPTY)
    stack.refresh()
    local_aws.change("customer-profiles", "crm", Stats=counts)
    stack.run(declares())

    written, exit_code = comment(document(is_fresh=False), "--fail-on", "data-loss")
    assert exit_code == 2
    assert "Possible data loss: 1 domain that may hold data is deleted" in written
    assert "no data as of the last refresh" in written

    written, exit_code = comment(document(is_fresh=True), "--fail-on", "data-loss")
    assert fresh_text in written
    assert exit_code == fresh_code


def test_replacement_is_warned_of_in_the_preview_itself(local_aws: LocalAws, pulumi_stack: MakeStack) -> None:
    stack = pulumi_stack(declares(MINIMAL))
    stack.up()
    stack.run(declares({**MINIMAL, "domain_name": "sales"})).preview()
    assert stack.messages() == [
        "replacing deletes the domain: all of its customer data, at once and for good; how much it holds, state does not say "
        "(`pulumi refresh` asks AWS). The provider refuses that while the domain holds data, unless force_destroy was applied before "
        "[replacement-deletes]"
    ]
    local_aws.change("customer-profiles", "crm", Stats=HELD)
    stack.run(declares({**MINIMAL, "force_destroy": True})).up(refresh=True)
    stack.run(declares({**MINIMAL, "force_destroy": True, "domain_name": "sales"})).preview()
    assert stack.messages() == [
        "replacing deletes the domain with 12,345 profiles and 67,890 objects (1.2 GB): all of its customer data, at once and for good. "
        "The guard is off (force_destroy), so nothing stops it [replacement-deletes]"
    ]


def test_previews_show_nothing_that_aws_would_not_change(local_aws: LocalAws, pulumi_stack: MakeStack) -> None:
    stack = pulumi_stack(declares(FULL))
    stack.up()
    spelt_otherwise = copy.deepcopy(FULL)
    spelt_otherwise["matching"]["job_schedule"]["time"] = "09:05"
    spelt_otherwise["rule_based_matching"]["attribute_types_selector"]["address"].reverse()
    document = stack.run(declares(spelt_otherwise)).preview_json()
    assert document["changeSummary"] == {"same": 2}
    assert comment(document) == ("", 0)


def test_previews_show_an_ordered_list_in_place_and_the_region(local_aws: LocalAws, pulumi_stack: MakeStack) -> None:
    stack = pulumi_stack(declares(FULL))
    stack.up()
    swapped = copy.deepcopy(FULL)
    rules = swapped["rule_based_matching"]["matching_rules"]
    rules[0], rules[2] = rules[2], rules[0]
    document = stack.run(declares(swapped)).preview_json()
    (mine,) = [step for step in document["steps"] if step["op"] == "update"]
    places = [f"rule_based_matching.matching_rules[{place}].rule[0]" for place in (0, 2)]
    assert sorted(map(snake_names, mine["detailedDiff"])) == places
    assert mine["newState"]["inputs"]["region"] == "us-east-1"
    assert comment(document)[0].count("levels 1 and 3 swapped") == 2


@ON_THE_DYNAMIC_HOST
def test_previews_of_dynamic_resources_are_not_disturbed_by_an_older_pickle(
    local_aws: LocalAws, pulumi_stack: MakeStack
) -> None:
    """The native host keeps no pickle in the state."""
    stack = pulumi_stack(declares(MINIMAL))
    stack.up()
    older = base64.b64encode(pickle.dumps(customerprofiles.DomainProvider(), protocol=2)).decode()
    exported = stack.automation.export_stack()
    assert exported.deployment is not None
    for resource in exported.deployment["resources"]:
        for part in ("inputs", "outputs"):
            if "__provider" in resource.get(part, {}):
                assert resource[part]["__provider"] != older
                resource[part]["__provider"] = older
    stack.automation.import_stack(exported)
    assert stack.run(declares(MINIMAL)).preview_json()["changeSummary"] == {"same": 2}
    changed = stack.run(declares({**MINIMAL, "default_expiration_days": 30})).preview_json()
    assert "__provider" not in comment(changed)[0]


@pytest.mark.long
def test_comment_on_300_domains(
    local_aws: LocalAws, pulumi_stack: MakeStack, golden: Callable[[str, str], None]
) -> None:
    written, _ = comment(pulumi_stack(many(300), project="shop", name="dev").preview_json())
    assert len(written) <= 65_536
    golden("review/300-domains.md", written)
