"""Looks that are not to be trusted are repeated, by the same rule for every resource."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from pulumi_connect_domains import aws, registry
from pulumi_connect_domains.aws.access import Access
from pulumi_connect_domains.model.errors import AwsError, ConnectDomainsError, Refused
from pulumi_connect_domains.model.resource_type import Clock, ResourceType
from pulumi_connect_domains.model.values import Json
from pulumi_connect_domains.operations import reading
from pulumi_connect_domains.operations.call import Call, Host
from pulumi_connect_domains.operations.reading import Reading

TYPES = list(registry.resource_types().values())
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

    type: ResourceType
    answers: list[Json | None]
    pauses: list[float] = field(default_factory=list)

    def live(self, known: Json, declared: Json | None = None) -> Json | None:
        service = aws.Service(self.type.service, "us-east-1", Access())
        call = Call(service, self.type, Host(Clock(sleep=self.pauses.append)))
        return reading.live(call, "id", known, declared or {}, self._look)

    def _look(self, call: Call, id: str) -> Json | None:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture(params=TYPES, ids=[type.key for type in TYPES])
def type(request: pytest.FixtureRequest) -> Iterator[ResourceType]:
    return request.param


def answer(type: ResourceType, moment: str = "", **others: Any) -> Json:
    """All that is declared, at that moment."""
    return {**DECLARED[type.key], type.schema.versioned_by: moment or now(), **others}


def test_what_is_older_than_state_is_read_again_until_it_is_not(type: ResourceType) -> None:
    fresh = answer(type)
    looks = Looks(type, [answer(type, now(-60)), answer(type, now(-30)), fresh])
    assert looks.live({type.schema.versioned_by: now(-5)}) == fresh
    assert len(looks.pauses) == 2


def test_what_stays_old_is_taken_after_three_repetitions(type: ResourceType) -> None:
    old = answer(type, now(-60))
    looks = Looks(type, [old])
    assert looks.live({type.schema.versioned_by: now()}) == old
    assert len(looks.pauses) == 3


def test_nothing_found_within_a_minute_of_the_creation_is_read_again(type: ResourceType) -> None:
    looks = Looks(type, [None])
    assert looks.live({type.schema.created_output: now(-50)}) is None
    assert len(looks.pauses) == 3


def test_nothing_found_later_is_gone_at_once(type: ResourceType) -> None:
    looks = Looks(type, [None])
    assert looks.live({type.schema.created_output: now(-70)}) is None
    assert looks.pauses == []


def test_a_state_whose_dates_are_damaged_is_read_once(type: ResourceType) -> None:
    looks = Looks(type, [answer(type)])
    assert looks.live({type.schema.created_output: "?", type.schema.versioned_by: "yesterday"}) is not None
    assert looks.pauses == []


def test_an_answer_that_lacks_what_every_domain_has_is_asked_for_once_more(type: ResourceType) -> None:
    required = type.schema.required
    assert required
    whole = answer(type)
    thin = {name: value for name, value in whole.items() if name not in required}
    looks = Looks(type, [thin, whole])
    assert looks.live({}, DECLARED[type.key]) == whole
    assert len(looks.pauses) == 1
    assert Looks(type, [thin]).live({}, DECLARED[type.key]) == thin  # said twice, it is believed


def test_an_answer_that_lacks_most_of_what_is_declared_is_asked_for_once_more(type: ResourceType) -> None:
    """A setting that is missing, or switched off, is drift; most of them missing is rather a damaged answer."""
    declared, whole = DECLARED[type.key], answer(type)
    required = type.schema.required
    assert required
    optional = [name for name in declared if name not in (*required, "domain_name", "tags", "tags_all", "region")]
    one_less = {name: value for name, value in whole.items() if name != optional[-1]}
    looks = Looks(type, [one_less])
    assert looks.live({}, declared) == one_less
    assert looks.pauses == []
    thin = {name: value for name, value in whole.items() if name not in optional}
    looks = Looks(type, [thin, whole])
    assert looks.live({}, declared) == whole


def test_what_every_domain_has_is_missed_where_nothing_is_declared_too(type: ResourceType) -> None:
    required = type.schema.required
    assert required
    whole = answer(type)
    looks = Looks(type, [{name: value for name, value in whole.items() if name not in required}, whole])
    assert looks.live({}, {}) == whole


def test_a_moment_in_whole_seconds_is_not_older_than_the_same_with_its_fraction(type: ResourceType) -> None:
    looks = Looks(type, [answer(type, "2026-05-01T10:00:00+00:00")])
    assert looks.live({type.schema.versioned_by: "2026-05-01T10:00:00.123000+00:00"}) is not None
    assert looks.pauses == []


def test_a_moment_without_a_zone_is_utc(type: ResourceType) -> None:
    looks = Looks(type, [answer(type, "2026-05-01T10:00:01+00:00")])
    assert looks.live({type.schema.versioned_by: "2026-05-01T10:00:00"}) is not None
    assert looks.pauses == []


def test_what_differs_from_look_to_look_is_not_believed_for_being_repeated() -> None:
    type = registry.resource_types()["customerprofiles"]
    whole = answer(type)
    without_days = {name: value for name, value in whole.items() if name != "default_expiration_days"}
    bare = {"domain_name": "crm", type.schema.versioned_by: now()}
    looks = Looks(type, [bare, without_days, whole])
    assert looks.live({}, DECLARED[type.key]) == whole


def test_what_is_declared_off_is_not_missed() -> None:
    type = registry.resource_types()["customerprofiles"]
    declared: Json = {
        "domain_name": "crm",
        "default_expiration_days": 30,
        "matching": {"enabled": False},
        "dead_letter_queue_url": "",
        "data_store": {"enabled": False},
        "rule_based_matching": {"enabled": False},
    }
    looks = Looks(type, [{"domain_name": "crm", "default_expiration_days": 30, "last_updated_at": now()}])
    assert looks.live({}, declared) is not None
    assert looks.pauses == []


def test_a_call_can_be_made_without_a_resource_being_live(type: ResourceType) -> None:
    """The pauses are the clock's, so that no test waits."""
    host = Host(Clock(sleep=lambda seconds: None))
    call = Call(aws.Service(type.service, "us-east-1", Access()), type, host)
    assert reading.live(call, "id", {"created_at": now()}, {}, lambda call, id: None) is None


@pytest.mark.parametrize(
    ("error", "read"),
    [
        (Refused("not ours"), Reading(reason="not ours")),
        (AwsError("no", code="Strange"), Reading(reason="no", error_code="Strange")),
    ],
)
def test_what_cannot_be_read_says_why(error: ConnectDomainsError, read: Reading) -> None:
    def fail() -> Json:
        raise error

    assert reading.attempt(fail) == read


def test_a_mistake_of_ours_in_reading_keeps_its_traceback() -> None:
    found = reading.attempt(lambda: {}["nothing"])
    assert (found.live, found.reason) == (None, "connect-domains has a bug: KeyError")
    assert found.bug.startswith("Traceback")
    assert "KeyError: 'nothing'" in found.bug
