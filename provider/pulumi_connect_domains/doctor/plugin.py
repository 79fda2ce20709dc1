"""The native provider's plugin: whether Pulumi finds it, and whether what it starts is this version of the package."""

from __future__ import annotations

from ..host.processes import NoPort, address_of
from ..native.version import plugin_version
from ..stacks import plugins
from ..stacks.plugins import Plugin
from .model import Check

NAME = "native-plugin"
INSTALL = "connect-domains plugin install"
PLACES = {"project": "Pulumi.yaml names", "PATH": "on PATH is", "home": "Pulumi's home holds"}


def check(folder: str, seconds: float) -> Check:
    """The check of the plugin that a program in the folder gets.

    Programs in Python need none, so it is a warning at most, but where the project's own file names one that is not there.
    """
    found = plugins.found(folder)
    if not found:
        return Check(
            NAME, "skipped", "not installed; programs in Python do without it", f"for other languages: {INSTALL}"
        )
    plugin, wanted = _first(found), plugin_version()
    where = f"{PLACES[plugin.where]} {plugin.folder}"
    if not plugin.is_there:
        if plugin.where == "project":
            advice = "`connect-domains plugin install --print` prints the lines for this Python"
            return Check(NAME, "failed", f"{where}, which does not hold {plugins.EXECUTABLE}", advice)
        return Check(NAME, "warning", f"{where}, without {plugins.EXECUTABLE}", INSTALL)
    try:
        version = version_of(plugin, seconds)
    except (OSError, ValueError, NoPort) as error:
        return Check(NAME, "warning", f"{where}, which does not start: {str(error) or 'it says no port'}", INSTALL)
    said = f"{where}, version {version}"
    if version != wanted:
        return Check(NAME, "warning", f"{said}; this package is {wanted}", _advice(plugin))
    if plugin.version not in ("", version):
        return Check(NAME, "warning", f"{said}, though it is called {plugin.version} there", _advice(plugin))
    return Check(NAME, "ok", said)


def _first(found: list[Plugin]) -> Plugin:
    """The one that counts: the first; of those at home, the one of this package's version before others."""
    first = found[0]
    own = [each for each in found if each.version == plugin_version()]
    return own[0] if first.where == "home" and own else first


def _advice(plugin: Plugin) -> str:
    return INSTALL if plugin.where == "home" else "use the Python environment that it belongs to, or name this one's"


def version_of(plugin: Plugin, seconds: float) -> str:
    """What the plugin says that it is, asked as the engine asks. Raises: OSError, NoPort, or ValueError with the reason."""
    import grpc
    from google.protobuf.empty_pb2 import Empty
    from google.protobuf.wrappers_pb2 import StringValue

    options = [("grpc.enable_http_proxy", 0)]
    command = [
        str(plugin.executable),
        "127.0.0.1:1",
    ]  # the engine's address, at which nobody is asked for anything here
    with address_of(command, seconds) as address, grpc.insecure_channel(address, options=options) as channel:
        ask = channel.unary_unary(
            "/pulumirpc.ResourceProvider/GetPluginInfo",
            request_serializer=Empty.SerializeToString,
            response_deserializer=StringValue.FromString,  # PluginInfo's only member is a text, too
        )
        try:
            return str(ask(Empty(), timeout=seconds).value)
        except grpc.RpcError as error:
            raise ValueError(f"it does not answer ({error.code().name})") from None
