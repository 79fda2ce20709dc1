"""One real document of each kind that the commands read, and the same document changed: `mutated(kind, seed)` is the same for a seed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml
from pulumi_connect_domains.drift.formats import json_format

from .. import mutations
from ..adopt.test_moves import OF_AWS, OF_NATIVE
from ..drift.reports import COMPARED, EVERYTHING, encrypted, export, in_clear, in_lines, resource
from ..drift.test_requirements import POLICY
from ..review import previews

TESTS = Path(__file__).parents[2]
FULL: dict[str, dict[str, Any]] = {
    package: json.loads((TESTS / "contract" / "samples" / f"{package}.json").read_text())["full"]
    for package in ("customerprofiles", "voiceid")
}


def a_state() -> Any:
    """An export with all that one can hold: both resources, secrets, providers, what waits for its deletion, others' resources."""
    provider = "urn:pulumi:dev::shop::pulumi:providers:pulumi-python::default"
    config = {
        "aws:region": "us-east-1",
        "aws:ignoreTags": '{"keys":["owner"]}',
        "aws:defaultTags": '{"tags":{"a":"b"}}',
    }
    crm = {
        **FULL["customerprofiles"],
        "domain_name": "crm",
        "region": "us-east-1",
        "dead_letter_queue_url": encrypted(),
    }
    voice = {**FULL["voiceid"], "region": "us-east-1", "description": in_clear("told")}
    return json.loads(
        export(
            {"urn": provider, "type": "pulumi:providers:pulumi-python", "custom": True, "id": "1", "inputs": config},
            resource(
                "crm", inputs=crm, provider=f"{provider}::1", ignoreChanges=["matching.enabled"], initErrors=["no"]
            ),
            {**resource("voice", "voiceid", inputs=voice), "id": "a" * 22},
            resource("leaving", delete=True),
            resource("theirs", external=True),
            *other_resources(),
        )
    )


def other_resources() -> Iterator[dict[str, Any]]:
    for type_, inputs in (
        ("aws:customerprofiles/domain:Domain", OF_AWS),
        ("aws-native:customerprofiles:Domain", OF_NATIVE),
    ):
        outputs = {**inputs, "arn": "arn:aws:profile:us-east-1:123456789012:domains/crm-prod"}
        urn = f"urn:pulumi:dev::shop::{type_}::moved"
        yield {"urn": urn, "type": type_, "custom": True, "id": "crm-prod", "inputs": inputs, "outputs": outputs}


@cache
def recorded_previews() -> list[Any]:
    """Previews of the real CLI, and one that replaces, deletes and warns."""
    found = []
    for file in sorted((TESTS / "traces").glob("**/*.json")):
        steps = json.loads(file.read_text()).get("steps", ())
        found += [each["json"] for each in steps if "json" in each and each["command"][0] in ("preview", "destroy")]
    old, new = (
        previews.state(FULL["customerprofiles"], previews.HELD),
        previews.state({**previews.INPUTS, "domain_name": "x"}),
    )
    made = previews.document(
        previews.step(
            "replace",
            old,
            new,
            detailedDiff={"domain_name": {"kind": "update-replace"}},
            replaceReasons=["domain_name"],
        ),
        previews.step("update", old, previews.state(), name="sales", diffReasons=["tags"]),
        previews.step("delete", old, name="gone", type=previews.VOICES),
        previews.step("create", None, new, name="q", type=previews.QUEUE),
        diagnostics=[{"urn": previews.urn(previews.PROFILES, "crm"), "message": "warning: x", "severity": "warning"}],
    )
    return [*found, *[made] * len(found)]


def a_document(random: Random) -> Any:
    package = random.choice(sorted(FULL))
    return random.choice((FULL[package], {"type": package, "inputs": FULL[package]}))


def as_yaml(document: Any) -> bytes:
    return yaml.safe_dump(document, allow_unicode=False).encode("utf-8", "backslashreplace")


def as_report(document: Any) -> bytes:
    """The document as the command writes it, with a domain in each line."""
    return in_lines(document).encode()


def a_checkpoint() -> Any:
    """The same state as a backend in a folder keeps it."""
    return {"version": 3, "checkpoint": {"stack": "organization/shop/dev", "latest": a_state()["deployment"]}}


def the_events() -> list[Any]:
    """An event log: one event a line, the preview's own among them."""
    step = {
        "op": "create",
        "urn": previews.urn(previews.PROFILES, "crm"),
        "new": previews.state(),
        "detailedDiff": None,
    }
    events: list[dict[str, Any]] = [
        {"preludeEvent": {"config": {"aws:region": "us-east-1"}}},
        {"resourcePreEvent": {"metadata": step, "planning": True}},
        {"diagnosticEvent": {"severity": "warning", "message": "warning: x", "urn": step["urn"]}},
        {"summaryEvent": {"resourceChanges": {"create": 1}, "durationSeconds": 1}},
    ]
    return [{"sequence": number, "timestamp": 1, **event} for number, event in enumerate(events)]


CONFIG = {
    "aws:region": {"value": "us-east-1", "secret": False},
    "aws:defaultTags": {"value": '{"tags":{"a":"b"}}', "objectValue": {"tags": {"a": "b"}}, "secret": False},
    "aws:secretKey": {"value": "hidden", "secret": True},
}
"""What `pulumi config --json --show-secrets` prints."""

IMPORT = {
    "resources": [
        {"type": previews.PROFILES, "name": "crm", "id": "crm", "inputs": previews.INPUTS, "outputs": previews.OUTPUTS},
        {
            "type": previews.VOICES,
            "name": "calls",
            "id": "a" * 22,
            "inputs": FULL["voiceid"],
            "outputs": FULL["voiceid"],
        },
    ]
}
"""An import file."""

STACKS = [{"name": "dev", "current": True, "resourceCount": 2}, {"name": "prod", "current": False, "resourceCount": 1}]
"""What `pulumi stack ls --json` prints."""


def base(kind: str, random: Random) -> Any:
    """A real document of the kind."""
    match kind:
        case "preview":
            return random.choice(recorded_previews())
        case "policy":
            return yaml.safe_load(POLICY)
        case "document":
            return a_document(random)
        case "state":
            return random.choice((a_state, a_checkpoint))()
        case "events":
            return the_events()
        case "config":
            return CONFIG
        case "import":
            return IMPORT
        case "stacks":
            return STACKS
        case "report":
            return json.loads(json.dumps(json_format.document(random.choice((EVERYTHING, COMPARED)))))
    raise KeyError(kind)


FORMS: Mapping[str, tuple[Callable[[Any], bytes], ...]] = {
    "policy": (mutations.as_json, as_yaml),
    "document": (mutations.as_json, as_yaml),
    "report": (mutations.as_json, as_report, as_report),
}
"""How a document of the kind may be written."""


def mutated(kind: str, seed: int) -> bytes:
    """The content of a file of that kind, changed."""
    random = Random(f"{kind} {seed}")
    write = random.choice(FORMS.get(kind, (mutations.as_json,)))
    document = mutations.documents(base(kind, random), random)
    content = (
        b"\n".join(map(mutations.as_json, document))
        if kind == "events" and isinstance(document, list)
        else write(document)
    )
    return mutations.contents(content, random)
