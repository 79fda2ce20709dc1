"""What the provider adds to AWS's own time: clients, each operation in the real host, and the host's four at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest import mock

from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2
from pulumi_connect_domains import aws, customerprofiles
from pulumi_connect_domains.aws.access import Access
from pulumi_connect_domains.registry import resource_types

from .answering import answering
from .figures import Figure
from .measuring import cpu_seconds, median_ratio, seconds
from .surroundings import URN, environment, properties, provider_host, talking_to

TARGETS = 50  # services times regions
PAIRS = 5
LATENCIES = ((0.1, 1.08), (0.02, 1.25))  # in seconds, and the target
SECONDS_EACH = 1.0  # of bare calls, for each operation and latency
CALLS = 100  # in a block whose processor time is taken
BLOCKS = 15
CREATES, AT_ONCE = 64, 4  # the host has four threads

PROVIDER = customerprofiles.DomainProvider()
DECLARED = {
    "domain_name": "crm",
    "region": "us-east-1",
    "default_expiration_days": 365,
    "tags": {"team": "crm"},
    "tags_all": {"team": "crm"},
}
SERVICES = tuple(type.service for type in resource_types().values())


def run() -> list[Figure]:
    """G2, G4, G5 and G6."""
    return [*clients(), *operations(), *processor_time(), *creates()]


# -- clients ------------------------------------------------------------------------------------------------------------


def clients() -> Iterator[Figure]:
    """G2: a client for each service and region / a loop over one session; and how many are made when all ask at once."""
    from botocore.session import Session

    with talking_to("http://127.0.0.1:9"):  # where nobody answers; a client is made without a call
        yield Figure(f"clients for {TARGETS} targets / a loop over one session", median_ratio(ours, bare, PAIRS), 1.5)
        aws.forget_clients()
        made = mock.patch.object(Session, "create_client", autospec=True, side_effect=Session.create_client)
        with made as counted, ThreadPoolExecutor(16) as pool:
            list(pool.map(make_client, targets() * 4))
        yield Figure("clients made for each target, asked for by 16 threads", counted.call_count / TARGETS, 1)


def targets() -> list[tuple[str, str]]:
    return [(service, f"eu-bench-{place}") for place in range(TARGETS // len(SERVICES)) for service in SERVICES]


def ours() -> None:
    aws.forget_clients()
    for target in targets():
        make_client(target)


def make_client(target: tuple[str, str]) -> None:
    service, region = target
    assert aws.service(service, region, Access()).prefix  # which stands in the client's model


def bare() -> None:
    from botocore.session import Session

    session = Session()
    for service, region in targets():
        session.create_client(service, region)


# -- operations ---------------------------------------------------------------------------------------------------------


def operations() -> Iterator[Figure]:
    """G4: create, read and update in the real host / the same call by boto3 alone; the worst of the three."""
    for latency_seconds, target in LATENCIES:
        with answering(latency_seconds) as address, talking_to(address), provider_host(environment(address)) as stub:
            hosted_calls, bare_calls = hosted(stub), by_boto3()
            ratios = {
                name: median_ratio(call, bare_calls[name], max(round(SECONDS_EACH / latency_seconds), 1))
                for name, call in hosted_calls.items()
            }
        worst = max(ratios, key=lambda name: ratios[name])
        name = f"an operation in the host / by boto3 alone, at {latency_seconds * 1000:.0f} ms (worst: {worst})"
        yield Figure(name, ratios[worst], target)


def hosted(stub: Any) -> dict[str, Callable[[], Any]]:
    """The operations as the engine asks for them. Each has been done once, so connections and the caller's identity are there."""
    news = properties(PROVIDER, DECLARED)
    inputs = stub.Check(provider_pb2.CheckRequest(urn=URN, olds=Struct(), news=news)).inputs
    create = provider_pb2.CreateRequest(urn=URN, properties=inputs)
    outputs = stub.Create(create).properties
    shorter = properties(PROVIDER, {**DECLARED, "default_expiration_days": 30})
    read = provider_pb2.ReadRequest(urn=URN, id="crm", properties=outputs, inputs=inputs)
    update = provider_pb2.UpdateRequest(urn=URN, id="crm", olds=outputs, news=shorter, old_inputs=inputs)
    calls: dict[str, Callable[[], Any]] = {
        "create": lambda: stub.Create(create),
        "read": lambda: stub.Read(read),
        "update": lambda: stub.Update(update),
    }
    for call in calls.values():
        call()
    return calls


def by_boto3() -> dict[str, Callable[[], Any]]:
    """The same calls, each done once."""
    import boto3

    client = boto3.client("customer-profiles")
    calls: dict[str, Callable[[], Any]] = {
        "create": lambda: client.create_domain(DomainName="crm", DefaultExpirationDays=365, Tags={"team": "crm"}),
        "read": lambda: client.get_domain(DomainName="crm"),
        "update": lambda: client.update_domain(DomainName="crm", DefaultExpirationDays=30),
    }
    for call in calls.values():
        call()
    return calls


def processor_time() -> Iterator[Figure]:
    """G5: the processor time of the provider's read / of the bare call, where AWS answers at once."""
    with answering(0) as address, talking_to(address):
        outputs = PROVIDER.create(DECLARED).outs or {}
        get = by_boto3()["read"]
        ratio = median_ratio(
            lambda: [PROVIDER.read("crm", outputs) for _ in range(CALLS)],
            lambda: [get() for _ in range(CALLS)],
            BLOCKS,
            cpu_seconds,
        )
    yield Figure("processor time of a read / of boto3's get_domain", ratio, 1.3)


def creates() -> Iterator[Figure]:
    """G6: many creates at once / AWS's own time for them, four at a time."""
    latency_seconds = 0.1
    with answering(latency_seconds) as address, provider_host(environment(address)) as stub:
        request = provider_pb2.CreateRequest(urn=URN, properties=properties(PROVIDER, DECLARED))

        def all_at_once(number: int) -> None:
            for started in [stub.Create.future(request) for _ in range(number)]:
                started.result()

        all_at_once(AT_ONCE)  # the connections are there
        took = min(seconds(lambda: all_at_once(CREATES)) for _ in range(2))
    yield Figure(
        f"{CREATES} creates in the host / AWS's time alone", took / (CREATES * latency_seconds / AT_ONCE), 1.15
    )
