"""OpenMetrics: the check as gauges, in a file for the textfile collector of Prometheus's node exporter.

Every domain has at most as many series as there are kinds of findings, and a domain with nothing to tell has none. Domains are named by
their resources, never by what AWS calls them, which may be sensitive.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from ...reporting import openmetrics
from ...reporting.formats import Screen
from ...reporting.openmetrics import Gauge, Sample
from .. import wording
from ..model import STATUSES, DomainReport, Report

MOST_DOMAINS = 1_000
"""With findings, whose series are written. More are counted in `connect_domains_drift_left_out`."""

MOST_STACKS = 1_000


def openmetrics_(report: Report, screen: Screen) -> str:
    """The exposition as text."""
    return openmetrics.exposition(_gauges(report), {"check": screen.check_name})


def _gauges(report: Report) -> Iterator[Gauge]:
    stacks, domains = _by_stack(report), wording.attention_first(report)
    shown_stacks = dict(list(stacks.items())[:MOST_STACKS])
    yield Gauge(
        "connect_domains_drift_domains",
        "Domains of a stack by status: drifted, missing, suspended, unreadable or in_sync.",
        [
            Sample(count[status], {"stack": stack, "status": status})
            for stack, count in shown_stacks.items()
            for status in STATUSES
        ],
    )
    yield Gauge(
        "connect_domains_drift_findings",
        "Findings of a domain by kind. A domain without findings has no series.",
        _findings(domains[:MOST_DOMAINS]),
    )
    if report.unmanaged_domains is not None:
        yield Gauge(
            "connect_domains_drift_unmanaged_domains",
            "Domains of an account and Region that no checked stack declares. Written with --unmanaged only.",
            _unmanaged(report),
        )
    yield Gauge(
        "connect_domains_drift_problems", "Exports and listings that could not be read.", [Sample(len(report.problems))]
    )
    yield Gauge(
        "connect_domains_drift_left_out",
        "Stacks, and domains with findings, that have no series of their own because there are too many.",
        [
            Sample(len(stacks) - len(shown_stacks), {"what": "stacks"}),
            Sample(max(0, len(domains) - MOST_DOMAINS), {"what": "domains"}),
        ],
    )
    if report.shard:
        yield Gauge(
            "connect_domains_drift_domains_in_other_shards",
            "Domains that other shards check. Written with --shard only.",
            [Sample(report.in_other_shards, {"shard": str(report.shard)})],
        )
    if report.compared:
        yield Gauge(
            "connect_domains_drift_since",
            "What is wrong, or was in the earlier report, by what became of it: new, lasting, mended, could_not_tell or left_out. "
            "Written with --since only.",
            [Sample(number, {"since": word}) for word, number in report.compared.counts.items()],
        )
    yield Gauge(
        "connect_domains_drift_exit_code",
        "The result: 0 in sync, 2 drift, 1 something could not be told or nothing was checked. Not changed by --exit-zero.",
        [Sample(report.exit_code)],
    )
    started = datetime.fromisoformat(report.started_at).timestamp()
    yield Gauge(
        "connect_domains_drift_last_check_timestamp_seconds",
        "When the check ended, in seconds since 1970-01-01.",
        [Sample(round(started + report.seconds, 3))],
        "seconds",
    )
    yield Gauge(
        "connect_domains_drift_duration_seconds",
        "How long the check took.",
        [Sample(round(report.seconds, 3))],
        "seconds",
    )
    yield Gauge(
        "connect_domains_drift_build_info",
        "Always 1; the version of connect-domains.",
        [Sample(1, {"version": report.tool_version})],
    )


def _by_stack(report: Report) -> dict[str, Counter[str]]:
    """The statuses in each stack, also in those without a domain."""
    found: dict[str, Counter[str]] = {stack: Counter() for stack in report.stacks}
    for stack, statuses in report.totals.stacks.items():
        found.setdefault(stack, Counter()).update(statuses)
    return found


def _findings(domains: Iterable[DomainReport]) -> list[Sample]:
    found = []
    for domain in domains:
        about = {"stack": wording.stack_of(domain), "domain": domain.name, "type": domain.type}
        kinds = Counter(line.kind for line in wording.report_lines(domain))
        found += [Sample(number, {**about, "kind": kind.replace(" ", "_")}) for kind, number in kinds.items()]
    return found


def _unmanaged(report: Report) -> list[Sample]:
    """A sample for each account and Region that was asked, with 0 where all is managed."""
    found = Counter({place: 0 for place in report.totals.places if all(place)})
    found.update((each.account, each.region) for each in report.unmanaged_domains or ())
    return [Sample(number, {"account": account, "region": region}) for (account, region), number in found.items()]
