"""`failures`: every mistake, one line each, at its own place, and nothing in it that might be a secret."""

from __future__ import annotations

import copy
import subprocess
import sys
import time
from typing import Any

import pytest
from pulumi_connect_domains.model.validation import Failure, failures
from pulumi_connect_domains.model.values import Unknown

from .validation_documents import FULL_PROFILES, FULL_VOICE, PROFILES, VOICE, changed, paths


def lines(schema: dict[str, Any], inputs: object) -> list[str]:
    return [str(failure) for failure in failures(schema, inputs)]


@pytest.mark.parametrize(("schema", "document"), [(PROFILES, FULL_PROFILES), (VOICE, FULL_VOICE)])
def test_a_document_with_every_input_has_no_mistake(schema: dict[str, Any], document: dict[str, Any]) -> None:
    assert lines(schema, document) == []


def test_twelve_mistakes_in_one_resource_are_twelve_lines() -> None:
    inputs = {
        "domain_name": "contact center",
        "default_expiration_days": 1099.0,
        "deadLetterQueueUrl": "https://queue",
        "matching": {
            "enabled": "true",
            "job_schedule": {"day_of_the_week": "Friday", "time": "25:00"},
            "auto_merging": {"enabled": True, "min_allowed_confidence_score_for_merging": 1.5},
        },
        "rule_based_matching": {
            "matching_rules": [{"rule": ["LastName"]}, {"rule": []}],
            "max_allowed_rule_level_for_matching": "2",
            "status": "ACTIVE",
        },
        "tags": {"AWS:team": "care", "stage": "test"},
    }
    assert lines(PROFILES, inputs) == [
        "deadLetterQueueUrl: unknown here; did you mean dead_letter_queue_url?",
        "default_expiration_days: 1099 is too big; at most 1098 days",
        "domain_name: has ' ' as character 8; must be ASCII letters, digits, _ and -",
        "matching.auto_merging.min_allowed_confidence_score_for_merging: 1.5 is too big; at most 1",
        "matching.enabled: 'true' is text; must be True or False, without quotes",
        "matching.job_schedule.day_of_the_week: 'Friday' is not one of SUNDAY, MONDAY, TUESDAY, WEDNESDAY, THURSDAY,"
        " FRIDAY, SATURDAY; did you mean FRIDAY?",
        "matching.job_schedule.time: '25:00' is not a time of day, HH:MM",
        "rule_based_matching.enabled: is missing; must be True or False",
        "rule_based_matching.matching_rules[1].rule: is empty; must be a list of 1 to 15 items",
        "rule_based_matching.max_allowed_rule_level_for_matching: '2' is text; must be a whole number from 1 to 15,"
        " without quotes",
        "rule_based_matching.status: cannot be set: AWS computes it; read it from the output rule_based_matching_status",
        "tags.<1st of 2 keys, sorted>: the key begins with aws:, which in any case of letters is AWS's own; choose"
        " another",
    ]


TEXTS = {
    "a whole number given as text": ("default_expiration_days", "366", "'366' is text; must be a whole number"),
    "True, which Python counts as 1": ("default_expiration_days", True, "True is a boolean; must be a whole number"),
    "a fraction where days are whole": ("default_expiration_days", 30.5, "30.5 is a number with a fraction; must be"),
    "one below the minimum": ("default_expiration_days", 0, "0 is too small; at least 1 day"),
    "a map where a number belongs": ("default_expiration_days", {}, "is a map; must be a whole number from 1 to 1098"),
    "infinity": ("matching.auto_merging.min_allowed_confidence_score_for_merging", float("inf"), "inf is not a finite"),
    "a number where text belongs": ("domain_name", 12345, "is a number; must be ASCII letters, digits, _ and -"),
    "an empty name": ("domain_name", "", "is empty; must be ASCII letters, digits, _ and -"),
    "a name too long by one": ("domain_name", "x" * 65, "65 characters are too many; at most 64"),
    "a line break at the end": ("domain_name", "name\n", "has U+000A as character 5; must be ASCII letters"),
    "a letter outside ASCII": ("domain_name", "café", "has 'é' (U+00E9) as character 4; must be ASCII letters"),
    "a text that ends too early": ("region", "eu-central", "text of 10 characters ends too early; must be a Region's"),
    "one character where three are wanted": (
        "matching.exporting_config.s3_exporting.s3_bucket_name",
        "b",
        "1 character is too few; at least 3",
    ),
    "an unknown word of an enum": (
        "matching.auto_merging.conflict_resolution.conflict_resolving_model",
        "sauce",
        "'sauce' is not one of RECENCY, SOURCE; did you mean SOURCE?",
    ),
    "a long text in place of an enum's word": (
        "matching.job_schedule.day_of_the_week",
        "s3cr3t" * 10,
        "text of 60 characters is not one of SUNDAY",
    ),
    "a time without its minutes": ("matching.job_schedule.time", "9", "'9' is not a time of day, HH:MM"),
    "an empty time": ("matching.job_schedule.time", "", "'' is not a time of day, HH:MM"),
    "a time that YAML took for a number": ("matching.job_schedule.time", 545, "545 is a number; must be a time of day"),
    "a list where a map belongs": ("tags", [{"Key": "a", "Value": "b"}], "is a list; must be a map of at most 50 keys"),
    "a text where a list belongs": (
        "rule_based_matching.matching_rules.0.rule",
        "LastName",
        "is text; must be a list of 1 to 15 items",
    ),
    "null in a list": ("rule_based_matching.matching_rules.0.rule", [None], "is null; must be text of 1 to 255"),
    "a number for a switch": ("force_destroy", 1, "1 is a number; must be True or False"),
}


@pytest.mark.parametrize(("path", "value", "text"), TEXTS.values(), ids=TEXTS.keys())
def test_the_text_says(path: str, value: object, text: str) -> None:
    (failure,) = failures(PROFILES, changed(FULL_PROFILES, path, value))
    assert failure.text.startswith(text)


KEYS = {
    "another spelling": ("matching.jobSchedule", {}, "unknown here; did you mean job_schedule?"),
    "the API's spelling": ("Matching", {}, "unknown here; did you mean matching?"),
    "a slip": ("matching.job_shedule", {}, "unknown here; did you mean job_schedule?"),
    "a key from further below": (
        "matching.s3_exporting",
        {},
        "unknown here; did you mean matching.exporting_config.s3_exporting?",
    ),
    "a key from elsewhere": (
        "matching_rules",
        [],
        "unknown here; did you mean rule_based_matching.matching_rules?",
    ),
    "nothing like it": ("matching.zzz", 1, "unknown here; known are auto_merging, enabled, exporting_config, job_sch"),
    "an output": ("arn", "x", "cannot be set: the provider makes it; read it from the output arn"),
    "an output of AWS's": ("stats", {"junk": 1}, "cannot be set: AWS computes it; read it from the output stats"),
    "a nested output": (
        "data_store.readiness",
        {},
        "cannot be set: AWS computes it; read it from the output data_store_readiness",
    ),
}


@pytest.mark.parametrize(("path", "value", "text"), KEYS.values(), ids=KEYS.keys())
def test_a_key_that_does_not_belong(path: str, value: object, text: str) -> None:
    (failure,) = failures(PROFILES, changed(FULL_PROFILES, path, value))
    assert failure.path == path
    assert failure.text.startswith(text)


@pytest.mark.parametrize("name", ["defaultExpirationDays", "default_expiration_day", "DefaultExpirationDays"])
def test_a_required_key_that_is_misspelled_is_one_mistake(name: str) -> None:
    assert lines(PROFILES, {name: 30}) == [f"{name}: unknown here; did you mean default_expiration_days?"]


@pytest.mark.parametrize("empty", [None, {}])
def test_all_that_is_required_is_named_when_nothing_is_given(empty: object) -> None:
    document = changed(FULL_PROFILES, "matching", {"enabled": None, "job_schedule": {}})
    document["default_expiration_days"] = None
    document["tags"] = empty
    assert [failure.path for failure in failures(PROFILES, document)] == [
        "default_expiration_days",
        "matching.enabled",
        "matching.job_schedule.day_of_the_week",
        "matching.job_schedule.time",
    ]


def test_what_is_no_map_at_all_is_said_without_a_path() -> None:
    assert failures(PROFILES, []) == [Failure("", "is a list; must be a map")]
    assert lines(PROFILES, []) == ["is a list; must be a map"]


def test_a_key_that_is_no_name_is_found_by_its_place_and_not_shown() -> None:
    document = changed(FULL_PROFILES, "matching.p4ss word", 1)
    assert lines(PROFILES, document) == [
        "matching.<5th of 5 keys, sorted>: text of 9 characters is not the name of a property"
    ]


# -- none, unknown, host's own -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["tags", "tags_all"])
def test_an_empty_map_means_none(path: str) -> None:
    assert lines(PROFILES, changed(FULL_PROFILES, path, {})) == []


@pytest.mark.parametrize(
    "path", ["rule_based_matching.matching_rules", "rule_based_matching.attribute_types_selector.address"]
)
def test_an_empty_list_means_none_where_it_is_optional(path: str) -> None:
    assert lines(PROFILES, changed(FULL_PROFILES, path, [])) == []


@pytest.mark.parametrize("empty", [{}, ""])
def test_an_empty_value_of_another_kind_is_a_mistake(empty: object) -> None:
    (failure,) = failures(PROFILES, changed(FULL_PROFILES, "rule_based_matching.matching_rules", empty))
    assert "must be a list" in failure.text


@pytest.mark.parametrize("path", paths(FULL_PROFILES))
def test_an_unknown_value_is_no_mistake_anywhere(path: str) -> None:
    assert lines(PROFILES, changed(FULL_PROFILES, path, Unknown())) == []


def test_the_mistakes_beside_an_unknown_value_are_still_found() -> None:
    document = changed(FULL_PROFILES, "rule_based_matching.matching_rules.0.rule", [Unknown(), ""])
    assert [failure.path for failure in failures(PROFILES, document)] == [
        "rule_based_matching.matching_rules[0].rule[1]"
    ]


def test_an_output_stays_refused_when_its_value_is_unknown() -> None:
    assert [failure.path for failure in failures(PROFILES, FULL_PROFILES | {"arn": Unknown()})] == ["arn"]


def test_the_host_s_own_key_is_ignored_and_numbers_may_be_floats() -> None:
    document = changed(FULL_PROFILES, "rule_based_matching.max_allowed_rule_level_for_matching", 2.0)
    assert lines(PROFILES, document | {"__provider": "gASV", "default_expiration_days": 30.0}) == []


def test_the_inputs_are_left_as_they_are() -> None:
    document = FULL_PROFILES | {"tags": {"a": None}, "matching": {"enabled": 1, "job_schedule": None}}
    before = copy.deepcopy(document)
    failures(PROFILES, document)
    assert document == before


# -- tags --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["aws:x", "AWS:x", "Aws:", "aWs:team"])
@pytest.mark.parametrize(("schema", "document"), [(PROFILES, FULL_PROFILES), (VOICE, FULL_VOICE)])
def test_the_prefix_of_aws_is_refused_in_any_case(schema: dict[str, Any], document: dict[str, Any], key: str) -> None:
    assert lines(schema, document | {"tags": {key: "x"}}) == [
        "tags.<the only key>: the key begins with aws:, which in any case of letters is AWS's own; choose another"
    ]


@pytest.mark.parametrize("key", ["aws", "awsx:y", "xaws:y", ":aws:"])
def test_a_key_that_only_looks_like_it_is_allowed(key: str) -> None:
    assert lines(PROFILES, FULL_PROFILES | {"tags": {key: "x"}}) == []


def test_the_accidental_range_of_customer_profiles_is_kept_and_explained() -> None:
    allowed = "+,-./0123456789:;<="
    assert lines(PROFILES, FULL_PROFILES | {"tags": {f"x{character}": "" for character in allowed}}) == []
    for character in " @>é":
        (line,) = lines(PROFILES, FULL_PROFILES | {"tags": {f"x{character}": ""}})
        assert "as character 2" in line
        assert "its +-= is a range, which holds neither blank nor @" in line


def test_a_key_and_its_value_are_two_mistakes_at_one_place() -> None:
    assert lines(VOICE, FULL_VOICE | {"tags": {"a!": "!"}}) == [
        "tags.<the only key>: the key has '!' as character 2; must be letters, digits and blanks of any script and"
        " _ . : / = + - @",
        "tags.<the only key>: has '!' as character 1; must be letters, digits and blanks of any script and"
        " _ . : / = + - @",
    ]


def test_keys_are_named_by_their_place_in_order() -> None:
    tags = {f"{number:02}": "" for number in range(30)} | {"00": 0, "01": 0, "02": 0, "10": 0, "20": 0, "22": 0}
    assert [failure.path for failure in failures(PROFILES, FULL_PROFILES | {"tags": tags})] == [
        f"tags.<{place} of 30 keys, sorted>" for place in ("1st", "2nd", "3rd", "11th", "21st", "23rd")
    ]


def test_a_mistake_in_tags_is_not_told_again_for_the_merged_tags() -> None:
    tags = {"a b": "x"}
    inputs = FULL_PROFILES | {"tags": tags, "tags_all": {**tags, "a a": "from the provider", "z": "y"}}
    assert [failure.path for failure in failures(PROFILES, inputs)] == [
        "tags.<the only key>",
        "tags_all.<1st of 3 keys, sorted>",
    ]


def test_a_mistake_of_the_default_tags_says_where_it_comes_from() -> None:
    many = {f"key{number}": "" for number in range(51)}
    assert lines(PROFILES, FULL_PROFILES | {"tags_all": many}) == [
        "tags_all: 51 keys are too many; at most 50 (with the provider's default tags)"
    ]
    (line,) = lines(PROFILES, FULL_PROFILES | {"tags_all": {"k": "x" * 257}})
    assert line.endswith("at most 256 (from the provider's default tags)")


# -- secrets -----------------------------------------------------------------------------------------------------------

SHOWN = {  # what holds a number, a boolean, a word of an enum or a time
    *("default_expiration_days", "max_allowed_rule_level_for_merging", "max_allowed_rule_level_for_matching"),
    *("min_allowed_confidence_score_for_merging", "enabled", "force_destroy", "adopt_existing"),
    *("day_of_the_week", "conflict_resolving_model", "attribute_matching_model", "time"),
}
FREE_TEXT = [path for path in paths(FULL_PROFILES) if path.rpartition(".")[2] not in SHOWN]


@pytest.mark.parametrize("path", FREE_TEXT)
def test_free_text_is_never_shown(path: str) -> None:
    for secret in ("hunter2!\n", "hunter2" * 400, {"hunter2!": "hunter2"}, ["hunter2!"], 31337.5):
        text = "\n".join(lines(PROFILES, changed(FULL_PROFILES, path, secret)))
        assert "hunter2" not in text
        assert "31337" not in text


@pytest.mark.parametrize("secret", ["hunter2!", "hunter2" * 100])
@pytest.mark.parametrize("where", ["key", "value"])
def test_tags_are_never_shown(where: str, secret: str) -> None:
    tags = {secret: "x"} if where == "key" else {"x": secret}
    for schema, document in ((PROFILES, FULL_PROFILES), (VOICE, FULL_VOICE)):
        assert "hunter2" not in "".join(lines(schema, document | {"tags": tags, "tags_all": tags}))


def test_a_text_of_any_length_is_looked_through_quickly() -> None:
    long = "aa-" + "a" * 50_000 + "!"
    started = time.process_time()
    (failure,) = failures(PROFILES, FULL_PROFILES | {"region": long})
    assert failure.text.startswith("has '!' as character 50004")
    assert time.process_time() - started < 10  # trying each length would take minutes


# -- cost --------------------------------------------------------------------------------------------------------------


def test_importing_it_imports_neither_jsonschema_nor_boto3() -> None:
    heavy = ["jsonschema", "regex", "boto3", "botocore"]
    program = (
        "import sys, pulumi_connect_domains.model.validation as v;"
        "from pulumi_connect_domains.registry import resource_types;"
        "v.advice(resource_types()['voiceid'].schema, {});"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
