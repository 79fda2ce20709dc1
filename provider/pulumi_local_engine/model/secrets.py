"""Secrets: their encryption with a passphrase, as in state and settings, and the filter that everything goes through which leaves a run.

**Encryption** is the CLI's, so that stacks move between engines. A salt is `v1:SALT:TEST`: TEST is the ciphertext of a known word, which
tells a wrong passphrase from the right one. A ciphertext is `v1:NONCE:TEXT`: AES-256-GCM under a key that PBKDF2 (SHA-256, a million
rounds) derives from passphrase and salt. All in base64.

**The filter** hides two kinds. Of values that are *marked* secret, by the program or a provider, the mark stays, the value behind it does
not. And the texts of secret configuration values go, wherever they turn up: a program may print one, a provider may quote it in an
error, and an output may repeat it unmarked. Source: `AddGlobalSecretFilter` and `filterPropertyValue` of CLI 3.260.0. Like the CLI, it
leaves URNs, ids and the keys of maps alone; unlike the CLI, it hides secrets also in the steps of `preview --json`.
"""

import hashlib
import json
import os
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cached_property, lru_cache
from hashlib import pbkdf2_hmac
from pathlib import Path
from typing import Any, Final

from .events import Diagnostic, Event, Result
from .resource import Resource
from .values import UNKNOWN_TEXT, Secret, clear, inside, transform

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
    def create(cls, passphrase: str) -> "Passphrase":
        """A secrets provider with a fresh salt."""
        provider = cls(passphrase, f"{VERSION}:{_text(os.urandom(SALT_BYTES))}:")
        provider.salt += _encrypt(provider._derive(), TEST_WORD)
        return provider

    @classmethod
    def of_state(cls, deployment: Mapping[str, Any], environment: Mapping[str, str]) -> "Passphrase | None":
        """The provider that a deployment was written with; None when it names none. Raises SecretsError for other kinds."""
        found = deployment.get("secrets_providers") or {}
        if not found.get("type"):
            return None
        refuse_other_providers(found["type"])
        return cls(read_passphrase(environment), (found.get("state") or {}).get("salt") or "")

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
        with suppress(ValueError):
            if _decrypt(key, self.salt.split(":", 2)[2]) == TEST_WORD:
                return key
        where = "PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE"
        raise SecretsError(f"incorrect passphrase: {where} must hold this stack's")

    def _derive(self) -> bytes:
        version, _, rest = self.salt.partition(":")
        salt, separator, _ = rest.partition(":")
        if version != VERSION or not separator:
            raise SecretsError(f"the encryption salt is not of the form {VERSION}:SALT:TEST")
        return _key(self.passphrase, salt, ROUNDS)


@lru_cache(maxsize=64)
def _key(passphrase: str, salt: str, rounds: int) -> bytes:
    """Kept, for a process that runs many commands."""
    try:
        return pbkdf2_hmac("sha256", passphrase.encode(), b64decode(salt), rounds, KEY_BYTES)
    except ValueError as error:
        raise SecretsError(f"the encryption salt, or the passphrase, cannot be read: {error}") from None


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
    except (OSError, UnicodeError) as error:
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


# -- the filter ------------------------------------------------------------------------------------------------------

HIDDEN: Final = "[secret]"
SHORTEST: Final = 3
"""Texts of fewer characters are not hidden: everything would be full of the word."""
_PLAIN_WORDS: Final = ("true", "false")


def shown(value: Any, secret: Any = HIDDEN) -> Any:
    """The value as plain JSON: `[secret]`, or what is given instead, for what is marked secret; the protocol's text for an unknown."""
    return transform(value, lambda _: secret, UNKNOWN_TEXT)


class Mask:
    """Puts `[secret]` where one of the texts stands, also as JSON writes it and, of one with several lines, any of its lines."""

    def __init__(self, secrets: Iterable[str]) -> None:
        texts = {text for secret in secrets for text in _spellings(secret)}
        # The longest first: a secret that begins another must not leave the rest of it in sight.
        wanted = sorted(texts, key=lambda text: (-len(text), text))
        self._pattern = re.compile("|".join(map(re.escape, wanted))) if wanted else None
        self._key = os.urandom(16)

    def event(self, event: Event) -> Event:
        """The event, as it may leave the engine."""
        if isinstance(event, Diagnostic):
            return replace(event, message=self.text(event.message))
        step = event.step
        return replace(event, step=replace(step, old=self._resource(step.old), new=self._resource(step.new)))

    def result(self, result: Result) -> Result:
        """The result, as it may leave the engine."""
        return replace(result, outputs=self._value(dict(result.outputs)))

    def text(self, text: str) -> str:
        return self._pattern.sub(HIDDEN, text) if self._pattern else text

    def _resource(self, resource: Resource | None) -> Resource | None:
        return resource and resource.copy(
            inputs=self._value(resource.inputs),
            outputs=self._value(resource.outputs),
            init_errors=tuple(map(self.text, resource.init_errors)),
        )

    def _value(self, value: Any) -> Any:
        if isinstance(value, Secret):
            # The same number for the same value, so that a view can tell that a secret has changed. It says nothing else.
            text = json.dumps(clear(value.value), sort_keys=True)
            return Secret(hashlib.blake2b(text.encode(), key=self._key).hexdigest())
        return self.text(value) if isinstance(value, str) else inside(value, self._value)


def _spellings(secret: str) -> Iterator[str]:
    """How the secret may stand in a text."""
    for text in (secret, *secret.splitlines()):
        for spelt in (text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]):
            if len(spelt) >= SHORTEST and spelt.lower() not in _PLAIN_WORDS:
                yield spelt
