// A Customer Profiles domain that finds duplicate profiles by two rules, and a Voice ID domain. They share a key.
package main

import (
	"github.com/pulumi-connect-domains/pulumi-connect-domains/sdk/go/connectdomains/customerprofiles"
	"github.com/pulumi-connect-domains/pulumi-connect-domains/sdk/go/connectdomains/voiceid"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		settings := config.New(ctx, "")
		key := pulumi.String(settings.Require("kmsKeyId"))

		crm, err := customerprofiles.NewDomain(ctx, "crm", &customerprofiles.DomainArgs{
			DefaultExpirationDays: pulumi.Int(366),
			DefaultEncryptionKey:  key,
			RuleBasedMatching: &customerprofiles.RuleBasedMatchingArgs{
				Enabled: pulumi.Bool(true),
				MatchingRules: customerprofiles.MatchingRuleArray{
					&customerprofiles.MatchingRuleArgs{Rule: pulumi.ToStringArray([]string{"EmailAddress"})},
					&customerprofiles.MatchingRuleArgs{Rule: pulumi.ToStringArray([]string{"LastName", "PhoneNumber"})},
				},
				MaxAllowedRuleLevelForMatching: pulumi.Int(2),
			},
			Tags: pulumi.StringMap{"team": pulumi.String("crm"), "phone": settings.RequireSecret("phone")},
		})
		if err != nil {
			return err
		}
		voice, err := voiceid.NewDomain(ctx, "voice", &voiceid.DomainArgs{
			Description: pulumi.String("Voiceprints of the contact centre"),
			ServerSideEncryptionConfiguration: &voiceid.ServerSideEncryptionConfigurationArgs{
				KmsKeyId: key,
			},
			Tags: pulumi.StringMap{"team": pulumi.String("crm")},
		})
		if err != nil {
			return err
		}

		ctx.Export("domainName", crm.DomainName)
		ctx.Export("arn", crm.Arn)
		ctx.Export("voiceDomain", voice.DomainId)
		return nil
	})
}
