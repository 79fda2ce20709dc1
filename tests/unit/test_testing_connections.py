"""A session runs any number of engines: one that gets the port of an earlier one is reached all the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime import _grpc_settings
from pulumi.runtime.proto import resource_pb2, resource_pb2_grpc
from pulumi.runtime.settings import Settings
from pulumi_connect_domains.testing import connections_of_their_own


class Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    def SupportsFeature(self, _request: Any, _context: Any) -> Any:  # noqa: N802
        return resource_pb2.SupportsFeatureResponse(hasSupport=True)

    def SignalAndWaitForShutdown(self, _request: Any, _context: Any) -> Any:  # noqa: N802
        return empty_pb2.Empty()


def served(port: int = 0) -> tuple[Any, int]:
    server = grpc.server(ThreadPoolExecutor(2))
    resource_pb2_grpc.add_ResourceMonitorServicer_to_server(Monitor(), server)
    bound = server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    return server, bound


def program(port: int) -> Any:
    """The engine as a program's SDK sees it."""
    return Settings(project="p", stack="s", monitor=f"127.0.0.1:{port}").monitor


def ask(monitor: Any) -> None:
    assert monitor.SupportsFeature(resource_pb2.SupportsFeatureRequest(id="secrets")).hasSupport


def test_an_engine_on_the_port_of_an_earlier_one_is_reached() -> None:
    with connections_of_their_own():
        first, port = served()
        earlier = program(port)
        ask(earlier)
        first.stop(0).wait()
        for _ in range(3):  # the first may only tell that the connection has ended
            with pytest.raises(grpc.RpcError):
                ask(earlier)
        second, _ = served(port)
        ask(program(port))
        second.stop(0).wait()


def test_the_sdk_is_afterwards_as_it_was() -> None:
    before = list(_grpc_settings._GRPC_CHANNEL_OPTIONS)
    with connections_of_their_own():
        assert before != _grpc_settings._GRPC_CHANNEL_OPTIONS
    assert before == _grpc_settings._GRPC_CHANNEL_OPTIONS
