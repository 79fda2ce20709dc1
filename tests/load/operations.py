"""Operations of a provider in a mix that a seed decides, faults among them: what a provider host and AWS do in a week."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from pulumi_connect_domains.local.aws import LocalAws
from pulumi_local_engine.model.resource import Resource
from pulumi_local_engine.provider.protocol import Provider, ProviderError

from ..model.declared import CP, REGIONS, VID, Domain, Json
from ..model.hosts import properties, token
from ..model.observed import SERVICES, SUSPENDED

SLOTS = 12
"""How many domains there are at most, of each type."""
FAULT_SHARE = 0.3
MATCHING = {"enabled": True, "job_schedule": {"day_of_the_week": "SUNDAY", "time": "9:05"}}
GARBLED = ("cut", "half", "empty", "null", "html", "wrong types", "undated")
CODES = ("ThrottlingException", "InternalServerException", "AccessDeniedException", "ConflictException")


class Operations:
    """The mix. Each `step` is one operation; `done` counts those that succeeded, `failed` those that a fault has ended."""

    def __init__(self, provider: Provider, aws: LocalAws, seed: int) -> None:
        self._provider, self._aws, self._random = provider, aws, random.Random(seed)
        self._held: dict[str, Resource] = {}
        self.done: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()

    @property
    def count(self) -> int:
        return self.done.total() + self.failed.total()

    def step(self) -> None:
        """One operation was carried out. Raises ProviderError where it fails, and nothing was to go wrong."""
        type = self._random.choice((CP, CP, VID))
        slot = f"{type}-{self._random.randrange(SLOTS)}"
        held = self._held.get(slot)
        name = self._random.choice(("check", "diff", "read", "update", "delete") if held else ("create",))
        is_faulty = self._random.random() < FAULT_SHARE
        if is_faulty:
            self._arm()
        try:
            getattr(self, f"_{name}")(slot, type)
            self.done[name] += 1
        except ProviderError:
            if not is_faulty:
                raise
            self.failed[name] += 1
            self._forget(slot)
        finally:
            if is_faulty:
                self._aws.reset_faults()

    def sweep(self) -> None:
        """AWS has forgotten what it was asked, and what was deleted a month ago."""
        self._aws.forget_calls()
        for region in REGIONS:
            for id, members in self._aws.domains(SERVICES[VID], region=region).items():
                if members["DomainStatus"] == SUSPENDED:
                    self._aws.remove(SERVICES[VID], id, region=region)

    def _arm(self) -> None:
        operation = self._random.choice(("*", "*", "CreateDomain", "GetDomain", "UpdateDomain", "TagResource"))
        how = self._random.randrange(3)
        if how == 0:
            self._aws.fault(operation, code=self._random.choice(CODES), times=self._random.choice((1, None)))
        elif how == 1:
            self._aws.drop(operation, when=self._random.choice(("before", "after")))
        else:
            self._aws.garble(operation, how=self._random.choice(GARBLED))

    # -- the operations --------------------------------------------------------------------------------------------------

    def _check(self, slot: str, type: str) -> Json:
        held = self._held.get(slot)
        inputs, failures = self._provider.check(_urn(slot, type), held.inputs if held else {}, self._wanted(slot, type))
        assert not failures, failures
        return inputs

    def _diff(self, slot: str, type: str) -> None:
        held = self._held[slot]
        self._provider.diff(held.urn, held, self._check(slot, type), ())

    def _create(self, slot: str, type: str) -> None:
        inputs = self._check(slot, type)
        made = Resource(_urn(slot, type), True, token(type, "dynamic"), inputs=inputs)
        answer = self._provider.create(made, False)
        self._held[slot] = made.copy(id=answer.id, outputs={**answer.outputs, "__provider": inputs["__provider"]})

    def _read(self, slot: str, type: str) -> None:
        held = self._held[slot]
        assert self._provider.read(held.urn, held.id, held.inputs, held.outputs, 0).id

    def _update(self, slot: str, type: str) -> None:
        held = self._held[slot]
        new = held.copy(inputs=self._check(slot, type))
        answer = self._provider.update(held, new, False)
        assert not answer.reasons
        self._held[slot] = new.copy(outputs={**answer.outputs, "__provider": held.inputs["__provider"]})

    def _delete(self, slot: str, type: str) -> None:
        """What the host itself has made it would keep, since a newer entry of the stack may hold it. So it deletes what others made."""
        held, id = self._held[slot], f"{self._random.randrange(SLOTS):022d}"
        region, service = held.inputs["region"], SERVICES[type]
        key = {"KmsKeyId": "alias/voice"}
        members: Json = {"ServerSideEncryptionConfiguration": key} if type == VID else {}
        self._aws.seed(service, id, region=region, **members)
        known = {"region": region, "__provider": held.inputs["__provider"]}
        found = self._provider.read(_urn(f"{slot}-other", type), id, {}, known, 0)
        assert found.id == id
        outputs = {**found.outputs, "__provider": held.inputs["__provider"]}
        self._provider.delete(held.copy(urn=_urn(f"{slot}-other", type), id=id, outputs=outputs))
        self._forget(slot)

    def _forget(self, slot: str) -> None:
        """Somebody deletes what is in the slot, so that the next operation makes it anew."""
        type = slot.partition("-")[0]
        held = self._held.pop(slot, None)
        for region in REGIONS:
            there = self._aws.domains(SERVICES[type], region=region)
            for id in {slot, held.id if held else ""} & there.keys():
                self._aws.remove(SERVICES[type], id, region=region)

    def _wanted(self, slot: str, type: str) -> Json:
        """What the constructor sends. Settings change from time to time; the name and the Region of a slot never do."""
        pick = self._random.choice
        region = REGIONS[slot[-1] < "5"]
        settings: dict[str, Any] = {"region": region, "tags": {"slot": slot, "round": pick("123")}}
        if type == CP:
            settings |= {"domain_name": slot, "default_expiration_days": pick((30, 60, 365))}
            settings |= pick(
                ({}, {"matching": MATCHING}, {"dead_letter_queue_url": "https://sqs.us-east-1.amazonaws.com/1/q"})
            )
        else:
            settings |= {"name": slot, "server_side_encryption_configuration": {"kms_key_id": "alias/voice"}}
            settings |= pick(({}, {"description": "calls"}))
        return properties(Domain(slot, type, settings), "dynamic")


def _urn(slot: str, type: str) -> str:
    return f"urn:pulumi:dev::project::{token(type, 'dynamic')}::{slot}"
