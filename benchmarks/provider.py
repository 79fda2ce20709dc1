"""What the provider adds to AWS's own time: clients, each operation in the real host, and the host's four at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest import mock

from google.protobuf.struct_pb2 import Struct
from pulumi.dynamic import ResourceProvider
from pulumi.runtime.proto import provider_pb2
from pulumi_connect_domains import aws, customerprofiles
from pulumi_connect_domains.aws.access import Access
from pulumi_connect_domains.registry import resource_types

from .answering import answering
from .figures import FEWEST, Figure
from .measuring import cpu_seconds, paired, ratio
from .peer import SmallestProvider
from .surroundings import environment, properties, provider_host, talking_to, urn_of

TARGETS = 50  # services times regions
LATENCIES = ((0.1, 1.05), (0.02, 1.12))  # in seconds, and the target
CALLS = 100  # in a block whose processor time is taken
CREATES, AT_ONCE = 64, 4  # the host has four threads

PROVIDER = customerprofiles.DomainProvider()
SMALLEST = SmallestProvider()
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
        yield ratio(f"clients for {TARGETS} targets / a loop over one session", ours, bare, 1.2, cpu_seconds)
        aws.forget_clients()
        made = mock.patch.object(Session, "create_client", autospec=True, side_effect=Session.create_client)
        with made as counted, ThreadPoolExecutor(16) as pool:
            list(pool.map(make_client, targets() * 4))
        yield Figure(
            "clients made for each target, asked for by 16 threads", counted.call_count / TARGETS, 1, "clients"
        )


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
    """G4: create, read and update in the real host / the same call by boto3 alone; the smallest provider's show what is the host's."""
    for latency_seconds, target in LATENCIES:
        at = f"by boto3 alone, at {latency_seconds * 1000:.0f} ms"
        with answering(latency_seconds) as address, talking_to(address), provider_host(environment(address)) as stub:
            hosted_calls, smallest_calls, bare_calls = hosted(stub, PROVIDER), hosted(stub, SMALLEST), by_boto3()
            for name, call in hosted_calls.items():
                yield ratio(f"{name} in the host / {at}", call, bare_calls[name], target, least=2 * FEWEST)
                yield ratio(
                    f"{name} in the host through the smallest provider / {at}",
                    smallest_calls[name],
                    bare_calls[name],
                    least=2 * FEWEST,
                )


def hosted(stub: Any, provider: ResourceProvider) -> dict[str, Callable[[], Any]]:
    """The operations as the engine asks for them. Each has been done once, so connections and the caller's identity are there."""
    urn = urn_of(provider)
    news = properties(provider, DECLARED)
    inputs = stub.Check(provider_pb2.CheckRequest(urn=urn, olds=Struct(), news=news)).inputs
    create = provider_pb2.CreateRequest(urn=urn, properties=inputs)
    outputs = stub.Create(create).properties
    shorter = properties(provider, {**DECLARED, "default_expiration_days": 30})
    read = provider_pb2.ReadRequest(urn=urn, id="crm", properties=outputs, inputs=inputs)
    update = provider_pb2.UpdateRequest(urn=urn, id="crm", olds=outputs, news=shorter, old_inputs=inputs)
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
        yield ratio(
            "processor time of a read / of boto3's get_domain",
            lambda: [PROVIDER.read("crm", outputs) for _ in range(CALLS)],
            lambda: [get() for _ in range(CALLS)],
            1.15,
            cpu_seconds,
        )


def creates() -> Iterator[Figure]:
    """G6: many creates at once / the same through a provider that only makes the call; and both / AWS's own time, four at a time."""
    latency_seconds = 0.1
    with answering(latency_seconds) as address, provider_host(environment(address)) as stub:

        def all_at_once(provider: ResourceProvider) -> Callable[[], None]:
            request = provider_pb2.CreateRequest(urn=urn_of(provider), properties=properties(provider, DECLARED))

            def call() -> None:
                for started in [stub.Create.future(request) for _ in range(CREATES)]:
                    started.result()

            return call

        found = paired(all_at_once(PROVIDER), all_at_once(SMALLEST), 1.06, most=2 * FEWEST)
    alone = CREATES * latency_seconds / AT_ONCE
    name = f"{CREATES} creates in the host at {latency_seconds * 1000:.0f} ms"
    yield Figure.of(f"{name} / through the smallest provider", [pair.ratio for pair in found], 1.06)
    yield Figure.of(f"{name} / AWS's time alone", [pair.ours / alone for pair in found])
    yield Figure.of(
        f"{CREATES} creates through the smallest provider / AWS's time alone", [pair.other / alone for pair in found]
    )
