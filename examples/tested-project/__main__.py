"""A Customer Profiles domain for the stack's stage."""

import pulumi
from domains import profiles

config = pulumi.Config()
domain = profiles(config.require("stage"), config.require("owner"))
pulumi.export("domain_name", domain.domain_name)
