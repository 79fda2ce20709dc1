"""GitHub Actions annotations: one workflow command a domain, the totals first.

Source: GitHub's workflow commands. It shows ten annotations of each level in a step, so all findings of a domain share one.
"""

from __future__ import annotations

from ...reporting.escaping import command
from ...reporting.formats import Screen
from .. import wording
from ..model import DomainReport, Report

MOST_EARLIER = 20
"""Things of an earlier report in one annotation."""


def github(report: Report, _screen: Screen) -> str:
    """Workflow commands: an error for what is wrong or could not be told, a warning for the rest, a notice for the totals."""
    lines = [command("notice", "Drift check", [_totals(report)])]
    lines += [command("notice", "Drift check: note", [note]) for note in report.notes]
    for title, things in wording.earlier(report):
        said = [f"{each.name}: {wording.what_was(each)}, {wording.where_was(each)}" for each in things[:MOST_EARLIER]]
        more = [f"… and {len(things) - MOST_EARLIER} more"] if len(things) > MOST_EARLIER else []
        lines += [command("notice", title, [*said, *more])] if things else []
    lines += [command("error", f"Drift check: {each.origin}", each.reason.split("\n")) for each in report.problems]
    lines += map(_of_domain, wording.attention_first(report))
    for each in report.unmanaged_domains or ():
        since = f"{each.since}: " if each.since else ""
        where = f"{since}{each.noun} {each.id}, {each.account}, {each.region}"
        lines.append(command("warning", f"unmanaged: {each.name}", [where]))
    return "\n".join(lines)


def _totals(report: Report) -> str:
    shard = [f"shard {report.shard}"] if report.shard else []
    return ", ".join([wording.headline(report), *wording.further_counts(report), *shard])


def _of_domain(domain: DomainReport) -> str:
    level = "error" if domain.is_wrong or domain.status == "unreadable" else "warning"
    title = f"{wording.state_words(domain)}: {domain.name} ({wording.stack_of(domain)})"
    lines = [f"{domain.noun} {domain.id} in {domain.region}"]
    for line in wording.report_lines(domain):
        sides = " → ".join(line.sides)
        said = f"{line.path}{f' {sides}' if sides else ''} ({line.told})" if line.path else line.told
        lines.append(f"{line.kind}: {said}")
    return command(level, title, lines)
