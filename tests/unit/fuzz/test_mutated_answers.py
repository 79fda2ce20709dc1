"""AWS's answers, changed at random on the wire: a documented exit code, no traceback, and domains that were answered for are reported.

The changes are made between the local AWS and the commands, after the service has acted. A failure names its seed.
"""

from __future__ import annotations

import http.client
import json
import re
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import pytest
from pulumi_connect_domains import aws, cli
from pulumi_connect_domains.local.aws import LocalAws

from .. import mutations
from ..drift.reports import export, resource
from ..review import previews
from .kinds import FULL

SLOWEST_SECONDS = 20  # of processor time
FEW, MANY = 12, 800
FRESH_EVERY = 4  # new clients take longer than the command
REGION = "us-east-1"


class Wire:
    """A server between the commands and the local AWS. While `seed` is set, it changes one answer in two, or all."""

    def __init__(self, endpoint: str) -> None:
        self.random: Random | None = None
        self.changed = 0
        wire, place = self, urlsplit(endpoint)

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def forward(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                upstream = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
                upstream.request(self.command, self.path, body, {**dict(self.headers), "Host": place.netloc})
                answer = upstream.getresponse()
                status, content = wire.answer(answer.status, answer.read())
                upstream.close()
                self.send_response(status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("content-length", "transfer-encoding", "connection", "date", "server"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = forward  # noqa: N815 - the names are the base class's

            def log_message(self, *_: object) -> None:
                """Nothing is printed."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._lock = threading.Lock()
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def answer(self, status: int, content: bytes) -> tuple[int, bytes]:
        """Status and body, as they go on to the command."""
        with self._lock:
            if self.random is None or self.random.random() < self._spared:
                return status, content
            self.changed += 1
            if self.random.random() < 0.1:
                status = self.random.choice((200, 201, 204, 206, 302, 400, 403, 404, 409, 418, 500, 503))
            return status, b"" if status == 204 else changed(content, self.random)

    def changes(self, seed: int) -> None:
        self.random, self.changed = Random(f"answer {seed}"), 0
        self._spared = self.random.choice((0.0, 0.5, 0.8))

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def changed(content: bytes, random: Random) -> bytes:
    """The body, changed: JSON as a document and then as bytes, anything else as bytes alone."""
    try:
        document = json.loads(content)
    except ValueError:
        return random.choice(mutations.DAMAGES)(content, random)
    return mutations.contents(mutations.as_json(mutations.documents(document, random)), random)


@pytest.fixture
def wire(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    found = Wire(local_aws.endpoint)
    for name, value in local_aws.environment().items():
        monkeypatch.setenv(name, value.replace(local_aws.endpoint, found.url))
    monkeypatch.setenv("AWS_REGION", REGION)
    monkeypatch.setattr("time.sleep", lambda seconds: None)  # between attempts
    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=30, Tags={"a": "b"})
    aws.forget_clients()
    yield found
    found.close()
    aws.forget_clients()


def commands(folder: Path) -> dict[str, tuple[list[str], set[int]]]:
    state, preview, document = folder / "state.json", folder / "preview.json", folder / "document.json"
    state.write_text(export(resource("crm"), resource("gone")))
    held = previews.state(previews.INPUTS, {**previews.OUTPUTS, **previews.HELD})
    preview.write_text(json.dumps(previews.document(previews.step("delete", held))))
    document.write_text(
        json.dumps({"type": "customerprofiles", "inputs": {**FULL["customerprofiles"], "region": REGION}})
    )
    return {
        "drift": (["drift", "--state", str(state), "--rate", "0", "--unmanaged", "-v"], {0, 1, 2}),
        "import": (["import", "--all", "--out", str(folder / "out"), "--overwrite"], {0, 1}),
        "review": (["review", str(preview), "--live", "--format", "text"], {0, 1, 2}),
        "validate": (["validate", str(document), "--live"], {0, 1}),
    }


NAMES = ("drift", "import", "review", "validate")


@pytest.mark.parametrize("name", NAMES)
def test_a_changed_answer_never_ends_in_a_traceback(
    name: str, wire: Wire, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sum(_try(name, seed, wire, tmp_path, capsys) for seed in range(FEW)) > FEW / 5, (
        "hardly any answer was changed"
    )


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_thousands_of_changed_answers_never_end_in_a_traceback(
    name: str, wire: Wire, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    print(f"{name}: seeds {FEW} to {MANY - 1}")
    for seed in range(FEW, MANY):
        _try(name, seed, wire, tmp_path, capsys)


def _try(name: str, seed: int, wire: Wire, folder: Path, capsys: pytest.CaptureFixture[str]) -> int:
    arguments, codes = commands(folder)[name]
    what, begin = f"{name}, seed {seed}", time.process_time()
    if seed % FRESH_EVERY == 0:
        aws.forget_clients()  # and with them what an earlier answer said of the account
    wire.changes(seed)
    try:
        code = cli.run(arguments)
    except Exception as error:
        raise AssertionError(f"{what}: {type(error).__name__}: {error}") from error
    told = capsys.readouterr()
    assert code in codes, f"{what}: exit code {code}\n{told.err}"
    assert "Traceback" not in told.err, f"{what}\n{told.err}"
    assert time.process_time() - begin < SLOWEST_SECONDS, what
    if code == 1:
        assert re.search(r"error|cannot|unreadable|could not|failed|closed", told.out + told.err), (
            f"{what}\n{told.out}{told.err}"
        )
    if name == "drift":
        for domain in ("crm", "gone"):
            assert domain in told.out, f"{what}: {domain} is not reported\n{told.out}"
    return wire.changed
