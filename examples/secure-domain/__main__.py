"""A secure Customer Profiles domain, and what other stacks need to know of it.

The stack's config (aws:region, aws:profile, aws:assumeRoles, aws:defaultTags, …) serves pulumi-aws and the domain.
"""

import pulumi
from secure_domain import SecureDomain

crm = SecureDomain(
    "crm",
    domain_name=pulumi.Config().require("domain_name"),
    default_expiration_days=366,
    matching_rules=[["EmailAddress"], ["LastName", "PhoneNumber"]],
    tags={"data-class": "personal"},
)

pulumi.export("domain_name", crm.domain_name)
pulumi.export("domain_arn", crm.domain_arn)
pulumi.export("dead_letter_queue", crm.queue_url)
pulumi.export("export_bucket", crm.bucket_name)
pulumi.export("key", crm.key_arn)
