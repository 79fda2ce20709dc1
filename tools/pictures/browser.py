"""A headless Chromium, driven over the DevTools protocol's pipe: messages end with a zero byte, so no other library is needed."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from typing_extensions import Self

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PATIENCE_SECONDS = 120
KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "Home": 36, "ArrowUp": 38, "ArrowDown": 40}
"""Keys by name, with the codes that Windows gives them, which the protocol wants."""


def find() -> str | None:
    """The path of a Chromium, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Browser:
    """One page. As a context manager it is closed at the end. By itself it asks the network for nothing.

    `options` are further ones of Chromium's command line.
    """

    def __init__(self, program: str, page: Path | None = None, *options: str) -> None:
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        to_child, self._write = os.pipe()
        self._read, from_child = os.pipe()
        arguments = [
            program, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-quic",
            "--disable-dev-shm-usage", "--hide-scrollbars", "--allow-file-access-from-files",
            f"--user-data-dir={self._profile.name}", "--remote-debugging-pipe", *options, "about:blank",
        ]  # fmt: skip
        redirect = f'exec "$@" 3<&{to_child} 4>&{from_child}'  # the protocol's pipes are the file descriptors 3 and 4
        self._process = subprocess.Popen(
            ["bash", "-c", redirect, "bash", *arguments],
            pass_fds=(to_child, from_child),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_child)
        os.close(from_child)
        self._buffer = b""
        self._number = 0
        self._session: str | None = None
        self._loaded: set[str] = set()
        self.requested: list[str] = []
        """The URLs that the page asked for, itself included."""
        self.complaints: list[str] = []
        """What the page's console says: errors, and what its Content Security Policy forbade."""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.send(f"{domain}.enable")
        self.send("Page.setLifecycleEventsEnabled", enabled=True)
        if page:
            self.open(page)

    def open(self, page: Path | str) -> None:
        """The browser shows this file, or what is at this URL, loaded whole."""
        loader = self.send("Page.navigate", url=page.as_uri() if isinstance(page, Path) else page)["loaderId"]
        while loader not in self._loaded:
            self._receive()

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        """The browser's answer to a command."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    def run(self, script: str) -> Any:
        """The value of a JavaScript expression in the page. A promise is waited for."""
        answer = self.send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def resize(self, width: int, height: int, *, is_phone: bool = True, scale: int = 2) -> None:
        """The page is as wide and high as that, in CSS pixels; `scale` is a screen's pixels for each."""
        self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=is_phone
        )

    def prefer(self, scheme: str) -> None:
        """The reader's system is `light` or `dark`, and wants nothing to move."""
        wanted = {"prefers-color-scheme": scheme, "prefers-reduced-motion": "reduce"}
        self.send(
            "Emulation.setEmulatedMedia", features=[{"name": name, "value": value} for name, value in wanted.items()]
        )

    def press(self, key: str, *, shift: bool = False) -> None:
        """The key is pressed and let go, in what has the focus."""
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        about: dict[str, Any] = {"key": key, "code": "Space" if key == " " else key, "modifiers": 8 if shift else 0}
        if key in KEYS:
            about["windowsVirtualKeyCode"] = KEYS[key]
        self.send(
            "Input.dispatchKeyEvent",
            type="keyDown" if text else "rawKeyDown",
            **about,
            **({"text": text} if text else {}),
        )
        self.send("Input.dispatchKeyEvent", type="keyUp", **about)

    def screenshot(self) -> bytes:
        """The visible part of the page as PNG."""
        return base64.b64decode(self.send("Page.captureScreenshot", format="png")["data"])

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._read], [], [], PATIENCE_SECONDS)
            assert ready, f"the browser has said nothing for {PATIENCE_SECONDS} seconds"
            chunk = os.read(self._read, 65_536)
            assert chunk, "the browser has ended"
            self._buffer += chunk
        text, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        method, params = message.get("method"), message.get("params", {})
        if method == "Page.lifecycleEvent" and params["name"] == "load":
            self._loaded.add(params["loaderId"])
        if method == "Network.requestWillBeSent":
            self.requested.append(params["request"]["url"])
        if method in ("Log.entryAdded", "Runtime.exceptionThrown"):
            self.complaints.append(str(params))
        return message

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)
        os.close(self._read)
        os.close(self._write)
        self._profile.cleanup()
