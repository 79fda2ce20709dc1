"""What the formats for people say alike: statuses, counts and values in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..model.values import ABSENT
from ..reporting.words import value_text
from .model import COULD_NOT_TELL, DRIFT, STATUSES, DomainReport, Report, Status

STATUS_WORDS: dict[Status, str] = {
    "in_sync": "in sync",
    "drifted": "drifted",
    "missing": "missing",
    "suspended": "suspended",
    "unreadable": "unreadable",
}


def shown(value: object) -> str:
    """A value from AWS or state in words: None is "not set"."""
    return value_text(ABSENT if value is None else value)


def headline(report: Report) -> str:
    """The result in one sentence.

    Shape: "2 of 6 domains drifted, 1 missing, 1 unreadable, 2 in sync".
    """
    if not report.domains:
        return "Nothing to check: no domain was found"
    counts = report.counts
    there = [(counts[status], STATUS_WORDS[status]) for status in STATUSES if counts[status]]
    (number, word), *others = there
    of = f"all {number}" if not others and number > 1 else f"{number} of {len(report.domains)}"
    first = f"{of} {_plural(len(report.domains), 'domain')} {word}"
    return ", ".join([first, *(f"{number} {word}" for number, word in others)])


def further_counts(report: Report) -> list[str]:
    """The counts of what is told apart, each only where there is any: "1 broken requirement", "2 properties cannot be told"."""
    counts = report.counts
    nouns = {
        "broken_requirements": ("broken requirement", "broken requirements"),
        "declared_twice": ("domain declared twice", "domains declared twice"),
        "unmanaged_settings": ("unmanaged setting", "unmanaged settings"),
        "ignored": ("difference ignored by the program", "differences ignored by the program"),
        "cannot_tell": ("property that cannot be told", "properties that cannot be told"),
        "unmanaged_domains": ("unmanaged domain", "unmanaged domains"),
        "problems": ("problem", "problems"),
    }
    return [f"{counts[key]} {one if counts[key] == 1 else many}" for key, (one, many) in nouns.items() if counts[key]]


def summary(report: Report) -> str:
    """The whole in one line.

    Shape: "2 of 6 domains drifted, 4 in sync, 1 problem (3 stacks, 1 account, 2 regions, 1.2 s)".
    """
    about = f" ({scope(report)}, {report.seconds:.1f} s)" if report.domains else ""
    return ", ".join([headline(report), *further_counts(report)]) + about


def verdict(report: Report) -> str:
    """What the exit code means, in words."""
    return {DRIFT: "drift", COULD_NOT_TELL: "could not tell"}.get(report.exit_code, "in sync")


def scope(report: Report) -> str:
    """What was checked: "3 stacks, 2 accounts, 2 regions"."""
    accounts = {domain.account for domain in report.domains if domain.account}
    regions = {domain.region for domain in report.domains if domain.region}
    parts = ((len(report.stacks), "stack"), (len(accounts), "account"), (len(regions), "region"))
    return ", ".join(f"{number} {_plural(number, noun)}" for number, noun in parts if number)


@dataclass(frozen=True)
class Row:
    """One line about a domain: both sides where there are two, and words. None of it is escaped: that is each format's to do.

    `kind` is a Status, "requirement", "declared twice", or one of the asides: "unmanaged", "ignored", "cannot tell", "note".
    """

    kind: str
    path: str = ""
    declared: str = ""
    live: str = ""
    words: str = ""

    @property
    def is_aside(self) -> bool:
        """Whether it is worth knowing, and nothing wrong."""
        return self.kind in ("unmanaged", "ignored", "cannot tell", "note")


def rows(domain: DomainReport) -> Iterator[Row]:
    """All that there is to say of a domain, what is wrong first."""
    if domain.reason:
        yield Row(domain.status, words=domain.reason.replace("\n", "; "))
    for each in domain.findings:
        yield Row("drifted", each.path, shown(each.declared), shown(each.live), each.summary)
    for rule in domain.broken_requirements:
        because = f": {rule.because}" if rule.because else ""
        wanted = rule.requirement.removeprefix(rule.path).strip()
        words = f"the requirement does not hold{because}"
        yield Row("requirement", rule.path, wanted, shown(rule.live), words)
    for other in domain.also_declared:
        words = (
            f"also declared in stack {other.stack} ({other.origin}) as {other.name}: each undoes what the other does"
        )
        yield Row("declared twice", words=words)
    for setting in domain.unmanaged_settings:
        yield Row("unmanaged", setting.path, "", shown(setting.live), "is on, and no program declares it")
    for each in domain.ignored:
        words = f"{each.summary}; ignored by ignore_changes"
        yield Row("ignored", each.path, shown(each.declared), shown(each.live), words)
    for path in domain.cannot_tell:
        yield Row("cannot tell", path, "[secret]", "", "a secret that the export holds encrypted")
    for note in domain.notes:
        yield Row("note", words=note)


def attention_first(report: Report) -> list[DomainReport]:
    """The domains, most urgent status first, otherwise as they came."""
    return sorted(report.domains, key=lambda domain: (STATUSES.index(domain.status), not domain.needs_attention))


def state_words(domain: DomainReport) -> str:
    """The domain's status in words: "drifted", "in sync, requirement broken"."""
    besides = (("requirement broken", domain.broken_requirements), ("declared twice", domain.also_declared))
    return ", ".join([STATUS_WORDS[domain.status], *(words for words, found in besides if found)])


def stack_of(domain: DomainReport) -> str:
    """`project/stack`."""
    return f"{domain.project}/{domain.stack}"


def _plural(number: int, noun: str) -> str:
    return noun if number == 1 else f"{noun}s"
