"""A stand-in for GitHub's command line: `gh.py STATE.json …`. It knows what the actions' scripts ask for, and refuses anything else."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

file, *arguments = sys.argv[1:]
state: dict[str, Any] = json.loads(Path(file).read_text())


def option(name: str) -> str:
    return arguments[arguments.index(name) + 1] if name in arguments else ""


def filtered(documents: list[Any]) -> None:
    subprocess.run(["jq", "--raw-output", option("--jq")], input=json.dumps(documents), text=True, check=True)


def body() -> str:
    return Path(option("--field").removeprefix("body=@")).read_text()


def issue() -> Any:
    return next(each for each in state["issues"] if str(each["number"]) == arguments[2])


def api() -> None:
    method, path = option("--method") or "GET", next(each for each in arguments[1:] if each.startswith("repos/"))
    one = re.fullmatch(r"repos/me/shop/issues/comments/(\d+)", path)
    if method == "GET" and path == "repos/me/shop/issues/7/comments" and "--paginate" in arguments:
        filtered(state["comments"])
    elif method == "POST" and path == "repos/me/shop/issues/7/comments":
        state["comments"].append({"id": 100, "user": {"login": "github-actions[bot]"}, "body": body()})
    elif method == "PATCH" and one:
        next(each for each in state["comments"] if each["id"] == int(one[1]))["body"] = body()
    elif method == "DELETE" and one:
        state["comments"] = [each for each in state["comments"] if each["id"] != int(one[1])]
    else:
        raise SystemExit(f"gh: unexpected: {arguments}")


what = " ".join(arguments[:2])
if arguments[0] == "api":
    api()
elif what == "issue list":
    labelled = [each for each in state["issues"] if each["label"] == option("--label")]
    filtered(labelled[: int(option("--limit"))])
elif what == "issue create":
    text = Path(option("--body-file")).read_text()
    number = len(state["issues"]) + 1
    state["issues"].append(
        {"number": number, "state": "OPEN", "label": option("--label"), "title": option("--title"), "body": text}
    )
elif what == "issue edit":
    issue()["body"] = Path(option("--body-file")).read_text()
elif what in ("issue close", "issue reopen"):
    issue().update(state="CLOSED" if arguments[1] == "close" else "OPEN", comment=option("--comment"))
elif what not in ("label create", "pr edit"):
    raise SystemExit(f"gh: unexpected: {arguments}")
Path(file).write_text(json.dumps(state))
