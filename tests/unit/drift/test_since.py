"""The comparison with an earlier report: what is new, lasting or mended, and what nobody can tell."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from pulumi_connect_domains.drift.formats import FORMATS
from pulumi_connect_domains.drift.model import (
    DomainReport,
    Earlier,
    Finding,
    Options,
    OtherDeclaration,
    Problem,
    Report,
    Setting,
    UnmanagedDomain,
)
from pulumi_connect_domains.drift.requirements import Broken
from pulumi_connect_domains.drift.shards import Shard
from pulumi_connect_domains.drift.since import compared, without

from .reports import ACCOUNT, COMPARED, EVERYTHING, domain, report
from .test_report_reading import again, reports

THEN = "2026-11-21T06:30:00+00:00"
GONE = "AWS has no such domain in eu-central-1"


def drifted(*paths: str, **members: Any) -> DomainReport:
    """The domain crm, which has drifted at these paths."""
    found = tuple(Finding(path, "declared", "live", "changed") for path in paths)
    return domain("drifted" if paths else "in_sync", findings=found, **members)


def missing(**members: Any) -> DomainReport:
    return domain("missing", reason=GONE, **members)


def suspended() -> DomainReport:
    return domain("suspended", reason="AWS says SUSPENDED")


def unreadable() -> DomainReport:
    return domain("unreadable", reason="access denied")


def required(*texts: str, **members: Any) -> DomainReport:
    return drifted(broken_requirements=tuple(Broken(text, text.split()[0], "x") for text in texts), **members)


def twice(stack: str = "shop/other", **members: Any) -> DomainReport:
    return drifted(
        also_declared=(OtherDeclaration(stack, "x.json", f"urn:pulumi:{stack[5:]}::shop::t::crm"),), **members
    )


def counts(now: DomainReport | None, then: DomainReport | None, **members: Any) -> str:
    """What the comparison counts: "1 new, 2 mended"."""
    found = compare(report(*([now] if now else []), **members), report(*([then] if then else []), **members))
    assert found.compared
    return ", ".join(f"{number} {word}" for word, number in found.compared.counts.items() if number) or "nothing"


def compare(now: Report, then: Report) -> Report:
    return compared(now, replace(then, started_at=THEN))


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        pytest.param(drifted(), drifted(), "nothing", id="in sync then and now"),
        pytest.param(drifted(), drifted("a", "b"), "2 new", id="drift that was not there"),
        pytest.param(drifted("a"), drifted("a"), "1 lasting", id="drift that was there"),
        pytest.param(drifted("a"), drifted(), "1 mended", id="drift that is not there any more"),
        pytest.param(drifted("a", "b"), drifted("b", "c"), "1 new, 1 lasting, 1 mended", id="one of each"),
        pytest.param(None, drifted("a"), "1 new", id="a domain that the earlier report does not have"),
        pytest.param(unreadable(), drifted("a"), "1 new", id="a domain that could not be read then"),
        pytest.param(drifted("a"), None, "1 left_out", id="a domain that is not in this report is not mended"),
        pytest.param(drifted("a", "b"), drifted(id="crm-2"), "2 left_out", id="nor one that another took the place of"),
        pytest.param(drifted("a"), drifted(region="us-east-1"), "1 left_out", id="nor one of another Region"),
        pytest.param(drifted("a"), drifted(account="2" * 12), "1 left_out", id="nor one of another account"),
        pytest.param(drifted("a"), drifted(type="voiceid"), "1 left_out", id="nor one of another type"),
        pytest.param(drifted("a"), drifted(urn="urn:pulumi:a::b::c::d"), "1 left_out", id="nor one of another URN"),
        pytest.param(drifted("a"), unreadable(), "1 could_not_tell", id="a domain that cannot be read now"),
        pytest.param(missing(), unreadable(), "1 could_not_tell", id="a missing one that cannot be read now"),
        pytest.param(
            required("a = 1"),
            unreadable(),
            "1 could_not_tell",
            id="a broken requirement of one that cannot be read now",
        ),
        pytest.param(drifted("a"), missing(), "1 new, 1 could_not_tell", id="a drifted domain that is missing now"),
        pytest.param(missing(), missing(), "1 lasting", id="missing then and now"),
        pytest.param(missing(), drifted(), "1 mended", id="missing then"),
        pytest.param(missing(), drifted("a"), "1 new, 1 mended", id="missing then and drifted now"),
        pytest.param(suspended(), missing(), "1 new, 1 left_out", id="suspended then and erased now is not mended"),
        pytest.param(required("a = 1"), required("a = 1"), "1 lasting", id="a requirement that is broken still"),
        pytest.param(
            required("a = 1"), required("a = 2"), "1 new, 1 mended", id="another requirement of the same property"
        ),
        pytest.param(required("a = 1"), drifted(), "1 mended", id="a requirement that holds now"),
        pytest.param(twice(), twice(), "1 lasting", id="declared twice still"),
        pytest.param(twice(), twice("shop/third"), "1 new, 1 mended", id="declared twice by another stack"),
        pytest.param(
            drifted("a"), drifted(cannot_tell=("a",)), "1 could_not_tell", id="a secret that is encrypted now"
        ),
        pytest.param(drifted("a.b"), drifted(cannot_tell=("a",)), "1 could_not_tell", id="a value within one"),
        pytest.param(
            drifted("a"), drifted(ignored=(Finding("a", 1, 2, "x"),)), "1 left_out", id="a path that is ignored now"
        ),
        pytest.param(
            drifted("a"), drifted(unmanaged_settings=(Setting("a", 1),)), "1 left_out", id="strict then, and not now"
        ),
        pytest.param(drifted("rules[1].rule"), drifted("rules"), "1 lasting", id="within one list, at a shorter path"),
        pytest.param(drifted("rules"), drifted("rules[1].rule"), "1 lasting", id="within one list, at a longer path"),
        pytest.param(drifted("rules[1]"), drifted("rules[2]"), "1 new, 1 mended", id="two items of a list"),
        pytest.param(drifted("tags.a"), drifted("tags.ab"), "1 new, 1 mended", id="a path that only begins alike"),
    ],
)
def test_what_became_of_it(then: DomainReport | None, now: DomainReport | None, said: str) -> None:
    assert counts(now, then, stacks=("shop/prod", "shop/other", "shop/third")) == said


def test_values_do_not_count() -> None:
    now, then = (replace(drifted("a"), findings=(Finding("a", 1, live, "x"),)) for live in (3, 2))
    assert counts(now, then) == "1 lasting"


def test_every_thing_that_is_wrong_has_its_mark_and_nothing_else() -> None:
    now = replace(
        drifted("a", "b"),
        broken_requirements=required("c = 1").broken_requirements,
        also_declared=twice().also_declared,
        ignored=(Finding("d", 1, 2, "x"),),
    )
    found = compare(
        report(now, drifted(name="quiet")), report(replace(now, findings=now.findings[:1], also_declared=()))
    )
    marked, quiet = found.domains
    assert [each.since for each in marked.findings] == ["lasting", "new"]
    assert [each.since for each in marked.broken_requirements] == ["lasting"]
    assert [each.since for each in marked.also_declared] == ["new"]
    assert [each.since for each in marked.ignored] == [None]
    assert (marked.since, quiet.since) == ("lasting", None)
    (lost,) = compare(report(missing(also_declared=twice().also_declared)), report(twice())).domains
    assert (lost.since, lost.also_declared[0].since) == ("new", "lasting"), "of a missing domain it is about that"


def test_what_was_mended_says_what_it_was() -> None:
    then = report(
        drifted("a", name="one"),
        missing(name="two"),
        required("b = 1", name="three"),
        twice("shop/prod", name="four"),
        unmanaged_domains=(by_hand("five"),),
    )
    found = compare(
        report(*(drifted(name=name) for name in ("one", "two", "three", "four")), unmanaged_domains=()), then
    )
    assert found.compared
    assert [(each.kind, each.name, each.path, each.words) for each in found.compared.mended] == [
        ("drifted", "one", "a", ""),
        ("missing", "two", "", ""),
        ("requirement", "three", "b", "b = 1"),
        ("declared_twice", "four", "", "shop/prod urn:pulumi:prod::shop::t::crm"),
        ("unmanaged", "five", "", ""),
    ]
    one = found.compared.mended[0]
    assert one == Earlier(
        "drifted",
        "customerprofiles",
        "Customer Profiles domain",
        "one-1a2b3c4",
        "one",
        ACCOUNT,
        "eu-central-1",
        then.domains[0].urn,
        "shop/prod",
        "a",  # type: ignore[index]  # a tuple
    )


def test_declared_twice_depends_on_the_other_stack() -> None:
    def said(**members: Any) -> str:
        return counts(drifted(), twice(), **members)

    assert said(stacks=("shop/prod", "shop/other")) == "1 mended"
    assert said(stacks=("shop/prod",)) == "1 left_out", "the other stack was not asked for"
    assert said(stacks=("shop/prod", "shop/other"), problems=(Problem("x", "y"),)) == "1 could_not_tell", (
        "its state may be unreadable"
    )


def test_a_requirement_that_nobody_asks_for_any_more_is_left_out() -> None:
    def said(*requirements: str) -> str:
        return counts(drifted(), required("a = 1"), options=Options(requirements=requirements))

    assert said("a = 1") == said("a = 1 [type customerprofiles]") == "1 mended"
    assert said() == said("a = 12") == "1 left_out"


def by_hand(name: str = "by-hand", region: str = "eu-central-1") -> UnmanagedDomain:
    return UnmanagedDomain("customerprofiles", "Customer Profiles domain", name, name, ACCOUNT, region)


LISTING = Problem(f"the Customer Profiles domains of account {ACCOUNT} in eu-central-1", "access denied")


@pytest.mark.parametrize(
    ("now", "said"),
    [
        pytest.param(report(drifted(), unmanaged_domains=(by_hand(),)), "1 lasting", id="it is still there"),
        pytest.param(report(drifted(), unmanaged_domains=(by_hand("x"),)), "1 new, 1 mended", id="another is"),
        pytest.param(report(drifted(), unmanaged_domains=()), "1 mended", id="it is declared, or deleted"),
        pytest.param(report(drifted()), "1 left_out", id="nobody asked"),
        pytest.param(
            report(drifted(region="us-east-1"), unmanaged_domains=()), "1 left_out", id="another Region was listed"
        ),
        pytest.param(report(unreadable(), unmanaged_domains=()), "1 could_not_tell", id="its Region could not be read"),
        pytest.param(
            report(drifted(), unmanaged_domains=(), problems=(LISTING,)),
            "1 could_not_tell",
            id="its Region could not be listed",
        ),
        pytest.param(
            report(unreadable(), drifted(name="b"), unmanaged_domains=()),
            "1 mended",
            id="one domain there could be read",
        ),
    ],
)
def test_unmanaged_domains(now: Report, said: str) -> None:
    found = compare(now, report(unmanaged_domains=(by_hand(),))).compared
    assert found
    assert ", ".join(f"{number} {word}" for word, number in found.counts.items() if number) == said


NOW = report(options=Options(regions=("eu-central-1",)), unmanaged_domains=())


@pytest.mark.parametrize(
    ("then", "said"),
    [
        pytest.param(NOW, None, id="made alike"),
        pytest.param(replace(NOW, options=None), None, id="by a version that does not say"),
        pytest.param(
            replace(NOW, options=Options()),
            "was made with other filters or requirements: regions: none then, eu-central-1 now",
            id="filters",
        ),
        pytest.param(replace(NOW, strict=True), "was made with --strict, and this one without", id="strict"),
        pytest.param(
            replace(NOW, unmanaged_domains=None), "was made without --unmanaged, and this one with", id="unmanaged"
        ),
        pytest.param(replace(NOW, shard=Shard(2, 3)), "is of shard 2/3 alone", id="a shard"),
        pytest.param(
            replace(NOW, stacks=tuple(f"s/{each}" for each in range(7))),
            "is of other stacks: s/0, s/1, s/2, s/3, s/4 and 2 more only then, shop/prod only now",
            id="stacks",
        ),
    ],
)
def test_an_earlier_report_that_was_made_in_another_way_is_noted(then: Report, said: str | None) -> None:
    assert compare(NOW, then).notes == ((f"the earlier report of {THEN} {said}",) if said else ())


def test_a_shard_is_compared_with_the_report_of_all() -> None:
    """What other shards have is left out, and no note says that the reports differ."""
    found = compare(report(drifted("a"), shard=Shard(1, 2), in_other_shards=1), report(drifted("a"), missing(name="b")))
    assert found.compared
    assert (found.compared.counts["lasting"], found.compared.counts["left_out"], found.notes) == (1, 1, ())


@settings(max_examples=100, deadline=None)
@given(reports, reports)
def test_the_exit_code_and_all_but_the_marks_stay_as_they_are(now: Report, then: Report) -> None:
    found = compared(now, then)
    assert found.exit_code == now.exit_code
    plain, back = without(compared(now, now)), without(found)
    assert tuple(back.domains) == tuple(plain.domains)
    assert replace(back, domains=(), notes=()) == replace(plain, domains=(), notes=())


@settings(max_examples=60, deadline=None)
@given(reports)
def test_compared_with_itself_all_is_lasting(now: Report) -> None:
    found = compared(now, now).compared
    assert found
    assert (found.new, found.mended, found.could_not_tell, found.left_out) == (0, (), (), 0)


@settings(max_examples=60, deadline=None)
@given(reports, reports)
def test_each_thing_that_was_wrong_is_counted_once(now: Report, then: Report) -> None:
    found, before = (compared(*pair).compared for pair in ((now, then), (then, then)))
    assert found
    assert before
    assert len(found.mended) + len(found.could_not_tell) + found.left_out <= before.lasting


def test_a_report_that_was_compared_or_merged_may_be_the_earlier_one() -> None:
    assert again(COMPARED).compared == COMPARED.compared
    assert compare(EVERYTHING, again(COMPARED)).compared == compare(EVERYTHING, EVERYTHING).compared


@pytest.mark.parametrize("name", FORMATS.names)
def test_every_format_says_the_words(name: str) -> None:
    """SARIF has words of its own for the three; they are in `baselineState`, and ours are among the counts."""
    text = FORMATS.named(name).render(COMPARED)
    for word in ("new", "lasting", "mended"):
        assert word in text, word
    plain = FORMATS.named(name).render(EVERYTHING)
    assert "lasting" not in plain
    assert "mended" not in plain or name == "json", "where no earlier report was given, nothing speaks of it"


def test_a_path_of_a_million_steps_is_compared_in_time() -> None:
    path = "a." * 1_000_000
    assert counts(drifted(path), drifted(path + "b")) == "1 new, 1 mended"
    assert counts(drifted(path), drifted(path)) == "1 lasting"


def test_twenty_thousand_findings_of_one_domain_are_compared_in_time() -> None:
    many = drifted(*(f"tags.k{each}" for each in range(20_000)))
    assert counts(drifted(), many) == "20000 mended"
    assert counts(many, many) == "20000 lasting"
