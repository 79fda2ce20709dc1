"""Makes the domain `crm-by-hand`, as somebody may have made it in the console. Region and credentials are the environment's.

Only for trying the example: the domain that you want to import exists already.
"""

import boto3

boto3.client("customer-profiles").create_domain(
    DomainName="crm-by-hand",
    DefaultExpirationDays=730,
    RuleBasedMatching={
        "Enabled": True,
        "MatchingRules": [{"Rule": ["EmailAddress"]}, {"Rule": ["LastName", "PhoneNumber"]}],
        "MaxAllowedRuleLevelForMatching": 2,
    },
    Tags={"owner": "marketing"},
)
