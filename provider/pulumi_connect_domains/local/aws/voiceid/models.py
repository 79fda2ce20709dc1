"""Voice ID domains of one account and region, and what each operation does to them.

Sources: the botocore model (2021-09-27) for shapes and its texts for UpdateDomain's clobbering and the conflict types;
the administrator guide for consent and the soft delete. Where nothing is written the simplest behaviour was taken;
docs/reference/local-aws.md lists these.
"""

from __future__ import annotations

import secrets
import string

from ..registration import BackendDict
from ..service import DomainsBackend, Members, every_region, now
from .behaviour import behaviour
from .exceptions import (
    ConflictException,
    ResourceNotFoundException,
    ServiceQuotaExceededException,
    ValidationException,
)

MAXIMUM_TAGS = 200
PAGE_SIZE = 10
_ENCRYPTION = "ServerSideEncryptionConfiguration"
_UPDATE = "ServerSideEncryptionUpdateDetails"


class VoiceIdBackend(DomainsBackend):
    """The domains, by DomainId. Their tags are kept with them, as a map, and answered by ListTagsForResource only."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self._created_with: dict[str, str] = {}  # client token -> DomainId
        self._pending: dict[str, int | None] = {}  # DomainId -> further answers that show PENDING
        self._encrypting: dict[str, int | None] = {}  # DomainId -> further answers that show IN_PROGRESS

    def create_domain(self, request: Members) -> Members:
        """The domain; with a client token that was used before, the one created then."""
        token = request.get("ClientToken")
        if token is not None and self._created_with.get(token) in self.domains:
            return {"Domain": self.domains[self._created_with[token]]}
        if not behaviour.consent:
            message = "The account has not acknowledged the consent that Voice ID needs"
            raise ResourceNotFoundException(message, ResourceType="COMPLIANCE_CONSENT")
        self._refuse_above_quota()
        domain_id = _identifier()
        self._pending[domain_id] = behaviour.pending_describes
        members = {name: request[name] for name in ("Name", "Description", _ENCRYPTION) if name in request}
        status = "ACTIVE" if behaviour.pending_describes == 0 else "PENDING"
        self.seed(domain_id, {**members, "DomainStatus": status, "Tags": _as_map(request.get("Tags", []))})
        if token is not None:
            self._created_with[token] = domain_id
        return {"Domain": self.domains[domain_id]}

    def describe_domain(self, request: Members) -> Members:
        """Time passes for the domain with each of these answers."""
        domain = self._found(request["DomainId"])
        domain_id = domain["DomainId"]
        if domain["DomainStatus"] == "PENDING" and _is_over(self._pending, domain_id):
            domain = {**domain, "DomainStatus": "ACTIVE"}
        if _is_encrypting(domain) and _is_over(self._encrypting, domain_id):
            domain = {**domain, _UPDATE: {**domain[_UPDATE], **_outcome()}}
        self.domains[domain_id] = domain
        return {"Domain": domain}

    def update_domain(self, request: Members) -> Members:
        """All settings are replaced: a description left out is gone. Another key starts a re-encryption."""
        domain = self._active(request["DomainId"])
        domain_id = domain["DomainId"]
        encryption = self._encryption_update(domain, request[_ENCRYPTION])
        kept = {name: value for name, value in domain.items() if name != "Description"}
        changed = {**kept, **request, **encryption, "UpdatedAt": now(after=domain["UpdatedAt"])}
        self.domains[domain_id] = changed
        return {"Domain": changed}

    def delete_domain(self, request: Members) -> Members:
        """The domain is suspended; AWS erases it a month later."""
        domain = self._unsuspended(request["DomainId"])
        suspended = {"DomainStatus": "SUSPENDED", "UpdatedAt": now(after=domain["UpdatedAt"])}
        self.domains[domain["DomainId"]] = {**domain, **suspended}
        return {}

    def list_domains(self, request: Members) -> Members:
        """One page in the order of creation, suspended domains included. The token is the last DomainId given."""
        identifiers, token = list(self.domains), request.get("NextToken")
        if token is not None and token not in identifiers:
            raise ValidationException("NextToken: is not one that ListDomains gave")
        rest = identifiers[identifiers.index(token) + 1 :] if token is not None else identifiers
        size = request.get("MaxResults", PAGE_SIZE)
        page = {"DomainSummaries": [self.domains[identifier] for identifier in rest[:size]]}
        return page if len(rest) <= size else {**page, "NextToken": rest[size - 1]}

    def list_tags_for_resource(self, request: Members) -> Members:
        tags = self._tagged(request["ResourceArn"]).get("Tags", {})
        return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}

    def tag_resource(self, request: Members) -> Members:
        domain = self._unsuspended(self._tagged(request["ResourceArn"])["DomainId"])
        tags = {**domain.get("Tags", {}), **_as_map(request["Tags"])}
        if len(tags) > MAXIMUM_TAGS:
            raise ValidationException(
                f"Tags: the domain would have {len(tags)}, and at most {MAXIMUM_TAGS} are allowed"
            )
        self.domains[domain["DomainId"]] = {**domain, "Tags": tags}
        return {}

    def untag_resource(self, request: Members) -> Members:
        domain = self._unsuspended(self._tagged(request["ResourceArn"])["DomainId"])
        kept = {key: value for key, value in domain.get("Tags", {}).items() if key not in request["TagKeys"]}
        self.domains[domain["DomainId"]] = {**domain, "Tags": kept}
        return {}

    def arn(self, domain_id: str) -> str:
        return f"arn:{self.partition}:voiceid:{self.region_name}:{self.account_id}:domain/{domain_id}"

    def seed(self, key: str, members: Members) -> None:
        created_at = now()
        self.domains[key] = {
            "Name": key,
            "DomainStatus": "ACTIVE",
            "WatchlistDetails": {"DefaultWatchlistId": _identifier()},
            "CreatedAt": created_at,
            "UpdatedAt": created_at,
            **members,
            "DomainId": key,
            "Arn": self.arn(key),
        }

    def remove(self, key: str) -> None:
        super().remove(key)
        for states in (self._pending, self._encrypting):
            states.pop(key, None)
        self._created_with = {token: id for token, id in self._created_with.items() if id != key}

    def _found(self, domain_id: str) -> Members:
        try:
            return self.domains[domain_id]
        except KeyError:
            raise ResourceNotFoundException(f"Domain {domain_id} does not exist", ResourceType="DOMAIN") from None

    def _unsuspended(self, domain_id: str) -> Members:
        domain = self._found(domain_id)
        if domain["DomainStatus"] == "SUSPENDED":
            raise ConflictException(f"Domain {domain_id} is suspended", ConflictType="DOMAIN_NOT_ACTIVE")
        return domain

    def _active(self, domain_id: str) -> Members:
        domain = self._found(domain_id)
        if domain["DomainStatus"] != "ACTIVE":
            raise ConflictException(f"Domain {domain_id} is not active", ConflictType="DOMAIN_NOT_ACTIVE")
        return domain

    def _tagged(self, arn: str) -> Members:
        prefix = self.arn("")
        if not arn.startswith(prefix):
            message = f"{arn} is not a domain of account {self.account_id} in {self.region_name}"
            raise ResourceNotFoundException(message, ResourceType="DOMAIN")
        return self._found(arn.removeprefix(prefix))

    def _refuse_above_quota(self) -> None:
        present = sum(domain["DomainStatus"] != "SUSPENDED" for domain in self.domains.values())
        if behaviour.domain_quota is not None and present >= behaviour.domain_quota:
            raise ServiceQuotaExceededException(f"The account has {present} domains, and that is its quota")

    def _encryption_update(self, domain: Members, wanted: Members) -> Members:
        """The details of the re-encryption that these settings start; none when they start none.

        The same key starts one again after one that failed (UpdateDomain's documentation).
        """
        key, update = domain.get(_ENCRYPTION, {}).get("KmsKeyId"), domain.get(_UPDATE, {})
        if wanted["KmsKeyId"] == key and update.get("UpdateStatus") != "FAILED":
            return {}
        if _is_encrypting(domain):
            message = f"Domain {domain['DomainId']} is being encrypted with another key"
            raise ConflictException(message, ConflictType="DOMAIN_LOCKED_FROM_ENCRYPTION_UPDATES")
        self._encrypting[domain["DomainId"]] = behaviour.encryption_describes
        previous = update["OldKmsKeyId"] if wanted["KmsKeyId"] == key else key
        return {_UPDATE: {"UpdateStatus": "IN_PROGRESS", **({"OldKmsKeyId": previous} if previous else {})}}


def _is_encrypting(domain: Members) -> bool:
    return bool(domain.get(_UPDATE, {}).get("UpdateStatus") == "IN_PROGRESS")


def _outcome() -> Members:
    if behaviour.encryption_failure is None:
        return {"UpdateStatus": "COMPLETED"}
    return {"UpdateStatus": "FAILED", "Message": behaviour.encryption_failure}


def _is_over(remaining: dict[str, int | None], domain_id: str) -> bool:
    """Whether a state has been shown as often as it was to be; if not, it is shown once more now. None: never over."""
    answers = remaining.get(domain_id)
    if answers:
        remaining[domain_id] = answers - 1
    return answers == 0


def _as_map(tags: list[Members]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags}


def _identifier() -> str:
    """A new id in the form of the service's: 22 letters and digits."""
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(22))


voiceid_backends = BackendDict(VoiceIdBackend, "voice-id", use_boto3_regions=False, additional_regions=every_region())
