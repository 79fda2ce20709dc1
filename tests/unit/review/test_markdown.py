"""The comment: what comes first, what is folded, and what happens when it is too long."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pulumi_connect_domains.model.deletion import Holding
from pulumi_connect_domains.model.values import ABSENT
from pulumi_connect_domains.reporting.escaping import length
from pulumi_connect_domains.reporting.formats import PLAIN, Screen
from pulumi_connect_domains.reporting.markdown import MOST_CHARACTERS
from pulumi_connect_domains.review.formats import FORMATS
from pulumi_connect_domains.review.formats.json_format import document
from pulumi_connect_domains.review.formats.markdown_format import comment
from pulumi_connect_domains.review.model import (
    Action,
    DomainReview,
    Loss,
    Message,
    Other,
    Review,
    Row,
    StackReview,
    Unread,
)

LOSS = Loss(Holding({"profiles": 5, "objects": 6, "bytes": 7}), "state", "all of its data", "The guard is off")
UNSIZED = Loss(Holding({"profiles": 2, "objects": 0, "bytes": None}), "state", "all of its data", "The guard is off")
UNKNOWN = Loss(Holding({"profiles": None}), "state", "all of its data", "The guard is off", "the state has no count")


def one(action: Action, name: str = "crm", loss: Loss | None = None, rows: int = 1, value: str = "v") -> DomainReview:
    table = tuple(Row(f"tags.t{number}", ABSENT, value, "added") for number in range(rows))
    return DomainReview(action, "Customer Profiles domain", name, name, "us-east-1", table, "", loss)


def stack(*domains: DomainReview, name: str = "shop/dev", **more: Any) -> StackReview:
    return StackReview("preview.json", name, domains, **{"others": (), "unchanged": 0, **more})


def written(*stacks: StackReview, unread: tuple[Unread, ...] = (), limit: int = MOST_CHARACTERS) -> str:
    return in_format("markdown", Review(stacks, unread), Screen(most_characters=limit))


def in_format(name: str, review: Review, screen: Screen = PLAIN) -> str:
    return FORMATS.named(name).render(review, screen)


def test_marker_title_and_counts_come_first_and_replacements_are_counted_apart() -> None:
    found = written(
        stack(
            one("create"), one("replace", "b"), one("update", "c"), others=(Other("delete", "t", "n"),), unchanged=1_200
        )
    )
    assert found.splitlines()[:4] == [
        "<!-- connect-domains review -->",
        "### Preview of `shop/dev`",
        "",
        "**1 to replace, 1 to delete, 1 to update, 1 to create** · 1,200 unchanged",
    ]


def test_several_stacks_are_a_table_and_each_has_its_heading() -> None:
    found = written(
        stack(one("update")),
        stack(one("delete", loss=LOSS), name="shop/prod"),
        stack(name="shop/test", errors=(Message("no"),)),
    )
    assert "\n".join(found.splitlines()[1:8]) == (
        "### Preview of 3 stacks\n\n"
        "| Stack | Delete | Update | Unchanged | Data loss |\n"
        "| :-- | --: | --: | --: | :-- |\n"
        "| `shop/dev` | 0 | 1 | 0 | none |\n"
        "| `shop/prod` | 1 | 0 | 0 | **1 domain** |\n"
        "| `shop/test` | 0 | 0 | 0 | not known, it failed |"
    )
    assert (
        "> - `shop/prod`: `crm` (Customer Profiles domain `crm` in us-east-1) is deleted: **5 profiles and 6 objects (7 bytes)"
        in found
    )
    assert [line for line in found.splitlines() if line.startswith("## ")] == ["## `shop/dev`", "## `shop/prod`"]


@pytest.mark.parametrize(
    ("losses", "heading"),
    [
        ([LOSS], "Data loss: 1 domain is deleted with 5 profiles and 6 objects (7 bytes)."),
        ([LOSS, LOSS], "Data loss: 2 domains are deleted with 10 profiles and 12 objects (14 bytes)."),
        (
            [LOSS, UNKNOWN],
            "Data loss: 1 domain is deleted with 5 profiles and 6 objects (7 bytes); 1 more may hold data.",
        ),
        ([LOSS, UNSIZED], "Data loss: 2 domains are deleted with 7 profiles and 6 objects."),
        ([UNSIZED, LOSS], "Data loss: 2 domains are deleted with 7 profiles and 6 objects."),
        ([UNSIZED, LOSS, LOSS], "Data loss: 3 domains are deleted with 12 profiles and 12 objects."),
        ([UNKNOWN], "Possible data loss: 1 domain that may hold data is deleted."),
        ([UNKNOWN, UNKNOWN], "Possible data loss: 2 domains that may hold data are deleted."),
    ],
)
def test_the_loss_in_one_sentence(losses: list[Loss], heading: str) -> None:
    review = Review((stack(*(one("delete", f"d{place}", loss) for place, loss in enumerate(losses))),))
    assert f"> [!CAUTION]\n> **{heading}**\n" in in_format("markdown", review)
    assert in_format("text", review).splitlines()[0] == heading


def test_what_is_the_same_for_all_is_said_once() -> None:
    found = written(stack(one("delete", "a", LOSS), one("delete", "b", LOSS)))
    assert found.count("loses all of its data") == 1
    assert "> Each loses all of its data. The guard is off.\n" in found


def test_the_gravest_stands_first() -> None:
    found = written(stack(one("create", "a"), one("update", "b"), one("replace", "c"), one("delete", "d", LOSS)))
    assert [line for line in found.splitlines() if line.startswith("####")] == [
        "#### Delete `d`",
        "#### Replace `c`",
        "#### Update `b`",
        "#### Create `a`",
    ]


def test_many_domains_are_folded_except_those_that_lose_data() -> None:
    domains = [one("create", f"d{number}") for number in range(10)]
    assert "<details>" not in written(stack(*domains))
    found = written(stack(*domains, one("replace", "gone", LOSS)))
    assert found.count("<details>") == 10
    assert "#### Replace `gone`" in found


def test_a_failed_preview_and_an_unread_file_are_said_first() -> None:
    failed = stack(errors=(Message("boom\n```\nat line 2", "crm"),))
    found = written(failed, unread=(Unread("b.json", "it is empty: `pulumi` printed nothing"),))
    heading = "> **The preview of `shop/dev` failed, so an apply may do more than is said here.**"
    assert f"{heading}\n>\n> ````\n> crm: boom\n> ```\n> at line 2\n> ````" in found
    assert "> - `b.json`: it is empty: `pulumi` printed nothing" in found


def test_no_changes() -> None:
    assert "**no changes** · 3 unchanged" in written(stack(unchanged=3))


def test_values_that_are_no_text() -> None:
    rows = (Row("a", ABSENT, "[secret]", ""), Row("b", "", {"enabled": True}, "x"), Row("c", ["p", "q"], 0, "y"))
    found = written(stack(DomainReview("update", "domain", "crm", "", "", rows)))
    assert "| `a` | *not set* | *secret* |  |" in found
    assert "| `b` | *empty* | `enabled: true` | x |" in found
    assert "| `c` | `p, q` | `0` | y |" in found


# -- the limit --------------------------------------------------------------------------------------------------------


def test_the_least_grave_is_left_out_first_and_the_comment_says_what() -> None:
    domains = [one("create", f"c{number}", rows=20) for number in range(100)] + [one("update", "u", rows=20)]
    review = Review((stack(*domains, others=(Other("delete", "type", "name"),), warnings=(Message("w"),)),))
    found, is_cut = comment(review, Screen(most_characters=20_000, elsewhere="See the summary."))
    assert is_cut
    assert length(found) <= 20_000
    assert "<code>u</code>" in found
    assert "Left out here, to stay within 20,000 characters: " in found
    assert " domains to create, 1 list of other resources, 1 list of warnings. See the summary." in found


def test_the_summary_stays_whole_when_nothing_else_has_room() -> None:
    domains = [one("replace", f"domain-{number:04}", LOSS) for number in range(2_000)]
    found = written(stack(*domains))
    assert length(found) <= MOST_CHARACTERS
    assert "**2,000 to replace**" in found
    assert "Data loss: 2,000 domains are deleted with 10,000 profiles and 12,000 objects (14.0 kB)." in found
    assert "more domains, which the sum above includes" in found
    assert "Left out here, to stay within 65,536 characters: " in found


def test_a_thousand_stacks() -> None:
    found = written(*(stack(one("update"), name=f"shop/stack-{number}") for number in range(1_000)))
    assert length(found) <= MOST_CHARACTERS
    assert "### Preview of 1,000 stacks" in found
    assert "**1,000 to update**" in found


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["create", "replace", "delete"]), st.integers(0, 60), st.text(max_size=300)),
        max_size=60,
    ),
    st.lists(st.text(max_size=5_000), max_size=12),
    st.integers(4_000, 30_000),
)
def test_a_comment_is_never_too_long(domains: list[tuple[Action, int, str]], errors: list[str], limit: int) -> None:
    found = [
        one(action, name[:100], LOSS if action != "create" else None, rows, name) for action, rows, name in domains
    ]
    assert length(written(stack(*found, errors=tuple(map(Message, errors))), limit=limit)) <= limit


# -- the other formats ------------------------------------------------------------------------------------------------


def test_text() -> None:
    table = (Row("matching.enabled", True, False, "identity resolution turned off: matches stop"),)
    domain = DomainReview(
        "update", "Customer Profiles domain", "crm", "crm-1", "us-east-1", table, "", None, ("a\nnote",)
    )
    other = Other("replace", "aws:sqs/queue:Queue", "lost", ("name",))
    failed = stack(
        domain, others=(other,), unchanged=2, errors=(Message("boom\nat 1", "crm"),), warnings=(Message("old"),)
    )
    assert in_format("text", Review((failed,), (Unread("b.json", "it is empty"),))) == (
        "shop/dev: failed, after finding 1 to replace, 1 to update (2 unchanged)\n"
        "  The preview failed, so an apply may do more than is said here.\n"
        "  update crm: Customer Profiles domain crm-1 in us-east-1\n"
        "    note: a note\n"
        "    matching.enabled: true -> false  (identity resolution turned off: matches stop)\n"
        "  replace aws:sqs/queue:Queue lost (name)\n"
        "  error: crm: boom\n"
        "    at 1\n"
        "  warning: old\n"
        "\n"
        "b.json could not be read: it is empty\n"
    )


def test_json_values_say_why_there_is_none() -> None:
    from pulumi_connect_domains.model.values import Unknown

    later: Any = Unknown()
    rows = (Row("a", ABSENT, "[secret]", ""), Row("b", later, {"x": [later, 1]}, "", is_replacing=True))
    (found,) = document(Review((stack(DomainReview("replace", "domain", "crm", "", "", rows)),)))["stacks"][0][
        "domains"
    ]
    assert [(row["before"], row["after"], row["replaces"]) for row in found["properties"]] == [
        ({"is": "absent"}, {"is": "secret"}, False),
        ({"is": "unknown"}, {"value": {"x": ["known after apply", 1]}}, True),
    ]
