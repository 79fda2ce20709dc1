"""A domain in each of two Regions of each of two accounts: one Provider for each of the four places."""

import pulumi
from pulumi_connect_domains import Provider, customerprofiles

REGIONS = ("eu-west-2", "us-west-2")

config = pulumi.Config()
roles = {"staging": config.require("staging_role"), "production": config.require("production_role")}
external_id = config.get_secret("external_id")


def account_of(role: str) -> str:
    """The account in a role's ARN, arn:aws:iam::ACCOUNT:role/NAME."""
    return role.split(":")[4]


for stage, role in roles.items():
    for region in REGIONS:
        place = Provider(
            f"{stage}-{region}",
            region=region,
            assume_roles=[{"role_arn": role, "session_name": "pulumi", "external_id": external_id}],
            # A mistake in a role or a profile stops the preview, before anything is changed in another account.
            allowed_account_ids=[account_of(role)],
            default_tags={"stage": stage},
        )
        domain = customerprofiles.Domain(
            f"crm-{stage}-{region}",
            # One name for all: names are unique for each account and Region only.
            domain_name="crm",
            default_expiration_days=366 if stage == "production" else 30,
            opts=pulumi.ResourceOptions(provider=place),
        )
        pulumi.export(f"{stage}-{region}", domain.arn)
