// A Customer Profiles domain that finds duplicate profiles by two rules, and a Voice ID domain. They share a key.

import * as pulumi from "@pulumi/pulumi";
import { customerprofiles, voiceid } from "@pulumi-connect-domains/sdk";

const config = new pulumi.Config();
const kmsKeyId = config.require("kmsKeyId");
const phone = config.requireSecret("phone");

const crm = new customerprofiles.Domain("crm", {
    defaultExpirationDays: 366,
    defaultEncryptionKey: kmsKeyId,
    ruleBasedMatching: {
        enabled: true,
        matchingRules: [{ rule: ["EmailAddress"] }, { rule: ["LastName", "PhoneNumber"] }],
        maxAllowedRuleLevelForMatching: 2,
    },
    tags: { team: "crm", phone },
});

const voice = new voiceid.Domain("voice", {
    description: "Voiceprints of the contact centre",
    serverSideEncryptionConfiguration: { kmsKeyId },
    tags: { team: "crm" },
});

export const domainName = crm.domainName;
export const arn = crm.arn;
export const voiceDomain = voice.domainId;
