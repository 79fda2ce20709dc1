"""Cases at the local AWS: domains, and templates in them, each by its id: `11f0a3`, `11f0a3/77bc21`.

Ids are as long as the service allows, so that the id of a template is one that no domain can have.
Source: botocore's model for the shapes; where nothing is written the simplest behaviour was taken.
"""

from __future__ import annotations

import secrets
from typing import Any

from pulumi_connect_domains.local.aws.errors import ServiceError
from pulumi_connect_domains.local.aws.registration import BackendDict
from pulumi_connect_domains.local.aws.service import DomainsBackend, Members, Service, every_region, now

PAGE_SIZE = 10
ID_LENGTH = 500


class ConflictException(ServiceError):
    """The name is taken."""


class ResourceNotFoundException(ServiceError):
    """No such domain or template in this account and Region."""


class ValidationException(ServiceError):
    """Bad input."""


class CasesBackend(DomainsBackend):
    """The domains and templates, by the ids that their Pulumi resources have."""

    def create_domain(self, request: Members) -> Members:
        self._refuse_taken(request["name"], self._domains())
        id = _new_id()
        arn = f"arn:{self.partition}:cases:{self.region_name}:{self.account_id}:domain/{id}"
        self.domains[id] = {**request, "domainId": id, "domainArn": arn, "domainStatus": "Active", "createdTime": now()}
        return self.domains[id]

    def get_domain(self, request: Members) -> Members:
        return self._found(request["domainId"])

    def delete_domain(self, request: Members) -> Members:
        self._found(request["domainId"])
        for id in [request["domainId"], *self._templates(request["domainId"])]:
            del self.domains[id]
        return {}

    def list_domains(self, request: Members) -> Members:
        return _page("domains", self._domains(), request)

    def create_template(self, request: Members) -> Members:
        domain = self._found(request["domainId"])
        self._refuse_taken(request["name"], self._templates(request["domainId"]))
        id = _new_id()
        made = {"status": "Active", **request, "templateId": id, "templateArn": f"{domain['domainArn']}/template/{id}"}
        self.domains[f"{request['domainId']}/{id}"] = {**made, "createdTime": now()}
        return made

    def get_template(self, request: Members) -> Members:
        return self._found(_id(request))

    def update_template(self, request: Members) -> Members:
        """A setting left out stays; one that is given replaces the whole of it."""
        self.domains[_id(request)] = {**self._found(_id(request)), **request}
        return {}

    def delete_template(self, request: Members) -> Members:
        self._found(_id(request))
        del self.domains[_id(request)]
        return {}

    def list_templates(self, request: Members) -> Members:
        self._found(request["domainId"])
        return _page("templates", self._templates(request["domainId"]), request)

    def _domains(self) -> dict[str, Members]:
        return {id: each for id, each in self.domains.items() if "/" not in id}

    def _templates(self, domain_id: str) -> dict[str, Members]:
        return {id: each for id, each in self.domains.items() if id.startswith(f"{domain_id}/")}

    def _found(self, id: str) -> Members:
        try:
            return self.domains[id]
        except KeyError:
            raise ResourceNotFoundException(f"{id} does not exist") from None

    @staticmethod
    def _refuse_taken(name: str, others: dict[str, Members]) -> None:
        if any(each["name"] == name for each in others.values()):
            raise ConflictException(f"the name {name} is taken")


def _new_id() -> str:
    return secrets.token_hex(ID_LENGTH // 2)


def _id(request: Members) -> str:
    return f"{request['domainId']}/{request['templateId']}"


def _page(member: str, found: dict[str, Members], request: Members) -> dict[str, Any]:
    """One page. The token is the number of items before it."""
    start = int(request.get("nextToken") or 0)
    end = start + request.get("maxResults", PAGE_SIZE)
    page = {member: list(found.values())[start:end]}
    return page if end >= len(found) else {**page, "nextToken": str(end)}


SERVICE = Service(
    "connectcases",
    BackendDict(CasesBackend, "connectcases", use_boto3_regions=False, additional_regions=every_region()),
    invalid=ValidationException,
)
