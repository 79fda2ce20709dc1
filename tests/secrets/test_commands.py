"""What commands print of files and of this machine: no free text of the inputs, and nothing of the credentials."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pulumi_connect_domains import aws, cli
from pulumi_connect_domains.doctor import formats as doctor_formats
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.local.aws.server import Server
from pulumi_connect_domains.model.schema import walk
from pulumi_connect_domains.model.validation import failures
from pulumi_connect_domains.testing import PulumiEngine, environment_of_this_process
from pulumi_connect_domains.validate import formats as validate_formats

from ..unit.model.validation_documents import changed
from .canaries import Search, canary
from .inputs import TYPES, document, leaves
from .processes import Watcher
from .settings import KEYS, SECRETS

SEARCH = Search()
TEXT = canary("mistake")
SPOILED: tuple[Any, ...] = (
    TEXT * 500, f"{TEXT}\n{TEXT}", f" {TEXT}", f"{TEXT}<>\0", "", 5, True, [TEXT], {TEXT: TEXT}, [[TEXT]], {"enabled": TEXT},
)  # fmt: skip


def spoiled(key: str) -> Iterator[dict[str, Any]]:
    """The document with one place after the other spoiled in each way. Keys of maps are no canaries: they have a test of their own."""
    given = document(TYPES[key], keys=False)
    places = [".".join(map(str, steps)) for steps, _, _ in walk(TYPES[key].schema, given) if steps]
    for place in places:
        of = TYPES[key].schema.at(tuple(int(step) if step.isdigit() else step for step in place.split(".")))
        for value in SPOILED:
            shown = of.enum or of.kind in ("boolean", "integer", "number") or of.format == "time-of-day"
            if not (shown and isinstance(value, str)) and not isinstance(value, dict):
                yield changed(given, place, value)


@pytest.mark.parametrize("key", TYPES)
def test_no_mistake_tells_what_stands_there(key: str) -> None:
    """A check sees secrets in clear, and cannot tell which they are. Words of enums, numbers and times are shown, by design."""
    told = 0
    for given in spoiled(key):
        for failure in failures(TYPES[key].schema, given):
            told += 1
            assert SEARCH.found(str(failure)) == [], str(failure)
    assert told > len(SPOILED)


@pytest.mark.parametrize("key", TYPES)
def test_validate_tells_no_text_in_any_format(key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = document(TYPES[key], keys=False)
    tags = TYPES[key].schema.tags_input
    given[tags] = {f"aws:{TEXT}": TEXT, TEXT * 40: TEXT * 100, "team": 5, TEXT: [TEXT]}
    for place in (
        "dead_letter_queue_url",
        "description",
        "server_side_encryption_configuration",
        "default_encryption_key",
    ):
        if place in given:
            given[place] = TEXT * 500
    path = tmp_path / "inputs.json"
    path.write_text(json.dumps(given))
    assert leaves(TYPES[key], given)
    for form in validate_formats.FORMATS.names:
        assert cli.run(["validate", "--resource", key, "--format", form, str(path)]) == 1
        said = capsys.readouterr()
        assert SEARCH.found(said.out + said.err) == []


def test_doctor_tells_nothing_of_the_credentials(local_aws: LocalAws, capsys: pytest.CaptureFixture[str]) -> None:
    """Those of the environment, and what stands in the URLs of proxies and endpoints. It may name the key's id."""
    secret = {
        "AWS_SECRET_ACCESS_KEY": KEYS["secret_key"],
        "AWS_SESSION_TOKEN": KEYS["token"],
        "AWS_ACCESS_KEY_ID": KEYS["access_key"],
    }
    proxies = {"HTTP_PROXY": SECRETS["http_proxy"], "HTTPS_PROXY": SECRETS["https_proxy"], "NO_PROXY": "127.0.0.1"}
    endpoint = {"AWS_ENDPOINT_URL": f"http://{TEXT}:{TEXT}@127.0.0.1:9/?{TEXT}={TEXT}", "CONNECT_DOMAINS_LOCAL_AWS": ""}
    for more in ({}, proxies, endpoint):
        with environment_of_this_process({**os.environ, **secret, **more}):
            aws.forget_clients()
            for form in doctor_formats.FORMATS.names:
                cli.run(["doctor", "--format", form])
                said = capsys.readouterr()
                assert said.out
                assert SEARCH.found(said.out + said.err) == []
    aws.forget_clients()


PROGRAM = """\
import json, os
import pulumi
from pulumi_connect_domains import customerprofiles, voiceid

def hidden(value):
    if isinstance(value, dict):
        return {key: hidden(item) for key, item in value.items()}
    return [hidden(item) for item in value] if isinstance(value, list) else pulumi.Output.secret(value)

config = pulumi.Config()
inputs = json.loads(config.get("inputs"))
customerprofiles.Domain("crm", domain_name="crm", **hidden(inputs["customerprofiles"]))
voiceid.Domain("calls", **hidden(inputs["voiceid"]))
pulumi.export("queue", pulumi.Output.secret(inputs["customerprofiles"]["dead_letter_queue_url"]))
"""


def test_processes_of_their_own_show_and_leave_nothing(pulumi_engine: PulumiEngine, tmp_path: Path) -> None:
    """Program, engine and provider as a user runs them, at the highest verbosity; the inputs come from the config, as a secret."""
    server = Server()
    watcher = Watcher(server._http.app)
    server._http.app = watcher
    try:
        _run_as_a_user(pulumi_engine, tmp_path, server.endpoint)
        assert watcher.seen > 5
        assert watcher.found == []
    finally:
        server.stop()
    assert SEARCH.in_files([tmp_path]) == {}


def _run_as_a_user(engine: PulumiEngine, folder: Path, endpoint: str) -> None:
    for name in ("program", "state", "temporary", "logs"):
        (folder / name).mkdir()
    (folder / "program" / "Pulumi.yaml").write_text("name: secrets\nruntime: python\n")
    (folder / "program" / "__main__.py").write_text(PROGRAM)
    local = LocalAws.connect(endpoint)
    environment = {
        **os.environ, **local.environment(), "PULUMI_BACKEND_URL": f"file://{folder / 'state'}", "PULUMI_HOME": str(folder / "home"),
        "PULUMI_CONFIG_PASSPHRASE": "test", "PULUMI_PYTHON_CMD": sys.executable, "TMPDIR": str(folder / "temporary"),
        "PATH": os.pathsep.join([str(engine.path.parent), os.environ["PATH"]]), "PULUMI_SKIP_UPDATE_CHECK": "true",
        "AWS_SECRET_ACCESS_KEY": KEYS["secret_key"], "AWS_SESSION_TOKEN": KEYS["token"],
    }  # fmt: skip
    inputs = {key: document(type, keys=False) for key, type in TYPES.items()}
    del inputs["customerprofiles"]["domain_name"]

    def run(*words: str) -> None:
        command = [str(engine.path), "--non-interactive", *words]
        done = subprocess.run(command, cwd=folder / "program", env=environment, text=True, capture_output=True)
        (folder / "logs" / f"{words[0]}.txt").write_text(done.stdout + done.stderr)
        assert done.returncode == 0, done.stderr[-2000:]

    run("stack", "init", "dev")
    run("config", "set", "--secret", "inputs", json.dumps(inputs))
    loud = ("--debug", "--logtostderr", "--verbose=9", "--event-log", str(folder / "logs" / "events.json"))
    run("up", "--yes", *loud)
    run("refresh", "--yes", *loud)
    run("preview", "--diff", *loud)
    run("destroy", "--yes", *loud)
