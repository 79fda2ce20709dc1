"""`drift --shard`, `drift merge` and `drift --since` on the command line, with a local AWS: calls, reports, exit codes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pulumi_connect_domains import aws, cli
from pulumi_connect_domains.drift.shards import Shard
from pulumi_connect_domains.local.aws import LocalAws

from ..report_schemas import flaws
from .reports import ACCOUNT, export, resource

REGIONS = ("us-east-1", "eu-central-1", "eu-west-2", "us-west-2")
OTHER = "222222222222"
ROLE = ("--assume-role", "arn:aws:iam::{account}:role/drift", "--rate", "0")
VARIABLES = (
    "CI_NODE_INDEX",
    "CI_NODE_TOTAL",
    "AWS_BATCH_JOB_ARRAY_INDEX",
    "AWS_BATCH_JOB_ARRAY_SIZE",
    "JOB_COMPLETION_INDEX",
)


@pytest.fixture(autouse=True)
def _cloud(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name, value in local_aws.environment().items():
        monkeypatch.setenv(name, value)
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    aws.forget_clients()
    yield
    aws.forget_clients()


def _in(region: str, account: str, name: str, stack: str) -> dict[str, Any]:
    made = resource(name, stack=stack, inputs={"domain_name": name, "region": region, "default_expiration_days": 30})
    made["outputs"]["arn"] = f"arn:aws:profile:{region}:{account}:domains/{name}"
    return made


@pytest.fixture
def fleet(local_aws: LocalAws, tmp_path: Path) -> list[str]:
    """The arguments of a check of two accounts and four Regions, in which there is one of everything."""
    for account in (ACCOUNT, OTHER):
        entries = []
        for region in REGIONS:
            name = f"crm-{account[0]}-{region}"
            entries.append(_in(region, account, name, stack=f"s{account[0]}"))
            days = 31 if region == "eu-west-2" else 30
            if region != "us-west-2":
                local_aws.seed("customer-profiles", name, account=account, region=region, DefaultExpirationDays=days)
        local_aws.seed("customer-profiles", "by-hand", account=account, region="eu-central-1", DefaultExpirationDays=1)
        (tmp_path / f"{account}.json").write_text(
            export(*entries).replace("urn:pulumi:dev::", f"urn:pulumi:s{account[0]}::")
        )
    again = _in("us-east-1", ACCOUNT, "crm-1-us-east-1", stack="again")
    (tmp_path / "again.json").write_text(export(again).replace("urn:pulumi:dev::", "urn:pulumi:again::"))
    states = [f"{ACCOUNT}.json", f"{OTHER}.json", "again.json"]
    return ["drift", *(word for state in states for word in ("--state", state)), "--unmanaged", *ROLE]


def run(*arguments: str) -> int:
    aws.forget_clients()
    return cli.run(list(arguments))


def read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(name).read_text("utf-8"))
    assert flaws("drift", found) == []
    return found


def by_domain(found: dict[str, Any]) -> dict[str, Any]:
    return {each["urn"]: each for each in found["domains"]}


def test_shards_are_merged_to_the_report_of_one_check(
    fleet: list[str], local_aws: LocalAws, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each shard asks AWS for its own domains alone, so all of them together ask once for each."""
    whole_code = run(*fleet, "--out", "json=whole.json")
    reads = sorted(
        (call.account, call.region, call.operation)
        for call in local_aws.calls()
        if call.operation in ("GetDomain", "ListDomains")
    )
    local_aws.forget_calls()
    codes = [run(*fleet, "--shard", f"{index}/3", "--out", f"json=shard-{index}.json") for index in (1, 2, 3)]
    in_shards = sorted(
        (call.account, call.region, call.operation)
        for call in local_aws.calls()
        if call.operation in ("GetDomain", "ListDomains")
    )
    assert in_shards == reads
    capsys.readouterr()
    assert (
        run("drift", "merge", "shard-3.json", "shard-1.json", "shard-2.json", "--out", "json=merged.json")
        == whole_code
        == 2
    )
    assert "2 of 9 domains drifted" in capsys.readouterr().err
    whole, merged = read("whole.json"), read("merged.json")
    shards = [read(f"shard-{index}.json") for index in (1, 2, 3)]
    assert [shard["shard"] for shard in shards] == [{"index": index, "of": 3} for index in (1, 2, 3)]
    assert [shard["counts"]["domains"] + shard["counts"]["in_other_shards"] for shard in shards] == [9, 9, 9]
    assert [shard["exit_code"] for shard in shards] == codes
    for index, shard in enumerate(shards, 1):
        assert all(
            Shard(index, 3).has(each["account"], each["region"])
            for each in (*shard["domains"], *shard["unmanaged_domains"])
        )
    assert by_domain(merged) == by_domain(whole)
    assert [each["stack"] for each in merged["domains"]] == sorted(each["stack"] for each in merged["domains"])
    for name in (
        "result",
        "exit_code",
        "counts",
        "stacks",
        "unmanaged_domains",
        "problems",
        "shard",
        "options",
        "notes",
        "strict",
    ):
        assert merged[name] == whole[name], name
    assert merged["started_at"] == min(shard["started_at"] for shard in shards)


def test_a_merge_asks_nobody_and_writes_every_format(
    fleet: list[str], local_aws: LocalAws, capsys: pytest.CaptureFixture[str]
) -> None:
    for index in (1, 2):
        run(*fleet, "--shard", f"{index}/2", "--out", f"json={index}.json")
    local_aws.forget_calls()
    formats = ("text", "json", "markdown", "junit", "github", "slack", "sarif", "openmetrics", "html")
    outs = [word for name in formats for word in ("--out", f"{name}=out.{name}")]
    assert run("drift", "merge", "1.json", "2.json", "--check-name", "fleet", "--exit-zero", *outs) == 0
    assert local_aws.calls() == []
    assert 'connect_domains_drift_exit_code{check="fleet"} 2' in Path("out.openmetrics").read_text()
    assert all(Path(f"out.{name}").read_text().strip() for name in formats)
    capsys.readouterr()
    assert run("drift", "merge", "1.json", "2.json", "--verbose") == 2
    assert "crm-1-eu-central-1" in capsys.readouterr().out, "which is in sync"


def test_an_empty_shard_is_0_and_a_fleet_without_domains_is_1(
    fleet: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    number = 500
    empty = next(
        index
        for index in range(1, number)
        if not any(Shard(index, number).has(each, region) for each in (ACCOUNT, OTHER) for region in REGIONS)
    )
    assert run(*fleet, "--shard", f"{empty}/{number}") == 0
    said = capsys.readouterr().out
    assert said.startswith(
        "Nothing to check in this shard: all domains are in others, 9 domains in other shards (shard "
    )
    assert run(*fleet, "--shard", f"{empty}/{number}", "--name", "nobody") == 1, (
        "no shard has a domain that passes the filters"
    )
    Path("none.json").write_text(export())
    assert run("drift", "--state", "none.json", "--shard", "1/2") == 1


def test_an_export_that_cannot_be_read_is_told_by_every_shard_and_once_in_all(
    fleet: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    Path("broken.json").write_text("{")
    codes = [
        run(*fleet, "--state", "broken.json", "--shard", f"{index}/2", "--out", f"json={index}.json")
        for index in (1, 2)
    ]
    assert codes == [1, 1]
    capsys.readouterr()
    assert run("drift", "merge", "1.json", "2.json", "--exit-zero") == 1
    assert capsys.readouterr().out.count("broken.json") == 1


def test_the_index_of_a_job(
    fleet: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_BATCH_JOB_ARRAY_INDEX", "1")
    run(*fleet, "--shard", "auto/3", "--out", "json=x.json")
    assert read("x.json")["shard"] == {"index": 2, "of": 3}
    capsys.readouterr()
    assert run(*fleet, "--shard", "auto") == 1
    assert capsys.readouterr().err.startswith(
        "error: --shard auto: AWS_BATCH_JOB_ARRAY_INDEX is set, and no variable tells the number of shards"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(
            ["drift", "--state", "x", "--shard", "4/3"],
            "--shard 4/3: the index of one of 3 shards is from 1 to 3",
            id="no such shard",
        ),
        pytest.param(
            ["drift", "--state", "x", "--shard", ""],
            "--shard : 3/16 (the third of sixteen)",
            id="a variable that is not set",
        ),
        pytest.param(
            ["drift", "--state", "x", "--since", "nowhere.json"],
            "--since nowhere.json: cannot be read: No such file",
            id="no earlier report",
        ),
        pytest.param(
            ["drift", "--state", "x", "--since", "state.json"],
            "--since state.json: is no report of `connect-domains drift",
            id="a state",
        ),
        pytest.param(["drift", "merge"], "Missing argument 'SHARD...'", id="nothing to merge"),
        pytest.param(
            ["drift", "merge", "nowhere.json"],
            "nowhere.json: cannot be read: No such file",
            id="a shard that is not there",
        ),
        pytest.param(
            ["drift", "merge", "state.json"],
            "state.json: is no report of `connect-domains drift",
            id="a shard that is a state",
        ),
        pytest.param(
            ["drift", "merge", "state.json", "--out", "pdf=x"], "FORMAT=FILE was expected", id="an unknown format"
        ),
        pytest.param(
            ["drift", "--strict", "merge", "x"],
            "--strict stands before merge: write its options after its name",
            id="an option of drift",
        ),
        pytest.param(["drift", "merge", "x", "--strict"], "No such option", id="an option that merge has not"),
        pytest.param(["drift", "mrege"], "No such command 'mrege'. Did you mean 'merge'?", id="a typing error"),
    ],
)
def test_a_mistake_in_the_arguments_is_1_and_asks_nothing(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str], local_aws: LocalAws
) -> None:
    Path("state.json").write_text(export(resource("crm")))
    assert run(*arguments) == 1
    assert said in capsys.readouterr().err
    assert local_aws.calls() == []


def test_since_tells_new_lasting_and_mended_drift_and_changes_no_exit_code(
    fleet: list[str], local_aws: LocalAws, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*fleet, "--out", "json=then.json") == 2
    local_aws.change("customer-profiles", "crm-1-eu-west-2", region="eu-west-2", DefaultExpirationDays=30)
    local_aws.change("customer-profiles", "crm-1-eu-central-1", region="eu-central-1", DefaultExpirationDays=99)
    capsys.readouterr()
    assert run(*fleet, "--since", "then.json", "--out", "json=now.json", "--out", "text=-") == 2
    said = capsys.readouterr().out
    assert "new: raised from 30 to 99 days" in said
    assert "lasting: raised from 30 to 31 days" in said
    assert "Mended since " in said
    assert ", 1 new, 7 lasting, 1 mended since " in said
    now = read("now.json")
    assert {name: now["counts"][name] for name in ("new", "lasting", "mended", "could_not_tell", "left_out")} == {
        "new": 1,
        "lasting": 7,
        "mended": 1,
        "could_not_tell": 0,
        "left_out": 0,
    }
    (mended,) = now["mended"]
    assert (mended["kind"], mended["name"], mended["path"]) == ("drifted", "crm-1-eu-west-2", "default_expiration_days")
    assert now["since"] == {"started_at": read("then.json")["started_at"]}
    for index in (1, 2):
        run(*fleet, "--shard", f"{index}/2", "--out", f"json={index}.json")
    assert run("drift", "merge", "1.json", "2.json", "--since", "then.json", "--out", "json=merged.json") == 2
    merged = read("merged.json")
    assert by_domain(merged) == by_domain(now)
    assert (merged["mended"], merged["counts"]) == (now["mended"], now["counts"])
    assert run(*fleet, "--since", "merged.json", "--out", "json=next.json") == 2
    assert {name: read("next.json")["counts"][name] for name in ("new", "lasting", "mended")} == {
        "new": 0,
        "lasting": 8,
        "mended": 0,
    }
    capsys.readouterr()
    assert run(*fleet, "--since", "next.json", "--out", "json=next.json") == 2, "the file is read before it is written"
    assert read("next.json")["counts"]["lasting"] == 8


def test_the_report_says_what_was_asked_for(fleet: list[str]) -> None:
    Path("policy.yaml").write_text(
        "require:\n  - path: default_expiration_days\n    at_most: 366\n    region: [us-east-1, eu-west-2]\n"
    )
    options = [
        "--region",
        "us-east-1",
        "--region",
        "eu-west-2",
        "--type",
        "customerprofiles",
        "--name",
        "crm*",
        "--name",
        "a*",
    ]
    run(*fleet, *options, "--require", "tags.a", "--policy", "policy.yaml", "--out", "json=x.json")
    assert read("x.json")["options"] == {
        "types": ["customerprofiles"],
        "names": ["a*", "crm*"],
        "regions": ["eu-west-2", "us-east-1"],
        "requirements": ["default_expiration_days <= 366 [region eu-west-2, region us-east-1]", "tags.a is set"],
    }
