"""GitHub Actions annotations: one workflow command a domain, the totals first.

Source: GitHub's workflow commands; it shows ten annotations of a level and step, so a domain's findings share one.
"""

from __future__ import annotations

from ...reporting.escaping import command
from ...reporting.formats import Screen
from ..model import DomainReport, Report
from ..wording import attention_first, further_counts, headline, report_lines, stack_of, state_words


def github(report: Report, _screen: Screen) -> str:
    """Workflow commands: an error for what is wrong or could not be told, a warning for the rest, a notice for the totals."""
    lines = [command("notice", "Drift check", [", ".join([headline(report), *further_counts(report)])])]
    lines += [command("error", f"Drift check: {each.origin}", each.reason.split("\n")) for each in report.problems]
    lines += [_of_domain(domain) for domain in attention_first(report) if domain.needs_attention]
    for each in report.unmanaged_domains or ():
        lines.append(
            command("warning", f"unmanaged: {each.name}", [f"{each.noun} {each.id}, {each.account}, {each.region}"])
        )
    return "\n".join(lines)


def _of_domain(domain: DomainReport) -> str:
    level = "error" if domain.is_wrong or domain.status == "unreadable" else "warning"
    title = f"{state_words(domain)}: {domain.name} ({stack_of(domain)})"
    lines = [f"{domain.noun} {domain.id} in {domain.region}"]
    for line in report_lines(domain):
        sides = " → ".join(line.sides)
        said = f"{line.path}{f' {sides}' if sides else ''} ({line.words})" if line.path else line.words
        lines.append(f"{line.kind}: {said}")
    return command(level, title, lines)
