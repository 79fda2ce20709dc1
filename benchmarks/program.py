"""What a user's program pays for this package: the import, and every resource that it declares."""

from __future__ import annotations

import json
import os

from .figures import FEWEST, Figure
from .measuring import children_cpu_seconds, python, ratio, settled

RESOURCES = 2_000

OURS = "from pulumi_connect_domains import Provider, customerprofiles, voiceid"
PULUMI = "import pulumi, pulumi.dynamic"
LOADED = "import sys; print(*{'boto3', 'botocore', 'jsonschema'}.intersection(sys.modules))"

SERIALIZATION = """
import json, sys, time
from pulumi.dynamic.dynamic import serialize_provider
from pulumi_connect_domains.customerprofiles import DomainProvider
started = time.process_time()
texts = [serialize_provider(DomainProvider()) for _ in range(int(sys.argv[1]))]
print(json.dumps([time.process_time() - started, *set(texts)]))
"""
PROGRAM = """
import sys
import pulumi
from pulumi.runtime import mocks
from pulumi_connect_domains import customerprofiles

class Counting(mocks.Mocks):
    registered = 0

    def call(self, args):
        return {}

    def new_resource(self, args):
        self.registered += 1
        return args.name, args.inputs

counting = Counting()
mocks.set_mocks(counting)

@pulumi.runtime.test
def program():
    for place in range(int(sys.argv[1])):
        customerprofiles.Domain(f"crm-{place}", default_expiration_days=365)

program()
print(counting.registered)
"""


def run() -> list[Figure]:
    """G1 and G12."""
    return [*imports(), *many_resources()]


def imports() -> list[Figure]:
    """G1: the processor time of whole processes that import this package, or only Pulumi."""
    too_many = python(f"{OURS}; {LOADED}").split()
    return [
        ratio(
            "import of the package / of pulumi and pulumi.dynamic",
            lambda: python(OURS),
            lambda: python(PULUMI),
            1.05,
            children_cpu_seconds,
            least=2 * FEWEST,
        ),
        Figure("of boto3, botocore and jsonschema a program imports", len(too_many), 0, "modules"),
    ]


def many_resources() -> list[Figure]:
    """G12: Pulumi serializes the provider again for each resource, and each time takes a little longer if it has any state."""
    texts: set[str] = set()

    def growth() -> float:
        few, many = (serialized(number) for number in (RESOURCES // 10, RESOURCES))
        texts.update(few[1], many[1])
        return many[0] / few[0]

    return [
        Figure.of(f"serialization of {RESOURCES} providers / of a tenth", settled(growth, float, 13), 13),
        Figure("length of the provider's text in each resource's state", max(map(len, texts)), 200, "characters"),
        Figure("different texts in as many processes", len(texts), 1, "texts"),
        Figure(
            f"resources that fail in a program of {RESOURCES}",
            RESOURCES - int(python(PROGRAM, str(RESOURCES))),
            0,
            "resources",
        ),
    ]


def serialized(number: int) -> tuple[float, list[str]]:
    """The processor time in seconds and the different texts, from a new process with a hash seed of its own."""
    variables = {**os.environ, "PYTHONHASHSEED": "random"}
    seconds, *texts = json.loads(python(SERIALIZATION, str(number), environment=variables))
    return seconds, texts
