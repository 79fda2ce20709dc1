# The state of the stack `dev` is lost.
cp Pulumi.dev.yaml settings.yaml
pulumi stack rm --force --yes >/dev/null
rm -f stacks/.pulumi/stacks/crm/dev.json.bak
mv settings.yaml Pulumi.dev.yaml
