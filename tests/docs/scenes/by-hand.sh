# A project `adopting` without a program, with the stack `dev`; this shell talks to a local AWS that holds the domain `crm-prod`.
mkdir adopting adopting/stacks && cd adopting
export PULUMI_BACKEND_URL=file://$PWD/stacks PULUMI_CONFIG_PASSPHRASE=scene
printf 'name: adopting\nruntime: python\n' >Pulumi.yaml
echo 'import pulumi' >__main__.py
pulumi stack init dev >/dev/null &&
    pulumi config set aws:region eu-west-2 &&
    pulumi up --yes --skip-preview >/dev/null 2>&1 &&
    rm __main__.py &&
    eval "$(connect-domains local status)" &&
    python -c 'import boto3; boto3.client("customer-profiles", "eu-west-2").create_domain(DomainName="crm-prod", DefaultExpirationDays=366)'
