"""Many accounts share clients and connections, and nothing else: no keys, no retries, no pace. Nothing stays of those that are finished."""

from __future__ import annotations

import gc
import logging
import random
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import Any

import botocore.retries.standard
import botocore.session
import pytest
from pulumi_connect_domains import aws
from pulumi_connect_domains.aws import Access, Limiter, Rates, Role, clients, limiter, roles, sessions
from pulumi_connect_domains.aws.services import ask_sts
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.local.aws.accounts import access_key_id
from pulumi_connect_domains.model import errors
from pulumi_connect_domains.model.resource_type import Clock
from pulumi_connect_domains.model.values import Json
from pulumi_connect_domains.operations.command_calls import CommandCalls
from pulumi_connect_domains.operations.configuration import Configuration
from pulumi_connect_domains.registry import resource_types

CRM = resource_types()["customerprofiles"]
REGIONS = ("us-east-1", "eu-west-2", "ap-southeast-2")
ROLE = "arn:aws:iam::{account}:role/drift"
PLAIN = Configuration()


def numbered(count: int) -> list[str]:
    return [f"{500_000_000_000 + place}" for place in range(count)]


@pytest.fixture(autouse=True)
def fresh(local_aws: LocalAws) -> Iterator[None]:
    aws.forget_clients()
    yield
    aws.forget_clients()


@pytest.fixture
def hastened(monkeypatch: pytest.MonkeyPatch) -> None:
    sleep = time.sleep
    monkeypatch.setattr(time, "sleep", lambda seconds: sleep(min(seconds, 0.001)))


def in_role(account: str, **more: Any) -> Access:
    return Access(roles=(Role(ROLE.replace("{account}", account), **more),))


def read(service: aws.Service) -> Json:
    return service.call("GetDomain", "the domain", {"domain_name": "crm"}, CRM.schema.answers["GetDomain"])


def profiles(access: Access, region: str = REGIONS[0]) -> aws.Service:
    return aws.service(CRM.service, region, access)


def check(calls: CommandCalls, account: str, region: str = REGIONS[0]) -> Json | None:
    return CRM.functions.read(calls.to(CRM, account, region, PLAIN), "crm")


def seeded(cloud: LocalAws, accounts: list[str], regions: tuple[str, ...] = REGIONS[:1]) -> None:
    """In each place a domain of the same name, which tells its account by a number of its own."""
    for account in accounts:
        for region in regions:
            days = 1 + int(account) - 500_000_000_000
            cloud.seed(CRM.service, "crm", account=account, region=region, DefaultExpirationDays=days)


def told_account(found: Json | None) -> str:
    assert found is not None
    return f"{500_000_000_000 + int(found['default_expiration_days']) - 1}"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The service and Region of each client that is made."""
    found: list[tuple[str, str]] = []
    original = botocore.session.Session.create_client

    def counted(self: Any, service: str, *args: Any, **kwargs: Any) -> Any:
        found.append((service, kwargs["region_name"]))
        return original(self, service, *args, **kwargs)

    monkeypatch.setattr(botocore.session.Session, "create_client", counted)
    return found


# -- keys -------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("hastened")
def test_no_thread_signs_with_the_keys_of_another_account(local_aws: LocalAws) -> None:
    """Not on botocore's own repeats, not after an error, and not while roles are assumed anew: every third role is at its end at once."""
    accounts = numbered(40)
    seeded(local_aws, accounts)
    for account in accounts[:30]:
        local_aws.fault("GetDomain", code="InternalServerException", status=500, account=account)
    for account in accounts[10:30]:
        local_aws.fault("GetDomain", code="AccessDeniedException", status=403, account=account, after=2)
    local_aws.fault("AssumeRole", code="InternalFailure", status=500, times=5)
    accesses = {
        account: in_role(account, **({"duration_seconds": 900} if place % 3 == 0 else {}))
        for place, account in enumerate(accounts)
    }
    tasks = accounts * 4
    random.Random(19).shuffle(tasks)

    def told(account: str) -> str:
        try:
            return told_account(read(profiles(accesses[account])))
        except errors.AccessDenied:
            return account

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(told, tasks)) == tasks
    answered = Counter(call.account for call in local_aws.calls(CRM.service) if call.status in (200, 403))
    assert answered == dict.fromkeys(accounts, 4)
    assert Counter(call.status for call in local_aws.calls(CRM.service)) == {200: 140, 403: 20, 500: 30}
    assert {call.account for call in local_aws.calls("sts")} == {local_aws.account}


def test_accounts_with_keys_of_their_own_share_a_client(local_aws: LocalAws, made: list[tuple[str, str]]) -> None:
    accounts = numbered(3)
    seeded(local_aws, accounts)
    for account in accounts * 2:
        own = Access(access_key=access_key_id(account), secret_key="local")
        assert told_account(read(profiles(own))) == account
    assert made == [(CRM.service, REGIONS[0])]


def test_a_client_signs_nothing_outside_of_a_call(local_aws: LocalAws) -> None:
    seeded(local_aws, numbered(1))
    read(profiles(in_role(*numbered(1))))
    with pytest.raises(LookupError):
        clients.client(CRM.service, REGIONS[0], Access()).get_domain(DomainName="crm")
    assert len(local_aws.calls(CRM.service)) == 1


def test_a_call_within_a_call_gives_the_keys_back(local_aws: LocalAws) -> None:
    """AssumeRole is signed with the hub's keys in the midst of a call that is signed with the role's, also where it fails."""
    one, other = numbered(2)
    seeded(local_aws, [one, other])
    local_aws.fault("AssumeRole", code="AccessDenied", status=403)
    with pytest.raises(errors.AccessDenied):
        read(profiles(in_role(one)))
    local_aws.fault("GetDomain", code="InternalServerException", status=500)  # botocore signs again, in the same call
    for account in (other, one, other):
        assert told_account(read(profiles(in_role(account)))) == account
    assert [call.account for call in local_aws.calls(CRM.service)] == [other, other, one, other]


# -- how much is made ---------------------------------------------------------------------------------------------------


@pytest.fixture
def connections(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """The connections that were opened: the way to the local AWS leads through a server that counts them."""
    host, port = re.fullmatch(r"http://([^:]+):(\d+)", local_aws.endpoint).groups()  # type: ignore[union-attr]
    opened: list[object] = []

    def passed(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65_536):
                target.sendall(data)
        except OSError:
            pass
        finally:
            target.close()

    def accepting(server: socket.socket) -> None:
        while True:
            try:
                near, _ = server.accept()
            except OSError:
                return
            far = socket.create_connection((host, int(port)))
            opened.append(near)
            for pair in ((near, far), (far, near)):
                threading.Thread(target=passed, args=pair, daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=accepting, args=(server,), daemon=True).start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        monkeypatch.setenv("CONNECT_DOMAINS_LOCAL_AWS", url)
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        aws.forget_clients()
        yield opened
        server.shutdown(socket.SHUT_RDWR)


def test_what_is_made_and_asked_does_not_grow_with_accounts(
    local_aws: LocalAws, made: list[tuple[str, str]], connections: list[object]
) -> None:
    """A client and a connection for each Region, one of STS, and AssumeRole once an account. STS is not asked whose its credentials are."""
    accounts = numbered(24)
    seeded(local_aws, accounts, REGIONS)
    calls = CommandCalls(ROLE)
    for few in (accounts[:4], accounts):
        local_aws.forget_calls()
        for account in few:
            for region in REGIONS:
                assert told_account(check(calls, account, region)) == account
        assert sorted(made) == sorted([("sts", REGIONS[0]), *((CRM.service, region) for region in REGIONS)])
        assert len(connections) == len(made)
    assert len(local_aws.calls(CRM.service)) == 24 * 3
    assert Counter(call.operation for call in local_aws.calls("sts")) == {"AssumeRole": 20}


def test_sixteen_workers_open_no_more_connections_than_they_are(
    local_aws: LocalAws, made: list[tuple[str, str]], connections: list[object]
) -> None:
    accounts = numbered(12)
    seeded(local_aws, accounts)
    calls = CommandCalls(ROLE)
    with ThreadPoolExecutor(16) as pool:
        assert [told_account(each) for each in pool.map(lambda each: check(calls, each), accounts * 8)] == accounts * 8
    assert Counter(made) == {("sts", REGIONS[0]): 1, (CRM.service, REGIONS[0]): 1}
    assert len(connections) <= 2 * 16
    assert len(local_aws.calls("sts")) == 12


def test_roles_are_assumed_at_a_bounded_pace(local_aws: LocalAws) -> None:
    slept: list[float] = []
    seeded(local_aws, numbered(4))
    calls = CommandCalls(ROLE, Rates(everywhere=0), Clock(monotonic=lambda: 0.0, sleep=slept.append))
    for account in numbered(4):
        check(calls, account)
        check(calls, account)
    assert slept == pytest.approx([0.02, 0.04, 0.06])


# -- failures -----------------------------------------------------------------------------------------------------------


def test_a_role_that_cannot_be_assumed_is_asked_for_once_and_told_everywhere(local_aws: LocalAws) -> None:
    [account] = numbered(1)
    seeded(local_aws, [account], REGIONS)
    local_aws.fault("AssumeRole", code="AccessDenied", status=403, times=None)
    calls = CommandCalls(ROLE)
    for region in (*REGIONS, *REGIONS):
        with pytest.raises(
            errors.AccessDenied, match=rf"cannot assume role arn:aws:iam::{account}:role/drift"
        ) as error:
            check(calls, account, region)
        assert error.value.of_caller
        assert error.value.code == "AccessDenied"
    assert len(local_aws.calls("sts")) == 1


@pytest.mark.parametrize("code", ["RegionDisabledException", "InvalidClientTokenId"])
def test_a_region_that_is_not_enabled_fails_alone(local_aws: LocalAws, code: str) -> None:
    [account] = numbered(1)
    seeded(local_aws, [account], REGIONS)
    local_aws.fault("AssumeRole", code=code, status=403, region=REGIONS[0], times=None)
    calls = CommandCalls(ROLE)
    for region in (*REGIONS, *REGIONS):
        if region == REGIONS[0]:
            with pytest.raises(errors.AwsError, match=code):
                check(calls, account, region)
        else:
            assert told_account(check(calls, account, region)) == account
    assert [(call.region, call.operation) for call in local_aws.calls("sts")] == [
        (REGIONS[0], "AssumeRole"),
        (REGIONS[1], "AssumeRole"),
    ]


def test_waiting_calls_of_other_regions_ask_their_own(local_aws: LocalAws) -> None:
    """All Regions ask at once, and the first that does is one whose STS fails."""
    [account] = numbered(1)
    seeded(local_aws, [account], REGIONS)
    local_aws.delay("AssumeRole", seconds=0.3, region=REGIONS[0])
    local_aws.fault("AssumeRole", code="RegionDisabledException", status=403, region=REGIONS[0], after=1, times=None)
    local_aws.fault("AssumeRole", code="RegionDisabledException", status=403, region=REGIONS[0], times=None)
    calls = CommandCalls(ROLE)

    def told(region: str) -> str:
        try:
            return told_account(check(calls, account, region))
        except errors.InvalidRequest:
            return "failed"

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(told, REGIONS[0])
        time.sleep(0.1)
        others = [pool.submit(told, region) for region in REGIONS[1:]]
        assert first.result() in ("failed", account)
        assert [each.result() for each in others] == [account, account]


def test_an_account_that_sts_does_not_name_is_asked_for(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> None:
    """AssumeRole's answer names it, as AWS documents; other servers of that API may leave it out."""
    [account] = numbered(1)
    seeded(local_aws, [account])
    original = roles._assume
    monkeypatch.setattr(roles, "_assume", lambda *given: (original(*given)[0], ""))
    assert told_account(check(CommandCalls(ROLE), account)) == account
    assert [call.operation for call in local_aws.calls("sts")] == ["AssumeRole", "GetCallerIdentity"]


def test_a_role_of_another_account_is_still_refused(local_aws: LocalAws) -> None:
    one, other = numbered(2)
    with pytest.raises(
        errors.Refused, match=f"it belongs to account {one}, but the credentials are of account {other}"
    ):
        check(CommandCalls(ROLE.replace("{account}", other)), one)
    assert local_aws.calls(CRM.service) == []


# -- retries and pace ---------------------------------------------------------------------------------------------------


@pytest.fixture
def troubled(local_aws: LocalAws) -> tuple[Access, Access]:
    """Two accounts. The first has failed so often that botocore repeats none of its calls any more."""
    one, other = numbered(2)
    seeded(local_aws, [one, other])
    local_aws.fault("GetDomain", code="InternalServerException", status=500, account=one, times=None)
    failing = in_role(one)
    for _ in range(botocore.retries.standard.quota.RetryQuota.INITIAL_CAPACITY // 5 // 7 * 2 + 4):
        with pytest.raises(errors.NoAnswer):
            read(profiles(failing))
    local_aws.forget_calls()
    with pytest.raises(errors.NoAnswer):
        read(profiles(failing))
    assert len(local_aws.calls(CRM.service)) == 1
    return failing, in_role(other)


@pytest.mark.usefixtures("hastened")
def test_an_account_in_trouble_takes_no_retries_from_another(
    local_aws: LocalAws, troubled: tuple[Access, Access]
) -> None:
    _, well = troubled
    local_aws.fault("GetDomain", code="InternalServerException", status=500, account=numbered(2)[1], times=3)
    assert told_account(read(profiles(well))) == numbered(2)[1]


@pytest.mark.usefixtures("hastened")
def test_a_botocore_without_its_retries_still_repeats(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an account's own quota is made of is no promise of botocore's. Without it the client's quota is for all accounts."""
    [account] = numbered(1)
    seeded(local_aws, [account])
    service = profiles(in_role(account))
    read(service)  # with clients that are made as ever
    monkeypatch.delattr(botocore.retries.standard, "register_retry_handler")
    local_aws.fault("GetDomain", code="InternalServerException", status=500, times=3)
    assert told_account(read(service)) == account
    assert service.retries is None


@pytest.mark.parametrize("mode", ["legacy", "adaptive", "standard"])
def test_every_mode_repeats(local_aws: LocalAws, mode: str) -> None:
    [account] = numbered(1)
    seeded(local_aws, [account])
    local_aws.fault("GetDomain", code="InternalServerException", status=500)
    assert told_account(read(profiles(replace(in_role(account), retry_mode=mode)))) == account
    assert len(local_aws.calls(CRM.service)) == 2


def test_clients_that_remember_what_is_an_accounts_are_not_shared() -> None:
    one, other = (in_role(account) for account in numbered(2))
    assert clients.client("sqs", REGIONS[0], one) is clients.client("sqs", REGIONS[0], other)
    assert clients.client("s3", REGIONS[0], one) is not clients.client("s3", REGIONS[0], other)
    adaptive = [replace(each, retry_mode="adaptive") for each in (one, other)]
    assert clients.client("sqs", REGIONS[0], adaptive[0]) is not clients.client("sqs", REGIONS[0], adaptive[1])


@pytest.mark.usefixtures("hastened")
def test_a_throttled_account_slows_down_no_other(local_aws: LocalAws) -> None:
    one, other = numbered(2)
    seeded(local_aws, [one, other])
    local_aws.fault("GetDomain", code="ThrottlingException", account=one)
    for account in (one, other):
        read(profiles(in_role(account)))
    assert profiles(in_role(one)).pace("GetDomain")._widened > 0
    assert profiles(in_role(other)).pace("GetDomain")._widened == 0
    assert profiles(in_role(one), REGIONS[1]).pace("GetDomain")._widened == 0


# -- what is done is forgotten ------------------------------------------------------------------------------------------

HELD = (aws.Service, roles.Assumed, clients.Retries, limiter.Pace, Access, Role)


def alive() -> Counter[str]:
    gc.collect()
    return Counter(type(each).__name__ for each in gc.get_objects() if isinstance(each, HELD))


@pytest.mark.usefixtures("hastened")
def test_nothing_is_held_for_accounts_that_are_finished(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> None:
    # pytest keeps botocore's warnings, and with their tracebacks all that is in them.
    monkeypatch.setattr(logging.getLogger("botocore.credentials"), "disabled", True)
    accounts = numbered(12)
    seeded(local_aws, accounts, REGIONS)
    local_aws.fault("GetDomain", code="InternalServerException", status=500, times=6)
    calls = CommandCalls(ROLE)
    counted = []
    for few in (accounts[:4], accounts[4:]):
        local_aws.fault("AssumeRole", code="AccessDenied", status=403, after=2)
        for account in few:
            for region in REGIONS:
                with suppress(errors.AccessDenied):
                    check(calls, account, region)
                calls.finished(account, region)
            calls.finished(account)
        counted.append(alive())
    assert counted[0] == counted[1]
    assert counted[1]["Assumed"] == 0
    held = (calls._accounts, calls._failed, calls._roles, calls._held, sessions._credentials)
    assert [len(each) for each in held] == [0, 0, 0, 0, 1]  # the hub's credentials


def test_a_region_that_is_finished_keeps_the_accounts_role(local_aws: LocalAws) -> None:
    [account] = numbered(1)
    seeded(local_aws, [account], REGIONS)
    calls = CommandCalls(ROLE)
    for region in REGIONS:
        check(calls, account, region)
        service = profiles(in_role(account), region)
        calls.finished(account, region)
        assert profiles(in_role(account), region) is not service
    assert len(local_aws.calls("sts")) == 1
    calls.finished(account)
    assert told_account(check(calls, account)) == account
    assert len(local_aws.calls("sts")) == 2


def test_credentials_of_one_account_stay_while_others_are_finished(local_aws: LocalAws) -> None:
    """Without a role all states are read with the same credentials; each other account is refused without another question."""
    seeded(local_aws, [local_aws.account] if int(local_aws.account) > 500_000_000_000 else [])
    calls = CommandCalls()
    for account in numbered(5):
        with pytest.raises(errors.Refused):
            check(calls, account)
        calls.finished(account, REGIONS[0])
        calls.finished(account)
    assert len(local_aws.calls("sts")) == 1
    calls.finished(local_aws.account)
    assert calls._accounts == {}


def test_calls_that_are_being_made_outlive_their_account(local_aws: LocalAws) -> None:
    [account] = numbered(1)
    seeded(local_aws, [account])
    calls = CommandCalls(ROLE)
    call = calls.to(CRM, account, REGIONS[0], PLAIN)
    calls.finished(account)
    assert told_account(CRM.functions.read(call, "crm")) == account


def test_a_client_of_one_account_goes_with_it() -> None:
    adaptive = replace(in_role(*numbered(1)), retry_mode="adaptive")
    before = len(clients._clients)
    assert profiles(adaptive).endpoint
    aws.release(adaptive)
    assert len(clients._clients) == before


def test_the_limiter_forgets_buckets_that_may_be_called_at_once() -> None:
    now = [0.0]
    limited = Limiter(Rates(), Clock(monotonic=lambda: now[0], sleep=lambda seconds: now.append(now.pop() + seconds)))
    for place in range(20 * limiter.FEW_BUCKETS):
        now[0] += 0.001
        limited.wait(("profile", str(place), REGIONS[0], "GetDomain"), 0.2)
    assert len(limited._free) <= limiter.FEW_BUCKETS + 1
    before = now[0]
    limited.wait(("profile", str(place), REGIONS[0], "GetDomain"), 0.2)
    assert now[0] == pytest.approx(before + 0.2), "the bucket of the last call is known"


def test_credentials_can_be_asked_for_by_name(local_aws: LocalAws) -> None:
    found = sessions.credentials(in_role(*numbered(1)), REGIONS[0], ask_sts)
    assert found.method == "assume-role"
    assert found.arn == ""


def test_credentials_that_have_expired_when_they_come_are_told() -> None:
    """This machine's clock may be ahead."""

    def ask(*_: object) -> Json:
        given = {
            "access_key_id": "k",
            "secret_access_key": "s",
            "session_token": "t",
            "expiration": "2020-01-01T00:00:00Z",
        }
        return {"credentials": given}

    role = "arn:aws:iam::500000000001:role/read"
    with pytest.raises(
        errors.BadCredentials, match=f"cannot assume role {role}: .*have expired already\ncheck the clock"
    ):
        roles.Assumed(Access(roles=(Role(role),)), lambda: "us-east-1", ask).get_frozen_credentials()
