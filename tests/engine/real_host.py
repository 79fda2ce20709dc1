"""The real provider host, `python -m pulumi.dynamic`, as the engine drives it: over gRPC, with an address to log to."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent import futures
from types import TracebackType
from typing import Any

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.dynamic import ResourceProvider
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, provider_pb2, provider_pb2_grpc
from typing_extensions import Self

URN = "urn:pulumi:test::test::pulumi-python:dynamic/customerprofiles:Domain::crm"


class RealHost:
    """One process with one configuration. Its methods are the protocol's; a failure comes back as the text that the engine prints.

    `said` holds severity and text of all that the provider logged under the resource, debug lines included.
    """

    def __init__(self, provider: ResourceProvider, config: Mapping[str, Any], environment: Mapping[str, str]) -> None:
        self.said: list[tuple[str, str]] = []
        self.printed = ""
        self._provider = serialize_provider(provider)
        self._server = grpc.server(futures.ThreadPoolExecutor(4))
        engine_pb2_grpc.add_EngineServicer_to_server(_Engine(self.said), self._server)
        port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-m", "pulumi.dynamic", f"127.0.0.1:{port}"],
            env={**os.environ, **environment, "PULUMI_PROJECT": "test"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self._channel = grpc.insecure_channel(f"127.0.0.1:{self._process.stdout.readline().strip()}")
        self._stub = provider_pb2_grpc.ResourceProviderStub(self._channel)
        self._stub.Configure(provider_pb2.ConfigureRequest(args=_struct(config)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._channel.close()
        self._process.terminate()
        out, err = self._process.communicate(timeout=10)
        self.printed = out + err
        self._server.stop(0)

    def check(
        self, inputs: Mapping[str, Any], state: Mapping[str, Any] | None = None
    ) -> tuple[dict[str, Any], list[str]]:
        """The checked inputs, and the failures' texts."""
        request = provider_pb2.CheckRequest(urn=URN, olds=self._properties(state or {}), news=self._properties(inputs))
        answer = self._stub.Check(request)
        assert [failure.property for failure in answer.failures] == [""] * len(answer.failures)
        return _plain(answer.inputs), [failure.reason for failure in answer.failures]

    def create(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The outputs."""
        return _plain(
            self._stub.Create(provider_pb2.CreateRequest(urn=URN, properties=self._properties(inputs))).properties
        )

    def update(self, id: str, outputs: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The outputs."""
        request = provider_pb2.UpdateRequest(
            urn=URN, id=id, olds=self._properties(outputs), news=self._properties(inputs)
        )
        return _plain(self._stub.Update(request).properties)

    def read(self, id: str, outputs: Mapping[str, Any]) -> dict[str, Any]:
        """The outputs."""
        return _plain(
            self._stub.Read(provider_pb2.ReadRequest(urn=URN, id=id, properties=self._properties(outputs))).properties
        )

    def delete(self, id: str, outputs: Mapping[str, Any]) -> None:
        """Nothing, once it is gone."""
        self._stub.Delete(provider_pb2.DeleteRequest(urn=URN, id=id, properties=self._properties(outputs)))

    def debug_lines(self, number: int) -> list[str]:
        """The debug lines, once there are so many: they come after the answers that they are about."""
        give_up = time.monotonic() + 20
        while len(lines := [text for severity, text in self.said if severity == "debug"]) < number:
            assert time.monotonic() < give_up, lines
            time.sleep(0.01)
        return lines

    def _properties(self, values: Mapping[str, Any]) -> struct_pb2.Struct:
        return _struct({**values, "__provider": self._provider})


class _Engine(engine_pb2_grpc.EngineServicer):  # type: ignore[misc]  # generated code, without types
    def __init__(self, said: list[tuple[str, str]]) -> None:
        self._said = said

    def Log(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        self._said.append((engine_pb2.LogSeverity.Name(request.severity).lower(), request.message))
        return empty_pb2.Empty()


def _struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    message = struct_pb2.Struct()
    message.update({key: value for key, value in values.items() if value is not None})
    return message


def _plain(message: struct_pb2.Struct) -> dict[str, Any]:
    from google.protobuf.json_format import MessageToDict

    found: dict[str, Any] = MessageToDict(message)
    found.pop("__provider", None)
    return found


def failure(call: Any, *arguments: Any) -> str:
    """The text of a call that has to fail."""
    try:
        call(*arguments)
    except grpc.RpcError as error:
        return str(error.details())  # type: ignore[attr-defined]  # a call's error is a call, too
    raise AssertionError("the call was expected to fail, and did not")
