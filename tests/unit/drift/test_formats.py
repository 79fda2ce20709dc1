"""The formats: golden files, each held to its own schema or read by its own parser, and what must never get through."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
from pictures import browser
from pulumi_connect_domains.drift import report_reading
from pulumi_connect_domains.drift.formats import FORMATS
from pulumi_connect_domains.drift.formats.json_format import document
from pulumi_connect_domains.drift.model import Finding, Report, Setting
from pulumi_connect_domains.reporting.formats import Screen
from pulumi_connect_domains.reporting.markdown import MOST_CHARACTERS

from ...natives import HOSTS, check_same, native_tokens
from ..report_schemas import flaws
from .reports import CLEAN, COMPARED, EMPTY_SHARD, EVERYTHING, NOTHING, RULES, SHARD, domain, report

FILE = Screen()
ENDINGS = {
    "text": "txt",
    "json": "json",
    "markdown": "md",
    "junit": "xml",
    "github": "log",
    "slack": "slack.json",
    "sarif": "sarif",
    "openmetrics": "prom",
    "html": "html",
}
REPORTS = {
    "everything": EVERYTHING, "clean": CLEAN, "nothing": NOTHING, "compared": COMPARED, "shard": SHARD, "empty-shard": EMPTY_SHARD,
}  # fmt: skip
STRANGE = report(domain("in_sync"), unmanaged_domains=EVERYTHING.unmanaged_domains)
HOSTILE = "\x1b[31m</script><img src=x onerror=alert(1)>|`*_[x](y)@here &<!channel>\r\n::error::\u202e"


def rendered(name: str, subject: Report, screen: Screen = FILE) -> str:
    return FORMATS.named(name).render(subject, screen)


@pytest.mark.parametrize("which", REPORTS)
@pytest.mark.parametrize("name", FORMATS.names)
def test_golden(name: str, which: str, golden: Callable[[str, str], None]) -> None:
    golden(f"drift/{which}.{ENDINGS[name]}", rendered(name, REPORTS[which]))


def natively(subject: Report) -> Report:
    """The report, had the native host managed its resources."""
    return report_reading.read(json.loads(native_tokens(json.dumps(document(subject)))))


@pytest.mark.parametrize("which", REPORTS)
@pytest.mark.parametrize("name", FORMATS.names)
def test_a_report_on_a_native_stack_differs_by_the_spelling_alone(
    name: str, which: str, golden: Callable[[str, str], None]
) -> None:
    check_same("native", golden, f"drift/{which}.{ENDINGS[name]}", rendered(name, natively(REPORTS[which])))


@pytest.mark.parametrize("name", [name for name in FORMATS.names if name != "openmetrics"])
@pytest.mark.parametrize(
    ("declared_at", "python_project", "is_camel"),
    [
        pytest.param("index.ts:3", "", True, id="in TypeScript"),
        pytest.param("", "", True, id="in YAML, which says no place"),
        pytest.param("parts.py:3", "", False, id="in Python"),
        pytest.param("", "shop", False, id="in a project in Python"),
        pytest.param("", "other", True, id="in another project than the one here"),
        pytest.param("main.go:3", "shop", True, id="whose place counts before the project"),
    ],
)
def test_paths_are_printed_as_the_program_writes_them(
    name: str, declared_at: str, python_project: str, is_camel: bool
) -> None:
    finding = Finding("rule_based_matching.matching_rules", RULES, None, "removed")
    subject = natively(report(domain("drifted", findings=(finding,), declared_at=declared_at)))
    text = rendered(name, replace(subject, python_project=python_project)).replace("<wbr>", "")
    wanted = "ruleBasedMatching.matchingRules" if is_camel and name != "json" else finding.path
    assert wanted in text
    assert (finding.path in text) == (wanted == finding.path)


def test_values_are_spelled_as_their_paths() -> None:
    setting = Setting("matching", {"enabled": True, "job_schedule": {"time": "9:05"}})
    subject = natively(report(domain("in_sync", unmanaged_settings=(setting,))))
    assert "jobSchedule: (time: 9:05)" in rendered("text", subject)
    assert '"job_schedule"' in rendered("json", subject)


@pytest.mark.parametrize("name", [name for name in FORMATS.names if name != "openmetrics"])
def test_every_format_names_what_is_wrong(name: str) -> None:
    text = rendered(name, EVERYTHING)
    for said in ("crm", "default_expiration_days", "gone-1a2b3c4", "locked", "AccessDeniedException", "by-hand"):
        assert said in text, said


@pytest.mark.parametrize("name", FORMATS.names)
def test_every_format_counts_what_is_wrong_with_a_secret_and_shows_none(name: str) -> None:
    """Secrets are masked before a report is made; the mark of one is shown as any value."""
    text = rendered(name, report(domain("drifted", findings=(Finding("tags.a", "[secret]", "[secret]", "x", True),))))
    assert ("[secret]" in text.replace("<wbr>", "").replace("&#91;", "[").replace("&#93;", "]")) == (
        name != "openmetrics"
    )


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("name", FORMATS.names)
def test_nothing_hostile_gets_through(name: str, host: str) -> None:
    findings = (
        Finding("dead_letter_queue_url", HOSTILE, HOSTILE, "changed"),
        Finding(HOSTILE, {"enabled": HOSTILE}, None, HOSTILE),
    )
    subject = report(domain("drifted", findings=findings), domain("unreadable", reason=HOSTILE))
    text = rendered(name, natively(subject) if host == "native" else subject)
    assert "\x1b" not in text
    assert "\r" not in text
    assert "\u202e" not in text or name == "json"  # JSON is data: every character is there
    forbidden = {
        "html": "<img",
        "slack": "<!channel",
        "junit": "<img",
        "github": "\n::error::",
        "markdown": "\n::error",
    }
    assert forbidden.get(name, "\x1b") not in text


# -- json -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", REPORTS)
def test_json_is_as_its_schema_says(which: str) -> None:
    found = json.loads(rendered("json", REPORTS[which]))
    assert flaws("drift", found) == []
    assert found == json.loads(json.dumps(document(REPORTS[which])))


def test_the_schema_refuses_a_drifted_domain_without_a_finding() -> None:
    found = document(report(domain("drifted")))
    assert flaws("drift", found)


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        pytest.param(CLEAN, 0, id="all in sync"),
        pytest.param(NOTHING, 1, id="nothing to check"),
        pytest.param(EMPTY_SHARD, 0, id="a shard that has nothing to check"),
        pytest.param(replace(EMPTY_SHARD, in_other_shards=0), 1, id="a shard where no shard has anything to check"),
        pytest.param(replace(EMPTY_SHARD, problems=EVERYTHING.problems), 1, id="an empty shard that could not read an export"),
        pytest.param(EVERYTHING, 1, id="an error beats drift"),
        pytest.param(report(domain("in_sync"), domain("missing", reason="x")), 2, id="a missing domain"),
        pytest.param(report(domain("suspended", reason="x")), 2, id="a suspended domain"),
        pytest.param(report(domain("unreadable", reason="x"), domain("missing", reason="x")), 1, id="one unreadable, one missing"),
        pytest.param(report(domain("in_sync", cannot_tell=("tags",))), 0, id="what cannot be told"),
        pytest.param(report(domain("in_sync", cannot_tell=("tags",)), strict=True), 1, id="what cannot be told, strictly"),
        pytest.param(report(domain("in_sync"), problems=EVERYTHING.problems), 1, id="an export that cannot be read"),
        pytest.param(STRANGE, 0, id="unmanaged domains"),
        pytest.param(replace(STRANGE, strict=True), 2, id="the same, strictly"),
        pytest.param(report(replace(EVERYTHING.domains[1], status="in_sync", findings=())), 2, id="a broken requirement"),
    ],
)  # fmt: skip
def test_exit_codes(subject: Report, code: int) -> None:
    assert subject.exit_code == code


# -- text -------------------------------------------------------------------------------------------------------------

LONG = domain("drifted", "a-resource-name-of-some-length" * 3, findings=(
    Finding("rule_based_matching.attribute_types_selector.attribute_matching_model", "x" * 200, "y" * 200, "changed"),
))  # fmt: skip


@pytest.mark.parametrize("width", [None, 20, 80, 200])
def test_names_and_paths_are_never_wrapped_or_cut(width: int | None) -> None:
    text = rendered("text", report(LONG), Screen(width))
    assert f" {LONG.name} " in text
    assert f" {LONG.findings[0].path} " in text
    assert f" {LONG.id} " in text
    assert "…" not in text


def test_values_are_folded_on_a_screen_and_whole_in_a_file() -> None:
    assert "x" * 200 in rendered("text", report(LONG), FILE)
    assert "x" * 200 not in rendered("text", report(LONG), Screen(80))


def test_colour_only_where_it_is_asked_for() -> None:
    assert "\x1b[" in rendered("text", EVERYTHING, Screen(120, has_colour=True))
    assert "\x1b[" not in rendered("text", EVERYTHING, Screen(120))


def test_what_is_in_sync_is_counted_and_listed_only_when_asked() -> None:
    assert rendered("text", CLEAN) == "all 2 domains in sync (1 stack, 1 account, 1 region, 2.3 s)\n"
    assert "sales" in rendered("text", CLEAN, Screen(shows_all=True))


# -- markdown ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [10, 300, 5_000])
def test_markdown_fits_and_keeps_the_counts(number: int) -> None:
    finding = Finding("dead_letter_queue_url", "x" * 255, "y" * 255, "changed")
    many = report(*(domain("drifted", f"crm-{place}", findings=(finding,)) for place in range(number)))
    text = rendered("markdown", many)
    assert len(text) <= MOST_CHARACTERS
    assert text.startswith(f"## ⚠️ all {number} domains drifted\n")
    assert ("do not fit here" in text) == (number > 10)


def test_markdown_tables_have_as_many_cells_in_every_row() -> None:
    text = rendered("markdown", report(domain("drifted", findings=(Finding('tags["a|b"]', HOSTILE, "`", "changed"),))))
    table = [line for line in text.splitlines() if line.startswith("| ") and "tags" in line]
    assert table
    for row in table:
        assert len(re.findall(r"(?<!\\)\|", row)) == 5, row


# -- junit ------------------------------------------------------------------------------------------------------------


def test_junit_is_xml_with_a_case_for_each_domain_and_problem() -> None:
    root = ElementTree.fromstring(rendered("junit", EVERYTHING))  # of our own making
    cases = root.findall("testsuite/testcase")
    assert len(cases) == len(EVERYTHING.domains) + len(EVERYTHING.problems) + len(EVERYTHING.unmanaged_domains or ())
    outcome = {case.get("name", "").split()[0]: [child.tag for child in case] for case in cases}
    assert outcome == {
        "quiet": [],
        "crm": ["failure", "system-out"],
        "gone": ["failure"],
        "voice": ["failure"],
        "locked": ["error"],
        "aside": ["system-out"],
        "shared": ["failure"],
        "states/broken.json": ["error"],
        "by-hand": ["skipped"],
    }
    for suite in (root, *root.findall("testsuite")):
        found = {"tests": "testcase", "failures": "failure", "errors": "error"}
        assert {count: len(list(suite.iter(tag))) for count, tag in found.items()} == {
            count: int(suite.get(count, "")) for count in found
        }


# -- github -----------------------------------------------------------------------------------------------------------


def test_every_github_line_is_a_workflow_command() -> None:
    for line in rendered("github", EVERYTHING).splitlines():
        assert re.fullmatch(r"::(notice|warning|error) title=[^:,\r\n]*::[^\r\n]+", line), line


# -- slack ------------------------------------------------------------------------------------------------------------


def _block(kind: str, **properties: object) -> dict[str, object]:
    return {
        "required": ["type", *properties],
        "additionalProperties": False,
        "properties": {"type": {"const": kind}, **properties},
    }


def _text(kind: str, characters: int) -> dict[str, object]:
    text = {"type": "string", "minLength": 1, "maxLength": characters}
    return {"required": ["type", "text"], "properties": {"type": {"const": kind}, "text": text}}


SLACK = {
    "type": "object",
    "required": ["text", "blocks"],
    "additionalProperties": False,
    "properties": {
        "text": {"type": "string", "minLength": 1},
        "blocks": {
            "type": "array",
            "minItems": 1,
            "maxItems": 50,
            "items": {
                "oneOf": [
                    _block("header", text=_text("plain_text", 150)),
                    _block("section", text=_text("mrkdwn", 3000)),
                    _block("context", elements={"type": "array", "minItems": 1, "maxItems": 10}),
                ]
            },
        },
    },
}
"""What Slack's Block Kit allows of the blocks that are used."""


@pytest.mark.parametrize("number", [0, 1, 400])
def test_slack_payloads_stay_within_block_kits_limits(number: int) -> None:
    findings = tuple(Finding(f"tags.{place}", HOSTILE * 20, "x" * 300, "changed") for place in range(40))
    many = report(*(domain("drifted", f"crm-{place}" * 20, findings=findings) for place in range(number)))
    jsonschema.validate(json.loads(rendered("slack", many)), SLACK)


@pytest.mark.parametrize("which", REPORTS)
def test_slack_payloads_are_as_slack_wants_them(which: str) -> None:
    jsonschema.validate(json.loads(rendered("slack", REPORTS[which])), SLACK)


# -- html -------------------------------------------------------------------------------------------------------------


def test_the_page_loads_nothing() -> None:
    text = rendered("html", EVERYTHING)
    assert not re.search(r"(src|href)=|url\(|@import|https?://", text.replace("https://q", ""))


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "drift.html"
    file.write_text(rendered("html", EVERYTHING), encoding="utf-8")
    return file


@pytest.mark.skipif(browser.find() is None, reason="no Chromium on PATH: the HTML report is not looked at in a browser")
def test_the_page_in_a_browser(page: Path) -> None:
    shown = "[...document.querySelectorAll('article')].filter(a => a.offsetHeight).map(a => a.querySelector('.name').textContent)"
    changed = "form.dispatchEvent(new Event('input'))"
    program = browser.find()
    assert program
    with browser.Browser(program, page) as chromium:
        assert chromium.run(shown) == ["crm", "gone", "voice", "locked", "aside", "shared", "quiet"]
        assert chromium.run("document.getElementById('shown').textContent") == "7 of 7 shown"

        chromium.run(
            "document.querySelector('[value=in_sync]').click()"
        )  # the real thing: a click fires the page's own listener
        assert chromium.run(shown) == ["crm", "gone", "voice", "locked"]
        chromium.run("document.querySelector('[value=in_sync]').click()")

        chromium.run(f"form.region.value = 'us-east-1'; {changed}")
        assert chromium.run(shown) == ["gone"]
        chromium.run(f"form.region.value = ''; form.property.value = 'tags'; {changed}")
        assert chromium.run(shown) == ["crm", "aside"]
        rows = "[...document.querySelectorAll('article:not([hidden]) tr[data-property]:not([hidden]) th')].map(t => t.textContent)"
        assert chromium.run(rows) == ['tags["cost|centre"]', "tags.evil"]

        chromium.run(f"form.property.value = ''; form.text.value = 'access denied'; {changed}")
        assert chromium.run(shown) == ["crm", "locked"]
        chromium.run(f"form.text.value = 'nowhere to be found'; {changed}")
        assert chromium.run(shown) == []
        assert chromium.run("document.getElementById('nothing').offsetHeight > 0")
        chromium.run(f"form.reset(); {changed}")
        assert len(chromium.run(shown)) == 7

        assert chromium.run("document.querySelectorAll('b, img, script').length") == 1 + len(
            set(chromium.run(STATUSES))
        )
        chromium.resize(360, 740)
        assert chromium.run("document.documentElement.scrollWidth") <= 360
        assert chromium.run(shown)[0] == "crm"
        assert chromium.complaints == []
        assert chromium.requested == [page.as_uri()]


STATUSES = "[...document.querySelectorAll('[name=status]')].map(box => box.value)"
