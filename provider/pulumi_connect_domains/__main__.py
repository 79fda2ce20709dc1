"""`python -m pulumi_connect_domains` is the command `connect-domains`."""

from .cli import main

if __name__ == "__main__":
    main()
