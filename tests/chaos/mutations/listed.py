"""The protections."""

from __future__ import annotations

from . import Mutation

_PACKAGE = "pulumi_connect_domains"
_PROFILES = f"{_PACKAGE}/customerprofiles/domain/api.py"
_LIFECYCLE = f"{_PACKAGE}/operations/lifecycle.py"
_READING = f"{_PACKAGE}/operations/reading.py"
_SERVICES = f"{_PACKAGE}/aws/services.py"
_REFUSALS = f"{_PACKAGE}/aws/refusals.py"
_UNIT = "tests/unit"
_MODEL = "tests/model/test_model.py::test_protections"
_KILLS = "tests/model/kills/test_kills.py::test_protections"
_TOKENS = f"{_UNIT}/voiceid/test_voiceid_tokens.py"
_FORMATS = f"{_UNIT}/reporting/test_hostile_formats.py::test_the_same_texts_come_back_and_nothing_else"

MUTATIONS = (
    Mutation(
        "a domain whose creation was not answered is found again",
        _PROFILES,
        "ours = _made_by_this_call(call, name, inputs, error, began) if error.lost else None",
        "ours = None",
        trial="customerprofiles create/CreateDomain/dropped after/first",
    ),
    Mutation(
        "a domain that holds data is not deleted",
        _PROFILES,
        "    if not deletion.is_let_through(call.type.schema, outputs):\n",
        "    if False:\n",
        trial="customerprofiles destroy with data/GetDomain/throttled once/first",
    ),
    Mutation(
        "another domain of the same name is not deleted",
        _PROFILES,
        "if known is None or there is None or not is_same_moment(known, there):",
        "if False:",
        test=f"{_MODEL}[another domain of the same name is not deleted]",
    ),
    Mutation(
        "a deletion does not believe at once that a new domain is gone",
        _PROFILES,
        "live = reading.live(call, id, outputs, {}, _get)",
        "live = _get(call, id)",
        trial="customerprofiles destroy/GetDomain/stale read/first",
    ),
    Mutation(
        "an adoption does not believe at once that the domain is gone",
        _PROFILES,
        "live = reading.live(call, name, just_seen, {}, _get)",
        "live = _get(call, name)",
        trial="customerprofiles adopt/GetDomain/stale read/first",
    ),
    Mutation(
        "only AWS's own not-found means that a domain is gone",
        _PROFILES,
        '        return call.aws("GetDomain", _subject(call, name), domain_name=name)\n    except NotFound:',
        '        return call.aws("GetDomain", _subject(call, name), domain_name=name)\n    except AwsError:',
        trial="customerprofiles refresh/GetDomain/access denied/first",
    ),
    Mutation(
        "a read that says that a new domain is gone is repeated",
        _READING,
        "AGAIN_AFTER_SECONDS = (0.2, 0.5, 1.0)",
        "AGAIN_AFTER_SECONDS: tuple[float, ...] = ()",
        trial="voiceid refresh/DescribeDomain/stale read/first",
    ),
    Mutation(
        "a wait takes no answer that is older than the one before",
        _READING,
        "live = live if _is_stale(call, seen, live) else seen",
        "live = seen",
        trial="voiceid another key/DescribeDomain/stale read/first",
    ),
    Mutation(
        "the guard stops a replacement before anything is created",
        _LIFECYCLE,
        "return takes_the_place or not (deletion.is_let_through(schema, outputs) and replaces)",
        "return takes_the_place",
        trial="customerprofiles replacement with data/GetDomain/500/first",
    ),
    Mutation(
        "an answer that is no document is none",
        f"{_PACKAGE}/aws/sessions.py",
        '    made.register("before-parse", refuse_unusable)\n',
        "",
        test=f"{_UNIT}/aws/test_answers.py::test_a_spoiled_answer_is_no_answer[customer-profiles GetDomain]",
    ),
    Mutation(
        "a part of an error is not taken for the error",
        f"{_PACKAGE}/aws/answers.py",
        "    if is_error and _is_cut_off(response):\n",
        "    if False:\n",
        trial="customerprofiles adopt/CreateDomain/truncated answer/first",
    ),
    Mutation(
        "an answer that cannot be used is asked for again",
        _SERVICES,
        "UNUSABLE_AGAIN_AFTER_SECONDS[: self.access.max_attempts - 1]",
        "UNUSABLE_AGAIN_AFTER_SECONDS[:0]",
        trial="customerprofiles refresh/GetDomain/malformed answer/first",
    ),
    Mutation(
        "AWS's message shows no text of the domain",
        _REFUSALS,
        "    if not stands_in:\n        return message\n",
        "    return message\n",
        trial="customerprofiles create/CreateDomain/500/every",
    ),
    Mutation(
        "the error of a creation that may have happened has three lines",
        f"{_PACKAGE}/model/errors.py",
        "advice = [line for line in rest if line not in closing and not alone]",
        'advice = ["\\n".join([*rest, *closing])]',
        trial="customerprofiles create while reads are denied/CreateDomain/500/every",
    ),
    Mutation(
        "the next run takes over the Voice ID domain whose creation was not answered",
        f"{_PACKAGE}/operations/creating.py",
        "if not urn:",
        "if urn is not None:",
        trial="voiceid create/CreateDomain/dropped after/every",
    ),
    Mutation(
        "a replacement never gets the domain that it replaces",
        f"{_PACKAGE}/operations/creating.py",
        'return live["arn"] in call.replaced or not (',
        "return not (call.replaced or ",
        test=f"{_TOKENS}::test_a_replacement_never_gets_what_it_replaces",
    ),
    Mutation(
        "a deletion keeps what another declared entry holds",
        f"{_PACKAGE}/operations/call.py",
        "return identity in cls.held or identity in [*cls.declared.values()]",
        "return identity in cls.held",
        test="tests/unit/operations/test_run.py::test_a_deletion_keeps_what_a_declared_entry_holds",
    ),
    Mutation(
        "a domain that was taken over is made as the program says",
        f"{_PACKAGE}/voiceid/domain/api.py",
        '**update(call, id, {**there, "arn": live["arn"]}, inputs, found)',
        "**{}",
        test=f"{_TOKENS}::test_what_differs_on_it_is_made_as_the_program_says",
    ),
    Mutation(
        "tags in another order are the same request",
        f"{_PACKAGE}/voiceid/domain/api.py",
        "for key in sorted(owned)]",
        "for key in owned]",
        test=f"{_TOKENS}::test_tags_in_another_order_are_the_same_request",
    ),
    Mutation(
        "after a throttled answer calls keep a pace",
        _SERVICES,
        "        self._pace(operation_name).wait()",
        "        self._pace(operation_name)",
        test=f"{_UNIT}/aws/test_services.py::test_after_a_throttled_answer_calls_of_that_operation_keep_a_pace",
    ),
    Mutation(
        "a throttled call is repeated after the client has given up",
        _SERVICES,
        "THROTTLED_ROUNDS = 4",
        "THROTTLED_ROUNDS = 1",
        test=f"{_UNIT}/aws/test_services.py::test_a_call_that_the_client_gives_up_is_still_repeated",
    ),
    Mutation(
        "of two commands on one stack one is refused",
        "pulumi_local_engine/store/locks.py",
        'path.open("x"',
        'path.open("w"',
        test="tests/load/test_many_stacks.py::test_of_two_commands_on_one_stack_one_works_and_the_other_is_refused",
    ),
    Mutation(
        "a host keeps nothing of an operation",
        f"{_PACKAGE}/host/bridge.py",
        "answer = self.operations.check(request)",
        "vars(self).setdefault('kept', []).append(request); answer = self.operations.check(request)",
        test="tests/load/test_soak.py::test_a_host_and_the_local_aws_hold_no_more_after_some_hundred_operations",
    ),
    Mutation(
        "a drift check keeps nothing of a stack that it has read",
        f"{_PACKAGE}/drift/check.py",
        "self.reader.read_all(scratch, judged, done)",
        "vars(read_state).setdefault('kept', []).append(scratch); self.reader.read_all(scratch, judged, done)",
        test="tests/load/test_one_process.py::test_drift_checks_in_one_process_hold_no_more_after_a_dozen",
    ),
    Mutation(
        "no report begins a command of a CI system",
        f"{_PACKAGE}/reporting/escaping.py",
        "return _IN_A_DOCUMENT.sub(",
        "return document or _IN_A_DOCUMENT.sub(",
        test=f"{_FORMATS}[drift-junit-a command of Azure Pipelines]",
    ),
    Mutation(
        "no annotation begins another command",
        f"{_PACKAGE}/reporting/escaping.py",
        '_percent(line(title), "%:,")',
        '_percent(visible(title), "%:,")',
        test=f"{_FORMATS}[drift-github-a command of Azure Pipelines]",
    ),
    Mutation(
        "metrics have no marks of direction",
        f"{_PACKAGE}/reporting/openmetrics.py",
        "return line(cut(text",
        "return (cut(text",
        test=f"{_FORMATS}[drift-openmetrics-marks of direction]",
    ),
    Mutation(
        "Markdown begins no command",
        f"{_PACKAGE}/reporting/markdown.py",
        "(?P<command>:)",
        r"(?P<command>\Z:)",
        test=f"{_FORMATS}[drift-markdown-a workflow command]",
    ),
    Mutation(
        "the HTML page holds texts and no elements of others",
        f"{_PACKAGE}/drift/formats/html_format.py",
        "autoescape=True",
        "autoescape=False",
        test=f"{_FORMATS}[drift-html-elements]",
    ),
    Mutation(
        "a program that was imported holds texts and no code of others",
        f"{_PACKAGE}/adopt/program.py",
        'return letter if letter in "\'\\"" else repr(letter)[1:-1]',
        "return letter",
        test=f"{_FORMATS}[import-__main__.py-Python]",
    ),
    Mutation(
        "no state sends calls to an address of its own",
        f"{_PACKAGE}/drift/state.py",
        '_USED_CONFIG = ("aws:ignoreTags",',
        '_USED_CONFIG = ("endpoints", "aws:ignoreTags",',
        test="tests/unit/test_strange_files.py::test_no_file_sends_calls_to_an_address_of_its_own[drift]",
    ),
    Mutation(
        "a server without a trusted certificate gets no request",
        f"{_PACKAGE}/aws/sessions.py",
        "verify=None if access.verifies_tls else False",
        "verify=False",
        test=f"{_UNIT}/aws/test_impostors.py::test_a_server_without_a_trusted_certificate_gets_no_request",
    ),
    Mutation(
        "the account of a file is no account of these credentials",
        f"{_PACKAGE}/operations/command_calls.py",
        "if account and account != own:",
        "if False:",
        test="tests/unit/test_strange_files.py::test_the_account_of_a_file_is_no_account_of_these_credentials",
    ),
    Mutation(
        "no answer tells the session token",
        _SERVICES,
        "            about.token = turn.token\n",
        "",
        test="tests/secrets/test_settings.py::test_no_answer_tells_what_a_call_was_signed_with[keys]",
    ),
    Mutation(
        "a review tells no key of a map that is secret",
        f"{_PACKAGE}/review/rows.py",
        'if schema.at(each).kind == "map" and secrecy.hides(each)',
        "if False",
        test=f"{_UNIT}/review/test_secret_keys.py",
    ),
    Mutation(
        "no answer tells a text that state holds",
        _REFUSALS,
        "about.members, *about.known)",
        "about.members)",
        test="tests/secrets/test_operations.py::test_no_operation_tells_a_text_of_the_resource[customerprofiles-delete]",
    ),
    Mutation(
        "outputs that repeat a secret are secret",
        f"{_PACKAGE}/host/secrecy.py",
        "        if _may_be_secret(sources):\n",
        "        if False:\n",
        test="tests/secrets/test_stacks.py::test_a_stack_keeps_and_shows_no_secret[each_whole]",
    ),
    Mutation(
        "a state of a newer form is left alone",
        f"{_PACKAGE}/host/bridge.py",
        "        if refusal := state_format.CURRENT.refusal(state, self._noun):",
        '        if refusal := "":',
        test="tests/upgrades/test_downgrade.py::test_a_state_of_a_form_that_is_not_known_is_left_alone",
    ),
    Mutation(
        "a property of a newer version is named, and stays in AWS",
        _LIFECYCLE,
        "        newer = state_format.unknown_names(request.state, self.schema.members)\n",
        "        newer: list[Notice] = []\n",
        test="tests/upgrades/test_downgrade.py::test_a_property_that_is_not_known_is_named_and_stays_in_aws",
    ),
    Mutation(
        "a name that is taken is named, and how it is taken over",
        _PROFILES,
        '        if inputs.get("adopt_existing") is not True:\n            raise',
        "        if False:\n            raise",
        test=f"{_KILLS}[a host that dies with the creation sent: the domain is named, and how it is taken over]",
    ),
    Mutation(
        "a host finishes what it has begun when its engine dies",
        "pulumi_local_engine/provider/runner.py",
        "    when_the_engine_ends(finish)",
        "    pass",
        test=f"{_KILLS}[an engine that dies: its host finishes what it has begun, and the domain is named]",
    ),
    Mutation(
        "an engine that is asked to end waits for what was begun",
        "pulumi_local_engine/program/engine.py",
        "        one.executor.wait()\n        one.report",
        "        one.report",
        test=f"{_KILLS}[an engine that is asked to end waits for the creation, and notes it]",
    ),
    Mutation(
        "an engine that is asked to end leaves no lock",
        "pulumi_local_engine/cli/running.py",
        "    with _sigterm_as_interrupt(), nullcontext()",
        "    with nullcontext()",
        test=f"{_KILLS}[an engine that is asked to end when all is done leaves no lock]",
    ),
)
"""Each names the sentence that it protects, the place, and who notices."""
