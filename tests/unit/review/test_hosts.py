"""Previews of native stacks: going over from one host to the other, and the spelling of what people read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pulumi_connect_domains.registry import by_token, resource_types
from pulumi_connect_domains.review.assessment import assessed
from pulumi_connect_domains.review.formats import FORMATS
from pulumi_connect_domains.review.model import DomainReview, Review
from pulumi_connect_domains.stacks.preview import parse

from ...natives import GOLDEN
from .previews import HELD, INPUTS, PROFILES, domain, reviewed, state, step

DYNAMIC, NATIVE = PROFILES, resource_types()["customerprofiles"].native_token
CAMEL_HELD = {"stats": {"profileCount": 5, "objectCount": 6, "totalSize": 7_000}}
CAMEL = {"domainName": "crm", "defaultExpirationDays": 30, "region": "eu-central-1"}


def moving(to: str, new: dict[str, Any] | None = None, op: str = "update", **more: Any) -> DomainReview:
    """The review of a domain that holds data and goes over, with what else changes in its inputs."""
    held = {"stats": {"profileCount": 5}} if to == DYNAMIC else HELD
    inputs = {DYNAMIC: INPUTS, NATIVE: CAMEL}
    old = state(inputs[DYNAMIC if to == NATIVE else NATIVE], held, type=DYNAMIC if to == NATIVE else NATIVE)
    after = state({**inputs[to], **(new or {})}, type=to)
    return domain(step(op, old, after, type=to, **more))


@pytest.mark.parametrize(
    ("to", "host_after"), [(NATIVE, "native provider"), (DYNAMIC, "dynamic provider")], ids=["to native", "and back"]
)
def test_going_over_to_the_other_host_is_no_change_of_properties_and_no_loss(to: str, host_after: str) -> None:
    found = moving(to, detailedDiff={"__provider": {"kind": "delete"}}, diffReasons=["__provider"])
    assert (found.action, found.rows, found.loss, found.why) == ("update", (), None, "")
    assert found.notes == (
        f"it goes over to the {host_after}: only its entry in the state is written anew, and AWS is not touched",
    )


def test_what_else_changes_is_listed() -> None:
    found = moving(NATIVE, {"defaultExpirationDays": 60})
    assert [(row.path, row.before, row.after) for row in found.rows] == [("default_expiration_days", 30, 60)]
    assert found.notes == (
        "it goes over to the native provider: only its entry in the state is written anew; what changes in AWS is listed here",
    )


def test_a_replacement_that_goes_over_loses_data_all_the_same() -> None:
    found = moving(NATIVE, {"domainName": "sales"}, "replace", replaceReasons=["domainName"])
    assert found.loss
    assert found.loss.is_known
    assert "`domain_name` cannot change in place" in found.why
    assert found.notes == ("it goes over to the native provider",)


@pytest.mark.parametrize("to", [NATIVE, DYNAMIC], ids=["to native", "and back"])
def test_what_the_engine_names_by_the_former_urn_is_the_same_resource(to: str) -> None:
    """The steps of `pulumi preview --refresh --show-replacement-steps`, as both engines write them: none counts twice."""
    former = DYNAMIC if to == NATIVE else NATIVE
    inputs, held = {DYNAMIC: INPUTS, NATIVE: CAMEL}, {DYNAMIC: HELD, NATIVE: CAMEL_HELD}
    old = state(inputs[former], held[former], type=former)
    name = "domainName" if to == NATIVE else "domain_name"
    new = state({**inputs[to], name: "sales"}, type=to)
    found = reviewed(
        step("refresh", old, type=former),
        step("create-replacement", old, new, type=to, replaceReasons=[name]),
        step("replace", old, new, type=to, replaceReasons=[name]),
        step("delete-replaced", old, type=former),
    )
    assert found.counts == {"replace": 1}
    ((_, loss),) = found.losses
    assert (loss.source, loss.is_known) == ("refresh", True)


def test_another_domain_of_the_same_name_on_the_other_host_is_deleted_for_itself() -> None:
    old, new = state(CAMEL, CAMEL_HELD, type=NATIVE, id="new"), state({**CAMEL, "domainName": "sales"}, type=NATIVE)
    found = reviewed(
        step("replace", old, new, type=NATIVE, replaceReasons=["domainName"]),
        step("delete", state(INPUTS, HELD, type=DYNAMIC, id="crm"), type=DYNAMIC),
    )
    assert found.counts == {"replace": 1, "delete": 1}
    assert len(found.losses) == 2


@pytest.mark.parametrize(
    ("place", "path"), [("index.ts", "defaultExpirationDays"), ("parts.py", "default_expiration_days")]
)
def test_people_read_paths_as_their_program_writes_them_and_programs_read_ours(place: str, path: str) -> None:
    trace = [{"sourcePosition": f"project:///{place}#4"}]
    one = step(
        "update", state(CAMEL), state({**CAMEL, "defaultExpirationDays": 60}, stackTrace=trace), type=NATIVE,
        detailedDiff={"defaultExpirationDays": {"kind": "update"}},
    )  # fmt: skip
    review = Review((reviewed(one),))
    for form in ("markdown", "text"):
        assert path in FORMATS.named(form).render(review)
    assert '"path": "default_expiration_days"' in FORMATS.named("json").render(review)


def test_sentences_have_the_programs_spelling_too() -> None:
    one = step(
        "replace",
        state(CAMEL, HELD),
        state({**CAMEL, "domainName": "sales"}),
        type=NATIVE,
        replaceReasons=["domainName"],
    )
    text = FORMATS.named("text").render(Review((reviewed(one),)))
    assert "why: domainName cannot change in place" in text
    assert "unless forceDestroy was applied before" in text
    assert "domain_name" not in text


@pytest.mark.parametrize("name", ["to-native", "to-dynamic"])
def test_a_recorded_move_touches_nothing(name: str, golden: Callable[[str, str], None]) -> None:
    """A program in Python whose import line was switched, previewed by CLI 3.260.0. It holds secrets, tags and both resource types."""
    file = GOLDEN / "review" / "moves" / f"{name}.json"
    review = Review((assessed(parse(file.read_bytes(), file.name), by_token()),))
    assert (review.loses_data, [one.rows for one in review.stacks[0].domains]) == (False, [(), ()])
    golden(f"review/moves/{name}.md", FORMATS.named("markdown").render(review))
