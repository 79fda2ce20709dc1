"""The words that all formats for people share: statuses, counts, and the lines about a domain. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..model.values import SECRET
from ..model.wording import counted, plural
from ..reporting.escaping import one_line
from ..reporting.words import value_text
from . import written
from .model import COULD_NOT_TELL, DRIFT, STATUSES, DomainReport, Earlier, Report, Status
from .requirements import Since

STATUS_WORDS: dict[Status, str] = {
    "in_sync": "in sync",
    "drifted": "drifted",
    "missing": "missing",
    "suspended": "suspended",
    "unreadable": "unreadable",
}


def headline(report: Report) -> str:
    """The result in one sentence.

    Shape: "2 of 6 domains drifted, 1 missing, 1 unreadable, 2 in sync".
    """
    if report.has_nothing_to_check:
        return "Nothing to check: no domain was found"
    if not report.domains:
        return "Nothing to check in this shard: all domains are in others"
    counts = report.counts
    there = [(counts[status], STATUS_WORDS[status]) for status in STATUSES if counts[status]]
    (number, word), *others = there
    of = f"all {number}" if not others and number > 1 else f"{number} of {len(report.domains)}"
    first = f"{of} {plural(len(report.domains), 'domain')} {word}"
    return ", ".join([first, *(f"{number} {word}" for number, word in others)])


def further_counts(report: Report) -> list[str]:
    """The other counts, without zeros: "1 broken requirement", "2 properties that cannot be told"."""
    counts = report.counts
    nouns = {
        "broken_requirements": ("broken requirement",),
        "declared_twice": ("domain declared twice", "domains declared twice"),
        "unmanaged_settings": ("unmanaged setting",),
        "ignored": ("difference ignored by the program", "differences ignored by the program"),
        "cannot_tell": ("property that cannot be told", "properties that cannot be told"),
        "unmanaged_domains": ("unmanaged domain",),
        "problems": ("problem",),
        "in_other_shards": ("domain in other shards", "domains in other shards"),
    }
    found = [f"{counts[key]} {plural(counts[key], *noun)}" for key, noun in nouns.items() if counts.get(key)]
    if report.resumed:
        began = f"by the interrupted check of {report.resumed.started_at}"
        found.append(f"{counted(report.resumed.domains, 'domain')} read {began}")
    return [*_since(report), *found]


def _since(report: Report) -> list[str]:
    """What the comparison with an earlier report tells: "1 new", "2 lasting", "0 mended since 2026-11-22T06:30:00+00:00"."""
    if not (compared := report.compared):
        return []
    doubtful, left = len(compared.could_not_tell), compared.left_out
    told = [
        f"{compared.new} new",
        f"{compared.lasting} lasting",
        f"{len(compared.mended)} mended since {compared.started_at}",
    ]
    told += [f"{counted(doubtful, 'earlier finding')} that cannot be told"] if doubtful else []
    return told + ([f"{counted(left, 'earlier finding')} left out"] if left else [])


def summary(report: Report) -> str:
    """The result, the counts and what was checked, in one line.

    Shape: "2 of 6 domains drifted, 4 in sync, 1 problem (3 stacks, 1 account, 2 regions, 1.2 s)".
    """
    about = "" if report.has_nothing_to_check else f" ({scope(report)}, {report.seconds:.1f} s)"
    return ", ".join([headline(report), *further_counts(report)]) + about


def verdict(report: Report) -> str:
    """What the exit code means, in words."""
    return {DRIFT: "drift", COULD_NOT_TELL: "could not tell"}.get(report.exit_code, "in sync")


def scope(report: Report) -> str:
    """What was checked: "3 stacks, 2 accounts, 2 regions"; of a shard "shard 3/16, 3 stacks, 1 account, 1 region"."""
    accounts = {account for account, _ in report.totals.places if account}
    regions = {region for _, region in report.totals.places if region}
    parts = ((len(report.stacks), "stack"), (len(accounts), "account"), (len(regions), "region"))
    shard = [f"shard {report.shard}"] if report.shard else []
    return ", ".join([*shard, *(f"{number} {plural(number, noun)}" for number, noun in parts if number)])


@dataclass(frozen=True)
class ReportLine:
    """One line about a domain: what is declared, what is live, and words. Nothing is escaped yet: each format does that for its medium.

    `kind` is a Status, "requirement", "declared twice", or one of the asides: "unmanaged", "ignored", "cannot tell", "note". `since` says
    whether an earlier report has it, too.
    """

    kind: str
    path: str = ""
    declared: str = ""
    live: str = ""
    words: str = ""
    since: Since | None = None

    @property
    def told(self) -> str:
        """The words, and where an earlier report was given whether it has the same: "new: lowered from 365 to 30 days"."""
        return f"{self.since}: {self.words}" if self.since else self.words

    @property
    def sides(self) -> tuple[str, ...]:
        """What is declared and what is live; the live value alone where nothing is declared, and nothing where there is no live value."""
        return tuple(side for side in (self.declared, self.live) if side) if self.live else ()

    @property
    def is_aside(self) -> bool:
        """Whether it is only for information, and nothing is wrong."""
        return self.kind in ("unmanaged", "ignored", "cannot tell", "note")


def report_lines(domain: DomainReport) -> Iterator[ReportLine]:
    """All lines about a domain, those on what is wrong first."""
    if domain.reason:
        since = None if domain.status == "unreadable" else domain.since
        yield ReportLine(domain.status, words=one_line(domain.reason), since=since)
    for each in domain.findings:
        sides = (value_text(each.declared), value_text(each.live))
        yield ReportLine("drifted", each.path, *sides, each.summary, each.since)
    for rule in domain.broken_requirements:
        because = f": {rule.because}" if rule.because else ""
        words = f"the requirement does not hold{because}"
        yield ReportLine(
            "requirement", rule.path, wanted(rule.requirement, rule.path), value_text(rule.live), words, rule.since
        )
    for other in domain.also_declared:
        words = (
            f"also declared in stack {other.stack} ({other.origin}) as {other.name}: each undoes what the other does"
        )
        yield ReportLine("declared twice", words=words, since=other.since)
    for setting in domain.unmanaged_settings:
        yield ReportLine("unmanaged", setting.path, "", value_text(setting.live), "is on, and no program declares it")
    for each in domain.ignored:
        words = f"{each.summary}; ignored by ignore_changes"
        yield ReportLine("ignored", each.path, value_text(each.declared), value_text(each.live), words)
    for path in domain.cannot_tell:
        yield ReportLine("cannot tell", path, SECRET, "", "a secret that the export holds encrypted")
    for note in domain.notes:
        yield ReportLine("note", words=note)


def wanted(requirement: str, path: str) -> str:
    """What the requirement wants of the property at the path: "= false"."""
    return requirement.removeprefix(path).removeprefix(" ")


def attention_first(report: Report) -> list[DomainReport]:
    """The domains that need attention, most urgent status first; of equal ones as they came. Properties are spelled as by their program."""
    return [written.domain(each, report.python_project) for each in in_order(report.attention)]


def in_order(domains: Iterable[DomainReport]) -> list[DomainReport]:
    """The domains, most urgent status first; of equal ones as they came."""
    return sorted(domains, key=lambda domain: STATUSES.index(domain.status))


def shown_status(domain: DomainReport) -> Status:
    """The status for the domain's sign or colour: "drifted" also where it is in sync, but wrong in another way."""
    return "drifted" if domain.status == "in_sync" and domain.is_wrong else domain.status


def state_words(domain: DomainReport) -> str:
    """The domain's status in words: "drifted", "in sync, requirement broken"."""
    besides = (("requirement broken", domain.broken_requirements), ("declared twice", domain.also_declared))
    return ", ".join([STATUS_WORDS[domain.status], *(words for words, found in besides if found)])


def stack_of(domain: DomainReport) -> str:
    """`project/stack`."""
    return domain.project_and_stack


def earlier(report: Report) -> Iterator[tuple[str, tuple[Earlier, ...]]]:
    """What was wrong in an earlier report and is not any more, or not for sure: a heading, and the things below it."""
    if report.compared:
        then = report.compared.started_at
        declared_at = {each.urn: each.declared_at for each in report.attention}
        for title, things in (
            ("Mended", report.compared.mended),
            ("Could not tell what became of it", report.compared.could_not_tell),
        ):
            yield (
                f"{title} since {then}",
                tuple(written.earlier(each, declared_at, report.python_project) for each in things),
            )


def what_was(each: Earlier) -> str:
    """What was wrong: "default_expiration_days drifted", "missing", "broken requirement matching.enabled = false"."""
    return {
        "drifted": f"{each.path} drifted",
        "requirement": f"broken requirement {each.words}",
        "declared_twice": f"declared twice, also as {each.words}",
        "unmanaged": "unmanaged",
    }.get(each.kind, each.kind)


def where_was(each: Earlier) -> str:
    """The domain: "Customer Profiles domain crm in eu-central-1, account 123456789012, stack shop/prod"."""
    account = f", account {each.account}" if each.account else ""
    stack = f", stack {each.stack}" if each.stack else ""
    return f"{each.noun} {each.id} in {each.region or 'no known region'}{account}{stack}"
