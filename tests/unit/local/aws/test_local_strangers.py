"""Requests that no SDK sends: without the token, under other names, with bodies that are not what they say, and with no end."""

from __future__ import annotations

import io
import os
import shutil
import socket
import stat
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from pulumi_connect_domains.local.aws import LocalAws, LocalAwsError, bodies, token
from pulumi_connect_domains.local.aws.bodies import MAX_HEAD_BYTES
from pulumi_connect_domains.local.aws.connections import Connections
from pulumi_connect_domains.local.aws.gate import MAX_BODY_BYTES
from pulumi_connect_domains.local.aws.server import HttpServer
from pulumi_connect_domains.local.aws.token import NotPrivate, Token

GET = (
    "GET {target} HTTP/1.1\r\n{hosts}Connection: close\r\n"
    "Authorization: AWS4-HMAC-SHA256 Credential=AKIAACCT123456789012/20260101/us-east-1/profile/aws4_request, Signature=0\r\n\r\n"
)
MIB = 2**20
POSIX = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no modes; the folder is in the user's own profile"
)


def port_of(aws: LocalAws) -> int:
    return int(aws.endpoint.rpartition(":")[2])


def said(port: int, request: bytes, *, ends: bool = False) -> bytes:
    """All that the server answers to these bytes; `ends` says whether the client has then closed its half of the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(request)
        if ends:
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        with suppress(ConnectionResetError):
            while chunk := connection.recv(65_536):
                answer += chunk
        return answer


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


# -- the token --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer ", "Bearer x", "{token}", "Basic {token}", "bearer {token}", "Bearer {token}x", "Bearer  {token}", "Bearer \xff"],
)  # fmt: skip
@pytest.mark.parametrize("verb", ["reset", "calls", "server", "no-such-verb"])
def test_the_controls_need_the_token(aws: LocalAws, bearer: dict[str, str], verb: str, authorization: str) -> None:
    aws.seed("customer-profiles", "crm")
    secret = bearer["Authorization"].removeprefix("Bearer ")
    header = f"Authorization: {authorization.replace('{token}', secret)}\r\n" if authorization else ""
    request = f"POST /_control/{verb} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{header}Content-Length: 2\r\n\r\n{{}}"
    answer = said(port_of(aws), request.encode("latin-1"))
    assert status_of(answer) == 401
    assert secret.encode() not in answer
    assert b"lacks the server's token" in answer
    assert list(aws.domains("customer-profiles")) == ["crm"]


@pytest.mark.parametrize(
    "path", ["/_control/reset", "/%5fcontrol/reset", "/_control%2freset", "//_control/reset", "/./_control/reset"]
)
def test_no_spelling_of_a_control_goes_without_the_token(aws: LocalAws, path: str) -> None:
    aws.seed("customer-profiles", "crm")
    request = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{{}}"
    assert status_of(said(port_of(aws), request.encode())) >= 400
    assert list(aws.domains("customer-profiles")) == ["crm"]


def test_every_server_has_a_token_of_its_own() -> None:
    one, other = Token(1), Token(1)
    assert not one.fits(other._text)
    assert len(one._text) >= 43, "256 bits"


@POSIX
def test_only_the_user_can_read_the_token(aws: LocalAws) -> None:
    place = token.path_of(port_of(aws))
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.lstat().st_mode) == 0o700
    assert place.stat().st_uid == place.parent.lstat().st_uid == os.getuid()


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="the list of processes is read from /proc")
def test_the_token_is_in_no_command_line_and_no_environment(aws: LocalAws) -> None:
    secret = token.read(port_of(aws)).encode()
    assert secret
    for name in ("cmdline", "environ"):
        assert secret not in Path(f"/proc/{aws.pid}/{name}").read_bytes()
    assert secret.decode() not in str(aws.environment()) + repr(aws)


def test_the_token_ends_with_its_server() -> None:
    with LocalAws.start() as aws:
        place = token.path_of(port_of(aws))
        assert place.exists()
    assert not place.exists()


def test_a_server_whose_token_is_gone_says_where_it_should_be() -> None:
    with LocalAws.start() as aws:
        token.path_of(port_of(aws)).unlink()
        with pytest.raises(LocalAwsError, match=r"the request lacks the server's token \(.*local-aws-\d+\.token\)"):
            LocalAws.connect(aws.endpoint)
        assert aws.client("customer-profiles").list_domains()["Items"] == [], "AWS's own calls need no token"


@POSIX
@pytest.mark.parametrize("flaw", ["open to others", "a link", "a file"])
def test_a_folder_that_others_may_look_into_keeps_no_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flaw: str
) -> None:
    """In /tmp another user may make the folder first."""
    place = tmp_path / "folder" / "local-aws-1.token"
    monkeypatch.setattr(token, "path_of", lambda port: place)
    if flaw == "open to others":
        place.parent.mkdir(mode=0o755)
        place.parent.chmod(0o755)
    elif flaw == "a link":
        (tmp_path / "theirs").mkdir(mode=0o700)
        place.parent.symlink_to(tmp_path / "theirs")
    else:
        place.parent.write_text("")
    with pytest.raises(NotPrivate, match="closed to others"):
        Token(1).keep()
    assert not place.exists()
    if flaw == "open to others":
        place.write_text("planted")
    assert token.read(1) == "", "nor is one taken from there"


@POSIX
def test_another_users_folder_keeps_no_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "folder" / "local-aws-1.token"
    place.parent.mkdir(mode=0o700)
    place.write_text("planted")
    monkeypatch.setattr(token, "path_of", lambda port: place)
    monkeypatch.setattr(os, "getuid", lambda: place.stat().st_uid + 1)
    assert token.read(1) == ""
    with pytest.raises(NotPrivate):
        Token(1).keep()


def test_a_token_is_forgotten_only_while_it_is_the_servers_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "folder" / "local-aws-1.token"
    monkeypatch.setattr(token, "path_of", lambda port: place)
    one, other = Token(1), Token(1)
    one.keep()
    other.keep()
    one.forget()
    assert other.fits(token.read(1))
    shutil.rmtree(place.parent)
    other.keep()
    assert other.fits(token.read(1)), "a folder that was cleaned is made again"


def test_the_token_is_sent_to_this_machine_only() -> None:
    """`localhost` may also be ::1, where the server does not listen and somebody else may."""
    with pytest.raises(LocalAwsError, match="is not on this machine"):
        LocalAws.connect("http://192.0.2.1:4599")
    if not socket.has_ipv6:
        return
    with LocalAws.start() as aws:
        port = port_of(aws)
        with socket.socket(socket.AF_INET6) as stranger:
            try:
                stranger.bind(("::1", port))
            except OSError:
                return  # this machine has no ::1
            stranger.listen()
            stranger.settimeout(0.2)
            for host in ("localhost", "[::1]"):
                assert LocalAws.connect(f"http://{host}:{port}").pid == aws.pid
            with pytest.raises(TimeoutError):
                stranger.accept()


def test_the_command_says_that_it_cannot_keep_its_token(tmp_path: Path) -> None:
    program = (
        "import pathlib, sys\nfrom pulumi_connect_domains import cli\nfrom pulumi_connect_domains.local.aws import token\n"
        f"token.path_of = lambda port: pathlib.Path({str(tmp_path / 'open' / 'x')!r})\n"
        "sys.exit(cli.run(['local', 'start', '--port', '0']))"
    )
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert (
        ended.stderr
        == f"Error: {tmp_path / 'open'} is not a folder of yours that is closed to others: remove it, or `chmod 700` it\n"
    )


# -- names ------------------------------------------------------------------------------------------------------------

OURS, THEIRS = "http://127.0.0.1:4599", "http://evil.example"
HOSTS = {
    "its address": ("/domains/crm", ["127.0.0.1"], 200),
    "its address and a port": ("/domains/crm", ["127.0.0.1:4599"], 200),
    "its name": ("/domains/crm", ["localhost"], 200),
    "its address in version 6": ("/domains/crm", ["[::1]:4599"], 200),
    "a whole address in the first line": (f"{OURS}/domains/crm", ["127.0.0.1:4599"], 403),
    "no Host": ("/domains/crm", [], 403),
    "an empty Host": ("/domains/crm", [""], 403),
    "two Hosts": ("/domains/crm", ["127.0.0.1", "evil.example"], 403),
    "two Hosts, ours last": ("/domains/crm", ["evil.example", "127.0.0.1"], 403),
    "twice the same Host": ("/domains/crm", ["127.0.0.1", "127.0.0.1"], 403),
    "two names in one": ("/domains/crm", ["127.0.0.1, evil.example"], 403),
    "a name with a dot at its end": ("/domains/crm", ["localhost."], 403),
    "an address with a dot at its end": ("/domains/crm", ["127.0.0.1."], 403),
    "a user before the name": ("/domains/crm", ["127.0.0.1@evil.example"], 403),
    "a name after a user": ("/domains/crm", ["evil.example@127.0.0.1"], 403),
    "the address as a number": ("/domains/crm", ["2130706433"], 403),
    "the short address": ("/domains/crm", ["127.1"], 403),
    "an address of version 4 within 6": ("/domains/crm", ["[::ffff:127.0.0.1]"], 403),
    "any address": ("/domains/crm", ["0.0.0.0"], 403),
    "a port that is none": ("/domains/crm", ["127.0.0.1:x"], 403),
    "a port without a number": ("/domains/crm", ["127.0.0.1:"], 403),
    "a stranger's address in the first line": (f"{THEIRS}/domains/crm", ["127.0.0.1"], 403),
    "ours in the first line, a stranger's Host": (f"{OURS}/domains/crm", ["evil.example"], 403),
    "ours in the first line, no Host": (f"{OURS}/domains/crm", [], 403),
}  # fmt: skip


@pytest.mark.parametrize(("target", "hosts", "status"), HOSTS.values(), ids=HOSTS)
def test_it_answers_to_loopback_names_only(aws: LocalAws, target: str, hosts: list[str], status: int) -> None:
    aws.seed("customer-profiles", "crm")
    request = GET.format(target=target, hosts="".join(f"Host: {host}\r\n" for host in hosts))
    assert status_of(said(port_of(aws), request.encode())) == status
    assert len(aws.calls()) == (status == 200)


@pytest.mark.parametrize(
    "first",
    ["GET /domains/crm", "GET /domains/crm HTTP/1.0", "GET /domains/crm HTTP/9.9", "GET", "\x16\x03\x01\x02\x00\x01"],
)
def test_an_old_or_strange_first_line_gets_nothing(aws: LocalAws, first: str) -> None:
    aws.seed("customer-profiles", "crm")
    answer = said(port_of(aws), f"{first}\r\n\r\n".encode("latin-1"), ends=True)
    assert b"DomainName" not in answer
    assert aws.calls() == []


# -- bodies and headers -----------------------------------------------------------------------------------------------


def echo(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["wsgi.input"].read()]


@contextmanager
def serving(application: Any = echo, connections: Connections | None = None) -> Iterator[int]:
    """The port of a server of this application."""
    server = HttpServer(application, 0, connections)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield int(server.port)
    finally:
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving() as given:
        yield given


def post(headers: str, body: bytes) -> bytes:
    return f"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n".encode() + body


def test_a_body_in_many_small_chunks_takes_no_more_memory_than_one_in_a_piece() -> None:
    chunks = io.BytesIO(b"2\r\nab\r\n" * MIB + b"0\r\n\r\n")
    tracemalloc.start()
    try:
        body = bodies.read(chunks, 0, chunked=True)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(body) == 2 * MIB
    assert peak < 10 * MIB, "twice the body and some room; a list of the chunks takes 40 MiB and more"


CHUNKED, ONE = "Transfer-Encoding: chunked\r\n", b"3\r\nabc\r\n"
BODIES = {
    "a body": ("Content-Length: 3\r\n", b"abc", 200, b"abc"),
    "chunks": (CHUNKED, b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n", 200, b"abcde"),
    "chunks and trailers": (CHUNKED, ONE + b"0\r\nX: y\r\n\r\n", 200, b"abc"),
    "no chunk": (CHUNKED, b"0\r\n\r\n", 200, b""),
    "a length that is too long": ("Content-Length: 9\r\n", b"abc", 400, b"not as long as"),
    "a chunk that is too short": (CHUNKED, b"9\r\nabc", 400, b"not as long as"),
    "a chunk that is too long": (CHUNKED, b"2\r\nabc\r\n0\r\n\r\n", 400, b"chunks"),
    "no last chunk": (CHUNKED, ONE, 400, b"not as long as"),
    "no end of the trailers": (CHUNKED, b"0\r\nX: y\r\n", 400, b"not as long as"),
    "a size that is no number": (CHUNKED, b"zz\r\nabc\r\n0\r\n\r\n", 400, b"chunks"),
    "a negative size": (CHUNKED, b"-1\r\nabc\r\n0\r\n\r\n", 400, b"chunks"),
    "a size with a sign": (CHUNKED, b"+3\r\nabc\r\n0\r\n\r\n", 400, b"chunks"),
    "a size of 2 GB": (CHUNKED, b"7fffffff\r\nabc", 413, b"at most"),
    "chunked, and a length": (CHUNKED + "Content-Length: 3\r\n", b"abc", 400, b"one length, or is chunked"),
    "two lengths": ("Content-Length: 3\r\nContent-Length: 4\r\n", b"abcd", 400, b"one length, or is chunked"),
    "twice the same length": ("Content-Length: 3\r\nContent-Length: 3\r\n", b"abc", 400, b"one length, or is chunked"),
    "another encoding": ("Transfer-Encoding: gzip, chunked\r\n", ONE, 400, b"Transfer-Encoding"),
    "chunked, twice": (CHUNKED + CHUNKED, ONE, 400, b"Transfer-Encoding"),
    "too long, by its own word": (f"Content-Length: {MAX_BODY_BYTES + 1}\r\n", b"", 413, b"at most"),
}  # fmt: skip


@pytest.mark.parametrize(("headers", "body", "status", "part"), BODIES.values(), ids=BODIES)
def test_a_body_is_what_it_says_or_is_refused(port: int, headers: str, body: bytes, status: int, part: bytes) -> None:
    answer = said(port, post(headers, body), ends=True)
    assert status_of(answer) == status
    assert part in answer


ENDLESS = {
    "a size without end": (b"1" * 1_000_000, 400, 1_000),
    "trailers without end": (b"0\r\n" + b"X: y\r\n" * MAX_HEAD_BYTES, 400, MAX_HEAD_BYTES + 100),
    "a chunk of 2 GB": (b"7fffffff\r\nabc", 413, 1_000),
    "chunks that are too much together": (
        (b"100000\r\n" + b"x" * 0x100000 + b"\r\n") * 34,
        413,
        MAX_BODY_BYTES + 1_000,
    ),
}


@pytest.mark.parametrize(("sent", "status", "most"), ENDLESS.values(), ids=ENDLESS)
def test_no_more_is_read_of_a_body_than_is_allowed(sent: bytes, status: int, most: int) -> None:
    stream = io.BytesIO(sent)
    with pytest.raises(bodies.Refused) as refused:
        bodies.read(stream, 0, chunked=True)
    assert refused.value.refusal.status == status
    assert stream.tell() <= most


def test_a_body_that_is_longer_than_its_length_is_not_read_on(port: int) -> None:
    """What is left over is no request either: it has no Host."""
    answer = said(
        port,
        post("Content-Length: 3\r\n", b"abcGET / HTTP/1.0\r\n\r\n").replace(b"Connection: close\r\n", b""),
        ends=True,
    )
    assert answer.count(b"HTTP/1.1 200") == 1
    assert answer.count(b"HTTP/1.1 403") == 1


HEADS = {
    "many headers": ("X: y\r\n" * 101, 431),
    "a long header": (f"X: {'y' * MAX_HEAD_BYTES}\r\n", 431),
    "many long headers": (f"X: {'y' * 8_000}\r\n" * 8 + f"X: {'y' * 2_000}\r\n", 431),
    "as much as is allowed": (f"X: {'y' * 8_000}\r\n" * 8, 200),
}


@pytest.mark.parametrize(("headers", "status"), HEADS.values(), ids=HEADS)
def test_headers_are_bounded(port: int, headers: str, status: int) -> None:
    assert status_of(said(port, post(f"{headers}Content-Length: 0\r\n", b""))) == status


def test_a_first_line_is_bounded(port: int) -> None:
    assert status_of(said(port, b"GET /" + b"x" * 65_540 + b"\r\n")) == 414


def test_the_next_request_on_a_connection_starts_with_its_own_headers(port: int) -> None:
    """The room for headers is that of one request."""
    one = post(f"X: {'y' * 8_000}\r\n" * 5 + "Content-Length: 1\r\n", b"a").replace(b"Connection: close\r\n", b"")
    assert said(port, one * 3, ends=True).count(b"HTTP/1.1 200") == 3


# -- slow clients -----------------------------------------------------------------------------------------------------


def is_answered(port: int) -> bool:
    return status_of(said(port, post("Content-Length: 3\r\n", b"abc"))) == 200


BEGUN = {
    "nothing": b"",
    "half a first line": b"POST /",
    "half of the headers": b"POST / HTTP/1.1\r\nHost: localhost\r\n",
    "half a body": post("Content-Length: 1000\r\n", b"a"),
    "half a chunk": post(CHUNKED, b"1000\r\na"),
}


@pytest.mark.parametrize("begun", BEGUN.values(), ids=BEGUN)
def test_many_clients_that_send_no_more_keep_nobody_waiting(begun: bytes) -> None:
    with serving(connections=Connections(most=8)) as port, ExitStack() as open_:
        silent = [open_.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20)) for _ in range(40)]
        with suppress(BrokenPipeError, ConnectionResetError):  # there are too many already
            for each in silent:
                each.sendall(begun)
        assert is_answered(port)
        assert sum(has_ended(each) for each in silent) >= 40 - 8


def has_ended(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


def test_a_client_that_sends_a_byte_now_and_then_has_its_time_all_the_same() -> None:
    with serving(connections=Connections(patience_seconds=0.5)) as port:
        with socket.create_connection(("127.0.0.1", port), timeout=20) as slow:
            slow.sendall(b"POST / HTTP/1.1\r\n")
            end = time.monotonic() + 20
            while not has_ended(slow) and time.monotonic() < end:
                try:
                    slow.sendall(b"X")
                except (BrokenPipeError, ConnectionResetError):
                    break
                time.sleep(0.02)
            assert time.monotonic() < end, "it was never ended"
        assert is_answered(port)


def test_a_client_that_does_not_take_its_answer_is_ended() -> None:
    def huge(_environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [b"x" * 30_000_000]

    limited = Connections(patience_seconds=0.5)
    with serving(huge, limited) as port, socket.create_connection(("127.0.0.1", port), timeout=20) as deaf:
        deaf.sendall(post("Content-Length: 0\r\n", b""))
        assert deaf.recv(1)
        end = time.monotonic() + 20
        while limited._until and time.monotonic() < end:
            time.sleep(0.05)
        assert limited._until == {}


def test_an_answer_may_take_any_time() -> None:
    def slow(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        time.sleep(0.6)
        return echo(environ, start_response)

    with serving(slow, Connections(most=2, patience_seconds=0.2)) as port, ExitStack() as open_:
        answers: list[bytes] = []
        asking = threading.Thread(target=lambda: answers.append(said(port, post("Content-Length: 3\r\n", b"abc"))))
        asking.start()
        time.sleep(0.1)
        for _ in range(5):
            open_.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
        asking.join()
        assert status_of(answers[0]) == 200


def test_the_connection_that_took_longest_is_ended_first() -> None:
    now = 0.0
    limited = Connections(most=2, patience_seconds=10, clock=lambda: now)
    with ExitStack() as open_:
        pairs = [[open_.enter_context(each) for each in socket.socketpair()] for _ in range(3)]
        for now, (ours, _) in enumerate(pairs):  # noqa: B007  # the clock reads it
            limited.wait_for(ours)
        assert [has_ended(theirs) for _, theirs in pairs] == [True, False, False]
        now = 11.5
        limited.end_overdue()
        assert [has_ended(theirs) for _, theirs in pairs] == [True, True, False]
