"""The messages of Pulumi's protocol that both hosts use. Only this module imports them, beside the native host's servicer.

They are in the SDK's package `pulumi.runtime.proto`, which the SDK calls internal: the tests hold every version that is allowed.
"""

from __future__ import annotations

import importlib.util
import sys
import types
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from ..model.comparison import Change
from ..model.values import ABSENT


def load_alone() -> None:
    """Makes the modules of the protocol importable without the rest of the SDK. Call it before anything imports `pulumi`.

    Loading the SDK takes longer than all that the native host loads otherwise. Where the SDK is built another way, this does nothing, and
    the protocol brings the whole SDK with it.
    """
    spec = None if "pulumi" in sys.modules else importlib.util.find_spec("pulumi")
    if spec is None or spec.origin is None:
        return
    folder = Path(spec.origin).parent
    inner = [
        ("pulumi", folder),
        ("pulumi.runtime", folder / "runtime"),
        ("pulumi.runtime.proto", folder / "runtime" / "proto"),
    ]
    if not all((each / "__init__.py").is_file() for _, each in inner):
        return
    for name, place in inner:
        module = types.ModuleType(name)
        module.__path__ = [str(place)]
        sys.modules[name] = module
        if "." in name:
            setattr(sys.modules[name.rpartition(".")[0]], name.rpartition(".")[2], module)


def engine(address: str) -> Any:
    """The engine's log service at the address."""
    import grpc
    from pulumi.runtime.proto import engine_pb2_grpc

    return engine_pb2_grpc.EngineStub(grpc.insecure_channel(address))


def log_request(severity: str, text: str, urn: str, ephemeral: bool) -> Any:
    """The request to show a text under the resource; severities are DEBUG, INFO, WARNING and ERROR."""
    from pulumi.runtime.proto import engine_pb2

    return engine_pb2.LogRequest(
        severity=engine_pb2.LogSeverity.Value(severity), message=text, urn=urn, ephemeral=ephemeral
    )


def struct(document: Mapping[str, object]) -> Any:
    """The document as a message."""
    from google.protobuf import struct_pb2

    found = struct_pb2.Struct()
    found.update(cast(Any, document))
    return found


def partial_failure(id: str, outputs: Any, inputs: Any, reasons: Sequence[str]) -> tuple[tuple[str, bytes], ...]:
    """The trailing metadata of an error with which an operation failed in part: the engine stores what is given, and goes on next time.

    `outputs` and `inputs` are messages. Source: the engine's ErrorResourceInitFailed; gRPC's key for the details of a status.
    """
    from google.protobuf import any_pb2
    from google.rpc import status_pb2
    from pulumi.runtime.proto import provider_pb2

    packed = any_pb2.Any()
    packed.Pack(provider_pb2.ErrorResourceInitFailed(id=id, properties=outputs, inputs=inputs, reasons=reasons))
    status = status_pb2.Status(code=2, message="; ".join(reasons), details=[packed])
    return (("grpc-status-details-bin", status.SerializeToString()),)


def change_kinds(changes: tuple[Change, ...], replaces: tuple[str, ...]) -> dict[str, str]:
    """The changes by path, in the words of Pulumi's protocol: `{"tags.team": "ADD", "domain_name": "UPDATE_REPLACE"}`."""
    found = {}
    for change in changes:
        kind = "ADD" if change.actual is ABSENT else "DELETE" if change.desired is ABSENT else "UPDATE"
        found[str(change.path)] = f"{kind}_REPLACE" if change.top in replaces else kind
    return found
