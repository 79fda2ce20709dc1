"""What a stack's state file holds, as commands need it: secrets providers, outputs, secrets in clear."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..backend import StackName
from ..secrets import Passphrase
from ..state import deployment_from_json
from ..values import blind, clear
from .printing import plain_text, table
from .surroundings import say
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
    if secrets is None:
        return found

    def opened(value: Any) -> Any:
        if isinstance(value, list):
            return [opened(item) for item in value]
        if isinstance(value, dict):
            if "ciphertext" in value and len(value) == 2:
                kept = {key: item for key, item in value.items() if key != "ciphertext"}
                return {**kept, "plaintext": secrets.decrypt(value["ciphertext"])}
            return {key: opened(item) for key, item in value.items()}
        return value

    return {**found, "deployment": opened(found["deployment"])}
