"""The protections."""

from __future__ import annotations

from . import Mutation

_PACKAGE = "pulumi_connect_domains"
_PROFILES = f"{_PACKAGE}/customerprofiles/domain/api.py"
_LIFECYCLE = f"{_PACKAGE}/operations/lifecycle.py"
_READING = f"{_PACKAGE}/operations/reading.py"
_SERVICES = f"{_PACKAGE}/aws/services.py"
_REFUSALS = f"{_PACKAGE}/aws/refusals.py"
_MODEL = "tests/model/test_model.py::test_protections"

MUTATIONS = (
    Mutation(
        "a domain whose creation was not answered is found again",
        _PROFILES,
        "ours = _made_by_this_call(call, name, inputs, error, began) if error.lost else None",
        "ours = None",
        trial="customerprofiles create/CreateDomain/dropped after/first",
    ),
    Mutation(
        "the account is asked for before the domain is created, since nothing may fail afterwards",
        _PROFILES,
        'return name, {**answer, "arn": arn}',
        'return name, {**answer, "arn": _arn(call, name)}',
        test="tests/unit/customerprofiles/test_api.py",
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
        trial="customerprofiles refresh/GetDomain/malformed answer/every",
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
        trial="customerprofiles create/CreateDomain/dropped after/every",
    ),
    Mutation(
        "a request that was not answered counts as perhaps carried out",
        _REFUSALS,
        "    raised.lost = kind is NoAnswer\n",
        "",
        test="tests/unit/aws",
    ),
)
"""Each names the sentence that it protects, the place, and who notices."""
