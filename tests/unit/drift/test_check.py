"""The check as a whole, against a local AWS: fleets, credentials, failures, quotas, and what nobody declares."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from pulumi_connect_domains import aws
from pulumi_connect_domains.aws.limiter import Rates
from pulumi_connect_domains.drift.check import Check
from pulumi_connect_domains.drift.model import Report
from pulumi_connect_domains.drift.policy import from_text
from pulumi_connect_domains.drift.reading import Reader
from pulumi_connect_domains.drift.requirements import Filters
from pulumi_connect_domains.drift.state import read_state
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.model.resource_type import ResourceType
from pulumi_connect_domains.model.schema import Property
from pulumi_connect_domains.model.tags import TagPolicy
from pulumi_connect_domains.operations import reading
from pulumi_connect_domains.operations.configuration import Configuration
from pulumi_connect_domains.registry import resource_types
from pulumi_connect_domains.stacks.sources import Export

from ...natives import dynamic_tokens
from ..report_schemas import flaws
from .reports import ACCOUNT, encrypted, export, resource

FLEET = 500

pytestmark = pytest.mark.usefixtures("host")


@pytest.fixture(autouse=True)
def _cloud(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in local_aws.environment().items():
        monkeypatch.setenv(name, value)
    aws.forget_clients()
    yield
    aws.forget_clients()


def fast() -> Reader:
    return Reader(rates=Rates(everywhere=0))


def check(*resources: dict[str, Any], **members: Any) -> Report:
    return Check(**{"reader": fast(), **members}).run([Export("a test", export(*resources))])


def in_region(name: str, region: str, account: str = ACCOUNT) -> dict[str, Any]:
    made = resource(name, inputs={"domain_name": name, "region": region, "default_expiration_days": 30})
    made["outputs"]["arn"] = f"arn:aws:profile:{region}:{account}:domains/{name}"
    made["urn"] += f"-{region}-{account}"
    return made


# -- a clean fleet ----------------------------------------------------------------------------------------------------


def values(of: Property) -> some.SearchStrategy[Any]:
    """What the schema allows; texts are kept short."""
    limits = of.limits
    if of.enum:
        return some.sampled_from(of.enum)
    if of.format == "time-of-day":
        return some.from_regex(r"([0-9]|[01][0-9]|2[0-3]):[0-5][0-9]", fullmatch=True)
    match of.kind:
        case "boolean":
            return some.booleans()
        case "integer":
            return some.integers(int(limits.minimum or 0), int(limits.maximum or 0))
        case "number":
            return some.floats(limits.minimum, limits.maximum)
        case "array":
            assert of.items
            return some.lists(values(of.items), min_size=limits.min_items or 0, max_size=3)
        case "object":
            settable = {name: values(each) for name, each in of.inputs.items() if not each.provider_only}
            required = {name: settable[name] for name in of.required}
            optional = {name: each for name, each in settable.items() if name not in required}
            return some.fixed_dictionaries(required, optional=optional)
        case "map":
            assert of.values
            keys = some.from_regex("[a-zA-Z]{1,9}", fullmatch=True)
            return some.dictionaries(keys, values(of.values), min_size=1, max_size=3)
    return some.from_regex(rf"[a-z0-9]{{{max(limits.min_length or 0, 3)},12}}", fullmatch=True)


INPUTS = some.one_of(*(some.tuples(some.just(type), values(type.schema)) for type in resource_types().values()))


def test_a_clean_fleet_of_random_domains_reports_nothing(local_aws: LocalAws) -> None:
    local_aws.voiceid(domain_quota=None)
    fleet: list[dict[str, Any]] = []
    reader = fast()

    @settings(max_examples=FLEET, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(INPUTS)
    def create(drawn: tuple[ResourceType, dict[str, Any]]) -> None:
        type, inputs = drawn
        inputs = {**inputs, "region": "us-east-1"}
        if "tags" in inputs:
            inputs["tags_all"] = inputs["tags"]
        name = type.schema.name_input
        inputs[name] = f"domain-{len(fleet)}"
        call = reader.calls.to(type, ACCOUNT, "us-east-1", Configuration())
        id, live = type.functions.create(call, inputs)
        fleet.append({**resource(inputs[name], type.key, inputs=inputs), "id": id})
        fleet[-1]["outputs"]["arn"] = live["arn"]

    create()
    report = check(*fleet, lists_unmanaged=True, strict=True)
    assert len(report.domains) == len(fleet) >= FLEET
    assert [domain for domain in report.domains if domain.needs_attention] == []
    assert (report.exit_code, report.unmanaged_domains) == (0, ())


# -- what can go wrong ------------------------------------------------------------------------------------------------


def test_one_failing_domain_never_stops_the_rest(local_aws: LocalAws) -> None:
    for name in ("one", "two", "three"):
        local_aws.seed("customer-profiles", name, DefaultExpirationDays=30)
    local_aws.seed("customer-profiles", "there", region="eu-west-2", DefaultExpirationDays=30)
    local_aws.fault("GetDomain", region="eu-west-2", code="AccessDeniedException", times=None)
    report = check(
        resource("one"), in_region("there", "eu-west-2"), resource("gone"), resource("two"), resource("three")
    )
    assert {domain.name.split("-")[0]: domain.status for domain in report.domains} == {
        "one": "in_sync", "there": "unreadable", "gone": "missing", "two": "in_sync", "three": "in_sync",
    }  # fmt: skip
    (denied,) = report.of_status("unreadable")
    assert denied.error_code == "AccessDeniedException"
    assert "profile:GetDomain" in denied.reason
    assert report.exit_code == 1


def test_credentials_of_another_account_make_a_domain_unreadable(local_aws: LocalAws) -> None:
    report = check(in_region("crm", "us-east-1", "999999999999"))
    (domain,) = report.domains
    assert (domain.status, domain.reason) == (
        "unreadable",
        f"it belongs to account 999999999999, but the credentials are of account {ACCOUNT}",
    )
    assert [call.operation for call in local_aws.calls()] == ["GetCallerIdentity"]


def test_bad_credentials_are_tried_once_however_many_domains_there_are(local_aws: LocalAws) -> None:
    local_aws.fault("GetCallerIdentity", code="ExpiredToken", status=403, times=None)
    report = check(*(resource(f"crm-{place}") for place in range(8)))
    assert report.counts["unreadable"] == 8
    assert {domain.error_code for domain in report.domains} == {"ExpiredToken"}
    assert len(local_aws.calls()) == 1


def test_a_role_is_assumed_in_the_account_of_each_domain(local_aws: LocalAws) -> None:
    accounts = ("111111111111", "222222222222")
    for account in accounts:
        local_aws.seed("customer-profiles", "crm", account=account, DefaultExpirationDays=30)
    fleet = Reader(assume_role="arn:aws:iam::{account}:role/drift", rates=Rates(everywhere=0))
    report = check(*(in_region("crm", "us-east-1", account) for account in accounts), reader=fleet)
    assert [domain.status for domain in report.domains] == ["in_sync", "in_sync"]
    assert {call.account for call in local_aws.calls("customer-profiles")} == set(accounts)


def test_a_bug_of_ours_is_said_and_kept(monkeypatch: pytest.MonkeyPatch, local_aws: LocalAws) -> None:
    local_aws.seed("customer-profiles", "good", DefaultExpirationDays=30)
    live = Reader._live

    def sometimes(reader: Reader, expected: Any) -> Any:
        if expected.urn.name == "bad":
            raise RuntimeError("broken")
        return live(reader, expected)

    monkeypatch.setattr(Reader, "_live", sometimes)
    traces: list[str] = []
    report = Check(reader=fast()).run([Export("x", export(resource("bad"), resource("good")))], on_bug=traces.append)
    assert [domain.status for domain in report.domains] == ["unreadable", "in_sync"]
    reason = "connect-domains has a bug: RuntimeError (the traceback is on standard error)"
    assert next(iter(report.domains)).reason == reason
    assert "RuntimeError: broken" in traces[0]


def test_a_domain_without_a_region_is_unreadable() -> None:
    lost = resource("crm", inputs={"domain_name": "crm", "default_expiration_days": 30})
    lost["outputs"].pop("arn")
    (domain,) = check(lost).domains
    assert (domain.status, domain.reason) == ("unreadable", "state names no region for it")


# -- quotas -----------------------------------------------------------------------------------------------------------


def test_under_a_quota_nothing_is_throttled(local_aws: LocalAws) -> None:
    for place in range(12):
        local_aws.seed("customer-profiles", f"crm-{place}", DefaultExpirationDays=30)
    local_aws.throttle("GetDomain", 5)
    report = check(*(resource(f"crm-{place}") for place in range(12)), reader=Reader())
    calls = Counter(call.status for call in local_aws.calls(operation="GetDomain"))
    assert (report.counts["in_sync"], calls) == (12, {200: 12})


def test_others_who_use_up_the_quota_are_waited_for(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> None:
    sleep = time.sleep
    monkeypatch.setattr(time, "sleep", lambda seconds: sleep(min(seconds, 0.001)))
    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=30)
    local_aws.fault("GetDomain", code="ThrottlingException", times=20)
    assert next(iter(check(resource("crm")).domains)).status == "in_sync"
    assert len(local_aws.calls(operation="GetDomain")) == 21


# -- what is checked --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filters", "checked"),
    [
        (Filters(), ["crm", "sales", "voice"]),
        (Filters(types=("voiceid",)), ["voice"]),
        (Filters(names=("s*", "cr?")), ["crm", "sales"]),
        (Filters(regions=("eu-west-2",)), ["sales"]),
        (Filters(types=("customerprofiles",), regions=("us-east-1",)), ["crm"]),
        (Filters(names=("nobody",)), []),
    ],
)
def test_filters(filters: Filters, checked: list[str]) -> None:
    voice = {"name": "voice", "region": "us-east-1", "server_side_encryption_configuration": {"kms_key_id": "k"}}
    sales = resource("sales", inputs={"domain_name": "sales", "region": "eu-west-2", "default_expiration_days": 3})
    spoken = {**resource("voice", "voiceid", inputs=voice), "id": "a" * 22}
    report = check(resource("crm"), sales, spoken, filters=filters)
    assert [domain.name for domain in report.domains] == checked
    assert (report.exit_code == 1) == (not checked)


def test_requirements_are_held_against_what_is_live(local_aws: LocalAws) -> None:
    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=30, Matching={"Enabled": True})
    report = check(resource("crm"), requirements=(from_text("matching.enabled=false"),))
    assert (next(iter(report.domains)).status, report.exit_code) == ("in_sync", 2)
    assert [each.path for each in next(iter(report.domains)).broken_requirements] == ["matching.enabled"]


def test_unmanaged_domains_are_those_that_no_checked_stack_declares(local_aws: LocalAws) -> None:
    for name in ("crm", "leaving", "by-hand"):
        local_aws.seed("customer-profiles", name, DefaultExpirationDays=30)
    local_aws.seed("customer-profiles", "crm", region="eu-west-2", DefaultExpirationDays=30)
    local_aws.seed("customer-profiles", "far", region="eu-west-2", DefaultExpirationDays=30)
    gone = resource("leaving", delete=True)
    report = check(resource("crm"), gone, in_region("far", "eu-west-2"), lists_unmanaged=True)
    assert report.unmanaged_domains is not None
    assert [(each.name, each.region) for each in report.unmanaged_domains] == [
        ("crm", "eu-west-2"),
        ("by-hand", "us-east-1"),
    ]
    assert report.exit_code == 0


def test_a_listing_that_is_refused_is_a_problem(local_aws: LocalAws) -> None:
    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=30)
    local_aws.fault("ListDomains", code="AccessDeniedException", times=None)
    report = check(resource("crm"), lists_unmanaged=True)
    assert [problem.origin for problem in report.problems] == [
        f"the Customer Profiles domains of account {ACCOUNT} in us-east-1"
    ]
    assert report.exit_code == 1


def test_a_mistake_of_this_program_in_a_listing_is_a_problem(
    local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=30)
    monkeypatch.setattr(reading, "listed", lambda *_: 1 / 0)
    traces: list[str] = []
    checked = Check(reader=fast(), lists_unmanaged=True)
    report = checked.run([Export("a test", export(resource("crm")))], on_bug=traces.append)
    assert [problem.reason for problem in report.problems] == [
        "connect-domains has a bug: ZeroDivisionError (the traceback is on standard error)"
    ]
    assert len(report.domains) == len(traces) == 1


def test_a_domain_is_found_again_whatever_the_order_of_the_tags_to_ignore() -> None:
    """The order of a set of texts is another one in each process. Here it is that in which they were added."""
    one, other = next(
        (f"{a}", f"{b}")
        for a, b in combinations(range(100), 2)
        if list(frozenset([f"{a}", f"{b}"])) != list(frozenset([f"{b}", f"{a}"]))
    )
    (expected,) = read_state(export(resource("crm"))).expectations
    keys = set()
    for ignored in ([one, other], [other, one]):
        configuration = Configuration(tags=TagPolicy(ignored_keys=frozenset(ignored)))
        keys.add(Check()._key(replace(expected, configuration=configuration)))
    assert len(keys) == 1
    assert Check()._key(expected) not in keys


def test_a_domain_that_two_stacks_declare_is_a_finding(local_aws: LocalAws) -> None:
    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=30)
    other = resource("crm", stack="other")
    report = Check(reader=fast()).run([Export("a", export(resource("crm"))), Export("b", export(other))])
    found = [[(each.origin, dynamic_tokens(each.urn)) for each in domain.also_declared] for domain in report.domains]
    assert found == [
        [("b", other["urn"])],
        [("a", resource("crm")["urn"])],
    ]
    assert [domain.status for domain in report.domains] == ["in_sync", "in_sync"]
    assert (report.exit_code, report.counts["declared_twice"]) == (2, 2)


def test_a_filter_does_not_hide_the_other_stack_that_declares_a_domain(local_aws: LocalAws) -> None:
    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=30)
    other = {**resource("crm"), "urn": f"{resource('crm')['urn']}-elsewhere"}
    exports = [Export("a", export(resource("crm"))), Export("b", export(other))]
    (domain,) = Check(reader=fast(), filters=Filters(names=("crm",))).run([exports[0]]).domains
    assert domain.also_declared == ()
    report = Check(reader=fast(), filters=Filters(names=("*-elsewhere",))).run(exports)
    assert [[each.origin for each in domain.also_declared] for domain in report.domains] == [["a"]]


def test_a_stack_that_comes_twice_is_checked_once(local_aws: LocalAws) -> None:
    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=30)
    report = Check(reader=fast()).run([Export("a", export(resource("crm"))), Export("b", export(resource("crm")))])
    assert len(report.domains) == 1
    assert report.exit_code == 0


def kept_by(text: str, keeper: dict[str, Any]) -> str:
    """The export of a stack whose secrets are kept so."""
    document = json.loads(text)
    document["deployment"]["secrets_providers"] = keeper
    return json.dumps(document)


def in_cloud(owner: str) -> dict[str, Any]:
    return {
        "type": "service",
        "state": {"url": "https://api.pulumi.com", "owner": owner, "project": "shop", "stack": "dev"},
    }


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(
            kept_by(export(in_region("crm", "us-east-1")), in_cloud("acme")),
            kept_by(export(in_region("crm", "us-east-1")), in_cloud("umbrella")),
            id="another organisation's",
        ),
        pytest.param(
            kept_by(export(in_region("crm", "us-east-1")), {"type": "passphrase", "state": {"salt": "v1:a:b"}}),
            kept_by(export(in_region("crm", "us-east-1")), {"type": "passphrase", "state": {"salt": "v1:c:d"}}),
            id="another backend's",
        ),
        pytest.param(
            export(resource("crm")),
            export(
                resource("crm", inputs={"domain_name": "crm", "region": "us-east-1", "default_expiration_days": 31})
            ),
            id="one that declares something else",
        ),
    ],
)
def test_a_stack_with_the_urns_of_another_is_checked_too(local_aws: LocalAws, first: str, second: str) -> None:
    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=30)
    report = Check(reader=fast()).run([Export("first", first), Export("second", second)])
    assert [[each.origin for each in domain.also_declared] for domain in report.domains] == [["second"], ["first"]]
    assert (report.exit_code, report.stacks) == (2, ("shop/dev", "shop/dev"))


def test_a_stack_with_the_urns_of_another_accounts_is_checked_too(local_aws: LocalAws) -> None:
    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=30)
    mine, theirs = (in_region("crm", "us-east-1", account) for account in (ACCOUNT, "999999999999"))
    theirs["urn"] = mine["urn"]
    report = Check(reader=fast()).run([Export("mine", export(mine)), Export("theirs", export(theirs))])
    assert [domain.status for domain in report.domains] == ["in_sync", "unreadable"]
    assert report.counts["declared_twice"] == 0


def test_two_exports_of_one_stack_are_not_two_stacks(local_aws: LocalAws) -> None:
    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=30)
    later = resource("crm", inputs={"domain_name": "crm", "region": "us-east-1", "default_expiration_days": 31})
    exports = [kept_by(export(each), in_cloud("acme")) for each in (resource("crm"), later)]
    report = Check(reader=fast()).run([Export(str(place), text) for place, text in enumerate(exports)])
    assert [domain.status for domain in report.domains] == ["in_sync", "drifted"]
    assert report.counts["declared_twice"] == 0


# -- states that a provider never wrote -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        pytest.param({"inputs": None}, "state does not hold what is declared of it: default_expiration_days is missing", id="no inputs"),
        pytest.param({"inputs": {}}, "state does not hold what is declared of it: default_expiration_days is missing", id="empty inputs"),
        pytest.param(
            {"inputs": {"default_expiration_days": 30, "region": "us-east-1", "matching": "on"}},
            "state is damaged: matching is not a map",
            id="a value of another kind",
        ),
        pytest.param({"outputs": {"arn": "crm"}}, "state is damaged: its arn is no ARN", id="no ARN"),
        pytest.param({"outputs": {"created_at": 5}}, "state is damaged: created_at is not a text", id="an output of another kind"),
    ],
)  # fmt: skip
def test_what_a_provider_never_wrote_makes_a_domain_unreadable_and_the_others_are_checked(
    local_aws: LocalAws, more: dict[str, Any], reason: str
) -> None:
    for name in ("crm", "fine"):
        local_aws.seed("customer-profiles", name, DefaultExpirationDays=30)
    report = check({**resource("crm"), **more}, resource("fine"))
    assert [(domain.status, domain.reason) for domain in report.domains] == [("unreadable", reason), ("in_sync", "")]
    assert report.exit_code == 1


def test_a_secret_region_is_that_of_the_arn(local_aws: LocalAws) -> None:
    local_aws.seed("customer-profiles", "crm", region="eu-west-2", DefaultExpirationDays=30)
    made = in_region("crm", "eu-west-2")
    made["inputs"]["region"] = made["outputs"]["region"] = encrypted()
    report = check(made)
    assert [(domain.status, domain.region) for domain in report.domains] == [("in_sync", "eu-west-2")]


def test_a_secret_region_that_nothing_tells_is_said() -> None:
    made = resource("crm")
    made["inputs"]["region"] = made["outputs"]["region"] = encrypted()
    del made["outputs"]["arn"]
    (domain,) = check(made).domains
    assert (domain.status, domain.reason) == (
        "unreadable",
        "the export holds its region encrypted; --show-secrets lets it be read",
    )


def test_what_cannot_be_read_as_a_state_is_a_problem_and_the_rest_is_checked(local_aws: LocalAws) -> None:
    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=30)
    exports = [
        Export("a.json", "{"),
        Export("b.json", error="cannot be read"),
        Export("c.json", export(resource("crm"))),
    ]
    report = Check(reader=fast()).run(exports)
    assert [problem.origin for problem in report.problems] == ["a.json", "b.json"]
    assert ([domain.status for domain in report.domains], report.exit_code) == (["in_sync"], 1)


def test_the_report_is_as_its_schema_says(local_aws: LocalAws) -> None:
    from pulumi_connect_domains.drift.formats.json_format import document

    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=31, Matching={"Enabled": True})
    report = check(resource("crm"), resource("gone"), in_region("x", "us-east-1", "999999999999"), lists_unmanaged=True)
    assert flaws("drift", json.loads(json.dumps(document(report)))) == []
