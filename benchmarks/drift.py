"""What a drift check costs: beside the same calls by boto3 alone, and under AWS's quotas."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from pulumi_connect_domains.aws import Rates
from pulumi_connect_domains.drift.check import Check
from pulumi_connect_domains.drift.model import Report
from pulumi_connect_domains.drift.reading import Reader
from pulumi_connect_domains.model.resource_type import ResourceType
from pulumi_connect_domains.model.values import Json
from pulumi_connect_domains.stacks.sources import Export

from .answering import answering, counts
from .figures import FEWEST, Figure
from .measuring import cpu_seconds, paired, python, ratio, seconds, settled
from .states import HOME, PROFILES, VOICE, export, profiles, voices
from .surroundings import environment, talking_to

WORKERS = 16
DOMAINS = 1_000
AT_LATENCIES = ((0.1, 160), (0.02, 1_000))  # seconds, and as many domains as take some seconds at most
AGAINST_BARE = 1.10
SCALE = 4.0
"""How many times shorter AWS's seconds are, where quotas are measured: so few that a call fits between two turns many times."""
QUOTA_PROFILES, QUOTA_VOICE, PER_BUCKET = 40, 32, 20  # domains: some seconds each, and one for a bucket
REGIONS = (
    "af-south-1", "ap-northeast-1", "ap-northeast-2", "ap-southeast-1", "ap-southeast-2", "ca-central-1", "eu-central-1", "eu-west-2",
    "us-east-1", "us-west-2",
)  # fmt: skip

PEAK = """
import contextlib, io, json, sys
from pathlib import Path
from pulumi_connect_domains import cli

def check(state):
    with contextlib.redirect_stdout(io.StringIO()):
        code = cli.run(["drift", "--state", state, "--rate", "0"])
    assert code == 0, code

def load(state):
    text = Path(state).read_text()
    return text, json.loads(text)

def peak(what, state):
    held = what(state)
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))

what, *states = sys.argv[1:]
few, many = (peak(globals()[what], state) for state in states)
print(many - few)
"""
"""Prints the kibibytes that the second state needs more than the first. `getrusage` would count the memory of this process, too."""


def run() -> list[Figure]:
    """G7 to G10."""
    return [*processor_time(), *memory(), *latencies(), *quotas(), buckets()]


# -- without quotas -----------------------------------------------------------------------------------------------------


def latencies() -> Iterator[Figure]:
    """G7: 16 workers / bare calls in 16 threads; and both / the time that the latencies alone take. Both ask whose the credentials are."""
    for latency_seconds, number in AT_LATENCIES:
        with answering(latency_seconds) as address, talking_to(address):
            client, state = bare_client(), profiles(number)
            found = paired(
                partial(checked, state, unlimited()),
                partial(bare_check, client, number),
                AGAINST_BARE,
                most=2 * FEWEST,
            )
        ideal = number * latency_seconds / WORKERS
        name = f"drift, {number} domains at {latency_seconds * 1000:.0f} ms"
        yield Figure.of(f"{name} / bare calls in {WORKERS} threads", [pair.ratio for pair in found], AGAINST_BARE)
        yield Figure.of(f"{name} / the latencies alone", [pair.ours / ideal for pair in found])
        yield Figure.of(
            f"bare calls in {WORKERS} threads, {number} domains at {latency_seconds * 1000:.0f} ms / the latencies alone",
            [pair.other / ideal for pair in found],
        )


def processor_time() -> Iterator[Figure]:
    """G8: the check's processor time / that of the bare calls."""
    with answering(0) as address, talking_to(address):
        client, state = bare_client(), profiles(DOMAINS)
        yield ratio(
            "drift, processor time of a domain / of its bare boto3 call",
            partial(checked, state, unlimited()),
            partial(bare_calls, client, DOMAINS),
            1.20,
            cpu_seconds,
            most=2 * FEWEST,
        )


def memory() -> Iterator[Figure]:
    """G8: how much more the command needs for a thousand domains than for a few, and how much of it Python needs for the state's JSON."""
    with answering(0) as address, tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("few.json", "many.json")]
        for file, number in zip(files, (WORKERS, DOMAINS), strict=True):
            file.write_text(export(profiles(number)), encoding="utf-8")
        paths = [str(file) for file in files]

        def mib(what: str) -> float:
            return int(python(PEAK, what, *paths, environment=environment(address))) / 1024

        found = settled(partial(mib, "check"), float, None)
        json_alone = settled(partial(mib, "load"), float, None)
    name = f"drift, memory added by {DOMAINS} domains"
    yield Figure.of(name, found, None, "MiB")
    yield Figure.of(f"{name}, of which the JSON of their state takes", json_alone, None, "MiB")
    yield Figure.of(
        f"{name}, beside that JSON",
        [max(0.0, one - other) for one, other in zip(found, json_alone, strict=True)],
        4,
        "MiB",
    )


# -- with AWS's quotas --------------------------------------------------------------------------------------------------


def quotas() -> Iterator[Figure]:
    """G9: wall time / what the quotas allow at best, calls for each domain, failures."""
    yield from under_quotas(PROFILES, profiles(QUOTA_PROFILES), 1.02)
    yield from under_quotas(VOICE, voices(QUOTA_VOICE), 2.02)


def under_quotas(type: ResourceType, state: list[Json], calls: float) -> Iterator[Figure]:
    published = type.schema.calls_per_second
    floor = (len(state) - 1) / min(published.values()) / SCALE
    reports: list[Report] = []

    def once() -> None:
        reports.append(checked(state, scaled(published)))

    with answering(0, published, SCALE) as address, talking_to(address):
        once()  # the client and the account are there
        found = settled(lambda: seconds(once) / floor, float, 1.05, most=2 * FEWEST)
        made = sum(asked for name, asked in counts(address).calls.items() if name in published)
    name = f"drift of {type.noun}s under AWS's quotas"
    yield Figure.of(f"{name}, time / floor", found, 1.05)
    yield Figure(f"{name}, calls a domain", made / len(state) / len(reports), calls, "calls")
    yield Figure(f"{name}, failures", sum(each.counts["unreadable"] for each in reports), 0, "domains")


def buckets() -> Figure:
    """G10: ten regions, each with its own quota / one of them."""
    published = PROFILES.schema.calls_per_second
    all_of_them = [each for region in REGIONS for each in profiles(PER_BUCKET, region)]
    with answering(0, published, SCALE) as address, talking_to(address):
        rates = scaled(published)
        return ratio(
            "drift, ten regions / one",
            partial(in_sync, all_of_them, rates),
            partial(in_sync, profiles(PER_BUCKET, HOME), rates),
            1.2,
            most=2 * FEWEST,
        )


def scaled(published: Mapping[str, float]) -> Rates:
    """The quotas in AWS's shorter seconds."""
    return Rates(of_operation={name: rate * SCALE for name, rate in published.items()})


# -- parts of them ------------------------------------------------------------------------------------------------------


def checked(state: list[Json], rates: Rates) -> Report:
    """The report on a state of these domains."""
    return Check(reader=Reader(rates=rates, workers=WORKERS)).run([Export("benchmark", export(state))])


def in_sync(state: list[Json], rates: Rates) -> None:
    report = checked(state, rates)
    assert report.counts["in_sync"] == len(state), report.counts


def unlimited() -> Rates:
    return Rates(everywhere=0)


def bare_client(type: ResourceType = PROFILES) -> Any:
    """A client with a connection for each thread."""
    import boto3
    from botocore.config import Config

    return boto3.client(type.service, region_name=HOME, config=Config(max_pool_connections=WORKERS))


def bare_check(client: Any, number: int) -> None:
    """The same by boto3 alone, after the question whose the credentials are: nobody should read before the answer."""
    import boto3

    boto3.client("sts", region_name=HOME).get_caller_identity()
    bare_calls(client, number)


def bare_calls(client: Any, number: int) -> None:
    """The same reads, by boto3 alone."""
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(lambda place: client.get_domain(DomainName=f"crm-{place}"), range(number)))
