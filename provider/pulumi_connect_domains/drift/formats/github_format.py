"""GitHub Actions annotations: one workflow command a domain, the totals first.

Source: GitHub's workflow commands. It shows ten annotations of each level in a step, so all findings of a domain share one.
"""

from __future__ import annotations

from ...reporting.escaping import command
from ...reporting.formats import Screen
from .. import wording
from ..model import DomainReport, Report


def github(report: Report, _screen: Screen) -> str:
    """Workflow commands: an error for what is wrong or could not be told, a warning for the rest, a notice for the totals."""
    lines = [command("notice", "Drift check", [", ".join([wording.headline(report), *wording.further_counts(report)])])]
    lines += [command("error", f"Drift check: {each.origin}", each.reason.split("\n")) for each in report.problems]
    lines += map(_of_domain, wording.attention_first(report))
    for each in report.unmanaged_domains or ():
        lines.append(
            command("warning", f"unmanaged: {each.name}", [f"{each.noun} {each.id}, {each.account}, {each.region}"])
        )
    return "\n".join(lines)


def _of_domain(domain: DomainReport) -> str:
    level = "error" if domain.is_wrong or domain.status == "unreadable" else "warning"
    title = f"{wording.state_words(domain)}: {domain.name} ({wording.stack_of(domain)})"
    lines = [f"{domain.noun} {domain.id} in {domain.region}"]
    for line in wording.report_lines(domain):
        sides = " → ".join(line.sides)
        said = f"{line.path}{f' {sides}' if sides else ''} ({line.words})" if line.path else line.words
        lines.append(f"{line.kind}: {said}")
    return command(level, title, lines)
