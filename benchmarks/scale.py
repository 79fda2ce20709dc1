"""A whole organization: what a drift check of many accounts and Regions takes, in as many shards as there are processors.

`python -m benchmarks scale` measures a part of it, `python -m benchmarks scale --large` all: 1,000 accounts with 17 Regions and 10 domains
in each. AWS is the answering server, which keeps AWS's published quotas and gives a role's credentials in each account.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from pulumi_connect_domains.drift import report_reading
from pulumi_connect_domains.drift.formats import FORMATS
from pulumi_connect_domains.drift.shards import Shard

from .answering import Counts, answering, counts
from .figures import Figure
from .states import export, profiles
from .surroundings import environment

REGIONS = (
    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1", "eu-central-1",
    "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
)  # fmt: skip
"""Those that every account has without asking for them."""
PER_REGION = 10
ACCOUNTS, ALL_ACCOUNTS = 60, 1_000
MOST_BARE_CALLS = 10_200
"""More take no other time each. The plain script is measured for as many domains at most, since it holds a client for each place."""
AGAINST_SCRIPT = 1.0
LATENCY_SECONDS = 0.02
QUOTAS = {"GetDomain": 5.0}
SHARDS_TO_MERGE = 64
ROLE = "arn:aws:iam::{account}:role/drift"

LAUNCHER = """
import json, os, sys
process = os.posix_spawn(sys.executable, [sys.executable, *sys.argv[1:]], os.environ)
_, status, used = os.wait4(process, 0)
print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss]))
sys.exit(os.waitstatus_to_exitcode(status))
"""
BARE = """
import sys
from concurrent.futures import ThreadPoolExecutor
import boto3
number, *regions = sys.argv[1:]
clients = [boto3.client("customer-profiles", region_name=region) for region in regions]
def call(number): clients[number % len(clients)].get_domain(DomainName=f"crm-{number}")
with ThreadPoolExecutor(16) as pool:
    list(pool.map(call, range(int(number))))
"""
"""The calls of a check and nothing else: no states, no roles, no quotas, no verdicts."""


def run() -> list[Figure]:
    """A part of the organization."""
    return [*measured(ACCOUNTS)]


def run_large() -> list[Figure]:
    """All of it."""
    return [*measured(ALL_ACCOUNTS)]


def measured(accounts: int) -> Iterator[Figure]:
    """Time, calls, memory, and the merge of the shards' reports."""
    domains = accounts * len(REGIONS) * PER_REGION
    about = f"drift of {domains:,} domains ({accounts:,} accounts, {len(REGIONS)} Regions)"
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        organization(folder / "states", accounts)
        with answering(LATENCY_SECONDS) as no_quotas, answering(LATENCY_SECONDS, QUOTAS) as address:
            variables, unlimited = environment(address), environment(no_quotas)
            before = bare_calls(domains, unlimited)
            shards = [Shard(each + 1, processors()) for each in range(processors())]
            began = perf_counter()
            ended = finished([drift(folder, each, variables) for each in shards])
            took = perf_counter() - began
            by_hand = plain_check(folder, unlimited) if domains <= MOST_BARE_CALLS else None
            seen = counts(address)
            bare = [*before, *bare_calls(domains, unlimited)]
        reports = [json.loads((folder / f"{each.index}.json").read_text("utf-8")) for each in shards]
        yield from figures(about, domains, accounts, took, bare, ended, seen, reports)
        if by_hand:
            yield from beside(about, took, ended, *by_hand)
        yield from merging(folder, reports, about, variables)


def figures(
    about: str,
    domains: int,
    accounts: int,
    took: float,
    bare: Sequence[Bare],
    ended: Sequence[Ended],
    seen: Counts,
    reports: Sequence[Mapping[str, object]],
) -> Iterator[Figure]:
    """What one check took. `bare` is what its calls alone take, several times."""
    floor = (PER_REGION - QUOTAS["GetDomain"]) / QUOTAS[
        "GetDomain"
    ]  # the server lets the calls of one second through at once
    least = [max(floor, each.seconds) for each in bare]
    used = sum(each.cpu_seconds for each in ended)
    yield Figure.of(f"{about}: time / the larger of quotas and bare calls", [took / each for each in least])
    yield Figure.of(f"{about}: processor time / that of bare calls", [used / each.cpu_seconds for each in bare])
    yield Figure(f"{about}: time", took, None, "s")
    yield Figure(f"{about}: most memory of a shard", max(each.mib for each in ended), 300, "MiB")
    yield Figure(f"{about}: calls a domain", seen.calls["GetDomain"] / domains, 1)
    yield Figure(f"{about}: calls that AWS throttled", sum(seen.throttled.values()), 0)
    yield Figure(
        f"{about}: roles assumed an account, in {processors()} shards",
        seen.calls["AssumeRole"] / accounts,
        processors(),
    )
    yield Figure(f"{about}: connections", seen.connections)
    in_sync = sum(int(each["counts"]["in_sync"]) for each in reports)  # type: ignore[index]
    yield Figure(f"{about}: domains not in sync", domains - in_sync, 0)


def beside(
    about: str, took: float, ended: Sequence[Ended], seconds: float, scripts: Sequence[Ended]
) -> Iterator[Figure]:
    """The check / the script that one writes by hand, which does far less."""
    cpu_seconds = [sum(each.cpu_seconds for each in some) for some in (ended, scripts)]
    memory = [max(each.mib for each in some) for some in (ended, scripts)]
    yield Figure(f"{about}: time / a plain script's", took / seconds, AGAINST_SCRIPT)
    yield Figure(f"{about}: processor time / a plain script's", cpu_seconds[0] / cpu_seconds[1], AGAINST_SCRIPT)
    yield Figure(f"{about}: most memory of a shard / of a plain script", memory[0] / memory[1], AGAINST_SCRIPT)


# -- parts --------------------------------------------------------------------------------------------------------------


def processors() -> int:
    """How many there are for this process."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def organization(folder: Path, accounts: int) -> None:
    """A stack for each account and Region, in a file each."""
    for number in range(accounts):
        account = f"{100_000_000_000 + number}"
        (folder / account).mkdir(parents=True)
        for region in REGIONS:
            text = export(profiles(PER_REGION, region, account)).replace(
                "urn:pulumi:bench::bench", f"urn:pulumi:{region}::{account}"
            )
            (folder / account / f"{region}.json").write_text(text, "utf-8")


def drift(folder: Path, shard: Shard, variables: Mapping[str, str]) -> subprocess.Popen[str]:
    """The check of one shard, begun."""
    options = ["--state-dir", str(folder / "states"), "--shard", str(shard), "--assume-role", ROLE]
    return command("drift", *options, "--out", f"json={folder / f'{shard.index}.json'}", variables=variables)


def command(*arguments: str, variables: Mapping[str, str]) -> subprocess.Popen[str]:
    """The command, begun."""
    return begun(["-m", "pulumi_connect_domains", *arguments], variables)


def begun(arguments: Sequence[str], variables: Mapping[str, str]) -> subprocess.Popen[str]:
    """Python with these arguments. A small process begins it: memory counts from what a process was a copy of, which here is this one."""
    return subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, *arguments],
        env=dict(variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@dataclass(frozen=True)
class Ended:
    """What a process took."""

    cpu_seconds: float
    mib: float


def finished(processes: Sequence[subprocess.Popen[str]]) -> list[Ended]:
    """What each took; they run side by side. Raises RuntimeError where one of them fails."""
    found = []
    for process in processes:
        used, said = process.communicate()
        if process.returncode:
            raise RuntimeError(f"exit code {process.returncode}: {said}")
        cpu_seconds, kib = json.loads(used)
        found.append(Ended(cpu_seconds, kib / 1024))
    return found


def plain_check(folder: Path, variables: Mapping[str, str]) -> tuple[float, list[Ended]]:
    """The seconds of the check by hand, in as many processes as there are processors, and what each took."""
    script, states, of = str(Path(__file__).with_name("plain_check.py")), str(folder / "states"), str(processors())
    began = perf_counter()
    reports = [folder / f"by-hand-{part}.json" for part in range(processors())]
    arguments = [[script, states, str(part), of, ROLE, str(report)] for part, report in enumerate(reports)]
    ended = finished([begun(each, variables) for each in arguments])
    took = perf_counter() - began
    for report in reports:
        assert not any(each["drift"] for each in json.loads(report.read_text("utf-8"))), "it reads what the check reads"
    return took, ended


@dataclass(frozen=True)
class Bare:
    """What the same number of calls by boto3 alone takes, from the start of its processes to their end."""

    seconds: float
    cpu_seconds: float


def bare_calls(number: int, variables: Mapping[str, str]) -> list[Bare]:
    """So many calls, three times: in as many processes as there are processors, with 16 threads each. Of very many, a part is made."""
    made = min(number, MOST_BARE_CALLS)

    def once() -> Bare:
        began = perf_counter()
        share = str(made // processors())
        ended = finished([begun(["-c", BARE, share, *REGIONS], variables) for _ in range(processors())])
        times = number / made
        return Bare(times * (perf_counter() - began), times * sum(each.cpu_seconds for each in ended))

    return [once() for _ in range(3)]


def merging(
    folder: Path, reports: Sequence[Mapping[str, object]], about: str, variables: Mapping[str, str]
) -> Iterator[Figure]:
    """The merge of many shards into one report."""
    names = []
    for index in range(1, SHARDS_TO_MERGE + 1):
        names.append(str(folder / f"part-{index}.json"))
        part = report_reading.read(_part(reports, Shard(index, SHARDS_TO_MERGE)))
        Path(names[-1]).write_text("".join(FORMATS.named("json").pieces(part)), "utf-8")
    out = folder / "merged.json"
    began = perf_counter()
    (ended,) = finished([command("drift", "merge", *names, "--out", f"json={out}", variables=variables)])
    took = perf_counter() - began
    merged = json.loads(out.read_text("utf-8"))
    wanted = sum(len(each["domains"]) for each in reports)  # type: ignore[arg-type]
    assert len(merged["domains"]) == wanted
    what = f"merge of {SHARDS_TO_MERGE} shards, {about.partition(' of ')[2].partition(' (')[0]}"
    yield Figure(f"{what}: time", took, 10, "s")
    yield Figure(f"{what}: memory", ended.mib, 300, "MiB")


def _part(reports: Sequence[Mapping[str, object]], shard: Shard) -> dict[str, object]:
    """The report that this shard would have written, if there had been that many."""
    domains = [each for report in reports for each in report["domains"] if shard.has(each["account"], each["region"])]  # type: ignore[attr-defined]
    all_domains = sum(len(each["domains"]) for each in reports)  # type: ignore[arg-type]
    counts = {**reports[0]["counts"], "domains": len(domains), "in_sync": len(domains)}  # type: ignore[dict-item]
    return {
        **reports[0],
        "domains": domains,
        "counts": counts,
        "shard": {"index": shard.index, "of": shard.of},
        "in_other_shards": all_domains - len(domains),
    }
