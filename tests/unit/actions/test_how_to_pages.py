"""The how-to pages on code scanning, metrics, actions, components and the hook: their tables say what the files say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from pulumi_connect_domains.drift.formats import FORMATS, openmetrics_format
from pulumi_connect_domains.drift.formats import sarif_format as drift_rules
from pulumi_connect_domains.reporting.openmetrics import MOST_CHARACTERS
from pulumi_connect_domains.review.formats import sarif_format as review_rules
from pulumi_connect_domains.validate.formats import sarif_format as validate_rules

from ..drift.reports import EVERYTHING
from .runner import ROOT, metadata

PAGES = ROOT / "docs" / "how-to"
NAMES = ["code-scanning", "metrics", "github-action", "gitlab", "pre-commit"]


def page(name: str) -> str:
    return (PAGES / f"{name}.md").read_text()


def rows(text: str) -> list[list[str]]:
    """The cells of the tables in the text, each row without its heading."""
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def section(name: str, heading: str) -> str:
    """The part of the page from that heading to the next of its level."""
    return re.split(r"^## ", page(name).partition(f"\n## {heading}")[2], flags=re.MULTILINE)[0]


def default(value: Any) -> str:
    shown = str(value).lower() if isinstance(value, bool) else str(value)
    return "the job's token" if "github.token" in shown else f"`{shown}`" if shown else ""


@pytest.mark.parametrize(("action", "heading"), [("drift", "Drift"), ("review", "Previews")])
def test_an_actions_inputs_and_outputs_are_those_of_its_page(action: str, heading: str) -> None:
    about = metadata(action)
    inputs = [[f"`{name}`", default(of["default"]), of["description"]] for name, of in about["inputs"].items()]
    outputs = [[f"`{name}`", of["description"]] for name, of in about["outputs"].items()]
    assert rows(section("github-action", heading)) == inputs + outputs


@pytest.mark.parametrize(("component", "heading"), [("drift", "Drift"), ("review", "Previews")])
def test_a_components_inputs_are_those_of_its_page(component: str, heading: str) -> None:
    header, _ = yaml.safe_load_all((ROOT / "templates" / f"{component}.yml").read_text())
    inputs = [
        [f"`{name}`", default(of["default"]) if "default" in of else "required", of["description"]]
        for name, of in header["spec"]["inputs"].items()
    ]
    assert rows(section("gitlab", heading)) == inputs


def test_every_rule_is_on_the_page_with_its_level() -> None:
    rules = (*drift_rules.RULES, *review_rules.RULES, *validate_rules.RULES)
    assert [row[:2] for row in rows(page("code-scanning"))] == [[f"`{rule.id}`", rule.level] for rule in rules]


def test_every_metric_is_on_the_page_with_its_labels() -> None:
    families = text_string_to_metric_families(FORMATS.named("openmetrics").render(EVERYTHING))
    labels = {family.name: [name for name in family.samples[0].labels if name != "check"] for family in families}
    found = {row[0].strip("`"): re.findall(r"`(\w+)`", row[1]) for row in rows(page("metrics"))}
    assert found == labels


def test_the_limits_on_the_page_are_the_real_ones() -> None:
    text = page("metrics")
    assert f"more than {openmetrics_format.MOST_DOMAINS:,}" in text
    assert openmetrics_format.MOST_DOMAINS == openmetrics_format.MOST_STACKS
    assert f"after {MOST_CHARACTERS} characters" in text
    kinds = re.findall(r"`(\w+)`", text.partition("`kind` is one of")[2].partition("information")[0])
    assert len(kinds) == 10
    assert set(kinds) == {each.replace(" ", "_") for each in (*drift_rules.RULES_BY_KIND, "ignored")}


def test_the_hook_is_called_as_on_its_page() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert f"- id: {hook['id']}\n" in page("pre-commit")


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    found = re.findall(r"\]\((?!https://)([^)#]+)", page(name))
    assert found
    missing = [link for link in found if not (PAGES / link).resolve().exists()]
    assert missing == []


@pytest.mark.parametrize("name", NAMES)
def test_yaml_on_the_page_is_yaml(name: str) -> None:
    for block in re.findall(r"```yaml\n(.*?)```", page(name), re.DOTALL):
        assert yaml.safe_load(block)


def test_pages_name_their_files() -> None:
    assert sorted(Path(PAGES / f"{name}.md").exists() for name in NAMES) == [True] * len(NAMES)
