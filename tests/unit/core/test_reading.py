"""Looks that are not to be trusted are repeated, by the same rule for every resource."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from pulumi_connect_domains import aws, registry
from pulumi_connect_domains.aws.access import Access
from pulumi_connect_domains.model.resource_type import ResourceSpec
from pulumi_connect_domains.model.values import Json
from pulumi_connect_domains.operations import reading
from pulumi_connect_domains.operations.call import Call, Clock

SPECS = list(registry.specs().values())
DECLARED: dict[str, Json] = {
    "customerprofiles": {
        "domain_name": "crm",
        "default_expiration_days": 30,
        "dead_letter_queue_url": "https://queue",
        "default_encryption_key": "key",
        "matching": {"enabled": True},
        "tags": {"team": "crm"},
        "tags_all": {"team": "crm"},
        "region": "us-east-1",
    },
    "voiceid": {
        "name": "calls",
        "description": "what",
        "server_side_encryption_configuration": {"kms_key_id": "key"},
        "region": "us-east-1",
    },
}


def now(offset: float = 0) -> str:
    return (datetime.now(timezone.utc) + timedelta(seconds=offset)).isoformat()


@dataclass
class Looks:
    """The answers of the looks to come; the last one is repeated. Counts the pauses."""

    spec: ResourceSpec
    answers: list[Json | None]
    pauses: list[float] = field(default_factory=list)

    def live(self, known: Json, declared: Json | None = None) -> Json | None:
        service = aws.Service(self.spec.service, "us-east-1", Access())
        call = Call(service, self.spec, clock=Clock(sleep=self.pauses.append))
        return reading.live(call, "id", known, declared or {}, self._look)

    def _look(self, call: Call, id: str) -> Json | None:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture(params=SPECS, ids=[spec.package for spec in SPECS])
def spec(request: pytest.FixtureRequest) -> Iterator[ResourceSpec]:
    return request.param


def answer(spec: ResourceSpec, moment: str = "", **others: Any) -> Json:
    """All that is declared, at that moment."""
    return {**DECLARED[spec.package], str(spec.schema["versionedBy"]): moment or now(), **others}


def test_what_is_older_than_state_is_read_again_until_it_is_not(spec: ResourceSpec) -> None:
    fresh = answer(spec)
    looks = Looks(spec, [answer(spec, now(-60)), answer(spec, now(-30)), fresh])
    assert looks.live({str(spec.schema["versionedBy"]): now(-5)}) == fresh
    assert len(looks.pauses) == 2


def test_what_stays_old_is_taken_after_three_repetitions(spec: ResourceSpec) -> None:
    old = answer(spec, now(-60))
    looks = Looks(spec, [old])
    assert looks.live({str(spec.schema["versionedBy"]): now()}) == old
    assert len(looks.pauses) == 3


def test_nothing_found_within_a_minute_of_the_creation_is_read_again(spec: ResourceSpec) -> None:
    looks = Looks(spec, [None])
    assert looks.live({"created_at": now(-50)}) is None
    assert len(looks.pauses) == 3


def test_nothing_found_later_is_gone_at_once(spec: ResourceSpec) -> None:
    looks = Looks(spec, [None])
    assert looks.live({"created_at": now(-70)}) is None
    assert looks.pauses == []


def test_a_state_whose_dates_are_damaged_is_read_once(spec: ResourceSpec) -> None:
    looks = Looks(spec, [answer(spec)])
    assert looks.live({"created_at": "?", str(spec.schema["versionedBy"]): "yesterday"}) is not None
    assert looks.pauses == []


def test_an_answer_that_lacks_what_every_domain_has_is_asked_for_once_more(spec: ResourceSpec) -> None:
    required = spec.schema["required"]
    assert isinstance(required, list)
    whole = answer(spec)
    thin = {name: value for name, value in whole.items() if name not in required}
    looks = Looks(spec, [thin, whole])
    assert looks.live({}, DECLARED[spec.package]) == whole
    assert len(looks.pauses) == 1
    assert Looks(spec, [thin]).live({}, DECLARED[spec.package]) == thin  # said twice, it is believed


def test_an_answer_that_lacks_most_of_what_is_declared_is_asked_for_once_more(spec: ResourceSpec) -> None:
    """A setting that is missing, or switched off, is drift; most of them missing is rather a damaged answer."""
    declared, whole = DECLARED[spec.package], answer(spec)
    required = spec.schema["required"]
    assert isinstance(required, list)
    optional = [name for name in declared if name not in (*required, "domain_name", "tags", "tags_all", "region")]
    one_less = {name: value for name, value in whole.items() if name != optional[-1]}
    looks = Looks(spec, [one_less])
    assert looks.live({}, declared) == one_less
    assert looks.pauses == []
    thin = {name: value for name, value in whole.items() if name not in optional}
    looks = Looks(spec, [thin, whole])
    assert looks.live({}, declared) == whole


def test_what_every_domain_has_is_missed_where_nothing_is_declared_too(spec: ResourceSpec) -> None:
    required = spec.schema["required"]
    assert isinstance(required, list)
    whole = answer(spec)
    looks = Looks(spec, [{name: value for name, value in whole.items() if name not in required}, whole])
    assert looks.live({}, {}) == whole


def test_a_moment_in_whole_seconds_is_not_older_than_the_same_with_its_fraction(spec: ResourceSpec) -> None:
    looks = Looks(spec, [answer(spec, "2026-05-01T10:00:00+00:00")])
    assert looks.live({str(spec.schema["versionedBy"]): "2026-05-01T10:00:00.123000+00:00"}) is not None
    assert looks.pauses == []


def test_a_moment_without_a_zone_is_utc(spec: ResourceSpec) -> None:
    looks = Looks(spec, [answer(spec, "2026-05-01T10:00:01+00:00")])
    assert looks.live({str(spec.schema["versionedBy"]): "2026-05-01T10:00:00"}) is not None
    assert looks.pauses == []


def test_what_differs_from_look_to_look_is_not_believed_for_being_repeated() -> None:
    spec = registry.specs()["pulumi-python:dynamic/customerprofiles:Domain"]
    whole = answer(spec)
    without_days = {name: value for name, value in whole.items() if name != "default_expiration_days"}
    bare = {"domain_name": "crm", str(spec.schema["versionedBy"]): now()}
    looks = Looks(spec, [bare, without_days, whole])
    assert looks.live({}, DECLARED[spec.package]) == whole


def test_what_is_declared_off_is_not_missed() -> None:
    spec = registry.specs()["pulumi-python:dynamic/customerprofiles:Domain"]
    declared: Json = {
        "domain_name": "crm",
        "default_expiration_days": 30,
        "matching": {"enabled": False},
        "dead_letter_queue_url": "",
        "data_store": {"enabled": False},
        "rule_based_matching": {"enabled": False},
    }
    looks = Looks(spec, [{"domain_name": "crm", "default_expiration_days": 30, "last_updated_at": now()}])
    assert looks.live({}, declared) is not None
    assert looks.pauses == []


def test_a_call_can_be_made_without_a_resource_being_live(spec: ResourceSpec) -> None:
    """The pauses are the clock's, so that no test waits."""
    call = replace(
        Call(aws.Service(spec.service, "us-east-1", Access()), spec), clock=Clock(sleep=lambda seconds: None)
    )
    assert reading.live(call, "id", {"created_at": now()}, {}, lambda call, id: None) is None
