"""The same things, made by a native provider: an executable that speaks the protocol, with a type of its own, `things:index:Thing`.

It says everything the protocol has words for: secrets at their leaves, detailed diffs, previews of outputs, partial failures, its
configuration. What it does wrong on purpose comes from THINGS_BEHAVE, as for the dynamic provider; a provider resource's behaviours
stand under its name, those of the process under `plugin`.
"""

import os
import sys
import threading
import time
from concurrent import futures

if os.environ.get("THINGS_START") == "die":  # before anything else is imported
    print("things: cannot start", file=sys.stderr)
    sys.exit(3)
if os.environ.get("THINGS_START") == "no port":
    print("things: hello")
    time.sleep(600)

import grpc
from google.protobuf import any_pb2, empty_pb2
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from google.rpc import status_pb2
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, plugin_pb2, provider_pb2, provider_pb2_grpc
from things import COMPUTED, act, cloud

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
WAIT_SECONDS = 60


def is_secret(value):
    return isinstance(value, dict) and value.get(SIGNATURE) == SECRET


def plain(value):
    """The value without secret marks; whole numbers as such."""
    if is_secret(value):
        return plain(value["value"])
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def marked(value, like):
    """The value with secret marks where the other has them."""
    if is_secret(like):
        return {SIGNATURE: SECRET, "value": value}
    if isinstance(value, dict) and isinstance(like, dict):
        return {key: marked(item, like.get(key)) for key, item in value.items()}
    if isinstance(value, list) and isinstance(like, list) and len(value) == len(like):
        return [marked(item, other) for item, other in zip(value, like)]
    return value


def struct(values):
    message = Struct()
    message.update(values)
    return message


def contents(message):
    return MessageToDict(message)


def differences(one, other, path=""):
    """(path, kind) of everything that differs."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted({*one, *other}):
            below = f"{path}.{key}" if path else key
            if key not in one or key not in other:
                yield below, "ADD" if key not in one else "DELETE"
            else:
                yield from differences(one[key], other[key], below)
    elif isinstance(one, list) and isinstance(other, list):
        for index in range(max(len(one), len(other))):
            below = f"{path}[{index}]"
            if index >= min(len(one), len(other)):
                yield below, "ADD" if index >= len(one) else "DELETE"
            else:
                yield from differences(one[index], other[index], below)
    elif one != other:
        yield path, "UPDATE"


def diff_response(found, replacing, told):
    """What the protocol says of these differences; paths of `replacing` ask for a replacement."""
    if told == "unknown":
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_UNKNOWN)
    if told == "false" or not found:
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)
    kinds = {path: f"{kind}_REPLACE" if path.split(".")[0] in replacing else kind for path, kind in found}
    return provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME,
        replaces=sorted({path for path, kind in kinds.items() if kind.endswith("_REPLACE")}),
        diffs=sorted({path.split(".")[0].split("[")[0] for path in kinds}),
        detailedDiff={
            path: provider_pb2.PropertyDiff(kind=getattr(provider_pb2.PropertyDiff, kind), inputDiff=told != "outputs")
            for path, kind in kinds.items()
        } if told != "plain" else {},
        hasDetailedDiff=told != "plain",
        deleteBeforeReplace=told == "delete_before_replace",
        stables=["arn"],
    )


def fail_partially(context, id_, outs, inputs, reason):
    """Ends the call: the thing exists with these outputs, but is not finished."""
    detail = provider_pb2.ErrorResourceInitFailed(id=id_, properties=struct(outs), inputs=struct(inputs), reasons=[reason, "look at it"])
    packed = any_pb2.Any()
    packed.Pack(detail)
    status = status_pb2.Status(code=2, message=reason, details=[packed])
    context.set_trailing_metadata([("grpc-status-details-bin", status.SerializeToString())])
    context.abort(grpc.StatusCode.UNKNOWN, reason)


class Things(provider_pb2_grpc.ResourceProviderServicer):
    def __init__(self, engine):
        self.engine = engine
        self.cancelled = threading.Event()

    def told(self, method, props, context):
        """The behaviour for this call, after it has slept, raised or waited as told."""
        try:
            told = act(plain(props), method)
        except RuntimeError as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))
        if told.startswith("wait") and self.cancelled.wait(WAIT_SECONDS) and told == "wait":
            context.abort(grpc.StatusCode.CANCELLED, f"{method} was cancelled")
        return told

    def say(self, urn, text, severity=engine_pb2.WARNING, **more):
        engine_pb2_grpc.EngineStub(grpc.insecure_channel(self.engine)).Log(
            engine_pb2.LogRequest(severity=severity, message=text, urn=urn, **more)
        )

    # -- the process and its configuration -----------------------------------------------------------------------

    def Handshake(self, request, context):
        told = self.told("handshake", {"name": "plugin"}, context)
        if told == "none":
            context.abort(grpc.StatusCode.UNIMPLEMENTED, "no handshake")
        if told == "refuse":
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, "this engine is too old")
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=told != "no_secrets", accept_resources=True, supports_autonaming_configuration=True
        )

    def GetPluginInfo(self, request, context):
        return plugin_pb2.PluginInfo(version="1.2.3")

    def Cancel(self, request, context):
        self.cancelled.set()
        return empty_pb2.Empty()

    def CheckConfig(self, request, context):
        told = self.told("check", {"name": request.name}, context)
        if told == "none":
            context.abort(grpc.StatusCode.UNIMPLEMENTED, "no CheckConfig")
        if told == "fail":
            return provider_pb2.CheckResponse(
                failures=[provider_pb2.CheckFailure(reason="region: 'x' is no region"), provider_pb2.CheckFailure(property="token", reason="is too short")]
            )
        news = contents(request.news)
        return provider_pb2.CheckResponse(inputs=struct({**news, "added": "by check"} if told == "add" else news))

    def DiffConfig(self, request, context):
        told = self.told("diff", {"name": request.name}, context)
        if told == "none":
            context.abort(grpc.StatusCode.UNIMPLEMENTED, "no DiffConfig")
        found = list(differences(plain(contents(request.old_inputs)), plain(contents(request.news))))
        return diff_response(found, {"region"} if told != "update" else set(), told)

    def Configure(self, request, context):
        told = self.told("configure", {"name": request.name}, context)
        return provider_pb2.ConfigureResponse(
            acceptSecrets=told != "no_secrets", acceptResources=True, supportsPreview=told != "no_preview", supports_autonaming_configuration=True
        )

    # -- a thing's life --------------------------------------------------------------------------------------------

    def Check(self, request, context):
        olds, news = contents(request.olds), contents(request.news)
        told = self.told("check", news, context)
        failures = []
        if told == "fail:root":
            failures = [("", "size: 9 is too big"), ("", "name: '!' is not allowed")]
        elif told == "fail:property":
            failures = [("note", "is not allowed")]
        elif told == "fail:nested":
            failures = [("labels.team", "is not allowed")]
        elif told == "warn":
            self.say(request.urn, "mind the size")
        elif told == "autoname":
            proposed = request.autonaming.proposed_name if request.HasField("autonaming") else "auto-1234567"
            news["name"] = olds.get("name") or proposed or "none"
        if failures:
            return provider_pb2.CheckResponse(failures=[provider_pb2.CheckFailure(property=p, reason=r) for p, r in failures])
        return provider_pb2.CheckResponse(inputs=struct(news))

    def Diff(self, request, context):
        olds, news = contents(request.olds), contents(request.news)
        told = self.told("diff", news, context)
        before = {key: value for key, value in plain(olds).items() if key not in (*COMPUTED, "__provider")}
        return diff_response(list(differences(before, plain(news))), {"name"}, told)

    def Create(self, request, context):
        inputs = contents(request.properties)
        told = self.told("create", inputs, context)
        id_ = plain(inputs["name"])
        outs = {**inputs, "arn": UNKNOWN if id_ == UNKNOWN else f"arn:thing/{id_}", "version": 1}
        if request.preview:
            return provider_pb2.CreateResponse(properties=struct({**outs, "version": UNKNOWN}))
        with cloud() as things:
            if id_ in things:
                context.abort(grpc.StatusCode.ALREADY_EXISTS, f"{id_} already exists")
            things[id_] = plain(outs)
        if told in ("partial", "wait_partial"):
            fail_partially(context, id_, outs, inputs, "the thing is not ready")
        return provider_pb2.CreateResponse(id=id_, properties=struct(outs))

    def Read(self, request, context):
        inputs, state = contents(request.inputs), contents(request.properties)
        told = self.told("read", {"name": request.id}, context)
        with cloud() as things:
            thing = things.get(request.id)
        if thing is None:
            return provider_pb2.ReadResponse()
        live = {key: value for key, value in thing.items() if key not in COMPUTED}
        if told == "partial":
            fail_partially(context, request.id, marked(thing, state), marked(live, inputs), "the thing is broken")
        answer = provider_pb2.ReadResponse(id=request.id, properties=struct(marked(thing, state)))
        if told != "no_inputs":
            answer.inputs.update(marked(live, inputs))
        return answer

    def Update(self, request, context):
        news = contents(request.news)
        told = self.told("update", news, context)
        arn = contents(request.olds)["arn"]
        if request.preview:
            return provider_pb2.UpdateResponse(properties=struct({**news, "arn": arn, "version": UNKNOWN}))
        with cloud() as things:
            outs = {**news, "arn": arn, "version": things[request.id]["version"] + 1}
            things[request.id] = plain(outs)
        if told in ("partial", "wait_partial"):
            fail_partially(context, request.id, outs, news, "the change is not finished")
        return provider_pb2.UpdateResponse(properties=struct(outs))

    def Delete(self, request, context):
        self.told("delete", contents(request.properties), context)
        with cloud() as things:
            things.pop(request.id, None)
        return empty_pb2.Empty()


def main():
    server = grpc.server(futures.ThreadPoolExecutor(8))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Things(sys.argv[-1]), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    try:
        server.wait_for_termination()
    except KeyboardInterrupt:
        server.stop(0)


if __name__ == "__main__":
    main()
