"""Reading a preview: the forms of the CLI, and every other form refused with a reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pulumi_connect_domains.model.errors import Unreadable
from pulumi_connect_domains.model.values import SECRET, is_unknown
from pulumi_connect_domains.stacks.preview import Preview, parse

from ..review.previews import STACK, UNKNOWN, document, state, step, urn

ALONE = "it is not JSON (at {}); give the standard output of `pulumi preview --json` alone"
TRACES = Path(__file__).parent.parent.parent / "traces"


def read(found: Any) -> Preview:
    return parse(json.dumps(found).encode(), "preview.json")


def recorded() -> list[Any]:
    """Every preview among the recordings of the real CLI."""
    found = []
    for file in sorted(TRACES.glob("**/*.json")):
        for place, each in enumerate(json.loads(file.read_text()).get("steps", ())):
            if "json" in each and each["command"][0] in ("preview", "destroy"):
                found.append(pytest.param(each["json"], each["exit_code"], id=f"{file.stem} {place}"))
    return found


@pytest.mark.parametrize(("found", "exit_code"), recorded())
def test_recorded_previews_are_read(found: dict[str, Any], exit_code: int) -> None:
    preview = read(found)
    assert len(preview.steps) == len(found.get("steps", ()))
    assert bool(preview.errors) == (exit_code == 1)


def test_there_are_recordings() -> None:
    assert len(recorded()) > 20


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "it is empty: the preview printed nothing; its standard error says why"),
        (b" \n", "it is empty: the preview printed nothing; its standard error says why"),
        (b"error: no stack named 'x' found", ALONE.format("line 1, column 1")),
        (b'{"steps": [', ALONE.format("line 1, column 12")),
        (b"\xff\xfe\x00\xd8", "it is not text"),
        (b"[]", "it is not a preview: no JSON object"),
        (b"[" * 1000 + b"]" * 1000, "it is nested more than 100 levels deep"),
        (b'{"duration": ' + b"9" * 5000 + b"}", "it holds a number of 5000 digits; at most 309"),
        (b'{"steps": ["\\ud800"]}', "it holds half a character (a lone surrogate)"),
        (b"{}", "it is not a preview: it has none of steps, changeSummary, diagnostics, duration"),
        (b'{"version": 3, "deployment": {}}', "it is a stack's export; `connect-domains drift --state` reads those"),
        (b'{"manifest": {}, "resourcePlans": {}}', "it is an update plan (`--save-plan`); give the output of `pulumi preview --json`"),
        (
            b'{"sequence":0,"preludeEvent":{"config":{}}}\n{"sequence":1,"cancelEvent":{}}\n',
            "it is a stream of events; unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW and use `pulumi preview --json`, not `pulumi up`",
        ),
    ],
)  # fmt: skip
def test_other_forms_are_refused(text: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        parse(text, "preview.json")
    assert str(refused.value) == reason


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (document(step("rewrite")), "a step has an unknown operation, 'rewrite'"),
        (document({"op": {}, "urn": urn(STACK, "x")}), "a step has an unknown operation, {}"),
        (document({**step("update"), "detailedDiff": {"": {"kind": "update"}}}), "a step's detailedDiff has an empty path"),
        (document(changeSummary={"rewrite": 1}), "changeSummary counts an unknown operation, 'rewrite'"),
        (document(changeSummary=[1]), "changeSummary is not a map of counts"),
        (document({"urn": urn(STACK, "x")}), "a step has no op or no urn"),
        (document({"op": "same", "urn": "crm"}), "'crm' is not a URN"),
        ({"steps": {}}, "steps is not a list"),
        (document(step("update", old="gone")), "a step's state is not a map"),
        (document(step("update", old={"inputs": [1]})), "a state's properties are not a map"),
        (document({**step("update"), "detailedDiff": ["a"]}), "a step's detailedDiff is not a map"),
        (document(diagnostics=["boo"]), "a diagnostic is not a map with a message"),
        (
            {"steps": [{"op": "refresh", "urn": urn(STACK, "shop-dev")}, step("delete", old=state())]},
            "a `pulumi refresh` changes the state and nothing in AWS; for drift there is `connect-domains drift`",
        ),
    ],
)  # fmt: skip
def test_unknown_parts_are_refused(found: dict[str, Any], reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(found)
    assert str(refused.value) == reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_every_shells_redirection_is_read(encoding: str) -> None:
    text = json.dumps(document(step("create", new=state({"domain_name": "Zoë"}))), ensure_ascii=False)
    preview = parse(text.encode(encoding), "preview.json")
    assert preview.steps[1].after is not None
    assert preview.steps[1].after.inputs == {"domain_name": "Zoë"}


def test_values_become_what_people_write() -> None:
    inputs = {
        "__provider": "gASV",
        "days": 30.0,
        "score": 0.5,
        "later": UNKNOWN,
        "none": None,
        "secret": "[secret]",
        "shown": {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": '"s3cr3t"'},
        "list": [UNKNOWN, 1.0],
    }
    preview = read(document(step("create", new={"inputs": inputs})))
    after = preview.steps[1].after
    assert after is not None
    assert is_unknown(after.inputs["later"])
    assert isinstance(after.inputs["list"], list)
    assert is_unknown(after.inputs["list"][0])
    known = {key: value for key, value in after.inputs.items() if key not in ("later", "list")}
    assert known == {"days": 30, "score": 0.5, "secret": SECRET, "shown": SECRET}


def test_unchanged_resources_are_counted_without_the_stack() -> None:
    assert read(document(changeSummary={"same": 4})).unchanged == 3
    assert read({"steps": [step("create", new=state(), type=STACK)], "changeSummary": {"same": 4}}).unchanged == 4
    assert read({"duration": 1}).unchanged == 0


def test_diagnostics_lose_their_prefix_and_keep_their_resource() -> None:
    said = [
        {"urn": urn(STACK, "a::b"), "message": "error: it failed\n", "severity": "error"},
        {"message": "Traceback\n", "severity": "info#err"},
    ]
    preview = read(document(diagnostics=said))
    assert [(each.severity, each.message, each.resource) for each in preview.diagnostics] == [
        ("error", "it failed", "a::b"),
        ("info", "Traceback", ""),
    ]
    assert preview.errors == preview.diagnostics[:1]


def test_a_failed_refresh_is_a_failed_preview() -> None:
    refresh = {"op": "refresh", "urn": urn(STACK, "shop-dev")}
    assert read({"steps": [refresh], "diagnostics": [{"message": "error: denied", "severity": "error"}]}).errors
