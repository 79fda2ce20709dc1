"""Property values to and from the protocol's `google.protobuf.Struct`."""

from typing import Any, Final

from google.protobuf.struct_pb2 import Struct, Value

from ..model.values import SECRET_SIGNATURE, SIGNATURE, UNKNOWN, UNKNOWN_TEXT, Properties, Secret, Unknown

REFERENCE_SIGNATURE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
"""A resource given as a value: `{SIGNATURE: this, "urn": …, "id": …}`. Source: pulumi.runtime.rpc, as are the next ones."""
ASSET_SIGNATURES: Final = ("c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7")
BIGGEST_PLAIN: Final = 10**21
"""From here on a number is written with an exponent, and so stays a float."""


def unpack(struct: Struct) -> Properties:
    """The properties in the message, secrets and unknowns marked. Raises ValueError for assets and archives."""
    return {key: _unpack(value) for key, value in struct.fields.items()}


def _unpack(value: Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return UNKNOWN if value.string_value == UNKNOWN_TEXT else value.string_value
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() and abs(number) < BIGGEST_PLAIN else number
    if kind == "bool_value":
        return value.bool_value
    if kind == "list_value":
        return [_unpack(item) for item in value.list_value.values]
    if kind != "struct_value":
        return None
    found = unpack(value.struct_value)
    signature = found.get(SIGNATURE)
    if signature == SECRET_SIGNATURE:
        return Secret(found.get("value"))
    if signature in ASSET_SIGNATURES:
        raise ValueError("assets and archives are not supported by the local engine")
    return found


def pack(properties: Properties, *, unknowns: bool = False, secrets: bool = False, references: bool = False) -> Struct:
    """The properties as a message: secrets marked or in clear, unknowns sent or left out, references whole or as an id (or URN)."""

    def plain(value: Any) -> Any:
        if isinstance(value, Secret):
            inner = plain(value.value)
            return {SIGNATURE: SECRET_SIGNATURE, "value": inner} if secrets else inner
        if isinstance(value, Unknown):
            return UNKNOWN_TEXT
        if isinstance(value, list):
            return [plain(item) for item in value if unknowns or not isinstance(item, Unknown)]
        if isinstance(value, dict):
            if value.get(SIGNATURE) == REFERENCE_SIGNATURE and not references:
                return plain(value.get("id") or value["urn"])
            return {key: plain(item) for key, item in value.items() if unknowns or not isinstance(item, Unknown)}
        return value

    message = Struct()
    message.update(plain(properties))
    return message
