"""The CLI's passphrase secrets provider: the same salts and ciphertexts, so that stacks move between engines.

A salt is `v1:SALT:TEST`: TEST is the ciphertext of a known word, which tells a wrong passphrase from the right one. A ciphertext is
`v1:NONCE:TEXT`: AES-256-GCM under a key that PBKDF2 (SHA-256, a million rounds) derives from passphrase and salt. All in base64.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from functools import cached_property, lru_cache
from hashlib import pbkdf2_hmac
from pathlib import Path
from typing import Any

NAME = "passphrase"
VERSION = "v1"
ROUNDS = 1_000_000
KEY_BYTES = 32
SALT_BYTES = 8
NONCE_BYTES = 12
TEST_WORD = "pulumi"


class SecretsError(Exception):
    """A secret cannot be read or written: no passphrase, the wrong one, or an unsupported provider of secrets."""


class Passphrase:
    """Encrypts and decrypts with one passphrase and salt; the key is derived at first use, for that takes a while."""

    def __init__(self, passphrase: str, salt: str) -> None:
        self.passphrase, self.salt = passphrase, salt

    @classmethod
    def create(cls, passphrase: str) -> Passphrase:
        """A secrets provider with a fresh salt."""
        provider = cls(passphrase, f"{VERSION}:{_text(os.urandom(SALT_BYTES))}:")
        provider.salt += _encrypt(provider._derive(), TEST_WORD)
        return provider

    @classmethod
    def of_state(cls, deployment: Mapping[str, Any], environment: Mapping[str, str]) -> Passphrase | None:
        """The provider that a deployment was written with; None when it names none. Raises SecretsError for other kinds."""
        found = deployment.get("secrets_providers") or {}
        if not found.get("type"):
            return None
        refuse_other_providers(found["type"])
        return cls(read_passphrase(environment), found["state"]["salt"])

    @property
    def state_json(self) -> dict[str, Any]:
        """What a deployment says of its secrets provider, below `secrets_providers`."""
        return {"type": NAME, "state": {"salt": self.salt}}

    def encrypt(self, plaintext: str) -> str:
        """The ciphertext of a text. Raises SecretsError when the passphrase is not the salt's."""
        return _encrypt(self._key, plaintext)

    def decrypt(self, ciphertext: str) -> str:
        """The text behind a ciphertext. Raises SecretsError when it was not written with this passphrase and salt."""
        try:
            return _decrypt(self._key, ciphertext)
        except ValueError as error:
            raise SecretsError(f"decrypting secret value: {error}") from None

    @cached_property
    def _key(self) -> bytes:
        key = self._derive()
        try:
            fits = _decrypt(key, self.salt.split(":", 2)[2]) == TEST_WORD
        except ValueError:
            fits = False
        if not fits:
            raise SecretsError(
                "incorrect passphrase: PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE must hold this stack's"
            )
        return key

    def _derive(self) -> bytes:
        version, _, rest = self.salt.partition(":")
        salt, separator, _ = rest.partition(":")
        if version != VERSION or not separator:
            raise SecretsError(f"the encryption salt is not of the form {VERSION}:SALT:TEST")
        return _key(self.passphrase, salt, ROUNDS)


@lru_cache(maxsize=64)
def _key(passphrase: str, salt: str, rounds: int) -> bytes:
    """Kept, for a process that runs many commands."""
    return pbkdf2_hmac("sha256", passphrase.encode(), b64decode(salt), rounds, KEY_BYTES)


def read_passphrase(environment: Mapping[str, str]) -> str:
    """The passphrase of the environment: the variable's, or else the file's. Raises SecretsError when there is none."""
    if "PULUMI_CONFIG_PASSPHRASE" in environment:
        return environment["PULUMI_CONFIG_PASSPHRASE"]
    path = environment.get("PULUMI_CONFIG_PASSPHRASE_FILE")
    if not path:
        raise SecretsError(
            "passphrase must be set: PULUMI_CONFIG_PASSPHRASE holds it, or PULUMI_CONFIG_PASSPHRASE_FILE names its file"
        )
    try:
        return Path(path).read_text("utf-8").strip()
    except OSError as error:
        raise SecretsError(f"PULUMI_CONFIG_PASSPHRASE_FILE cannot be read: {error}") from None


def refuse_other_providers(url: str | None) -> None:
    """Raises SecretsError, which names the provider, unless the stack's secrets are kept by a passphrase."""
    if url not in (None, "", "default", NAME):
        raise SecretsError(f"secrets provider '{url}': the local engine knows 'passphrase' only")


def _encrypt(key: bytes, plaintext: str) -> str:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(NONCE_BYTES)
    return f"{VERSION}:{_text(nonce)}:{_text(AESGCM(key).encrypt(nonce, plaintext.encode(), None))}"


def _decrypt(key: bytes, ciphertext: str) -> str:
    """Raises ValueError when the text is not a ciphertext, or not one of this key."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    version, nonce, text = (*ciphertext.split(":"), "", "")[:3]
    if version != VERSION:
        raise ValueError(f"a ciphertext of the form {VERSION}:NONCE:TEXT was expected")
    try:
        return AESGCM(key).decrypt(b64decode(nonce), b64decode(text), None).decode()
    except InvalidTag:
        raise ValueError("it was encrypted with another key, or changed since") from None


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()
