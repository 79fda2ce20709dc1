"""Drift reports in which every name, id, path, value and reason is hostile: in each format it shows, and does nothing."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from pulumi_connect_domains.drift.formats import FORMATS
from pulumi_connect_domains.drift.model import DomainReport, Finding, Report
from pulumi_connect_domains.reporting.formats import Screen

from . import hostile, places, sarif_files

few = settings(max_examples=40, deadline=None)


def report(text: str) -> Report:
    """A report with the text wherever one can be."""
    return places.drift(lambda place: text or "x")


def written(name: str, text: str, width: int | None = None) -> str:
    return FORMATS.named(name).render(report(text), Screen(width))


@few
@given(hostile.text)
@example("::error::x")
def test_text(text: str) -> None:
    assert hostile.invisible(written("text", text, width=60)) == set()
    hostile.check_log(written("text", text))


@few
@given(hostile.text)
@example("# x")
@example("![a](b) https://x.y")
def test_markdown(text: str) -> None:
    hostile.check_markdown(written("markdown", text))


@few
@given(hostile.text)
def test_junit(text: str) -> None:
    shown = written("junit", text)
    assert hostile.invisible(shown) == set()
    root = ElementTree.fromstring(shown)
    tags = {"testsuites", "testsuite", "testcase", "failure", "error", "skipped", "system-out"}
    assert {each.tag for each in root.iter()} <= tags
    assert root.get("tests") == "11"


@few
@given(hostile.text)
@example("\n::error::x")
@example("%0A::error::x")
def test_github(text: str) -> None:
    lines = written("github", text).removesuffix("\n").split("\n")
    assert len(lines) == 10
    for line in lines:
        assert re.fullmatch(r"::(notice|warning|error) title=[^:,]*::.*", line), line
        assert hostile.invisible(line) == set()
        assert re.sub("%0A|%25|%3A|%2C", "", line).count("%") == 0, "every % is an escape of ours"


@few
@given(hostile.text)
@example("<!channel>")
def test_slack(text: str) -> None:
    shown = written("slack", text)
    assert hostile.invisible(shown) == set()
    for block in json.loads(shown)["blocks"]:
        for part in (block["text"], *block.get("elements", ())) if "text" in block else block["elements"]:
            assert "<" not in part["text"]
            assert ">" not in part["text"]
            assert part["type"] == "plain_text" or part["verbatim"] is True, "addresses and names are not made links"


@few
@given(hostile.text)
@example("</script><script>alert(1)</script>")
def test_html(text: str) -> None:
    shown = written("html", text)
    assert hostile.invisible(shown) == set()
    page, plain = hostile.Page(shown), hostile.Page(written("html", "x"))
    assert set(page.tags) == set(plain.tags)
    assert page.tags.count("script") == page.tags.count("style") == 1
    assert set(page.attributes) == set(plain.attributes)
    assert page.comments == []


@few
@given(hostile.text)
def test_json(text: str) -> None:
    shown = written("json", text)
    assert hostile.invisible(shown) == set()
    document = json.loads(shown)
    assert {domain["name"] for domain in document["domains"]} == {text or "x"}
    assert document["domains"][0]["findings"][0]["live"] == (text or "x")


@few
@given(hostile.text)
@example("[x](https://evil.example)")
@example("{0}")
def test_sarif(text: str) -> None:
    shown = written("sarif", text)
    assert hostile.invisible(shown) == set()
    document = json.loads(shown)
    sarif_files.check(document)
    for result in document["runs"][0]["results"]:
        assert "{" not in result["message"]["text"].replace("{{", "")


@few
@given(hostile.text)
def test_openmetrics(text: str) -> None:
    shown = written("openmetrics", text)
    assert hostile.invisible(shown) == set()
    families = {family.name: family for family in text_string_to_metric_families(shown)}
    findings = families["connect_domains_drift_findings"].samples
    assert {sample.labels["kind"] for sample in findings} == {
        *("drifted", "requirement", "unmanaged", "ignored", "cannot_tell", "note", "unreadable"),
        *("missing", "declared_twice"),
    }


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")], ids=str)
@pytest.mark.parametrize("name", ["json", "slack"])
def test_numbers_that_json_has_not(name: str, number: float) -> None:
    found = report("x")
    finding = Finding("default_expiration_days", number, {"a": [number]}, "changed")
    domain = DomainReport(**{**vars(found.domains[0]), "findings": (finding,)})
    shown = FORMATS.named(name).render(Report(**{**vars(found), "domains": (domain,)}))

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    json.loads(shown, parse_constant=refuse)
