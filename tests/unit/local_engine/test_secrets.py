"""The passphrase provider against salts and ciphertexts that the CLI (3.260.0) wrote."""

from __future__ import annotations

from pathlib import Path

import pytest
from pulumi_local_engine.model.secrets import (
    Passphrase,
    SecretsError,
    read_passphrase,
    refuse_other_providers,
)

SALT_OF_CLI = "v1:Yh7WFi58WpM=:v1:MZ3PXrPwEjDy0Hs4:VCmgrxAYyL2smHLmALrH3CI9S/OJGw=="
CIPHERTEXT_OF_CLI = "v1:loK53gLAo+xHxN8a:HxjAws96yJfjX5t43AVxBW+9ig=="


def test_what_the_cli_encrypted_is_read() -> None:
    assert Passphrase("pw", SALT_OF_CLI).decrypt(CIPHERTEXT_OF_CLI) == "sec"


def test_a_new_salt_and_its_ciphertexts_are_read_by_another_object() -> None:
    made = Passphrase.create("ünïcode 漢字")
    ciphertext = made.encrypt('{"a": "漢字"}')
    assert ciphertext != made.encrypt('{"a": "漢字"}'), "each ciphertext has a nonce of its own"
    assert Passphrase("ünïcode 漢字", made.salt).decrypt(ciphertext) == '{"a": "漢字"}'


def test_a_deployment_says_with_which_provider_it_was_written() -> None:
    made = Passphrase("pw", SALT_OF_CLI)
    environment = {"PULUMI_CONFIG_PASSPHRASE": "pw"}
    read = Passphrase.of_state({"secrets_providers": made.state_json}, environment)
    assert read
    assert read.decrypt(CIPHERTEXT_OF_CLI) == "sec"
    assert Passphrase.of_state({}, environment) is None
    with pytest.raises(SecretsError, match="awskms"):
        Passphrase.of_state({"secrets_providers": {"type": "awskms", "state": {}}}, environment)


@pytest.mark.parametrize(
    ("passphrase", "salt", "ciphertext", "said"),
    [
        pytest.param("wrong", SALT_OF_CLI, CIPHERTEXT_OF_CLI, "incorrect passphrase", id="another passphrase"),
        pytest.param("pw", "v2:AA==:x", CIPHERTEXT_OF_CLI, "v1:SALT:TEST", id="a salt of another version"),
        pytest.param("pw", "v1", CIPHERTEXT_OF_CLI, "v1:SALT:TEST", id="half a salt"),
        pytest.param(
            "pw", SALT_OF_CLI, CIPHERTEXT_OF_CLI[:-8] + "AAAAAA==", "changed since", id="a changed ciphertext"
        ),
        pytest.param("pw", SALT_OF_CLI, "plain", "v1:NONCE:TEXT", id="no ciphertext at all"),
    ],
)
def test_what_cannot_be_decrypted_is_an_error_in_words(passphrase: str, salt: str, ciphertext: str, said: str) -> None:
    with pytest.raises(SecretsError, match=said):
        Passphrase(passphrase, salt).decrypt(ciphertext)


def test_the_variable_wins_over_the_file_and_may_be_empty(tmp_path: Path) -> None:
    file = tmp_path / "passphrase"
    file.write_text("from the file\n")
    both = {"PULUMI_CONFIG_PASSPHRASE": "", "PULUMI_CONFIG_PASSPHRASE_FILE": str(file)}
    assert read_passphrase(both) == ""
    assert read_passphrase({"PULUMI_CONFIG_PASSPHRASE_FILE": str(file)}) == "from the file"


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        pytest.param({}, "passphrase must be set", id="no passphrase"),
        pytest.param({"PULUMI_CONFIG_PASSPHRASE_FILE": "/no/such/file"}, "cannot be read", id="no such file"),
    ],
)
def test_a_passphrase_that_is_not_there(environment: dict[str, str], said: str) -> None:
    with pytest.raises(SecretsError, match=said):
        read_passphrase(environment)


@pytest.mark.parametrize("url", ["awskms://alias/key", "b64", "none", "service", "hashivault://key"])
def test_other_providers_are_refused_by_name(url: str) -> None:
    with pytest.raises(SecretsError, match=url):
        refuse_other_providers(url)


@pytest.mark.parametrize("url", [None, "", "default", "passphrase"])
def test_passphrase_is_the_default(url: str | None) -> None:
    refuse_other_providers(url)
