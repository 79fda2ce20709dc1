"""Customer Profiles domains of one account and region, and what each operation does to them.

Sources: the botocore model (2020-08-15) for shapes; the operations' own documentation and what other tools' acceptance
tests show for behaviour. Where neither says anything the simplest behaviour was taken; docs/reference/local-aws.md lists these.
"""

from __future__ import annotations

import base64

from ..registration import BackendDict
from ..service import DomainsBackend, Members, every_region, now
from .exceptions import BadRequestException, ResourceNotFoundException

MAXIMUM_TAGS = 50
PAGE_SIZE = 100
_CLEARED_BY_EMPTY = ("DefaultEncryptionKey", "DeadLetterQueueUrl")
_NO_PROFILES = {"ProfileCount": 0, "MeteringProfileCount": 0, "ObjectCount": 0, "TotalSize": 0}


class CustomerProfilesBackend(DomainsBackend):
    """The domains, by name."""

    def create_domain(self, request: Members) -> Members:
        name = request["DomainName"]
        if name in self.domains:
            raise BadRequestException(f"Domain {name} already exists")
        created_at = now()
        domain = {
            **request,
            **_completed(request, is_new=True),
            "Stats": _NO_PROFILES,
            "CreatedAt": created_at,
            "LastUpdatedAt": created_at,
        }
        self.domains[name] = _without_empty(domain)
        return self.domains[name]

    def get_domain(self, request: Members) -> Members:
        return self._found(request["DomainName"])

    def update_domain(self, request: Members) -> Members:
        """A setting left out stays; one that is given replaces the whole of it. Tags are not touched by this operation."""
        domain = self._found(request["DomainName"])
        settings = {name: value for name, value in request.items() if name != "Tags"}
        changed = {**settings, **_completed(settings, is_new=False), **_unchanged_rules(domain, settings)}
        domain = {**domain, **changed, "LastUpdatedAt": now(after=domain["LastUpdatedAt"])}
        self.domains[domain["DomainName"]] = _without_empty(domain)
        return self.domains[domain["DomainName"]]

    def delete_domain(self, request: Members) -> Members:
        name = self._found(request["DomainName"])["DomainName"]
        del self.domains[name]
        return {"Message": f"Domain {name} and its profiles are deleted"}

    def list_domains(self, request: Members) -> Members:
        """One page in the order of the names. The token is the last name given, so it outlives changes between pages."""
        last = _name_in(request["NextToken"]) if "NextToken" in request else ""
        size = request.get("MaxResults", PAGE_SIZE)
        names = sorted(name for name in self.domains if name > last)
        page = {"Items": [self.domains[name] for name in names[:size]]}
        return page if len(names) <= size else {**page, "NextToken": _token(names[size - 1])}

    def list_tags_for_resource(self, request: Members) -> Members:
        return {"tags": self._tagged(request["resourceArn"]).get("Tags", {})}

    def tag_resource(self, request: Members) -> Members:
        domain = self._tagged(request["resourceArn"])
        tags = {**domain.get("Tags", {}), **request["tags"]}
        if len(tags) > MAXIMUM_TAGS:
            raise BadRequestException(
                f"tags: the domain would have {len(tags)}, and at most {MAXIMUM_TAGS} are allowed"
            )
        self.domains[domain["DomainName"]] = {**domain, "Tags": tags}
        return {}

    def untag_resource(self, request: Members) -> Members:
        domain = self._tagged(request["resourceArn"])
        kept = {key: value for key, value in domain.get("Tags", {}).items() if key not in request["tagKeys"]}
        self.domains[domain["DomainName"]] = _without_empty({**domain, "Tags": kept})
        return {}

    def arn(self, name: str) -> str:
        return f"arn:{self.partition}:profile:{self.region_name}:{self.account_id}:domains/{name}"

    def seed(self, key: str, members: Members) -> None:
        created_at = now()
        usual = {
            "DefaultExpirationDays": 365,
            "Stats": _NO_PROFILES,
            "CreatedAt": created_at,
            "LastUpdatedAt": created_at,
        }
        self.domains[key] = {**usual, **members, "DomainName": key}

    def _found(self, name: str) -> Members:
        try:
            return self.domains[name]
        except KeyError:
            raise ResourceNotFoundException(f"Domain {name} does not exist") from None

    def _tagged(self, arn: str) -> Members:
        prefix = self.arn("")
        if not arn.startswith(prefix):
            raise ResourceNotFoundException(f"{arn} is not a domain of account {self.account_id} in {self.region_name}")
        return self._found(arn.removeprefix(prefix))


def _completed(settings: Members, *, is_new: bool) -> Members:
    """The settings to which AWS adds something, with what it adds."""
    completed = {}
    if settings.get("Matching", {}).get("Enabled"):
        completed["Matching"] = {"AutoMerging": {"Enabled": False}, **settings["Matching"]}
    if settings.get("RuleBasedMatching", {}).get("Enabled"):
        # A new domain skips PENDING; on an existing one it lasts up to an hour (RuleBasedMatchingStatus).
        completed["RuleBasedMatching"] = {**settings["RuleBasedMatching"], "Status": "ACTIVE" if is_new else "PENDING"}
    if settings.get("DataStore", {}).get("Enabled"):
        completed["DataStore"] = {**settings["DataStore"], "Readiness": {"ProgressPercentage": 100}}
    return completed


def _unchanged_rules(domain: Members, settings: Members) -> Members:
    """Rule-based matching as it stands, status included, when the same configuration is sent again.

    Raises BadRequestException for another one while the status is IN_PROGRESS, which forbids it (RuleBasedMatchingStatus).
    """
    present = domain.get("RuleBasedMatching")
    if present is None or "RuleBasedMatching" not in settings:
        return {}
    if {**settings["RuleBasedMatching"], "Status": None} == {**present, "Status": None}:
        return {"RuleBasedMatching": present}
    if present.get("Status") == "IN_PROGRESS":
        raise BadRequestException("RuleBasedMatching cannot be changed while its status is IN_PROGRESS")
    return {}


def _without_empty(domain: Members) -> Members:
    """The domain as it is read back: an empty key or queue is none, and so are no tags."""
    return {name: value for name, value in domain.items() if value or name not in (*_CLEARED_BY_EMPTY, "Tags")}


def _token(name: str) -> str:
    return base64.urlsafe_b64encode(name.encode()).decode()


def _name_in(token: str) -> str:
    try:
        name = base64.urlsafe_b64decode(token).decode()
    except ValueError:
        name = ""
    if not name or _token(name) != token:
        raise BadRequestException("NextToken: is not one that ListDomains gave")
    return name


customerprofiles_backends = BackendDict(
    CustomerProfilesBackend, "customer-profiles", use_boto3_regions=False, additional_regions=every_region()
)
