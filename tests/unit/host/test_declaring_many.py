"""What a program pays for each resource that it declares, counted: outputs that the SDK waits for, and outputs derived from them."""

from __future__ import annotations

import json
from typing import Any
from unittest import mock

import pulumi
import pytest
from pulumi.runtime.settings import SETTINGS
from pulumi_connect_domains import customerprofiles, voiceid
from pulumi_connect_domains.host.resource import WholeNumbers

MANY = 20
MADE = {
    "default_expiration_days": 366.0,
    "matching": {"enabled": True, "auto_merging": {"min_allowed_confidence_score_for_merging": 0.5}},
    "rule_based_matching": {"max_allowed_rule_level_for_merging": 2.0},
    "stats": {"object_count": 5.0, "unit": None},
}


class Mocks(pulumi.runtime.Mocks):
    """Answers with numbers as the engine does: all of them floats."""

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        if args.name == "refused":
            raise ValueError("refused by the mocks")
        return args.name, {**args.inputs, **(MADE if "customerprofiles" in args.typ else {})}

    def call(self, args: pulumi.runtime.MockCallArgs) -> dict[str, Any]:
        return {}


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "up"])
def test_the_program_s_end_waits_for_few_outputs(preview: bool) -> None:
    """URN, id, the alias, and in a preview one for each output that stays known; the SDK itself would wait for all twenty."""
    pulumi.runtime.set_mocks(Mocks(), preview=preview)
    waited: list[int] = []

    @pulumi.runtime.test
    def program() -> None:
        before = len(SETTINGS.outputs)
        for place in range(MANY):
            customerprofiles.Domain(f"crm-{place}", default_expiration_days=366)
            voiceid.Domain(f"voice-{place}", server_side_encryption_configuration={"kms_key_id": "alias/one"})
            customerprofiles.Domain.get(f"other-{place}", f"crm-{place}")
        waited.append(len(SETTINGS.outputs) - before)

    program()
    assert waited[0] <= MANY * (3 * 2 + 2 + (5 if preview else 0))


def test_an_output_is_derived_when_it_is_read_and_once() -> None:
    pulumi.runtime.set_mocks(Mocks())
    seen: list[Any] = []

    @pulumi.runtime.test
    def program() -> pulumi.Output[Any]:
        with mock.patch.object(pulumi.Output, "apply", autospec=True, side_effect=pulumi.Output.apply) as derived:
            domain = customerprofiles.Domain("crm", default_expiration_days=366)
            derived.reset_mock()  # the SDK has derived the alias
            assert domain.stats is domain.stats
            assert derived.call_count == 1
        read = [domain.default_expiration_days, domain.matching, domain.rule_based_matching, domain.stats]
        return pulumi.Output.all(*read).apply(seen.extend)

    program()
    expected = [366, MADE["matching"], {"max_allowed_rule_level_for_merging": 2}, {"object_count": 5}]
    assert json.dumps(seen, sort_keys=True) == json.dumps(expected, sort_keys=True)  # which tells 5 from 5.0


def test_a_class_of_ones_own_keeps_what_it_says() -> None:
    class Own(customerprofiles.Domain):
        @property
        def stats(self) -> str:  # type: ignore[override]  # what a program may do all the same
            return "mine"

    pulumi.runtime.set_mocks(Mocks())

    @pulumi.runtime.test
    def program() -> None:
        domain = Own("crm", default_expiration_days=366)
        assert domain.stats == "mine"
        domain.matching = pulumi.Output.from_input({"level": 3.0})  # type: ignore[assignment]
        first = domain.matching
        domain.matching = None  # type: ignore[assignment]
        assert (isinstance(first, pulumi.Output), domain.matching) == (True, None)
        assert isinstance(vars(customerprofiles.Domain)["stats"], WholeNumbers)
        assert not hasattr(object.__new__(customerprofiles.Domain), "stats")

    program()


def test_a_resource_that_fails_still_fails_the_program() -> None:
    pulumi.runtime.set_mocks(Mocks())

    @pulumi.runtime.test
    def program() -> None:
        customerprofiles.Domain("refused", default_expiration_days=366)

    with pytest.raises(ValueError, match="refused by the mocks"):
        program()
