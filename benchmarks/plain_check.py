"""The drift check that one writes by hand: boto3, a thread pool, a comparison.

    python plain_check.py FOLDER PART OF ROLE REPORT

It reads one part of the accounts. It knows nothing of quotas, secrets, defaults of AWS, spellings, or old answers, and reports only
what differs.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3

API = {"default_expiration_days": "DefaultExpirationDays", "tags": "Tags"}


def main() -> None:
    folder, part, of, role, report = sys.argv[1:]
    found = []
    for file in sorted(Path(folder).rglob("*.json")):
        state = json.loads(file.read_text("utf-8"))
        found += [each for each in state["deployment"]["resources"] if int(_account(each)) % int(of) == int(part)]
    clients = _clients(role, {(_account(each), each["inputs"]["region"]) for each in found})

    def check(resource: dict[str, Any]) -> dict[str, Any]:
        inputs = resource["inputs"]
        live = clients[_account(resource), inputs["region"]].get_domain(DomainName=resource["id"])
        differs = {name: live.get(api) for name, api in API.items() if name in inputs and inputs[name] != live.get(api)}
        return {"urn": resource["urn"], "drift": differs}

    with ThreadPoolExecutor(16) as pool:
        Path(report).write_text(json.dumps(list(pool.map(check, found))), "utf-8")


def _account(resource: dict[str, Any]) -> str:
    return str(resource["outputs"]["arn"]).split(":")[4]


def _clients(role: str, places: set[tuple[str, str]]) -> dict[tuple[str, str], Any]:
    """A client with the role's credentials for each account and Region."""
    sts, sessions = boto3.client("sts"), {}
    for account in {account for account, _ in places}:
        given = sts.assume_role(RoleArn=role.replace("{account}", account), RoleSessionName="drift")["Credentials"]
        sessions[account] = boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    return {
        (account, region): sessions[account].client("customer-profiles", region_name=region)
        for account, region in places
    }


if __name__ == "__main__":
    main()
