"""Stack config and Providers are read by one table: every setting, in every form, and what is wrong with it."""

from __future__ import annotations

import dataclasses
import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_connect_domains.aws.access import Access, Role
from pulumi_connect_domains.model.errors import ConfigurationError
from pulumi_connect_domains.model.tags import TagPolicy
from pulumi_connect_domains.model.warning import Notice
from pulumi_connect_domains.model.wording import camel_case, snake_case
from pulumi_connect_domains.operations import PROVIDER_MARK, forms
from pulumi_connect_domains.operations.configuration import Configuration
from pulumi_connect_domains.operations.settings import from_config
from pulumi_connect_domains.operations.vocabulary import IRRELEVANT, SETTINGS, WITHOUT_EFFECT

ROLE = "arn:aws:iam::222222222222:role/deploy"
EMPTY = Configuration()


def stack(**settings: Any) -> Configuration:
    """The configuration of stack config with these settings, as the engine hands it over: text, objects as JSON text."""
    texts = {f"aws:{camel_case(name)}": v if isinstance(v, str) else json.dumps(v) for name, v in settings.items()}
    return from_config(texts, {})


def provider(**settings: Any) -> Configuration:
    """The configuration of a Provider with these inputs, as the engine hands them over: typed, numbers as floats."""
    as_floats = {name: float(v) if type(v) is int else v for name, v in settings.items()}
    return from_config({PROVIDER_MARK: "1", **as_floats}, {})


CASES: list[tuple[str, Any, Configuration]] = [
    ("region", " eu-west-2 ", Configuration(region="eu-west-2")),
    ("profile", "team", Configuration(access=Access(profile="team"))),
        ("token", "t0ken", Configuration(access=Access(token="t0ken"))),
    ("assume_roles", [{"role_arn": ROLE}], Configuration(access=Access(roles=(Role(ROLE),)))),
    ("assume_roles", [{"roleArn": ROLE, "duration": "90m"}], Configuration(access=Access(roles=(Role(ROLE, duration_seconds=5400),)))),
    (
        "assume_roles",
        [{"roleArn": ROLE, "durationSeconds": 900.0}],
        Configuration(access=Access(roles=(Role(ROLE, duration_seconds=900),))),
    ),
    (
        "assume_roles",
        [
            {
                "roleArn": ROLE, "sessionName": "s", "externalId": "e", "policy": "{}", "policyArns": ["p"], "sourceIdentity": "i",
                "tags": {"costCenter": "1"}, "transitiveTagKeys": ["costCenter"],
            }
        ],
        Configuration(access=Access(roles=(Role(ROLE, "s", "e", None, "{}", ("p",), "i", (("costCenter", "1"),), ("costCenter",)),))),
    ),
    ("assume_role", {"roleArn": ROLE}, Configuration(access=Access(roles=(Role(ROLE),)))),
    (
        "assume_role_with_web_identity",
        {"roleArn": ROLE, "webIdentityTokenFile": "/token"},
        Configuration(access=Access(roles=(Role(ROLE, web_identity_token_file="/token"),))),
    ),
    ("sts_region", "us-east-1", Configuration(access=Access(sts_region="us-east-1"))),
    (
        "endpoints",
        [{"voiceid": "http://a", "sts": "http://b"}],
        Configuration(access=Access(endpoints=(("sts", "http://b"), ("voiceid", "http://a")))),
    ),
    ("endpoints", {"sts": "http://b"}, Configuration(access=Access(endpoints=(("sts", "http://b"),)))),
    ("max_retries", 3, Configuration(access=Access(max_attempts=3))),
    ("retry_mode", "adaptive", Configuration(access=Access(retry_mode="adaptive"))),
    ("default_tags", {"tags": {"team": "crm"}}, Configuration(tags=TagPolicy({"team": "crm"}))),
    ("default_tags", {"tags": "crm"}, Configuration(tags=TagPolicy({"tags": "crm"}))),
    (
        "ignore_tags",
        {"keys": ["owner"], "keyPrefixes": ["kubernetes.io/"]},
        Configuration(tags=TagPolicy({}, frozenset({"owner"}), ("kubernetes.io/",))),
    ),
    ("allowed_account_ids", ["012345678901"], Configuration(allowed_account_ids=("012345678901",))),
    ("forbidden_account_ids", ["222222222222"], Configuration(forbidden_account_ids=("222222222222",))),
    ("skip_metadata_api_check", True, Configuration(access=Access(skips_metadata=True))),
    ("insecure", True, Configuration(access=Access(verifies_tls=False))),
    ("https_proxy", "http://p:1", Configuration(access=Access(proxies=(("https", "http://p:1"),)))),
    ("shared_config_files", ["/c"], Configuration(access=Access(variables=(("config_file", "/c"),)))),
    ("shared_credentials_files", ["/c"], Configuration(access=Access(variables=(("credentials_file", "/c"),)))),
    ("custom_ca_bundle", "/ca", Configuration(access=Access(variables=(("ca_bundle", "/ca"),)))),
    ("use_fips_endpoint", True, Configuration(access=Access(variables=(("use_fips_endpoint", True),)))),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "expected"), CASES, ids=[f"{name} {value}" for name, value, _ in CASES])
def test_each_setting_means_the_same_in_stack_config_and_provider(
    name: str, value: Any, expected: Configuration
) -> None:
    assert stack(**{name: value}) == expected
    assert provider(**{name: value}) == dataclasses.replace(expected, is_explicit=True)


def test_every_setting_is_among_the_cases_or_is_a_session_variable() -> None:
    tried = {name for name, _, _ in CASES}
    left = {name for name, setting in SETTINGS.items() if name not in tried and not setting.variable}
    assert left == {"http_proxy", "access_key", "secret_key"}


def test_every_setting_and_each_of_its_members_is_described_in_whole_sentences() -> None:
    texts = {name: setting.description for name, setting in SETTINGS.items()}
    texts |= {f"{name}.{member}": text for name, each in SETTINGS.items() for member, text in each.members.items()}
    assert [
        name for name, text in texts.items() if not re.fullmatch(r"(The|How|Whether|An?|One|botocore's) .{20,}\.", text)
    ] == []


def test_the_members_that_are_described_are_those_that_are_read() -> None:
    role = {each.name for each in dataclasses.fields(Role)} - {"arn", "duration_seconds"} | {"role_arn", "duration"}
    assert SETTINGS["assume_roles"].members.keys() == role - {"web_identity_token", "web_identity_token_file"}
    assert SETTINGS["assume_role_with_web_identity"].members.keys() < role
    given = {name: [name] for name in SETTINGS["ignore_tags"].members}
    assert SETTINGS["ignore_tags"].form(given) == (("keys",), ("key_prefixes",))


def test_keys_come_in_pairs() -> None:
    expected = Configuration(access=Access(access_key="AKIA", secret_key="s3cr3t"))
    assert stack(access_key="AKIA", secret_key="s3cr3t") == expected


def test_nothing_given_is_nothing_configured() -> None:
    assert from_config({}, {}) == EMPTY
    assert from_config({"project:region": "eu-west-2", "aws:region": "", "aws:profile": None}, {}) == EMPTY
    assert from_config({PROVIDER_MARK: "1"}, {}) == dataclasses.replace(EMPTY, is_explicit=True)


def test_a_provider_is_not_moved_by_keys_of_stack_config() -> None:
    assert provider(**{"aws:region": "us-west-2"}).region == ""


@pytest.mark.parametrize(
    ("name", "value", "mistake"),
    [
        ("region", 5.0, "should be text"),
    ("sts_region", "London", "should be the name of a region, such as eu-west-2"),
    ("access_key", "AKIA", "is of no use without secret_key of the Provider"),
    ("secret_key", "s3cr3t", "is of no use without access_key of the Provider"),
        ("max_retries", "many", "should be a whole number from 1 on"),
        ("max_retries", "0", "should be a whole number from 1 on"),
        ("max_retries", True, "should be a whole number from 1 on"),
        ("retry_mode", "legacy", "should be standard or adaptive"),
        ("insecure", "yes", "should be true or false"),
        ("assume_roles", "{", "should be JSON"),
        ("assume_roles", "5", "should be a list of objects"),
        ("assume_roles", ["arn"], "should be JSON"),
        ("assume_roles", [{"sessionName": "s"}], "a role has no role ARN"),
        ("assume_roles", [{"roleArn": ROLE, "duration": "soon"}], "the duration of a role should be such as 3600s, 60m or 1h"),
        ("endpoints", {"sts": "b"}, "should hold URLs, such as http://127.0.0.1:5000"),
        ("default_tags", {"tags": {"n": 1}}, "should be a map of tags, whose values are texts"),
        ("default_tags", {"AWS:x": "1"}, "has a key that begins with aws:, which AWS keeps for itself"),
        ("ignore_tags", ["k"], "should be an object"),
        ("ignore_tags", {"keys": "k"}, "should be JSON"),
        ("allowed_account_ids", [123456789012], "should be a list of account numbers: twelve digits each, in quotes"),
        ("shared_config_files", ["/a", "/b"], "should name one file: more than one is not supported"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_read_is_named_and_not_shown(name: str, value: Any, mistake: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        provider(**{name: value})
    assert str(error.value) == f"{name} of the Provider: {mistake}"


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(ConfigurationError) as error:
        stack(retry_mode="legacy", insecure="maybe", region="eu-west-2")
    assert str(error.value) == "aws:retryMode: should be standard or adaptive\naws:insecure: should be true or false"


def test_the_web_identity_is_the_first_step_of_a_chain() -> None:
    both = stack(
        assume_roles=[{"roleArn": "second"}],
        assume_role_with_web_identity={"roleArn": "first", "webIdentityToken": "t"},
    )
    assert [role.arn for role in both.access.roles] == ["first", "second"]


def test_what_has_no_effect_says_so() -> None:
    found = from_config({"aws:profle": "x", "aws:noProxy": "x", "aws:s3UsePathStyle": "true", "aws:brandNew": "1"}, {})
    assert found.notices == (
        Notice(
            "config-unknown", "aws:profle", "is not a setting known here, and does nothing; did you mean aws:profile?"
        ),
        Notice("config-without-effect", "aws:noProxy", "has no effect here; set the variable NO_PROXY"),
        Notice("config-unknown", "aws:brandNew", "is not a setting known here, and does nothing"),
    )


def test_every_setting_of_pulumi_aws_is_known() -> None:
    package = find_spec("pulumi_aws")
    assert package is not None
    assert package.origin is not None
    source = (Path(package.origin).parent / "config" / "vars.py").read_text(encoding="utf-8")
    names = {snake_case(name) for name in re.findall(r"__config__\.get\w*\('(\w+)'", source)}
    assert len(names) > 30
    assert names - set(SETTINGS) - IRRELEVANT - set(WITHOUT_EFFECT) == set()


def test_every_setting_and_warning_is_documented() -> None:
    reference = Path(__file__).parents[3] / "docs" / "reference"
    settings = (reference / "provider.md").read_text(encoding="utf-8")
    assert [name for name in SETTINGS if f"`aws:{camel_case(name)}`" not in settings] == []
    warnings = (reference / "warnings.md").read_text(encoding="utf-8")
    for rule in (
        "config-unknown",
        "config-without-effect",
        "tag-ignored",
        "plain-secret",
        "region-unknown",
        "silence-unreadable",
    ):
        assert f"`{rule}`" in warnings


@pytest.mark.parametrize("said", ["a, b", "a b", '["a", "b"]', ["a", "b"]])
def test_silenced_rules_come_from_config_provider_and_environment(said: Any) -> None:
    assert from_config({PROVIDER_MARK: "1", "silence": said}, {}).silenced == {"a", "b"}
    if isinstance(said, str):
        assert from_config({"connect-domains:silence": said}, {"CONNECT_DOMAINS_SILENCE": "c"}).silenced == {
            "a",
            "b",
            "c",
        }


def test_secrets_show_in_no_repr() -> None:
    roles = [{"roleArn": ROLE, "externalId": "s3cr3t", "policy": "s3cr3t", "webIdentityToken": "s3cr3t"}]
    found = stack(
        access_key="s3cr3t", secret_key="s3cr3t", token="s3cr3t", assume_roles=roles, https_proxy="http://u:s3cr3t@p:1"
    )
    assert "s3cr3t" not in repr(found)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, value, _ in CASES])
def test_an_access_is_hashable(name: str, value: Any) -> None:
    assert len({stack(**{name: value}).access, stack(**{name: value}).access}) == 1


@given(st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
def test_durations_are_gos(hours: int, minutes: int, seconds: int) -> None:
    total = hours * 3600 + minutes * 60 + seconds
    assert forms.seconds(f"{hours}h{minutes}m{seconds}s") == total
    if total:
        assert forms.seconds(float(total)) == total


@given(st.from_regex(r"[a-z]+(_[a-z]+)*", fullmatch=True))
def test_spellings_go_back_and_forth(name: str) -> None:
    assert snake_case(camel_case(name)) == name


@pytest.mark.parametrize(
    "said", ["[a", '["a", 1]', '{"a": true}', '"' + "[" * 100_000, ["a", 1], 7], ids=lambda said: str(said)[:12]
)
@pytest.mark.parametrize("raw", [{}, {PROVIDER_MARK: "1"}], ids=["stack", "provider"])
def test_a_list_of_silenced_rules_that_cannot_be_read_is_named_and_silences_nothing(
    raw: dict[str, Any], said: Any
) -> None:
    key = "silence" if raw else "connect-domains:silence"
    said = said.lstrip('"') if isinstance(said, str) else said
    found = from_config({**raw, key: said}, {"CONNECT_DOMAINS_SILENCE": "[b", "other": "x"})
    assert found.silenced == frozenset()
    form = "should be names of rules, with commas or blanks between them, or a list of texts; it silences nothing"
    assert [(each.rule, str(each)) for each in found.notices] == [
        ("silence-unreadable", f"connect-domains:silence: {form}"),
        ("silence-unreadable", f"CONNECT_DOMAINS_SILENCE: {form}"),
    ]
