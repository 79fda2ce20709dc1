"""Merging: the reports of all shards give the report of one check, and what is no whole check is refused with the names of the files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from pulumi_connect_domains import __version__
from pulumi_connect_domains.drift import merging
from pulumi_connect_domains.drift.model import (
    DomainReport,
    Finding,
    Options,
    OtherDeclaration,
    Problem,
    Report,
    UnmanagedDomain,
)
from pulumi_connect_domains.drift.report_file import Keep
from pulumi_connect_domains.drift.shards import Shard
from pulumi_connect_domains.drift.since import compared
from pulumi_connect_domains.model.errors import ConfigurationError

from .reports import COMPARED, EVERYTHING, domain, report

REGIONS = ("us-east-1", "eu-central-1", "eu-west-2", "[secret]", "")
ACCOUNTS = ("111111111111", "222222222222", "333333333333", "")
STATUSES = ("in_sync", "drifted", "missing", "unreadable")


def _domain(number: int, status: str, stack: str, account: str, region: str) -> DomainReport:
    members: dict[str, object] = {"reason": "" if status in ("in_sync", "drifted") else "x"}
    if status == "drifted":
        members["findings"] = (Finding("tags.a", "1", "2", "changed"),)
    return domain(status, f"crm-{number}", stack=stack, account=account, region=region, **members)  # type: ignore[arg-type]


fleets = some.lists(
    some.tuples(
        some.sampled_from(STATUSES),
        some.sampled_from(["dev", "prod"]),
        some.sampled_from(ACCOUNTS),
        some.sampled_from(REGIONS),
    ),
    max_size=12,
)


def merged(shards: Iterable[tuple[str, Report]]) -> Report:
    """The reports, merged as if each were read from the file of that name."""

    def read(report: Report, keep: Keep) -> Report:
        return replace(report, domains=keep(report.domains))

    return merging.merged((name, partial(read, each)) for name, each in shards)


def split(whole: Report, number: int) -> list[tuple[str, Report]]:
    """The report as its shards would be, each with the name of its file."""

    def part(shard: Shard) -> Report:
        own = tuple(each for each in whole.domains if shard.has(each.account, each.region))
        found = whole.unmanaged_domains
        listed = None if found is None else tuple(each for each in found if shard.has(each.account, each.region))
        elsewhere = len(whole.domains) - len(own)
        return replace(
            whole,
            domains=own,
            unmanaged_domains=listed,
            shard=shard,
            in_other_shards=elsewhere,
            tool_version=__version__,
        )

    return [(f"shard-{index}.json", part(Shard(index, number))) for index in range(1, number + 1)]


def listed(found: Report) -> Report:
    """The same, its domains in a list."""
    return replace(found, domains=tuple(found.domains))


@settings(max_examples=80, deadline=None)
@given(fleets, some.integers(1, 5), some.randoms(use_true_random=False), some.booleans())
def test_merged_shards_are_the_whole_in_whatever_order_they_come(
    fleet: list[tuple[str, str, str, str]], number: int, random: Random, strict: bool
) -> None:
    unmanaged = tuple(
        UnmanagedDomain("voiceid", "Voice ID domain", f"u{place}", f"u{place}", account, region)
        for place, (account, region) in enumerate(sorted({(account, region) for *_, account, region in fleet}))
    )
    whole = report(
        *(_domain(place, *each) for place, each in enumerate(fleet)),
        unmanaged_domains=unmanaged,
        problems=EVERYTHING.problems if len(fleet) % 3 == 0 else (),
        strict=strict,
        options=Options(regions=("eu-central-1",)),
        tool_version=__version__,
        stacks=("shop/dev", "shop/dev", "shop/prod"),
    )
    shards = split(whole, number)
    random.shuffle(shards)
    found = listed(merged(shards))
    assert found.exit_code == whole.exit_code
    assert found.counts == whole.counts
    assert sorted(found.domains, key=lambda each: each.id) == sorted(whole.domains, key=lambda each: each.id)
    assert [each.stack for each in found.domains] == sorted(each.stack for each in whole.domains), "by stack"
    assert replace(found, domains=()) == replace(whole, domains=())
    random.shuffle(shards)
    assert listed(merged(shards)) == found, "the order of the files does not matter"


def test_within_a_stack_domains_are_shard_by_shard_as_they_came() -> None:
    one, other = (Shard(index, 2) for index in (1, 2))
    a, b, c, d = (
        domain("in_sync", name, stack=stack) for name, stack in (("a", "z"), ("b", "y"), ("c", "y"), ("d", "z"))
    )
    first, second = report(b, a, shard=one, in_other_shards=2), report(d, c, shard=other, in_other_shards=2)
    assert [each.name for each in merged([("2", second), ("1", first)]).domains] == ["b", "c", "a", "d"]


def test_it_began_with_the_first_shard_and_took_until_the_last_one_ended() -> None:
    """Also where they ran one after the other; metrics say when a check ended by the two."""
    times = [
        ("2026-11-22T06:30:00+00:00", 10.0),
        ("2026-11-22T06:29:00+00:00", 5.5),
        ("2026-11-22T06:29:30+00:00", 100.25),
    ]
    shards = [
        (f"{index}", report(started_at=at, seconds=seconds, shard=Shard(index, 3), in_other_shards=1))
        for index, (at, seconds) in enumerate(times, 1)
    ]
    found = merged(shards)
    assert (found.started_at, found.seconds) == ("2026-11-22T06:29:00+00:00", 130.25)


def test_stacks_are_united_and_a_problem_that_all_have_is_one() -> None:
    everywhere, once = (
        Problem("states/broken.json", "is not JSON"),
        Problem("the domains of account 1", "access denied"),
    )
    shards = split(report(domain("in_sync"), problems=(everywhere,), stacks=("a/x", "a/x", "b/y")), 2)
    shards[1] = ("2", replace(shards[1][1], problems=(everywhere, once), stacks=("a/x", "c/z")))
    found = merged(shards)
    assert found.problems == (everywhere, once)
    assert found.stacks == ("a/x", "a/x", "b/y", "c/z")


def test_one_report_of_no_shard_is_taken_as_it_is() -> None:
    found = listed(merged([("x", EVERYTHING)]))
    by_stack = sorted(EVERYTHING.domains, key=lambda each: (each.project, each.stack))
    assert found == replace(EVERYTHING, domains=tuple(by_stack), tool_version=__version__)


def test_shards_that_are_all_empty_found_nothing_to_check() -> None:
    """Each alone says that others have domains. Together nobody has."""
    shards = [(f"{index}", report(shard=Shard(index, 2), in_other_shards=3)) for index in (1, 2)]
    assert [each.exit_code for _, each in shards] == [0, 0]
    assert merged(shards).exit_code == 1


def test_remarks_on_what_changed_meanwhile() -> None:
    shards = split(report(domain("in_sync")), 3)
    assert merged(shards).notes == ()
    late = replace(shards[1][1], started_at="2026-11-23T18:30:00+00:00")
    assert merged([shards[0], ("2", late), shards[2]]).notes == (
        "the shards began 36 hours apart, from 2026-11-22T06:30:00+00:00 to 2026-11-23T18:30:00+00:00: is one of them of an earlier check?",
    )
    more = replace(shards[1][1], in_other_shards=shards[1][1].in_other_shards + 4)
    assert merged([shards[0], ("2", more), shards[2]]).notes == (
        "the states changed while the shards were checked: they found from 1 to 5 domains in them",
    )
    other = replace(shards[1][1], stacks=("shop/other",))
    assert merged([shards[0], ("2", other), shards[2]]).notes == (
        "the shards name different stacks: did the states change meanwhile, or was a shard given other states?",
    )


def test_what_shards_told_of_an_earlier_report_is_left_out_and_told_anew() -> None:
    earlier = replace(COMPARED, domains=tuple(COMPARED.domains), started_at="2026-11-20T06:30:00+00:00")
    shards = [(name, compared(each, earlier)) for name, each in split(EVERYTHING, 2)]
    found = merged(shards)
    assert found.compared is None
    assert {domain.since for domain in found.domains} == {None}
    assert {each.since for domain in found.domains for each in (*domain.findings, *domain.broken_requirements)} == {
        None
    }
    assert {each.since for each in found.unmanaged_domains or ()} == {None}
    assert "give --since to the merge" in found.notes[-1]
    again, whole = compared(found, earlier), compared(EVERYTHING, earlier)
    assert again.compared == whole.compared
    assert sorted((each.name, each.since or "") for each in again.domains) == sorted(
        (each.name, each.since or "") for each in whole.domains
    )


def refusal(shards: Sequence[tuple[str, Report]]) -> str:
    with pytest.raises(ConfigurationError) as mistake:
        merged(shards)
    (line,) = str(mistake.value).splitlines()
    return line.removeprefix("the reports cannot be merged: ")


FLEET = report(
    domain("in_sync", "a", region="us-east-1"),
    domain("in_sync", "b", region="eu-west-2"),
    domain("in_sync", "c", region="eu-central-1"),
    unmanaged_domains=(),
    options=Options(),
)
THREE = split(FLEET, 3)


def changed(**members: object) -> list[tuple[str, Report]]:
    """The three shards, the second of which has other members."""
    name, second = THREE[1]
    return [THREE[0], (name, replace(second, **members)), THREE[2]]  # type: ignore[arg-type]  # its own members


@pytest.mark.parametrize(
    ("shards", "said"),
    [
        pytest.param(THREE[:2], "shard 3 of 3 is missing: shard-1.json, shard-2.json", id="a shard is missing"),
        pytest.param(
            split(FLEET, 40)[1:2],
            "shards 1, 3, 4, 5, 6 and 34 more of 40 are missing: shard-2.json",
            id="many are missing",
        ),
        pytest.param(
            [*THREE, THREE[1]], "shard 2/3 is there 2 times: shard-2.json, shard-2.json", id="the same file twice"
        ),
        pytest.param(
            [*THREE, ("old.json", THREE[1][1])],
            "shard 2/3 is there 2 times: shard-2.json, old.json",
            id="a shard twice",
        ),
        pytest.param(
            [*THREE[:2], ("old.json", THREE[1][1])],
            "shard 2/3 is there 2 times: shard-2.json, old.json",
            id="one twice, one missing",
        ),
        pytest.param(
            [THREE[0], *split(FLEET, 2)],
            "the shards differ in the number of shards: shard-1.json, shard-1.json",
            id="of two numbers",
        ),
        pytest.param(
            [*THREE, ("all.json", FLEET)], "1 report is of no shard (--shard): all.json", id="a whole among shards"
        ),
        pytest.param([("a", FLEET), ("b", FLEET)], "2 reports are of no shard (--shard): a, b", id="two wholes"),
        pytest.param(changed(strict=True), "the shards differ in --strict: shard-1.json, shard-2.json", id="strict"),
        pytest.param(
            changed(unmanaged_domains=None),
            "the shards differ in --unmanaged: shard-1.json, shard-2.json",
            id="unmanaged",
        ),
        pytest.param(
            changed(options=Options(types=("voiceid",))),
            "the shards differ in filters or requirements: shard-1.json, shard-2.json",
            id="a type",
        ),
        pytest.param(
            changed(options=Options(names=("a*",))), "the shards differ in filters or requirements", id="a name"
        ),
        pytest.param(
            changed(options=Options(regions=("x",))), "the shards differ in filters or requirements", id="a Region"
        ),
        pytest.param(
            changed(options=Options(requirements=("x = 1",))),
            "the shards differ in filters or requirements",
            id="a requirement",
        ),
        pytest.param(
            changed(tool_version="99.1.0"),
            "the shards differ in the version of connect-domains: shard-1.json, shard-2.json",
            id="a version",
        ),
        pytest.param(
            changed(domains=(*THREE[0][1].domains, *THREE[1][1].domains, *THREE[2][1].domains)),
            "is in two shards: ",
            id="a domain twice",
        ),
    ],
)
def test_what_is_no_whole_check_is_refused_with_the_names_of_the_files(
    shards: list[tuple[str, Report]], said: str
) -> None:
    assert refusal(shards).startswith(said) or (said == "is in two shards: " and said in refusal(shards))


def test_versions_that_only_mend_may_be_mixed() -> None:
    assert (
        len(
            merged(
                [(name, replace(each, tool_version=f"1.2.{place}")) for place, (name, each) in enumerate(THREE)]
            ).domains
        )
        == 3
    )


def test_the_same_id_in_two_regions_that_are_secret_is_no_domain_twice() -> None:
    """Their Regions are masked, so only the URN tells them apart."""
    one, other = (
        domain("in_sync", "a", id="crm", region="[secret]", urn=f"urn:pulumi:{stack}::shop::t::a")
        for stack in ("x", "y")
    )
    shards = [
        ("1", report(one, shard=Shard(1, 2), in_other_shards=1)),
        ("2", report(other, shard=Shard(2, 2), in_other_shards=1)),
    ]
    assert len(merged(shards).domains) == 2
    same = [shards[0], ("2", report(one, shard=Shard(2, 2), in_other_shards=1))]
    assert refusal(same) == "Customer Profiles domain crm in [secret] is in two shards: 1, 2"


def test_a_domain_that_two_stacks_declare_is_in_one_shard_twice() -> None:
    one, other = (
        domain(
            "in_sync",
            "crm",
            stack=stack,
            also_declared=(OtherDeclaration(f"shop/{also}", "x", f"urn:pulumi:{also}::shop::t::crm"),),
        )
        for stack, also in (("x", "y"), ("y", "x"))
    )
    assert merged(split(report(one, other), 3)).counts["declared_twice"] == 2
