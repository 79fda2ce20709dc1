"""Every argument of both resources, each with a comment. Take what you need: only the arguments marked "required" must be there."""

import pulumi
from pulumi_connect_domains import customerprofiles, voiceid

profiles = customerprofiles.Domain(
    "profiles",
    # The domain's name and id. Left out, it is the resource's name and seven random characters. A change replaces the domain.
    domain_name="every-property",
    # Required. The days that data stays in the domain unless its object type says otherwise: 1 to 1098.
    default_expiration_days=366,
    # The KMS key that encrypts the data. Left out, AWS uses a key of its own.
    default_encryption_key="arn:aws:kms:eu-west-2:123456789012:key/0a1b2c3d-0000-4000-8000-000000000001",
    # The SQS queue that receives what could not be ingested. Its policy must let profile.amazonaws.com send messages.
    dead_letter_queue_url="https://sqs.eu-west-2.amazonaws.com/123456789012/not-ingested",
    # Identity resolution by machine learning. Taken out of the program, it is turned off.
    matching={
        # Required here. Whether a weekly job looks for duplicate profiles.
        "enabled": True,
        # When the job runs, in UTC. Left out: Saturday at 00:00.
        "job_schedule": {
            # Required here. SUNDAY to SATURDAY.
            "day_of_the_week": "SUNDAY",
            # Required here. HH:MM; "3:00" and "03:00" are the same.
            "time": "03:00",
        },
        # How duplicates are merged.
        "auto_merging": {
            # Required here. Whether they are merged without a person's doing. Merges cannot be undone.
            "enabled": True,
            # What makes two profiles one.
            "consolidation": {
                # Required here. 1 to 10 criteria. Profiles that agree in all attributes of one criterion are merged.
                "matching_attributes_list": [["EmailAddress"], ["LastName", "PhoneNumber"]],
            },
            # Which value a merged profile keeps where its parts differ.
            "conflict_resolution": {
                # Required here. SOURCE: the value of source_name wins. RECENCY: the value that was updated last wins.
                "conflict_resolving_model": "SOURCE",
                # The object type whose values win. Only SOURCE uses it.
                "source_name": "CRM",
            },
            # How sure the job must be before it merges, 0 to 1.
            "min_allowed_confidence_score_for_merging": 0.9,
        },
        # Where the job writes its results.
        "exporting_config": {
            "s3_exporting": {
                # Required here. The bucket's policy must let profile.amazonaws.com put objects, or AWS refuses the domain.
                "s3_bucket_name": "every-property-results",
                # Where in the bucket the files go.
                "s3_key_name": "matching",
            },
        },
    },
    # Identity resolution by rules of your own. Taken out of the program, it is turned off.
    rule_based_matching={
        # Required here. Whether profiles are matched by the rules.
        "enabled": True,
        # 1 to 15 rules, in order: the first is level 1.
        "matching_rules": [
            # The attributes that must all agree: 1 to 15.
            {"rule": ["EmailAddress"]},
            {"rule": ["LastName", "PhoneNumber"]},
            {"rule": ["FirstName", "LastName", "Address.City"]},
        ],
        # The last level at which profiles are matched.
        "max_allowed_rule_level_for_matching": 3,
        # The last level at which matched profiles are also merged. Merges cannot be undone.
        "max_allowed_rule_level_for_merging": 1,
        # Which attributes the type names in rules stand for.
        "attribute_types_selector": {
            # Required here. ONE_TO_ONE compares an attribute with the same one only, MANY_TO_MANY with every one of its type.
            "attribute_matching_model": "MANY_TO_MANY",
            # What counts as Address in a rule: 1 to 4 attributes.
            "address": ["Address", "ShippingAddress"],
            # What counts as PhoneNumber in a rule: 1 to 4 attributes.
            "phone_number": ["PhoneNumber", "MobilePhoneNumber"],
            # What counts as EmailAddress in a rule: 1 to 3 attributes.
            "email_address": ["EmailAddress", "BusinessEmailAddress"],
        },
        # Which value a merged profile keeps: as under matching.
        "conflict_resolution": {"conflict_resolving_model": "SOURCE", "source_name": "CRM"},
        # Where the results go: as under matching.
        "exporting_config": {"s3_exporting": {"s3_bucket_name": "every-property-results", "s3_key_name": "rules"}},
    },
    # The data store. Taken out of the program, it stays as it is: AWS does not document whether it can be turned off again.
    data_store={
        # Whether the store is on.
        "enabled": True,
    },
    # Up to 50 tags. They are merged over the default tags of the stack or of the Provider.
    tags={"team": "crm", "data-class": "personal"},
    # The Region. Left out: the Provider's, then aws:region of the stack, then the environment's. A change replaces the domain.
    region="eu-west-2",
    # Whether the domain may be deleted or replaced while it holds profiles. A deletion loses all of them.
    force_destroy=False,
    # Whether a creation takes over a domain of this name that exists already.
    adopt_existing=False,
)

voice = voiceid.Domain(
    "voice",
    # The domain's name. Left out, it is the resource's name and seven random characters. It can be changed in place.
    name="every-property",
    # What the domain is for: up to 1024 letters, digits, blanks and _ . : / = + - % @
    description="Shows every property",
    # Required. The key that encrypts the data.
    server_side_encryption_configuration={
        # Required here. A symmetric customer managed KMS key. A new key re-encrypts all data in the background.
        "kms_key_id": "arn:aws:kms:eu-west-2:123456789012:key/0a1b2c3d-0000-4000-8000-000000000001",
    },
    # Up to 200 tags, of letters, digits, blanks and _ . : / = + - @
    tags={"team": "crm"},
    # The Region, as above.
    region="eu-west-2",
)

# What AWS computes. Each argument above is an output too.
pulumi.export("arn", profiles.arn)
pulumi.export("created_at", profiles.created_at)
pulumi.export("last_updated_at", profiles.last_updated_at)
pulumi.export("profile_count", profiles.stats.apply(lambda stats: stats.get("profile_count") if stats else None))
pulumi.export("rule_based_matching_status", profiles.rule_based_matching_status)
pulumi.export("data_store_readiness", profiles.data_store_readiness)
pulumi.export("tags_all", profiles.tags_all)
pulumi.export("voice_arn", voice.arn)
pulumi.export("voice_domain_id", voice.domain_id)
pulumi.export("voice_domain_status", voice.domain_status)
pulumi.export("voice_watchlist", voice.watchlist_details)
pulumi.export("voice_key_change", voice.server_side_encryption_update_details)
pulumi.export("voice_created_at", voice.created_at)
pulumi.export("voice_updated_at", voice.updated_at)
