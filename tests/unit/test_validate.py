"""`connect-domains validate`: files in, lines or JSON out, 1 for mistakes."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from pulumi_connect_domains.model.warning import RULES
from pulumi_connect_domains.registry import resource_types
from pulumi_connect_domains.validate.command import validate

from .report_schemas import flaws
from .reporting import sarif_files

WARNINGS = Path(__file__).parents[2] / "docs" / "reference" / "warnings.md"

GOOD = {"default_expiration_days": 366}
BAD = {"default_expiration_days": 1099, "matching": {"enabeld": True}}
VOICE = {"server_side_encryption_configuration": {"kms_key_id": "alias/voice"}}


def run(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(validate, arguments, input=stdin)


def on(document: object, *arguments: str) -> Result:
    """The run on one document from standard input."""
    return run("-", *arguments, stdin=document if isinstance(document, str) else json.dumps(document))


def test_a_document_without_a_mistake_exits_with_0() -> None:
    result = on(GOOD)
    assert (result.exit_code, result.output) == (0, "documents: 1, mistakes: 0, warnings: 0\n")


def test_every_mistake_is_a_line_and_the_exit_code_is_1() -> None:
    result = on(BAD)
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "<stdin>: default_expiration_days: 1099 is too big; at most 1098 days",
        "<stdin>: matching.enabeld: unknown here; did you mean enabled?",
        "documents: 1, mistakes: 2, warnings: 0",
    ]


def test_warnings_are_shown_and_do_not_fail() -> None:
    result = on(GOOD | {"region": "eu-north-1"})
    assert result.exit_code == 0
    first, last = result.output.splitlines()
    assert first.startswith("<stdin>: warning: region: is not among the Regions")
    assert first.endswith("[region-unknown]")
    assert last == "documents: 1, mistakes: 0, warnings: 1"


def test_a_warning_can_be_silenced() -> None:
    assert "warning:" not in on(GOOD | {"region": "eu-north-1"}, "--silence", "region-unknown").output


def test_json_for_machines() -> None:
    result = on(BAD | {"dead_letter_queue_url": "queue"}, "--format", "json")
    assert result.exit_code == 1
    report = json.loads(result.output)
    (document,) = report["documents"]
    assert report["version"] == 1
    assert flaws("validate", report) == []
    assert (document["file"], document["resource"]) == ("<stdin>", "customerprofiles")
    assert document["failures"][0] == {"path": "default_expiration_days", "text": "1099 is too big; at most 1098 days"}
    assert [(item["rule"], item["path"]) for item in document["advice"]] == [
        ("queue-is-no-url", "dead_letter_queue_url")
    ]


@pytest.mark.parametrize(
    ("document", "resource"),
    [
        (GOOD, "customerprofiles"),
        (VOICE, "voiceid"),
        ({"Name": "x", "KmsKeyId": "y", "Description": ""}, "voiceid"),
        ({"defaultExpirationDays": 1}, "customerprofiles"),
        ({"type": "pulumi-python:dynamic/voiceid:Domain", "inputs": {"tags": {}}}, "voiceid"),
        ({"type": "customerprofiles", "properties": GOOD}, "customerprofiles"),
        ({"type": "voiceid", **VOICE}, "voiceid"),
    ],
)
def test_the_resource_is_guessed(document: dict[str, object], resource: str) -> None:
    (found,) = json.loads(on(document, "--format", "json").output)["documents"]
    assert found["resource"] == resource


@pytest.mark.parametrize("document", [{"tags": {"a": "b"}}, {}, [], 7])
def test_what_could_be_either_has_to_be_said(document: object) -> None:
    assert "cannot tell which resource this is; say --resource customerprofiles or voiceid" in on(document).output
    assert on(document).exit_code == 1


def test_the_option_decides() -> None:
    assert on({"tags": {"a": "b"}}, "--resource", "voiceid").output.startswith(
        "<stdin>: server_side_encryption_configuration: is missing"
    )


def test_several_files_and_several_documents_in_one(tmp_path: Path) -> None:
    first, second = tmp_path / "first.yaml", tmp_path / "second.json"
    first.write_text("default_expiration_days: 1\n---\ndefault_expiration_days: 0\n", encoding="utf-8")
    second.write_text(json.dumps(BAD, indent="\t"), encoding="utf-8")
    result = run(str(first), str(second))
    assert result.exit_code == 1
    assert result.output.splitlines()[0] == f"{first}: default_expiration_days: 0 is too small; at least 1 day"
    assert result.output.splitlines()[-1] == "documents: 3, mistakes: 3, warnings: 0"


def test_yaml_is_read_as_people_mean_it() -> None:
    text = """
        default_expiration_days: 30
        matching:
          enabled: true
          job_schedule: {day_of_the_week: FRIDAY, time: 9:05}
          auto_merging: {enabled: false, min_allowed_confidence_score_for_merging: 0.5}
          exporting_config: {s3_exporting: {s3_bucket_name: results, s3_key_name: 2026-01-01}}
        tags: {released: 2026-01-01, answer: yes, none: ~}
    """
    result = on(text)
    assert result.output == "documents: 1, mistakes: 0, warnings: 0\n"


def test_a_yes_is_no_boolean() -> None:
    assert (
        "matching.enabled: 'yes' is text; must be True or False"
        in on("default_expiration_days: 30\nmatching: {enabled: yes}").output
    )


def test_an_octal_looking_number_is_decimal() -> None:
    assert on("default_expiration_days: 0100").exit_code == 0
    assert "089" not in on("default_expiration_days: 089").output


@pytest.mark.parametrize("text", ["{", "a: [s3cr3t", "a: b: s3cr3t", "a: !s3cr3t x", "a: \x07", "s3cr3t: *s3cr3t"])
def test_what_is_neither_json_nor_yaml_is_said_without_showing_it(text: str) -> None:
    result = on(text)
    assert result.exit_code == 1
    assert "is neither JSON nor YAML" in result.output
    assert "s3cr3t" not in result.output


def test_an_empty_file_is_a_mistake() -> None:
    result = on("")
    assert (result.exit_code, result.output.splitlines()[0]) == (1, "<stdin>: holds no document")


def test_no_file_at_all_is_a_usage_error() -> None:
    assert run().exit_code != 0


def test_a_file_that_cannot_be_read_is_a_mistake_and_the_others_are_checked(tmp_path: Path) -> None:
    good = tmp_path / "good.json"
    good.write_text(json.dumps(BAD))
    os.mkfifo(tmp_path / "pipe.json")
    result = run("/nowhere.yaml", str(tmp_path), str(tmp_path / "pipe.json"), str(good))
    assert result.exit_code == 1
    assert result.output.splitlines()[:4] == [
        "/nowhere.yaml: cannot be read: No such file or directory",
        f"{tmp_path}: cannot be read: Is a directory",
        f"{tmp_path}/pipe.json: is a pipe that nobody writes to",
        f"{good}: default_expiration_days: 1099 is too big; at most 1098 days",
    ]
    assert result.output.splitlines()[-1] == "documents: 4, mistakes: 5, warnings: 0"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("text", [json.dumps(BAD), yaml.safe_dump(BAD)])
def test_every_shells_redirection_is_read(tmp_path: Path, encoding: str, text: str) -> None:
    file = tmp_path / "domain.yaml"
    file.write_bytes(text.encode(encoding))
    result = run(str(file))
    assert result.output.splitlines()[0] == f"{file}: default_expiration_days: 1099 is too big; at most 1098 days"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: !!int foo", "line 1, column 4: is neither JSON nor YAML"),
        ("a: &a [*a]", "line 1, column 4: an anchor refers to itself"),
        ("default_expiration_days: " + "9" * 5_000, "holds a number of 5000 digits; at most 309"),
        ("[" * 1_000, "is nested more than 100 levels deep"),
        ('{"domain_name": "\\ud800"}', "holds half a character (a lone surrogate)"),
    ],
    ids=["a number that is none", "an anchor within itself", "a long number", "deep nesting", "half a character"],
)
def test_what_cannot_be_used_is_one_line(text: str, said: str) -> None:
    result = on(text)
    assert (result.exit_code, result.output.splitlines()) == (
        1,
        [f"<stdin>: {said}", "documents: 1, mistakes: 1, warnings: 0"],
    )


def test_free_text_is_never_shown() -> None:
    document = BAD | {
        "domain_name": "hunter2!",
        "tags": {"hunter2!": "hunter2" * 60},
        "dead_letter_queue_url": "hunter2",
    }
    for format_ in ("text", "json", "sarif"):
        assert "hunter2" not in on(document, "--format", format_).output


def test_every_rule_is_documented() -> None:
    documented = re.findall(r"^\| `([a-z]+-[a-z-]+)` \|", WARNINGS.read_text(encoding="utf-8"), re.MULTILINE)
    of_inputs = {rule.id for type in resource_types().values() for rule in type.schema.rules}
    assert set(documented) == of_inputs | set(RULES)


# -- where the mistakes are -------------------------------------------------------------------------------------------

TWO_DOCUMENTS = """\
default_expiration_days: 30
matching:
  enabled: true
  job_schedule: {day_of_the_week: FRIDAY,
    time: "25:00"}
---
type: voiceid
inputs:
  tags:
    "aws:x": y
  server_side_encryption_configuration: {}
"""


def lines_of(text: str) -> list[dict[str, int]]:
    report = json.loads(on(text, "--format", "json").output)
    assert flaws("validate", report) == []
    return [each["lines"] for each in report["documents"]]


def test_every_mistake_and_warning_has_its_line() -> None:
    first, second = lines_of(TWO_DOCUMENTS)
    assert first == {"matching.job_schedule.time": 5, "matching.exporting_config": 2}
    assert second == {"server_side_encryption_configuration.kms_key_id": 11, "tags.<the only key>": 9, "": 8}


@pytest.mark.parametrize("indent", [2, "\t"], ids=["blanks", "tabs"])
def test_json_has_lines_too(indent: int | str) -> None:
    (lines,) = lines_of(json.dumps(BAD, indent=indent))
    assert lines == {"default_expiration_days": 2, "matching.enabeld": 4}


@pytest.mark.parametrize("text", ["", "{", "a: b: c"])
def test_what_cannot_be_read_has_no_line(text: str) -> None:
    assert lines_of(text) == [{}]


def test_sarif_points_at_the_line_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "domain.yaml").write_text(TWO_DOCUMENTS, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "infra")
    result = run("domain.yaml", "nowhere.yaml", "--format", "sarif", "--silence", "results-not-exported")
    assert result.exit_code == 1
    document = json.loads(result.output)
    sarif_files.check(document)
    (described,) = document["runs"]
    places = [each["locations"][0]["physicalLocation"] for each in described["results"]]
    found = [
        (each["ruleId"], each["level"], place["artifactLocation"]["uri"], place.get("region", {}).get("startLine"))
        for each, place in zip(described["results"], places, strict=True)
    ]
    assert found == [
        ("inputs-invalid", "error", "infra/domain.yaml", 5),
        ("inputs-invalid", "error", "infra/domain.yaml", 11),
        ("inputs-invalid", "error", "infra/domain.yaml", 9),
        ("document-unreadable", "error", "infra/nowhere.yaml", None),
        ("end-of-support", "warning", "infra/domain.yaml", 8),
    ]


def test_sarif_of_documents_without_a_mistake_is_an_empty_run() -> None:
    result = on(GOOD, "--format", "sarif")
    document = json.loads(result.output)
    sarif_files.check(document)
    assert (result.exit_code, document["runs"][0]["results"]) == (0, [])


def test_sarif_knows_every_rule_of_the_schemas() -> None:
    rules = json.loads(on(GOOD, "--format", "sarif").output)["runs"][0]["tool"]["driver"]["rules"]
    assert {rule.id for type in resource_types().values() for rule in type.schema.rules} <= {
        rule["id"] for rule in rules
    }


# -- the other spelling -------------------------------------------------------------------------------------------------


NATIVE = resource_types()["customerprofiles"].native_token


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(
            {"type": NATIVE, "properties": {"defaultExpirationDays": 1099}}, id="as a program in YAML writes it"
        ),
        pytest.param({"defaultExpirationDays": 1099, "tags": {"team": "a"}}, id="by its names"),
    ],
)
def test_a_document_in_camel_case_is_checked_and_told_in_its_spelling(document: object) -> None:
    assert on(document).output.startswith("<stdin>: defaultExpirationDays: 1099 is too big; at most 1098 days\n")
    found = json.loads(on(document, "--format", "json").output)
    assert flaws("validate", found) == []
    assert [each["path"] for each in found["documents"][0]["failures"]] == ["default_expiration_days"]


def test_names_within_others_are_checked_in_the_same_spelling() -> None:
    text = "defaultExpirationDays: 30\nmatching:\n  enabled: true\n  jobSchedule:\n    time: '25:00'\n    dayOfTheWeek: SUNDAY\n"
    assert on(text).output.startswith("<stdin>: matching.jobSchedule.time: '25:00' is not a time of day")
    result, *_ = json.loads(on(text, "--format", "sarif").output)["runs"][0]["results"]
    assert result["message"]["text"].startswith("matching.jobSchedule.time")
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 5}


def test_a_document_that_mixes_both_is_held_to_be_in_ours() -> None:
    output = on({"default_expiration_days": 30, "deadLetterQueueUrl": "https://x"}).output
    assert "deadLetterQueueUrl: unknown here; did you mean dead_letter_queue_url?" in output
