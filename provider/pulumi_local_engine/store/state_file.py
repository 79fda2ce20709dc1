"""What a stack's state file holds, as commands need it: secrets providers, outputs, secrets in clear."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..cli.printing import plain_text, table
from ..cli.surroundings import say
from ..model.passphrase import Passphrase
from ..model.resource import deployment_from_json, transform_secrets
from ..model.values import SECRET_SIGNATURE, SIGNATURE, blind, clear
from .backend import StackName
from .workspace import Workspace


def provider_json(secrets: Passphrase) -> dict[str, Any]:
    return {"type": secrets.type, "state": secrets.state}


def empty_deployment(secrets: Passphrase) -> dict[str, Any]:
    """What a stack's state is before its first update."""
    return {"secrets_providers": provider_json(secrets), "metadata": {}}


def stack_outputs(workspace: Workspace, name: StackName, decrypted: bool) -> dict[str, Any]:
    """The outputs of the stack's last update, secret ones marked; only if `decrypted` the marks hold values."""
    found = workspace.backend.load(name)
    roots = [r for r in (found["deployment"] or {}).get("resources") or () if r["type"] == "pulumi:pulumi:Stack"]
    secrets = workspace.state_secrets(name) if decrypted else None
    deployment = deployment_from_json(
        {"deployment": {"resources": roots[:1]}}, secrets.decrypt if secrets else lambda ciphertext: "null"
    )
    return dict(deployment.resources[0].outputs) if deployment.resources else {}


def show_outputs(outputs: Mapping[str, Any], show_secrets: bool) -> None:
    shown = clear(dict(outputs)) if show_secrets else blind(dict(outputs))
    if not shown:
        say("Current stack outputs (0):\n    No output values currently in this stack")
        return
    say(f"Current stack outputs ({len(shown)}):")
    table([("OUTPUT", "VALUE"), *((key, plain_text(value)) for key, value in sorted(shown.items()))], "    ")


def with_plaintexts(found: dict[str, Any], secrets: Passphrase | None) -> dict[str, Any]:
    """The export with every secret in clear: `{SIGNATURE: …, "plaintext": JSON text}` in place of its ciphertext."""

    def opened(secret: dict[str, Any]) -> dict[str, Any]:
        if secrets is None or "ciphertext" not in secret:
            return secret
        return {SIGNATURE: SECRET_SIGNATURE, "plaintext": secrets.decrypt(secret["ciphertext"])}

    return {**found, "deployment": transform_secrets(found["deployment"], opened)}
