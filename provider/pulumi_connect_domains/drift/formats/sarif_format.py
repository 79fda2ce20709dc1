"""SARIF for code scanning: a result for each thing about a domain that somebody should look at.

Drift is not in the program, so every result stands at the project's `Pulumi.yaml`, as a finding about the whole file. Its message links to
the line that declares the resource, where the state has it; the resource is in the logical location, by URN. Were the program itself the
place, an alert would be closed and opened anew when code moves to another file, and all findings of one line would be one alert.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...model.wording import counted
from ...reporting import sarif
from ...reporting.escaping import one_line
from ...reporting.formats import Screen
from ...reporting.sarif import Place, Result, Rule, Run
from ...stacks.hosts import identity_of
from .. import wording, written
from ..model import DomainReport, Report
from ..requirements import Since
from ..wording import ReportLine

_REPAIR = (
    "Run `pulumi preview --refresh` to see the difference. Then either run `pulumi up`, which sets the domain back, or put the live value "
    "into the program."
)

RULES_BY_KIND = {
    "drifted": Rule(
        "property-drifted",
        "error",
        "A property is not as declared",
        "The live domain has another value than the program declares: somebody changed it outside of Pulumi.",
        _REPAIR,
    ),
    "missing": Rule(
        "domain-missing",
        "error",
        "The domain does not exist in AWS",
        "The stack declares a domain that AWS does not have: it was deleted outside of Pulumi, with all of its data.",
        "Run `pulumi refresh`, so that Pulumi forgets the domain. The next `pulumi up` then makes a new, empty one.",
    ),
    "suspended": Rule(
        "domain-suspended",
        "error",
        "The domain was deleted and waits to be erased",
        "AWS says that the domain is suspended: somebody deleted it, and AWS will erase it after a while.",
        "Nothing can be changed in a suspended domain. Run `pulumi refresh`; the next `pulumi up` then makes a new one.",
    ),
    "unreadable": Rule(
        "domain-unreadable",
        "error",
        "AWS did not say how the domain is",
        "The check could not read the domain, so it may have drifted or not: access was denied, the credentials are of another account, or "
        "AWS did not answer.",
        "The message has the reason. `connect-domains iam-policy --read-only` prints the permissions that a check needs.",
    ),
    "requirement": Rule(
        "requirement-broken",
        "error",
        "A requirement does not hold",
        "The live domain breaks a requirement that was given with --require or --policy, whatever the program declares.",
        "Change the domain in its program and run `pulumi up`, or change the requirement.",
    ),
    "declared twice": Rule(
        "domain-declared-twice",
        "error",
        "Two resources declare the same domain",
        "Another resource, of this stack or another, declares the same domain. Each undoes what the other does, and whichever is deleted "
        "first deletes the domain.",
        "Keep one of the two. Remove the other from its state with `pulumi state delete`, and then from its program.",
    ),
    "unmanaged": Rule(
        "setting-unmanaged",
        "note",
        "A setting is on that no program declares",
        "AWS has a setting that the program leaves out. Pulumi does not change it, and does not restore it.",
        "Declare the setting in the program, or switch it off in AWS.",
    ),
    "cannot tell": Rule(
        "secret-not-compared",
        "note",
        "A secret could not be compared",
        "The declared value is a secret that the export holds encrypted, so the check cannot tell whether the live value is the same.",
        "Run the check with --show-secrets, or on an export made with `pulumi stack export --show-secrets`. Reports mask secrets.",
    ),
    "note": Rule(
        "update-unfinished",
        "note",
        "The last update of the domain did not finish",
        "The state says that the last creation or update of the domain was not completed.",
        "Run `pulumi up` again.",
    ),
}
"""The rules by the kind of a report's line. Differences under ignore_changes have none: the program says that they are wanted."""

UNMANAGED_DOMAIN = Rule(
    "domain-unmanaged",
    "warning",
    "A domain that no checked stack declares",
    "The account and Region hold a domain that none of the checked stacks declares.",
    "Bring it under Pulumi with `connect-domains import`, or delete it. Or check the stack that declares it as well.",
)
UNREADABLE_STATE = Rule(
    "state-unreadable",
    "error",
    "Something could not be read",
    "An export or a listing could not be read, so the check is not complete: domains in it may have drifted or not.",
    "The message has the reason.",
)
NOTHING_CHECKED = Rule(
    "nothing-checked",
    "error",
    "There was nothing to check",
    "No domain was found in the given stacks and with the given filters, so nothing was checked.",
    "Look at --stack, --state, --state-dir and the filters --type, --name and --region.",
)
_BASELINES: Mapping[Since | None, sarif.Baseline] = {"new": "new", "lasting": "unchanged"}

RULES = (*RULES_BY_KIND.values(), UNMANAGED_DOMAIN, UNREADABLE_STATE, NOTHING_CHECKED)


def sarif_(report: Report, screen: Screen) -> str:
    """The document as text."""
    results = [*_results(report, screen.project_file), *_mended(report, screen.project_file)]
    run = Run(report.exit_code, f"{report.started_at[:19]}Z", {"counts": report.counts}, [*_notes(report)])
    # A shard is a category of its own: code scanning would close the alerts of the other shards, which it does not have.
    shard = f"/shard-{report.shard.index}-of-{report.shard.of}" if report.shard else ""
    return sarif.document(f"drift{shard}", RULES, results, run)


def _notes(report: Report) -> Iterator[str]:
    yield from map(one_line, report.notes)
    if report.compared and (doubtful := len(report.compared.could_not_tell)):
        yield f"{counted(doubtful, 'earlier finding')} cannot be told"


def _results(report: Report, file: str) -> Iterator[Result]:
    for domain in wording.in_order(report.attention):
        spelled = written.domain(domain, report.python_project)
        for line, shown in zip(wording.report_lines(domain), wording.report_lines(spelled), strict=True):
            if line.kind in RULES_BY_KIND:
                yield _of_line(domain, line, shown, report.strict, file)
    for each in report.unmanaged_domains or ():
        message = f"{each.name}: {each.noun} {each.id} in {each.region}, account {each.account}: no checked stack declares it."
        identity = each.place
        level: sarif.Level | None = "error" if report.strict else None
        yield Result(
            UNMANAGED_DOMAIN, message, Place(file, name=each.name), identity, level, _BASELINES.get(each.since)
        )
    for problem in report.problems:
        message = f"{problem.origin}: {one_line(problem.reason)}."
        yield Result(UNREADABLE_STATE, message, Place(file, name=problem.origin), (problem.origin,))
    if report.has_nothing_to_check and not report.problems:
        checked = counted(len(report.stacks), "stack")
        yield Result(NOTHING_CHECKED, f"{wording.headline(report)} in {checked}.", Place(file), ())


def _of_line(domain: DomainReport, line: ReportLine, shown: ReportLine, strict: bool, file: str) -> Result:
    """The result of the line. `shown` is the same line, spelled as the program spells it: the finding is known by the line itself."""
    rule = RULES_BY_KIND[line.kind]
    said = f"{shown.path} {_difference(shown)}" if shown.path else shown.words
    about = f"{domain.noun} {domain.id} in {domain.region}, stack {wording.stack_of(domain)}"
    place = Place(file, name=domain.name, urn=domain.urn, declared=sarif.beside(file, domain.declared_at))
    # A requirement is known by what it demands, everything else by where it is: a value that changes again is the same alert.
    identity = _identity(domain.urn, line.path, line.declared if line.kind == "requirement" else "")
    level: sarif.Level | None = "error" if strict and line.kind == "cannot tell" else None
    return Result(rule, f"{domain.name}: {said}. {about}.", place, identity, level, _BASELINES.get(line.since))


def _identity(urn: str, path: str, wanted: str) -> tuple[str, ...]:
    return identity_of(urn), path, wanted


def _mended(report: Report, file: str) -> Iterator[Result]:
    """What was mended, with the identity that it had."""
    _, shown = next(wording.earlier(report), ("", ()))
    for each, said in zip(report.compared.mended if report.compared else (), shown, strict=True):
        message = f"{each.name}: {wording.what_was(said)}, and is mended. {wording.where_was(each)}."
        place = Place(file, name=each.name, urn=each.urn)
        if each.kind == "unmanaged":
            identity: tuple[str, ...] = (each.type, each.account, each.region, each.id)
            yield Result(UNMANAGED_DOMAIN, message, place, identity, baseline="absent")
            continue
        wanted = wording.wanted(each.words, each.path) if each.kind == "requirement" else ""
        rule = RULES_BY_KIND[each.kind.replace("_", " ")]
        yield Result(rule, message, place, _identity(each.urn, each.path, wanted), baseline="absent")


def _difference(line: ReportLine) -> str:
    if line.kind == "cannot tell":
        return f"cannot be compared: {line.words}"
    if line.kind == "requirement":
        return f"{line.declared}: {line.words}; it is {line.live} in AWS"
    if not line.declared:
        return f"{line.words}: {line.live}"
    return f"is declared as {line.declared} and is {line.live} in AWS: {line.words}"
