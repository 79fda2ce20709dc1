# The domain `sales` is another team's, and the program adopts it.
python -c 'import boto3; boto3.client("customer-profiles", "eu-west-2").create_domain(DomainName="sales", DefaultExpirationDays=730)'
echo 'customerprofiles.Domain("sales", domain_name="sales", default_expiration_days=366, adopt_existing=True)' >>__main__.py
