"""Who stands in AWS's place: without a trusted certificate they get no request, and their answers are judged."""

from __future__ import annotations

import ipaddress
import ssl
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import botocore.session
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pulumi_connect_domains import aws
from pulumi_connect_domains.aws import Access, answers
from pulumi_connect_domains.model.errors import NoAnswer, Unreachable

KEYS = Access(access_key="AKIAIOSFODNN7EXAMPLE", secret_key="wJalrXUtnFEMI", max_attempts=1)


def certificate(folder: Path) -> Path:
    """A certificate for this machine, and its key, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "impostor")])
    now = datetime.now(timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "impostor.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def impostor(tmp_path: Path) -> Iterator[tuple[str, list[str], Path]]:
    """The URL of a server that answers as STS over TLS, what it was asked for, and its certificate's file."""
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            body = b"<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account></GetCallerIdentityResult>"
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            pass  # a client that goes away when it sees the certificate

    file = certificate(tmp_path)
    server = Quiet(("127.0.0.1", 0), Answer)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}", asked, file
    server.shutdown()
    thread.join()
    server.server_close()
    aws.forget_clients()


def test_a_server_without_a_trusted_certificate_gets_no_request(
    impostor: tuple[str, list[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, asked, _ = impostor
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    with pytest.raises(Unreachable, match="no trusted connection"):
        _ = aws.service("sts", "us-east-1", KEYS).caller
    assert asked == []


def test_with_its_certificate_trusted_the_same_server_is_asked(
    impostor: tuple[str, list[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the test above would see a request. What it answers is judged all the same: it is cut off."""
    url, asked, file = impostor
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(file))
    with pytest.raises(NoAnswer, match=r"the answer .* is not XML"):
        _ = aws.service("sts", "us-east-1", KEYS).caller
    assert asked == ["/"]


def test_an_answer_whose_entities_grow_is_no_answer() -> None:
    """A few lines of XML that would become a billion words."""
    entities = "".join(f'<!ENTITY e{each} "{f"&e{each - 1};" * 10}">' for each in range(1, 12))
    body = f'<!DOCTYPE x [<!ENTITY e0 "word">{entities}]><GetCallerIdentityResponse>&e11;</GetCallerIdentityResponse>'.encode()
    operation = botocore.session.Session().get_service_model("sts").operation_model("GetCallerIdentity")
    response = {"status_code": 200, "headers": {}, "body": body}
    assert answers.misfit(200, body, operation, response) == "is not XML, or only a part of it"


def test_no_answer_brings_in_a_file(tmp_path: Path) -> None:
    """An entity of XML may name one."""
    (tmp_path / "secret").write_text("s3cr3t")
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path / "secret"}">]>'
    body = f"{entity}<GetCallerIdentityResponse>&e;</GetCallerIdentityResponse>".encode()
    operation = botocore.session.Session().get_service_model("sts").operation_model("GetCallerIdentity")
    response = {"status_code": 200, "headers": {}, "body": body}
    assert answers.misfit(200, body, operation, response) == "is not XML, or only a part of it"
