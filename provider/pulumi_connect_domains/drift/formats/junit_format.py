"""JUnit XML: a test case a domain, a suite a stack, for CI systems that show test results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ...reporting.escaping import markup_text, one_line, visible
from ...reporting.formats import Screen
from .. import wording, written
from ..model import DomainReport, Earlier, Problem, Report, UnmanagedDomain
from ..wording import ReportLine


def junit(report: Report, _screen: Screen) -> Iterator[str]:
    """Drifted, missing, suspended and broken requirements are failures; what could not be told is an error. A suite is a piece."""
    shard = f", shard {report.shard}" if report.shard else ""
    root = Element("testsuites", name=f"connect-domains drift{shard}", time=f"{report.seconds:.3f}")
    strangers = len(report.unmanaged_domains or ())
    failures = sum(each.is_wrong for each in report.attention) + (strangers if report.strict else 0)
    errors = sum(not each.is_wrong and _is_doubtful(each, report.strict) for each in report.attention)
    besides = sum(len(things) for _, things in wording.earlier(report)) + len(report.notes)
    root.set("tests", str(len(report.domains) + strangers + len(report.problems) + besides))
    root.set("failures", str(failures))
    root.set("errors", str(errors + len(report.problems)))
    begin = tostring(root, encoding="unicode", xml_declaration=True)
    if root.get("tests") == "0":
        yield begin
        return
    yield markup_text(f"{begin.removesuffix(' />')}>\n")
    for suite in _suites(report):
        indent(suite, level=1)
        yield markup_text(f"  {tostring(suite, encoding='unicode').rstrip()}\n")
    yield "</testsuites>\n"


def _suites(report: Report) -> Iterator[Element]:
    for stack, domains in groupby(report.domains, key=wording.stack_of):
        spelled = (written.domain(domain, report.python_project) for domain in domains)
        yield _suite(stack, report, [_case(domain, report.strict) for domain in spelled])
    if report.problems:
        yield _suite("what could not be read", report, map(_problem, report.problems))
    if report.unmanaged_domains:
        cases = [_unmanaged(each, report.strict) for each in report.unmanaged_domains]
        yield _suite("domains that no checked stack declares", report, cases)
    for place, (title, things) in enumerate(wording.earlier(report)):
        if things:
            is_mended = place == 0
            yield _suite(title, report, [_earlier(each, title, is_mended) for each in things])
    if report.notes:
        yield _suite("notes on the report", report, map(_note, report.notes))


def _suite(name: str, report: Report, cases: Iterable[Element]) -> Element:
    suite = Element("testsuite", name=visible(name), timestamp=report.started_at[:19])
    suite.extend(cases)
    suite.set("tests", str(len(suite)))
    for count, outcome in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(count, str(len(suite.findall(f"*/{outcome}"))))
    return suite


def _is_doubtful(domain: DomainReport, strict: bool) -> bool:
    return domain.status == "unreadable" or (strict and bool(domain.cannot_tell))


def _case(domain: DomainReport, strict: bool) -> Element:
    case = Element(
        "testcase",
        classname=visible(f"{wording.stack_of(domain)}.{domain.type}"),
        name=visible(f"{domain.name} ({domain.id})"),
    )
    found = list(wording.report_lines(domain))
    wrong, rest = [each for each in found if not each.is_aside], [each for each in found if each.is_aside]
    if domain.is_wrong:
        _outcome(case, "failure", domain, wrong)
    elif _is_doubtful(domain, strict):
        _outcome(case, "error", domain, wrong or rest)
    if rest:
        SubElement(case, "system-out").text = "\n".join(map(_line, rest))
    return case


def _outcome(case: Element, tag: str, domain: DomainReport, about: list[ReportLine]) -> None:
    message = visible("; ".join(each.path or each.words for each in about))
    outcome = SubElement(case, tag, type=visible(domain.error_code or wording.state_words(domain)), message=message)
    outcome.text = "\n".join(map(_line, about))


def _problem(problem: Problem) -> Element:
    case = Element("testcase", classname="connect-domains", name=visible(problem.origin))
    lines = [visible(line) for line in problem.reason.split("\n")]
    SubElement(case, "error", type="problem", message="; ".join(lines)).text = "\n".join(lines)
    return case


def _earlier(thing: Earlier, title: str, is_mended: bool) -> Element:
    """A passed test for what was mended, a skipped one for what cannot be told."""
    what = visible(f"{wording.what_was(thing)}, {wording.where_was(thing)}")
    about = "mended" if is_mended else "could not tell"
    case = Element("testcase", classname=f"{about}.{thing.type}", name=visible(f"{thing.name}: {what}"))
    if not is_mended:
        SubElement(case, "skipped", message=title)
    return case


def _note(note: str) -> Element:
    case = Element("testcase", classname="connect-domains", name=visible(one_line(note)))
    SubElement(case, "skipped", message="a note")
    return case


def _unmanaged(domain: UnmanagedDomain, strict: bool) -> Element:
    """A failure where the check is strict, else a skipped test."""
    since = f"{domain.since}: " if domain.since else ""
    case = Element("testcase", classname=f"unmanaged.{domain.type}", name=visible(f"{domain.name} ({domain.id})"))
    SubElement(
        case,
        "failure" if strict else "skipped",
        message=visible(f"{since}unmanaged, in {domain.region}, account {domain.account}"),
    )
    return case


def _line(line: ReportLine) -> str:
    sides = "declared {}, live {}".format(*line.sides) if len(line.sides) > 1 else line.live
    return visible(": ".join(part for part in (line.kind, line.path, sides, line.told) if part))
