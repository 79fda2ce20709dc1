# Somebody has deleted the domain `crm`.
python -c 'import boto3; boto3.client("customer-profiles", "eu-west-2").delete_domain(DomainName="crm")'
