"""What every SARIF file of ours must be: as the standard's schema says, and as GitHub's code scanning takes it."""

from __future__ import annotations

import re
from typing import Any

from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Schema

LEVELS = ["error", "warning", "note"]


def check(document: dict[str, Any]) -> None:
    """Raises where it is not. The models are made from the standard's JSON schema, and refuse members that it does not have."""
    Schema.model_validate(document)
    (run,) = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        assert rule["help"]["text"], "GitHub asks for it"
        for part in ("shortDescription", "fullDescription"):
            assert 0 < len(rule[part]["text"]) <= 1024
        assert len(rule["name"]) <= 255
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        (location,) = result["locations"]
        _check_location(location)
        has_line = "region" in location["physicalLocation"]
        hashes = result["partialFingerprints"]
        assert ("primaryLocationLineHash" in hashes) != has_line, (
            "one of the two tells findings of a rule and file apart"
        )
        text = result["message"]["text"].removesuffix(" [Declared here](1).")
        assert not re.search(r"\]\(", text), "no link but our own"
        linked = text != result["message"]["text"]
        assert [each["id"] for each in result.get("relatedLocations", ())] == [1] * linked
    levels = [(result.get("baselineState") == "absent", LEVELS.index(result["level"])) for result in run["results"]]
    assert levels == sorted(levels)


def _check_location(location: dict[str, Any]) -> None:
    assert "physicalLocation" in location, "GitHub refuses the whole file"
    uri = location["physicalLocation"]["artifactLocation"]["uri"]
    assert re.fullmatch(r"[\w./~!$&'()*+,;=@%-]+", uri, re.ASCII), uri
    assert not uri.startswith("/"), "GitHub takes paths from the root of the repository"
    assert "uriBaseId" not in location["physicalLocation"]["artifactLocation"], "GitHub does not resolve it"
