"""The generator takes limits from the model and leaves everything else as people wrote it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import refresh_schemas
from pulumi_connect_domains.model.loading import document_of
from pulumi_connect_domains.registry import resource_types
from refresh_schemas import differences, refreshed, written
from service_model import Disagreement, joined, modelled

TYPES = resource_types()
PROFILES = document_of(TYPES["customerprofiles"].package)
VOICE = document_of(TYPES["voiceid"].package)
MODEL = modelled(TYPES["customerprofiles"])
VOICE_MODEL = modelled(TYPES["voiceid"])


def test_a_schema_that_is_up_to_date_is_written_as_it_stands() -> None:
    for type in TYPES.values():
        text = refresh_schemas.PACKAGES.joinpath(*type.package.split("."), "schema.json").read_text(encoding="utf-8")
        assert text == written(json.loads(text)) + "\n"


def test_limits_come_from_the_model_and_annotations_stay() -> None:
    stale = copy.deepcopy(PROFILES)
    ours = {"description": "Ours.", "units": "days"}
    stale["properties"]["default_expiration_days"] = {**ours, "type": "string", "maximum": 7, "maxLength": 3}
    days = refreshed(stale, MODEL)["properties"]["default_expiration_days"]
    assert days == {**ours, "type": "integer", "minimum": 1, "maximum": 1098}


def test_a_new_member_comes_with_its_limits_after_those_there_are() -> None:
    poorer = copy.deepcopy(PROFILES)
    del poorer["properties"]["matching"]["properties"]["job_schedule"]["properties"]["time"]
    schedule = refreshed(poorer, MODEL)["properties"]["matching"]["properties"]["job_schedule"]
    assert list(schedule["properties"]) == ["day_of_the_week", "time"]
    assert schedule["properties"]["time"]["maxLength"] == 5


def test_what_is_only_in_the_answer_is_read_only() -> None:
    assert MODEL["properties"]["rule_based_matching"]["properties"]["status"]["readOnly"]
    assert "readOnly" not in MODEL["properties"]["rule_based_matching"]["properties"]["enabled"]


def test_merged_and_copied_members_have_the_limits_of_their_source() -> None:
    stale = copy.deepcopy(PROFILES)
    stale["properties"]["tags_all"]["maxProperties"] = 1
    stale["properties"]["rule_based_matching_status"]["enum"] = []
    fresh = refreshed(stale, MODEL)["properties"]
    assert fresh["tags_all"]["maxProperties"] == 50
    assert fresh["rule_based_matching_status"]["enum"] == ["PENDING", "IN_PROGRESS", "ACTIVE"]


def test_operations_that_limit_a_member_differently_are_an_error() -> None:
    def structure(maximum: int) -> dict[str, Any]:
        return {"type": "object", "properties": {"days": {"type": "integer", "maximum": maximum}}}

    assert joined(structure(1), structure(1)) == structure(1)
    with pytest.raises(Disagreement, match=r"^\.days: "):
        joined(structure(1), structure(2))


def test_tags_are_a_map_however_the_service_has_them() -> None:
    assert VOICE_MODEL["properties"]["tags"]["type"] == MODEL["properties"]["tags"]["type"] == "object"
    assert VOICE_MODEL["properties"]["tags"]["maxProperties"] == 200


def test_check_names_what_is_stale_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(refresh_schemas, "PACKAGES", tmp_path)
    files = {key: tmp_path.joinpath(*type.package.split("."), "schema.json") for key, type in TYPES.items()}
    for key, file in files.items():
        file.parent.mkdir(parents=True)
        stale = copy.deepcopy(document_of(TYPES[key].package))
        stale["properties"]["region"]["description"] = "Kept."
        if key == "voiceid":
            stale["properties"]["name"]["maxLength"] = 9
        file.write_text(json.dumps(stale), encoding="utf-8")

    assert refresh_schemas.main(["--check"]) == 1
    assert capsys.readouterr().out == "voiceid: name: maxLength is 9 here, 256 in the model\n"
    assert json.loads(files["voiceid"].read_text(encoding="utf-8"))["properties"]["name"]["maxLength"] == 9

    assert refresh_schemas.main([]) == 0
    fresh = json.loads(files["voiceid"].read_text(encoding="utf-8"))["properties"]
    assert (fresh["name"]["maxLength"], fresh["region"]["description"]) == (256, "Kept.")
    assert refresh_schemas.main(["--check"]) == 0


# -- how schema and model part -----------------------------------------------------------------------------------------

PARTINGS = {
    "a limit moved": (("default_expiration_days", "maximum"), 2000, "default_expiration_days: maximum is 1098 here"),
    "a word of an enum added": (
        ("rule_based_matching", "properties", "status", "enum"),
        ["ACTIVE"],
        "rule_based_matching.status: enum is",
    ),
    "a member added": (
        ("matching", "properties", "shade"),
        {"type": "string"},
        "matching.shade: in the model, not here",
    ),
    "a top-level member added": (("shade",), {"type": "boolean"}, "shade: in the model, not here"),
    "a member gone": (("data_store",), None, "data_store: here, not in the model"),
    "a limit gone": (("domain_name", "maxLength"), None, "domain_name: maxLength is 64 here, null in the model"),
    "a tag's key changed": (("tags", "propertyNames", "maxLength"), 127, "tags (propertyNames): maxLength is 128 here"),
    "a member becomes required": (("matching", "required"), ["enabled", "job_schedule"], "matching: required is"),
}


@pytest.mark.parametrize(("keys", "value", "said"), PARTINGS.values(), ids=PARTINGS.keys())
def test_a_model_that_parts_from_the_schema_is_told_by_name(keys: tuple[str, ...], value: object, said: str) -> None:
    model = copy.deepcopy(MODEL)
    place: Any = model["properties"]
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = value
    if value is None:
        del place[keys[-1]]
    assert any(line.startswith(said) for line in differences(PROFILES, model))


def test_a_member_left_out_that_the_model_no_longer_has_is_told() -> None:
    model = copy.deepcopy(VOICE_MODEL)
    del model["properties"]["client_token"]
    assert differences(VOICE, model) == ["client_token: left out, yet no member of the model"]
