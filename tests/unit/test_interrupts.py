"""Ctrl-C ends `drift` and `import` at once, though AWS was asked and never answers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.registry import by_token

from .drift.reports import ACCOUNT, export, resource

AT_ONCE_SECONDS = 5  # a client that waits for AWS gives up after a minute, and then tries again
PROGRAM = [sys.executable, "-m", "pulumi_connect_domains"]


CALLER = (
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
    f"<Arn>arn:aws:iam::{ACCOUNT}:user/x</Arn><UserId>x</UserId><Account>{ACCOUNT}</Account>"
    "</GetCallerIdentityResult></GetCallerIdentityResponse>"
)


class HangingAws(ThreadingHTTPServer):
    """Says whose the credentials are, and nothing else ever. `is_asked` once it has been asked something else."""

    daemon_threads = True

    def __init__(self) -> None:
        self.is_asked, self.is_over = threading.Event(), threading.Event()
        super().__init__(("127.0.0.1", 0), HangingAnswer)


class HangingAnswer(BaseHTTPRequestHandler):
    server: HangingAws

    def do_POST(self) -> None:
        if b"GetCallerIdentity" not in self.rfile.read(int(self.headers["Content-Length"])):
            self.do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(CALLER)))
        self.end_headers()
        self.wfile.write(CALLER.encode())

    def do_GET(self) -> None:
        self.server.is_asked.set()
        self.server.is_over.wait()

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


@pytest.fixture
def hanging_aws() -> Iterator[HangingAws]:
    with HangingAws() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.is_over.set()
        server.shutdown()
        thread.join()


def listening(*command: str) -> list[str]:
    """The command as a process that Ctrl-C reaches, also where the tests run in the background.

    Not by `preexec_fn`, which runs our own code after a fork: gRPC's threads, left by other tests, may hang it.
    """
    listen = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
    return [sys.executable, "-c", listen, *command]


def environment(server: HangingAws) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_REGION": "us-east-1",
    }


@pytest.mark.parametrize("command", ["drift", "import"])
def test_ctrl_c_while_aws_hangs(hanging_aws: HangingAws, tmp_path: Path, command: str) -> None:
    state = tmp_path / "state.json"
    state.write_text(export(*(resource(f"crm-{number}") for number in range(4))))
    arguments = {
        "drift": ["drift", "--state", str(state)],
        "import": ["import", "--all", "--out", str(tmp_path / "out")],
    }
    with subprocess.Popen(
        listening(*PROGRAM, *arguments[command]),
        env=environment(hanging_aws),
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        try:
            assert hanging_aws.is_asked.wait(60)
            begin = time.monotonic()
            running.send_signal(signal.SIGINT)
            _, told = running.communicate(timeout=AT_ONCE_SECONDS)
        finally:
            running.kill()
    assert (running.returncode, told.strip().splitlines()[-1]) == (130, "stopped")
    assert time.monotonic() - begin < AT_ONCE_SECONDS


def appears(file: Path, seconds: float = 60) -> bool:
    """Whether the file is there in time."""
    deadline = time.monotonic() + seconds
    while not file.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    return file.exists()


CLI = """#!/bin/sh
case "$*" in
  "stack ls"*) echo '[]' ;;
  "stack export"*) echo '{{"version": 3, "deployment": {{"resources": []}}}}' ;;
  "config"*) echo '{{}}' ;;
  "preview"*) echo '{{"steps": [{{"op": "create", "urn": "urn:pulumi:dev::crm::{type}::crm"}}]}}' ;;
  "import"*) touch begun; sleep 1; touch done ;;
esac
"""
"""A stand-in for the Pulumi CLI, whose import takes its time."""


def test_ctrl_c_lets_an_import_that_has_begun_write_its_state(local_aws: LocalAws, tmp_path: Path) -> None:
    local_aws.seed("customer-profiles", "crm")
    pulumi = tmp_path / "pulumi"
    pulumi.write_text(CLI.format(type=next(iter(by_token()))))
    pulumi.chmod(0o755)
    arguments = ["import", "--name", "crm", "--stack", "dev", "--yes", "--out", "out"]
    variables = {**os.environ, **local_aws.environment(), "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    with subprocess.Popen(listening(*PROGRAM, *arguments), env=variables, cwd=tmp_path) as running:
        try:
            assert appears(tmp_path / "begun")
            running.send_signal(signal.SIGINT)
            assert running.wait(60) == 130
        finally:
            running.kill()
    assert appears(tmp_path / "done")


def test_a_second_ctrl_c_ends_what_had_caught_the_first() -> None:
    program = """
import time
from pulumi_connect_domains import interrupts

interrupts.end_surely()
while True:
    try:
        print("waiting", flush=True)
        time.sleep(60)
    except KeyboardInterrupt:
        pass
"""
    with subprocess.Popen(listening(sys.executable, "-c", program), stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        try:
            for _ in range(2):
                assert running.stdout.readline() == "waiting\n"
                running.send_signal(signal.SIGINT)
            assert running.wait(AT_ONCE_SECONDS) == 130
        finally:
            running.kill()
