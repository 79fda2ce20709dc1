"""The native provider's process, with the bare types in its registry."""

import sys

from pulumi_connect_domains import registry
from pulumi_connect_domains.native.__main__ import main

from .. import cases  # brings all of the SDK, of which the process would load the protocol alone

for each in (cases.DomainProvider, cases.TemplateProvider):
    registry.resource_types()[each.type.key] = each.type
sys.exit(main())
