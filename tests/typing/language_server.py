"""A client of basedpyright's language server, which is what an editor asks: Pylance is made of the same code."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from typing_extensions import Self

PROGRAM = Path(sysconfig.get_path("scripts")) / "basedpyright-langserver"
MARKDOWN = ["markdown", "plaintext"]
CAPABILITIES = {
    "workspace": {"configuration": True, "workspaceFolders": True},
    "textDocument": {
        "hover": {"contentFormat": MARKDOWN},
        "signatureHelp": {
            "signatureInformation": {
                "documentationFormat": MARKDOWN,
                "parameterInformation": {"labelOffsetSupport": True},
            }
        },
        "completion": {"completionItem": {"documentationFormat": MARKDOWN}},
    },
}


class LanguageServer:
    """The server, with one program opened in it. As a context manager it is ended at the end."""

    def __init__(self, folder: Path, program: str) -> None:
        file = folder / "program.py"
        file.write_text(program, encoding="utf-8")
        self._document = {"uri": file.as_uri()}
        self._lines = program.splitlines()
        self._number = 0
        self._process = subprocess.Popen(
            [PROGRAM, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        root = {"uri": folder.as_uri(), "name": folder.name}
        self._ask(
            "initialize",
            {"processId": None, "rootUri": root["uri"], "workspaceFolders": [root], "capabilities": CAPABILITIES},
        )
        self._tell("initialized", {})
        self._tell(
            "textDocument/didOpen",
            {"textDocument": {**self._document, "languageId": "python", "version": 1, "text": program}},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def hover(self, text: str) -> str:
        """What is shown for the last letter of the text's first occurrence."""
        found = self._ask("textDocument/hover", self._at(text, inside=True))
        return str(found["contents"]["value"]) if found else ""

    def arguments(self, text: str) -> list[dict[str, Any]]:
        """What is shown of each argument of the call, with the cursor behind the text: its `label`, and its `documentation`."""
        found = self._ask("textDocument/signatureHelp", self._at(text))
        signature = found["signatures"][found.get("activeSignature") or 0]
        active = signature.get("activeParameter", found.get("activeParameter"))
        return [{**each, "is_active": place == active} for place, each in enumerate(signature["parameters"])]

    def _at(self, text: str, *, inside: bool = False) -> dict[str, Any]:
        line = next(number for number, each in enumerate(self._lines) if text in each)
        character = self._lines[line].index(text) + len(text) - inside
        return {"textDocument": self._document, "position": {"line": line, "character": character}}

    def _ask(self, method: str, params: dict[str, Any]) -> Any:
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        while True:
            message = self._read()
            if "method" in message and "id" in message:  # the server asks, too
                self._send({"id": message["id"], "result": self._answer(message)})
            elif message.get("id") == self._number:
                return message["result"]

    def _answer(self, message: dict[str, Any]) -> object:
        if message["method"] != "workspace/configuration":
            return None
        return [
            {"pythonPath": sys.executable} if each.get("section") == "python" else {}
            for each in message["params"]["items"]
        ]

    def _tell(self, method: str, params: dict[str, Any]) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(content) + content)
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        if not length:
            raise EOFError("the language server has ended")
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        return message
