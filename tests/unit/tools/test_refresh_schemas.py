"""The generator takes limits from the model and leaves everything else as people wrote it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import refresh_schemas
from pulumi_connect_domains.model.schema import schema_of
from refresh_schemas import refreshed, written
from service_model import RESOURCES, Disagreement, Operations, joined, modelled

PROFILES = schema_of("customerprofiles")
MODEL = modelled(RESOURCES["customerprofiles"])


def test_a_schema_that_is_up_to_date_is_written_as_it_stands() -> None:
    for resource in RESOURCES:
        file = refresh_schemas.PACKAGE / resource / "domain" / "schema.json"
        assert file.read_text(encoding="utf-8") == written(schema_of(resource)) + "\n"


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
    voice = modelled(Operations("voice-id", "CreateDomain", "UpdateDomain", "DescribeDomain", "Domain"))
    assert voice["properties"]["tags"]["type"] == MODEL["properties"]["tags"]["type"] == "object"
    assert voice["properties"]["tags"]["maxProperties"] == 200


def test_check_names_what_is_stale_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(refresh_schemas, "PACKAGE", tmp_path)
    files = {resource: tmp_path / resource / "domain" / "schema.json" for resource in RESOURCES}
    for resource, file in files.items():
        file.parent.mkdir(parents=True)
        stale = copy.deepcopy(schema_of(resource))
        stale["properties"]["region"]["description"] = "Kept."
        if resource == "voiceid":
            stale["properties"]["name"]["maxLength"] = 9
        file.write_text(json.dumps(stale), encoding="utf-8")

    assert refresh_schemas.main(["--check"]) == 1
    assert capsys.readouterr().out == "voiceid: name: maxLength is 9 here, 256 in the model\n"
    assert json.loads(files["voiceid"].read_text(encoding="utf-8"))["properties"]["name"]["maxLength"] == 9

    assert refresh_schemas.main([]) == 0
    fresh = json.loads(files["voiceid"].read_text(encoding="utf-8"))["properties"]
    assert (fresh["name"]["maxLength"], fresh["region"]["description"]) == (256, "Kept.")
    assert refresh_schemas.main(["--check"]) == 0
