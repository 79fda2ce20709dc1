"""What is recorded of a native provider, an executable of its own (things/things_plugin.py). The words are those of scenarios.py."""

from scenarios import DESTROY, PREVIEW, REFRESH, UP, export, out, scenario, step, thing


def native(name, opts=None, thing_name=None, **args):
    made = {"kind": "native", "name": name, "args": {"name": thing_name or name, "size": 1, **args}}
    if opts:
        made["opts"] = opts
    return made


def provider(name, opts=None, **args):
    made = {"kind": "provider", "package": "things", "name": name, "args": args}
    if opts:
        made["opts"] = opts
    return made


def got(name, id_, **args):
    return {"kind": "native_get", "name": name, "id": id_, "args": args}


B = native("b", size=out("a.version"), labels={"of": out("a.arn"), "other": "o"}, parts=[out("a.version"), "fixed"])
scenario(
    "native-up",
    "A new resource and one that needs it: a preview asks the provider for what create would give, then up; nothing to do; destroy.",
    step(PREVIEW, "create with preview: arn is known before there is one, version is not", program=[native("a"), B, export("arn", out("a.arn"))]),
    step(["preview", "--diff"], "as people read it"), step(["up", "--yes"], "preview and up"),
    step(PREVIEW, "nothing changed"), step(["preview", "--diff", "--show-sames"]), step(UP), step(["destroy", "--preview-only", "--json"]), step(DESTROY),
)
scenario(
    "native-update",
    "Inputs change: the detailed diff of the provider in JSON and in text, with each kind of difference; update in preview.",
    step(UP, program=[native("a", labels={"x": "1", "y": "2"}, parts=["p", "q"]), B]),
    step(PREVIEW, "at once changed, added and gone, in maps and lists", program=[native("a", size=2, labels={"x": "9", "z": "3"}, parts=["p", "r", "s"], note="n"), B]),
    step(["preview", "--diff"]), step(["preview"]),
    step(PREVIEW, "only the keys of what differs, and no detail", behave={"a": {"diff": "plain"}}),
    step(["preview", "--diff"], "the same, as people read it", behave={"a": {"diff": "plain"}}),
    step(PREVIEW, "the provider does not know: the engine compares", behave={"a": {"diff": "unknown"}}),
    step(PREVIEW, "differences of outputs, not of inputs", behave={"a": {"diff": "outputs"}}),
    step(PREVIEW, "no difference: inputs are saved, nothing is called", behave={"a": {"diff": "false"}}),
    step(UP), step(UP, "nothing to do", behave={"a": {"check": "warn"}}),
    step(UP, "no difference, says the provider, though there is one", program=[native("a", size=3), B], behave={"a": {"diff": "false"}}),
    step(PREVIEW),
)
scenario(
    "native-replace",
    "A replacement in both orders, in previews with the outputs the provider foretells; a dependent that follows; create with an input unknown.",
    step(UP, program=[native("a"), native("b", labels={"of": out("a.name")}), native("c", thing_name=out("a.arn"))]),
    step(PREVIEW, "create before delete", program=[native("a", thing_name="a2"), native("b", labels={"of": out("a.name")}), native("c", thing_name=out("a.arn"))]),
    step(["preview", "--diff"]), step(UP),
    step(PREVIEW, "delete before create, as the diff says", program=[native("a", thing_name="a3"), native("b", labels={"of": out("a.name")}), native("c", thing_name=out("a.arn"))],
         behave={"a3": {"diff": "delete_before_replace"}}),
    step(UP, behave={"a3": {"diff": "delete_before_replace"}}),
    step(PREVIEW, "by option", program=[native("a", {"replace_on_changes": ["labels.x", "parts[*]"], "delete_before_replace": True}, thing_name="a3", labels={"x": "1"}, parts=["p"])]),
    step(UP), step(PREVIEW, "replace_on_changes of a place within", program=[native("a", {"replace_on_changes": ["labels.x", "parts[*]"], "delete_before_replace": True}, thing_name="a3", labels={"x": "2", "y": "1"}, parts=["p"])]),
    step(UP), step(UP, "the create fails after the delete", program=[native("a", {"delete_before_replace": True}, thing_name="a4")], behave={"a4": {"create": "raise"}}),
    step(PREVIEW), step(UP),
)
scenario(
    "native-refresh",
    "Refresh: in sync, drifted, gone, unhealthy; in previews, for real, before an update.",
    step(UP, program=[native("a", labels={"team": "x"}), native("b")]),
    step(["refresh", "--preview-only", "--expect-no-changes"], "in sync"),
    step(["refresh", "--preview-only", "--json"], "size and a label drifted, one was added, b is gone", cloud={"a": {"size": 7, "labels": {"team": "y", "new": "n"}}, "b": None}),
    step(["refresh", "--preview-only", "--diff"]), step(["refresh", "--preview-only", "--expect-no-changes"]),
    step(["refresh", "--preview-only", "--json"], "no detail", behave={"a": {"diff": "plain"}}),
    step(["refresh", "--preview-only", "--json"], "read gives no inputs", behave={"a": {"read": "no_inputs"}}),
    step([*PREVIEW, "--refresh"]), step(["preview", "--refresh", "--diff", "--expect-no-changes"]),
    step(["refresh", "--preview-only", "--json", "--run-program"]), step(REFRESH, "unhealthy", behave={"a": {"read": "partial"}}),
    step(PREVIEW, "the program wants its values back"), step(UP), step(["refresh", "--preview-only", "--expect-no-changes"]),
    step([*UP, "--refresh"], cloud={"a": {"size": 9}, "b": None}), step(REFRESH, "a read fails", cloud={"b": {"size": 4}}, behave={"a": {"read": "raise"}}),
    step([*DESTROY, "--refresh"], cloud={"b": None}),
)
THERE = {"there": {"name": "there", "size": 4, "labels": {"team": "x"}, "arn": "arn:thing/there", "version": 1}}
SAME = native("a", {"import_": "there"}, thing_name="there", size=4, labels={"team": "x"})
scenario(
    "native-import",
    "The option import_: read with nothing but an id, then diffed with what the program says; .get() in preview and up; missing ones.",
    step(PREVIEW, cloud=THERE, program=[SAME]), step(["preview", "--diff"]), step(UP), step([*PREVIEW, "--expect-no-changes"], "again"),
    step(PREVIEW, "without the option", program=[native("a", thing_name="there", size=4, labels={"team": "x"})]), step(UP),
    step(PREVIEW, "another id, and the program says otherwise", cloud={"two": {"name": "two", "size": 2, "arn": "arn:thing/two", "version": 1}},
         program=[native("a", thing_name="there", size=4, labels={"team": "x"}), native("b", {"import_": "two"}, thing_name="two", size=3)]),
    step(UP), step(UP, "a missing one", program=[native("c", {"import_": "nowhere"})]),
    step(UP, "an import that would be a replacement", program=[native("c", {"import_": "two"}, thing_name="other", size=2)]),
    step(UP, "check fails", program=[native("c", {"import_": "two"}, thing_name="two", size=2)], behave={"two": {"check": "fail:root"}}),
)
scenario(
    "native-get",
    ".get(): read in every run, previews too.",
    step(PREVIEW, cloud=THERE, program=[got("g", "there"), native("b", size=out("g.version"))]), step(UP),
    step(UP, "changed", cloud={"there": {"size": 6}}), step(REFRESH), step(UP, "missing", program=[got("h", "nowhere")]),
    step(UP, "what was read becomes managed", cloud={"there": None}, program=[native("g", thing_name="there")]), step(DESTROY),
)
SECRETS = [
    native("a", {"additional_secret_outputs": ["arn"]}, note={"$secret": "s3cr3t"}, labels={"team": {"$secret": "t3am"}, "open": "o"}, parts=[{"$secret": "p4rt"}, "open"]),
    native("b", note=out("a.arn"), labels={"of": out("a.note")}),
]
scenario(
    "native-secrets",
    "Secrets travel marked and stay at their leaf; a provider that does not take them; drift of a secret; secret configuration.",
    step(PREVIEW, program=SECRETS, config={"things:token": {"$secret": "t0ken"}, "things:region": "eu", "plain": "p"}), step(UP), step([*PREVIEW, "--expect-no-changes"]),
    step(["preview", "--diff"], "one changes", program=[native("a", note={"$secret": "changed"}, labels={"team": {"$secret": "t3am"}, "open": "2"}), SECRETS[1]]),
    step(PREVIEW), step(UP), step(["refresh", "--preview-only", "--json"], "drift of a secret", cloud={"a": {"note": "drifted"}}), step(REFRESH), step(PREVIEW), step(UP),
    step(UP, "a provider that does not take secrets", behave={"plugin": {"handshake": "no_secrets"}},
         program=[native("c", note={"$secret": "s3cr3t"}, labels={"team": {"$secret": "t3am"}, "open": "o"}, parts=[{"$secret": "p4rt"}, "open"])]),
    step([*PREVIEW, "--refresh"], behave={"plugin": {"handshake": "no_secrets"}}), step(REFRESH, "the marks, when it takes them again"), step(DESTROY),
)
scenario(
    "native-partial",
    "Create and update say that the thing exists but is not finished: saved with initErrors; the next up updates.",
    step(UP, program=[native("a"), native("b", {"depends_on": ["a"]})], behave={"a": {"create": "partial"}}),
    step(PREVIEW, "an update though nothing differs"), step(["refresh", "--preview-only", "--json"]), step(UP),
    step(UP, program=[native("a", size=2, note={"$secret": "s"}), native("b", {"depends_on": ["a"]})], behave={"a": {"update": "partial"}}), step(PREVIEW), step(REFRESH), step(UP),
    step([*UP, "--continue-on-error"], "others go on", program=[native("a", size=3), native("b", {"depends_on": ["a"]}, size=3), native("c")], behave={"a": {"update": "partial"}}),
    step(UP), step(UP, "a replacement that is not finished", program=[native("a", thing_name="a2")], behave={"a2": {"create": "partial"}}), step(PREVIEW), step(UP),
)
scenario(
    "native-errors",
    "A method fails; the plugin dies in the middle of a call; warnings and progress of the provider.",
    step(UP, program=[native("a"), native("b", {"depends_on": ["a"]})], behave={"a": {"create": "raise", "check": "warn"}}),
    step(UP), step(UP, "update fails", program=[native("a", size=2), native("b", {"depends_on": ["a"]})], behave={"a": {"update": "raise"}}),
    step(UP, "diff fails", behave={"a": {"diff": "raise"}}), step(UP, "check fails", behave={"a": {"check": "raise"}}), step(DESTROY, "delete fails", behave={"b": {"delete": "raise"}}),
    step(PREVIEW, "dies in check", program=[native("a", size=3)], behave={"a": {"check": "die"}}), step(UP, "dies in update", behave={"a": {"update": "die"}}), step(UP),
    step(DESTROY, "dies in delete", behave={"a": {"delete": "die"}}), step(DESTROY),
    step(PREVIEW, "dies at its start", environment={"THINGS_START": "die"}), step(UP, "a create in preview fails", behave={"a": {"create": "raise"}}), step(["preview"], behave={"a": {"create": "raise"}}),
)
scenario(
    "native-cancel",
    "Ctrl-C while a create, an update or a delete waits: the provider is told to stop, and what it says then is saved.",
    step(UP, "the create says that it was cancelled", program=[native("a"), native("b", {"depends_on": ["a"]})], behave={"a": {"create": "wait"}}, interrupt_after='"method": "Check"'),
    step(PREVIEW), step(UP, "the create says that it is not finished", behave={"a": {"create": "wait_partial"}}, interrupt_after='"method": "Check"'),
    step(PREVIEW), step(UP), step(UP, program=[native("a", size=2), native("b", {"depends_on": ["a"]})], behave={"a": {"update": "wait"}}, interrupt_after='"method": "Diff"'),
    step(DESTROY, "while a delete waits", behave={"b": {"delete": "wait"}}, interrupt_after='"method": "Configure"'), step(REFRESH, "while a read waits", behave={"b": {"read": "wait"}}, interrupt_after='"method": "Read"'),
    step(DESTROY),
)
scenario(
    "native-config",
    "The default provider gets its package's configuration; what CheckConfig adds, refuses or leaves; it changes; refresh and destroy use that of the last up.",
    step(PREVIEW, config={"things:region": "eu-1", "things:token": {"$secret": "t0ken"}, "aws:region": "eu-west-1", "plain": "p"}, settings="  things:nested:\n    list: [1, x]\n    flag: true\n  things:number: 5\n", program=[native("a")]),
    step(UP), step(UP, "again"), step(REFRESH, config={"things:region": "eu-2"}), step(PREVIEW, "DiffConfig asks for a replacement of the provider"),
    step(["preview"], "as people read it"), step(PREVIEW, "an update only", behave={"default": {"diff": "update"}}), step(PREVIEW, "no DiffConfig", behave={"default": {"diff": "none"}}),
    step(UP, "an update of the provider", behave={"default": {"diff": "update"}}), step(UP, "CheckConfig adds", behave={"default": {"check": "add"}}), step(UP, "no CheckConfig", behave={"default": {"check": "none"}}),
    step(UP, "a replacement of the provider", config={"things:region": "eu-3"}), step(["preview"], "CheckConfig refuses", behave={"default": {"check": "fail"}}), step(UP, behave={"default": {"check": "fail"}}),
    step(UP, "Configure refuses", behave={"default": {"configure": "raise"}}), step(UP, "CheckConfig raises", behave={"default": {"check": "raise"}}),
    step(DESTROY, "configured as in the last up", config={"things:region": "eu-4"}),
)
scenario(
    "native-handshake",
    "A provider without Handshake says in Configure what it takes: secrets, previews.",
    step(PREVIEW, behave={"plugin": {"handshake": "none"}}, program=[native("a", note={"$secret": "s"}), native("b", size=out("a.version"), labels={"of": out("a.arn")})]),
    step(PREVIEW, "and no previews", behave={"plugin": {"handshake": "none"}, "default": {"configure": "no_preview"}}),
    step(UP, "and no secrets", behave={"plugin": {"handshake": "none"}, "default": {"configure": "no_secrets"}}),
    step(["preview"], "a handshake that is refused", behave={"plugin": {"handshake": "refuse"}}),
    step(DESTROY),
)
EXPLICIT = [provider("p1", region="us-1", nested={"list": [1, "x"], "flag": True}, token={"$secret": "t0ken"}), provider("p2", region="us-2"),
            native("a", {"provider": "p1", "delete_before_replace": True}), native("b", {"provider": "p2"}), native("c")]
scenario(
    "native-explicit",
    "Explicit providers: CheckConfig, DiffConfig, Configure with their inputs; a change that updates and one that replaces; unknown inputs.",
    step(PREVIEW, config={"things:region": "eu-1"}, program=EXPLICIT), step(UP), step(UP, "again"),
    step(PREVIEW, "an input changes that can be updated", program=[provider("p1", region="us-1", flag=True), *EXPLICIT[1:]]), step(["preview", "--diff"]), step(UP),
    step(PREVIEW, "the region changes: the provider is replaced, and what it made", program=[provider("p1", region="us-9"), *EXPLICIT[1:]]), step(UP),
    step(PREVIEW, "a thing moves to another provider", program=[provider("p1", region="us-9"), EXPLICIT[1], native("a", {"provider": "p2", "delete_before_replace": True}), *EXPLICIT[3:]]), step(UP), step(REFRESH),
    step(UP, "a mistake in an explicit provider", program=[EXPLICIT[1], EXPLICIT[3]], behave={"p2": {"check": "fail"}}), step(UP, "they go", program=[native("c")]), step(DESTROY),
)
scenario(
    "native-unknown-provider-input",
    "An explicit provider whose input is an output: in preview it is not configured.",
    step(PREVIEW, program=[native("a"), provider("p", region=out("a.version")), native("b", {"provider": "p"})]), step(UP), step(PREVIEW),
    step(PREVIEW, "the input is unknown again", program=[native("a", size=2), provider("p", region=out("a.version")), native("b", {"provider": "p"}, size=2)]), step(UP),
)
FOLLOWED = [provider("p", region=out("a.name")), native("b", {"provider": "p", "delete_before_replace": True}), native("c", {"depends_on": ["b"]})]
scenario(
    "native-provider-follows",
    "An explicit provider takes its region from what is deleted first and made again: the provider and what it made follow. Only a "
    "preview: an up of it fails in the CLI, which closes the old provider before that has deleted what it made.",
    step(UP, program=[native("a"), *FOLLOWED]),
    step(PREVIEW, program=[native("a", {"delete_before_replace": True}, thing_name="a2"), *FOLLOWED]),
    step(UP, "DiffConfig asks for an update: nothing follows", behave={"p": {"diff": "update"}}), step(PREVIEW), step(DESTROY),
)
scenario(
    "native-autonaming",
    "pulumi:autonaming in the stack's configuration: what check is told, and the order of replacements.",
    step(PREVIEW, "none", program=[native("a"), native("b")], behave={"*": {"check": "autoname"}}),
    step(PREVIEW, "verbatim", settings="  pulumi:autonaming:\n    mode: verbatim\n", behave={"*": {"check": "autoname"}}), step(UP, behave={"*": {"check": "autoname"}}),
    step(PREVIEW, "a replacement deletes first, for the name would be the same", program=[native("a", {"replace_on_changes": ["size"]}, size=2), native("b")], behave={"*": {"check": "autoname"}}),
    step(["preview"], "a dynamic one takes no part but for the order", program=[thing("a"), native("b")]),
)
scenario(
    "native-autonaming-pattern",
    "A pattern for the package, another for a type, none for others.",
    step(PREVIEW, program=[native("a"), thing("d")], behave={"a": {"check": "autoname"}},
         settings="  pulumi:autonaming:\n    mode: verbatim\n    providers:\n      things:\n        pattern: ${project}-${stack}-${name}\n"), step(UP, behave={"a": {"check": "autoname"}}), step(DESTROY),
)
scenario(
    "native-autonaming-type",
    "Disabled for one type of the package, which enforces a pattern otherwise.",
    step(PREVIEW, program=[native("a")], behave={"a": {"check": "autoname"}},
         settings="  pulumi:autonaming:\n    providers:\n      things:\n        pattern: x-${name}\n        enforce: true\n        resources:\n          things:index:Thing:\n            mode: disabled\n"),
)
IGNORING = {"ignore_changes": ["size", "labels.team", "parts[0]", "deep.*.v"]}
scenario(
    "native-ignore-changes",
    "ignore_changes: what check, diff, update and refresh are told.",
    step(UP, program=[native("a", IGNORING, labels={"team": "x", "o": "1"}, parts=["p", "q"], deep={"k": {"v": 1, "w": 1}})]),
    step(PREVIEW, "only the ignored changes", program=[native("a", IGNORING, size=9, labels={"team": "y", "o": "1"}, parts=["r", "q"], deep={"k": {"v": 2, "w": 1}})]),
    step(UP, "others change too", program=[native("a", IGNORING, size=9, labels={"team": "y", "o": "2"}, parts=["r", "s"], deep={"k": {"v": 2, "w": 2}})]),
    step(["refresh", "--preview-only", "--json"], "drift of the ignored", cloud={"a": {"size": 8}}), step(REFRESH), step(PREVIEW), step(UP),
)
DYNAMIC = "pulumi-python:dynamic/things:Thing"
NATIVE = "things:index:Thing"


def moved(name, opts=None, **args):
    return native(name, {"aliases": [{"type_": DYNAMIC}], **(opts or {})}, **args)


def back(name, opts=None, **args):
    return thing(name, {"aliases": [{"type_": NATIVE}], **(opts or {})}, **args)


scenario(
    "native-migration",
    "From a dynamic token to a native one by an alias, and back again: which provider is asked, with what, and what state holds.",
    step(UP, program=[thing("a", labels={"team": "x"}, note={"$secret": "s"}), thing("b", labels={"of": out("a.arn")})]),
    step(PREVIEW, "the native provider finds no difference", program=[moved("a", labels={"team": "x"}, note={"$secret": "s"}), moved("b", labels={"of": out("a.arn")})], behave={"*": {"diff": "false"}}),
    step(PREVIEW, "and says which keys went", behave={"*": {"diff": "unknown"}}),
    step(PREVIEW, "the native provider's own diff"), step(["preview"], "as people read it"),
    step(UP, "the native provider finds no difference: what state holds then", behave={"*": {"diff": "false"}}),
    step(PREVIEW, "now without a word of the old", program=[native("a", labels={"team": "x"}, note={"$secret": "s"}), native("b", labels={"of": out("a.arn")})]),
    step(UP, "an update", program=[native("a", labels={"team": "x"}, note={"$secret": "s"}, size=2), native("b", labels={"of": out("a.arn")})]), step(PREVIEW), step(REFRESH),
    step(PREVIEW, "back", program=[back("a", labels={"team": "x"}, note={"$secret": "s"}, size=2), back("b", labels={"of": out("a.arn")})]), step(["preview"], "as people read it"),
    step(UP), step(PREVIEW), step(REFRESH), step(DESTROY),
)
scenario(
    "native-migration-update",
    "The move is an update: with which olds, old inputs and ids; a replacement at the same time; refresh and destroy in between.",
    step(UP, program=[thing("a", labels={"team": "x"}), thing("b"), thing("c")]),
    step(UP, "all change while they move; c is left out", program=[moved("a", labels={"team": "y"}), moved("b", size=2)]),
    step(PREVIEW), step([*REFRESH], cloud={"a": {"size": 5}}), step(UP),
    step(UP, "back, and replaced", program=[back("a", labels={"team": "z"}), {**back("b"), "args": {"name": "b2", "size": 2}}]), step(PREVIEW),
    step(PREVIEW, "forth again, replaced, with a refresh first", cloud={"a": {"size": 6}}, program=[moved("a", labels={"team": "z"}), moved("b", thing_name="b3", size=2)]),
    step([*PREVIEW, "--refresh"]), step([*UP, "--refresh"]), step(DESTROY),
)
scenario(
    "native-migration-explicit",
    "The same with explicit providers of both packages, and a resource that waits for its delete.",
    step(UP, program=[{"kind": "provider", "name": "p", "args": {"region": "us-1"}}, thing("a", {"provider": "p"}), thing("d")], behave={"d": {"create": "partial"}}),
    step(PREVIEW, program=[provider("p", region="us-1"), moved("a", {"provider": "p"}), moved("d")]), step(UP), step(PREVIEW),
    step(UP, "back", program=[{"kind": "provider", "name": "p", "args": {"region": "us-1"}}, back("a", {"provider": "p"}, size=2), back("d", size=2)]), step(PREVIEW),
    step(UP, "protected, targeted", program=[provider("p", region="us-1"), moved("a", {"provider": "p", "protect": True}, size=2), moved("d", size=2)]),
    step([*UP, "--target", "**a"], program=[provider("p", region="us-1"), native("a", {"provider": "p", "protect": True}, size=3), native("d", size=2)]),
    step(UP, "without an alias it is another resource", program=[thing("d", size=2)]),
)
scenario(
    "native-version",
    "A version asked for by the program's option: a default provider of its own.",
    step(PREVIEW, program=[native("a", {"version": "1.2.3"}), native("b")], config={"things:region": "eu"}), step(UP), step(PREVIEW), step(REFRESH), step(DESTROY),
)
scenario(
    "native-check",
    "Check finds mistakes: of the whole resource, of a property, of a nested one; a warning; a secret's value.",
    step(["preview"], program=[native("a", note={"$secret": "s3cr3t"}, labels={"team": "x"}), native("b", {"depends_on": ["a"]})], behave={"a": {"check": "fail:root"}}),
    step(["preview"], "of a property, which is secret", behave={"a": {"check": "fail:property"}}), step(["preview"], behave={"a": {"check": "fail:nested"}}),
    step(UP, "in up", behave={"a": {"check": "fail:root"}}), step(PREVIEW, "a warning", behave={"a": {"check": "warn"}}), step(UP, behave={"a": {"check": "warn"}}),
    step(UP, "of one that is there", program=[native("a", size=2)], behave={"a": {"check": "fail:root"}}), step([*UP, "--continue-on-error"], behave={"a": {"check": "fail:root"}}),
)
scenario(
    "native-options",
    "protect, retain_on_delete, custom_timeouts, targets, --replace, components with providers.",
    step(UP, program=[provider("p", region="r"), {"kind": "component", "name": "g", "opts": {"providers": ["p"]}}, native("a", {"parent": "g", "protect": True}),
                      native("b", {"custom_timeouts": {"create": "7m", "update": "8m", "delete": "9m"}}), native("c", {"retain_on_delete": True})]),
    step([*UP, "--target", "**b"], program=[provider("p", region="r"), {"kind": "component", "name": "g", "opts": {"providers": ["p"]}}, native("a", {"parent": "g", "protect": True}, size=2),
                      native("b", {"custom_timeouts": {"create": "7m", "update": "8m", "delete": "9m"}}, size=2), native("c", {"retain_on_delete": True})]),
    step([*PREVIEW, "--replace", "urn:pulumi:dev::traces::things:index:Thing::b"]), step(UP, "protected", program=[native("b", thing_name="b2")]),
    step(DESTROY, "a is protected"), step([*DESTROY, "--exclude-protected"]),
)
