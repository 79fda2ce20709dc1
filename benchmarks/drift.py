"""What a drift check costs: against a server that answers at once or late, and against a local AWS with AWS's own quotas."""

from __future__ import annotations

import json
import resource
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pulumi_connect_domains.aws import Rates
from pulumi_connect_domains.drift.check import Check
from pulumi_connect_domains.drift.model import Report
from pulumi_connect_domains.drift.reading import Reader
from pulumi_connect_domains.drift.state import read_state
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.model.values import Json
from pulumi_connect_domains.registry import resource_types
from pulumi_connect_domains.stacks.sources import Export

from .answering import answering
from .figures import Figure
from .measuring import cpu_seconds
from .surroundings import talking_to

ACCOUNT = "123456789012"
WORKERS = 16
DOMAINS = 1_000
RUNS = 2  # the best counts: whatever else the machine does only makes a run slower
LATENCIES = ((0.1, 1.15), (0.02, 1.30))  # in seconds, and the target
QUOTA_PROFILES, QUOTA_VOICE = 80, 36  # domains that are checked under AWS's quotas: a quarter of a minute each
PER_BUCKET = 40
REGIONS = (
    "af-south-1", "ap-northeast-1", "ap-northeast-2", "ap-southeast-1", "ap-southeast-2", "ca-central-1", "eu-central-1", "eu-west-2",
    "us-east-1", "us-west-2",
)  # fmt: skip
PROFILES, VOICE = (resource_types()[key] for key in ("customerprofiles", "voiceid"))


def run() -> list[Figure]:
    """G7 to G10."""
    return [*memory_and_cpu(), *latencies(), *under_quotas()]


# -- without quotas -----------------------------------------------------------------------------------------------------


def latencies() -> Iterator[Figure]:
    """G7: a thousand domains with 16 workers / the time that the latencies alone take."""
    for latency_seconds, target in LATENCIES:
        with answering(latency_seconds) as address, talking_to(address):
            checked(profiles(WORKERS), unlimited())  # clients and identity are there before the clock starts
            ideal = DOMAINS * latency_seconds / WORKERS
            best = min(checked(profiles(DOMAINS), unlimited()).seconds for _ in range(RUNS))
        yield Figure(
            f"drift, {DOMAINS} domains at {latency_seconds * 1000:.0f} ms / the latencies alone",
            best / ideal,
            target,
        )


def memory_and_cpu() -> Iterator[Figure]:
    """G8: the check's processor time / that of the bare calls; memory that a thousand domains add."""
    with answering(0) as address, talking_to(address):
        checked(profiles(WORKERS), unlimited())
        client = bare_client()
        used, before = [], peak_mib()
        for measured in (lambda: checked(profiles(DOMAINS), unlimited()), lambda: bare_calls(client)):
            best = min(cpu_seconds(measured) for _ in range(RUNS))
            used.append(best)
        yield Figure("drift, processor time of a domain / of its bare boto3 call", used[0] / used[1], 1.4)
        yield Figure(f"drift, memory added by {DOMAINS} domains", peak_mib() - before, 20, "MiB")


# -- with AWS's quotas --------------------------------------------------------------------------------------------------


def under_quotas() -> Iterator[Figure]:
    """G9 and G10."""
    with LocalAws.start() as cloud, talking_to(cloud.endpoint):
        yield from quotas(cloud)
        yield from buckets(cloud)


def quotas(cloud: LocalAws) -> Iterator[Figure]:
    """G9: wall time / what the quotas allow at best, calls for each domain, failures."""
    for type, number, per_second, calls in ((PROFILES, QUOTA_PROFILES, 5, 1.02), (VOICE, QUOTA_VOICE, 2, 2.02)):
        cloud.reset()
        cloud.throttle("*", per_second, service=type.service)
        state = seeded(cloud, number) if type is PROFILES else seeded_voices(cloud, number)
        report = checked(state, Rates())
        made = Counter(call.service for call in cloud.calls())[type.service]
        name = f"drift of {type.noun}s under AWS's quotas"
        yield Figure(f"{name}, time / floor", report.seconds / ((number - 1) / per_second), 1.2)
        yield Figure(f"{name}, calls a domain", made / number, calls)
        yield Figure(f"{name}, failures", report.counts["unreadable"], 0)


def buckets(cloud: LocalAws) -> Iterator[Figure]:
    """G10: ten regions, each with its own quota / one of them."""
    took = []
    for regions in (REGIONS[:1], REGIONS):
        cloud.reset()
        cloud.throttle("*", 5, service=PROFILES.service)
        report = checked([each for region in regions for each in seeded(cloud, PER_BUCKET, region)], Rates())
        assert report.counts["in_sync"] == PER_BUCKET * len(regions), report.counts
        took.append(report.seconds)
    yield Figure("drift, ten regions / one", took[1] / took[0], 1.2)


# -- parts of them ------------------------------------------------------------------------------------------------------


def checked(state: list[Json], rates: Rates) -> Report:
    """The report on a state of these domains."""
    text = json.dumps({"version": 3, "deployment": {"resources": state}})
    assert len(read_state(text).expectations) == len(state)
    return Check(reader=Reader(rates=rates, workers=WORKERS)).run([Export("benchmark", text)])


def unlimited() -> Rates:
    return Rates(everywhere=0)


def profiles(number: int, region: str = "us-east-1") -> list[Json]:
    """Customer Profiles domains as a stack's state holds them."""
    names = [f"crm-{place}" for place in range(number)]
    return [
        declared(PROFILES.type_token, name, f"arn:aws:profile:{region}:{ACCOUNT}:domains/{name}", profile(name, region))
        for name in names
    ]


def profile(name: str, region: str) -> Json:
    return {
        "domain_name": name,
        "region": region,
        "default_expiration_days": 365,
        "tags": {"team": "crm"},
        "tags_all": {"team": "crm"},
    }


def declared(type_token: str, id: str, arn: str, inputs: Json) -> Json:
    urn = f"urn:pulumi:bench::bench::{type_token}::{id}-{inputs['region']}"
    return {
        "urn": urn,
        "type": type_token,
        "custom": True,
        "id": id,
        "inputs": inputs,
        "outputs": {**inputs, "arn": arn},
    }


def seeded(cloud: LocalAws, number: int, region: str = "us-east-1") -> list[Json]:
    """The same, and they are there."""
    state = profiles(number, region)
    for each in state:
        cloud.seed(PROFILES.service, str(each["id"]), region=region, DefaultExpirationDays=365, Tags={"team": "crm"})
    return state


def seeded_voices(cloud: LocalAws, number: int) -> list[Json]:
    state = []
    for place in range(number):
        id = f"{place:022d}"
        arn = f"arn:aws:voiceid:us-east-1:{ACCOUNT}:domain/{id}"
        encryption = {"KmsKeyId": "alias/voice"}
        cloud.seed(
            VOICE.service,
            id,
            Name="voice",
            DomainStatus="ACTIVE",
            Arn=arn,
            ServerSideEncryptionConfiguration=encryption,
        )
        inputs: Json = {
            "name": "voice",
            "region": "us-east-1",
            "server_side_encryption_configuration": {"kms_key_id": "alias/voice"},
        }
        state.append(declared(VOICE.type_token, id, arn, inputs))
    return state


def bare_client() -> Any:
    import boto3

    return boto3.client(PROFILES.service, region_name="us-east-1")


def bare_calls(client: Any) -> None:
    """The same reads, by boto3 alone."""
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(lambda place: client.get_domain(DomainName=f"crm-{place}"), range(DOMAINS)))


def peak_mib() -> float:
    """The most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
