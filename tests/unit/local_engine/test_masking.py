"""Secrets of the configuration, and what a program marks secret: in nothing that a run prints, writes or sends."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from .conftest import Run

CANARY = 'canary"quote-1234'
INNER = "inner-canary-99"
KEY = "-----BEGIN KEY-----\nfirst-line-of-the-key\nsecond-line-of-the-key\n-----END KEY-----"
MARKED = "marked-canary-7777"
PROGRAM = f"""\
import json, sys
import pulumi
from pulumi.dynamic import CreateResult, Resource, ResourceProvider

config = pulumi.Config()
canary, inner, key = config.require("hidden"), config.require_object("many")["a"], config.require("key")
print("printed", canary)
print(json.dumps({{"as JSON": canary}}))
print("said", inner, file=sys.stderr)
print(key)
pulumi.log.info("told " + canary)
pulumi.log.warn("warned of " + config.require("many"))
pulumi.log.debug("debugged " + canary)
pulumi.export("clear", canary)
pulumi.export("nested", {{"list": ["x" + canary + "y", 5, True]}})
pulumi.export("marked", pulumi.Output.secret("{MARKED}"))

class Provider(ResourceProvider):
    def create(self, props):
        print("host", props["plain"])
        if config_fails:
            raise RuntimeError("the service refused " + props["plain"] + " and " + props["inner"])
        return CreateResult("id-1", {{**props, "computed": "{MARKED}", "echo": "x" + props["plain"]}})

class Thing(Resource):
    computed: pulumi.Output[str]

config_fails = config.get_bool("fails")
thing = Thing(
    Provider(), "thing",
    {{"plain": canary, "inner": inner, "marked": pulumi.Output.secret("{MARKED}"), "computed": None}},
    pulumi.ResourceOptions(additional_secret_outputs=["computed"]),
)
pulumi.export("computed", thing.computed)
if config.get_bool("raises"):
    raise ValueError("the program was given " + canary)
"""
SHOWN_NOWHERE = (CANARY, json.dumps(CANARY)[1:-1], INNER, MARKED, *KEY.split("\n"))


@pytest.fixture
def ready(run: Run, project: Path) -> Run:
    (project / "__main__.py").write_text(PROGRAM)
    run("stack", "init", "dev")
    run("config", "set", "--secret", "hidden", CANARY)
    run("config", "set", "--secret", "many", INNER)
    run("config", "set", "--secret", "key", "--", KEY)
    settings = project / "Pulumi.dev.yaml"
    (ciphertext,) = re.findall("demo:many:\n    secure: (.*)\n", settings.read_text())
    inner = f"demo:many:\n    a:\n      secure: {ciphertext}\n    b: in sight\n"
    settings.write_text(settings.read_text().replace(f"demo:many:\n    secure: {ciphertext}\n", inner))
    return run


def holds_nothing(*texts: str) -> None:
    for text in texts:
        assert [secret for secret in SHOWN_NOWHERE if secret in text] == []


@pytest.mark.parametrize("end", ["", "fails", "raises"])
def test_no_run_shows_a_secret(ready: Run, project: Path, end: str) -> None:
    if end:
        ready("config", "set", end, "true")
    log = project / "events"
    for arguments in (
        ("preview", "--debug"),
        ("preview", "--diff"),
        ("preview", "--json"),
        ("up", "--yes", "--debug", "--event-log", str(log)),
        ("preview", "--refresh", "--diff", "--show-sames"),
        ("preview", "--json", "--show-sames"),
        ("refresh", "--yes", "--diff"),
        ("refresh", "--preview-only", "--json"),
        ("destroy", "--yes", "--event-log", str(log)),
    ):
        done = ready(*arguments)
        holds_nothing(done.stdout, done.stderr)
    holds_nothing(log.read_text())
    holds_nothing(*(path.read_text() for path in project.parent.glob("state/.pulumi/history/**/*.history.json")))


def test_what_is_hidden_is_called_secret_and_the_rest_is_left(ready: Run, project: Path) -> None:
    log = project / "events"
    done = ready("up", "--yes", "--skip-preview", "--event-log", str(log))
    assert done.code == 0, done.stdout
    for line in (
        "printed [secret]", '{"as JSON": "[secret]"}', "said [secret]", "told [secret]",
        'warning: warned of {"a":"[secret]","b":"in sight"}', '    clear: "[secret]"', '    nested: {"list": ["x[secret]y", 5, true]}',
        "    marked: [secret]", "    computed: [secret]",
    ):  # fmt: skip
        assert line in done.stdout
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert events[0]["preludeEvent"]["config"]["demo:many"] == '{"a":"[secret]","b":"in sight"}'
    (thing,) = [
        event["resOutputsEvent"]["metadata"]["new"]
        for event in events
        if event.get("resOutputsEvent", {}).get("metadata", {}).get("urn", "").endswith("::thing")
    ]
    hidden = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "[secret]"}
    del thing["outputs"]["__provider"]
    assert thing["outputs"] == {
        "plain": "[secret]", "inner": "[secret]", "echo": "x[secret]", "marked": hidden, "computed": hidden,
    }  # fmt: skip
    document = json.loads(ready("preview", "--json").stdout)
    assert document["config"]["demo:many"] == '{"a":"[secret]","b":"in sight"}'


def test_outputs_and_exports_that_somebody_asks_for_are_not_changed(ready: Run) -> None:
    """Like the CLI: they are data, from which programs go on working; a secret output is marked, and so hidden."""
    ready("up", "--yes", "--skip-preview")
    outputs = json.loads(ready("stack", "output", "--json").stdout)
    assert (outputs["clear"], outputs["marked"], outputs["computed"]) == (CANARY, "[secret]", "[secret]")


def test_short_texts_and_booleans_are_not_hidden(run: Run, project: Path) -> None:
    (project / "__main__.py").write_text('print("absent: True, false, 42")\n')
    run("stack", "init", "dev")
    for key, value in (("a", "ab"), ("b", "TRUE"), ("c", "false"), ("d", "42")):
        run("config", "set", "--secret", key, value)
    assert "absent: True, false, 42" in run("up", "--yes", "--skip-preview").stdout


def test_a_secret_that_begins_another_leaves_nothing_of_it_in_sight(run: Run, project: Path) -> None:
    (project / "__main__.py").write_text('print("[abcdef] [abc]")\n')
    run("stack", "init", "dev")
    run("config", "set", "--secret", "a", "abc")
    run("config", "set", "--secret", "b", "abcdef")
    assert "[[secret]] [[secret]]" in run("up", "--yes", "--skip-preview").stdout
